// A node's services on loopback over a ledger in memory, with a submitter that does what the test
// says.
#ifndef ASSENT_TESTS_UNIT_NODE_SERVICE_FIXTURE_H_
#define ASSENT_TESTS_UNIT_NODE_SERVICE_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "assent/v1/ledger.grpc.pb.h"
#include "node/replica/submit.h"
#include "node/service/services.h"
#include "tests/support/test_chain.h"
#include "tests/unit/node/storage/scratch.h"

namespace assent::service {

// A submission that waits for the test's answer.
struct Pending {
  Entry entry;
  bool wait_until_final;
  replica::SubmitDone done;
};

class FakeSubmitter : public replica::Submitter {
 public:
  void Submit(Entry entry, bool wait_until_final, replica::SubmitDone done) override;
  void PendingHead(const MemberCode& author,
                   std::function<void(std::optional<AuthorHead>)> done) override;

  // The next submission; waits for it.
  Pending Take();
  std::size_t waiting() const;
  void SetHead(const MemberCode& author, const AuthorHead& head) { heads_[author] = head; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Pending> pending_;
  AuthorHeads heads_;
};

// A store that counts how often it is read, and can be slow.
class CountingStore : public replica::Store {
 public:
  explicit CountingStore(replica::Store* store) : store_(store) {}
  absl::Status Write(const replica::Batch& batch) override { return store_->Write(batch); }
  std::shared_ptr<const replica::ReadView> Read() const override {
    ++reads_;
    std::unique_lock lock(mutex_);
    if (to_hold_ > 0) {
      --to_hold_;
      ++held_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return released_; });
    }
    return store_->Read();
  }
  // The next `count` reads wait until Release.
  void HoldReads(std::size_t count) {
    const std::lock_guard lock(mutex_);
    to_hold_ = count;
    held_ = 0;
    released_ = false;
  }
  void WaitUntilHeld(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_ == count; });
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    to_hold_ = 0;
    released_ = true;
    changed_.notify_all();
  }
  absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view, std::string_view)> visit) const override {
    return store_->ReadJournal(visit);
  }
  bool restoring() const override { return store_->restoring(); }
  int reads() const { return reads_; }

 private:
  replica::Store* const store_;
  mutable std::atomic<int> reads_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable std::size_t to_hold_ = 0;
  mutable std::size_t held_ = 0;
  bool released_ = true;
};

class FakeStatus : public replica::StatusSource {
 public:
  replica::ReplicaStatus Status() const override { return status; }
  replica::ReplicaStatus status;
};

class FakeClock : public replica::Clock {
 public:
  Time Wall() const override { return testing::kFounded; }
  std::int64_t MonotonicUs() const override { return now_us; }
  std::atomic<std::int64_t> now_us = 0;
};

// The node is that of AAA.
class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest();
  ~ServiceTest() override {
    store_.Release();
    services_.Stop();
  }

  void Start();
  Backend MakeBackend();
  Listen MakeListen(const std::string& client = "127.0.0.1:0");

  // A client without a certificate, and one with this key.
  std::unique_ptr<v1::Ledger::Stub> Client() { return ClientWith(nullptr); }
  std::unique_ptr<v1::Ledger::Stub> ClientWith(const SecretSeed* identity);
  std::shared_ptr<grpc::Channel> Channel(const SecretSeed* identity);

  // Commits a block of these, and tells the services.
  void Commit(const std::vector<EntryPtr>& entries);

  testing::TestChain chain_{4};
  CountingStore store_{&chain_.store};
  FakeSubmitter submitter_;
  FakeStatus status_;
  FakeClock clock_;
  std::vector<v1::PeerStatus> peers_;
  std::string log_level_;
  const storage::Scratch scratch_;
  const std::string read_log_path_ = scratch_.path("inspections.log");
  const std::unique_ptr<inspection::ReadLog> read_log_ =
      inspection::ReadLog::Open(read_log_path_, [](const absl::Status&) {}).value();
  Services services_;
};

// A context whose call fails rather than hangs.
class Context : public grpc::ClientContext {
 public:
  Context() { set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(120)); }
};

}  // namespace assent::service

#endif  // ASSENT_TESTS_UNIT_NODE_SERVICE_FIXTURE_H_
