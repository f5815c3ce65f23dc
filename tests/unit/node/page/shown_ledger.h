// A ledger in memory with what the page needs beside it.
#ifndef ASSENT_TESTS_UNIT_NODE_PAGE_SHOWN_LEDGER_H_
#define ASSENT_TESTS_UNIT_NODE_PAGE_SHOWN_LEDGER_H_

#include <string>

#include "ledger/crypto/keys.h"
#include "node/page/backend.h"
#include "node/page/http.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::page {

// The node of AAA, an hour after its newest block.
class ShownLedger : private replica::Store, replica::StatusSource, replica::Clock {
 public:
  ShownLedger();

  query::FilledLedger& ledger() { return ledger_; }
  const Backend& backend() const { return backend_; }
  Response Get(const std::string& path, std::map<std::string, std::string> query = {}) const;
  Response GetJson(const std::string& path, std::map<std::string, std::string> query = {}) const;
  // By who shows this access token.
  Response GetAs(const std::string& token, const std::string& path, bool json = false) const;
  // For this node, by a key, for so long from now.
  std::string TokenOf(const SigningKey& key, Duration time = Seconds(600)) const;
  // What inspectors' reads are logged in; null before.
  void LogReadsIn(inspection::ReadLog* log) { backend_.read_log = log; }

  replica::ReplicaStatus status;
  v1::PeerStatus peer;  // of BBB

 private:
  absl::Status Write(const replica::Batch&) override;
  std::shared_ptr<const replica::ReadView> Read() const override { return ledger_.view(); }
  absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view, std::string_view)>) const override;
  bool restoring() const override { return false; }
  replica::ReplicaStatus Status() const override { return status; }
  Time Wall() const override { return Read()->tip().header.time + Hours(1); }
  std::int64_t MonotonicUs() const override { return 0; }

  query::FilledLedger ledger_;
  Backend backend_;
};

}  // namespace assent::page

#endif  // ASSENT_TESTS_UNIT_NODE_PAGE_SHOWN_LEDGER_H_
