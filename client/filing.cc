#include "client/filing.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"

namespace assent::client {
namespace {

// True when the node has said no: the entry is not on the ledger and will not be.
bool WasRefused(const absl::Status& status) { return RefusalReason(status).has_value(); }

// One run: a thread that sends, while the caller's thread collects receipts behind it.
class Filing {
 public:
  Filing(Session& session, const std::vector<SignedEntry>& entries, const FilingOptions& options)
      : session_(session), entries_(entries), options_(options) {}

  FilingResult Run() {
    std::thread sender([this] { Send(); });
    Collect();
    sender.join();
    if (result_.status.ok() && !send_status_.ok()) {
      result_.status = Prefixed(entries_[sent_].source, send_status_);
      result_.outcome_known = WasRefused(send_status_);
    }
    result_.taken = sent_;
    return std::move(result_);
  }

 private:
  absl::StatusOr<v1::SubmitResponse> Submit(const Entry& entry, bool wait) {
    v1::SubmitRequest request;
    *request.mutable_entry() = ToProto(entry);
    request.set_wait_until_final(wait);
    return session_.Call(&v1::Ledger::Stub::Submit, request,
                         wait ? options_.finality_timeout : std::chrono::seconds{0});
  }

  void Send() {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopped_ || i - collected_ < kEntriesUnderWayMax; });
        if (stopped_) break;
      }
      const auto response = Submit(entries_[i].entry, false);
      const std::lock_guard lock(mutex_);
      if (!response.ok()) {
        send_status_ = response.status();
        break;
      }
      ++sent_;
      changed_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    sender_done_ = true;
    changed_.notify_all();
  }

  // Waits until entry `i` was sent; false when it never will be.
  bool WaitForSent(std::size_t i) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sent_ > i || sender_done_; });
    return sent_ > i;
  }

  void Collect() {
    for (std::size_t i = 0; i < entries_.size() && WaitForSent(i); ++i) {
      if (options_.wait_until_final) {
        if (const auto status = CollectOne(entries_[i]); !status.ok()) {
          result_.status = Prefixed(entries_[i].source, status);
          result_.outcome_known = WasRefused(status);
          const std::lock_guard lock(mutex_);
          stopped_ = true;
          changed_.notify_all();
          return;
        }
      }
      if (options_.on_progress) options_.on_progress(i + 1);
      const std::lock_guard lock(mutex_);
      collected_ = i + 1;
      changed_.notify_all();
    }
  }

  absl::Status CollectOne(const SignedEntry& item) {
    const auto response = Submit(item.entry, true);
    if (response.status().code() == absl::StatusCode::kDeadlineExceeded) {
      return absl::DeadlineExceededError(absl::StrCat("taken by the node, but not final after ",
                                                      options_.finality_timeout.count(),
                                                      " s: too few nodes may be up"));
    }
    if (!response.ok()) return response.status();
    if (!response->has_receipt()) {
      return absl::DataLossError("the node says that it is final, but gives no receipt");
    }
    auto receipt = CheckReceipt(response->receipt(), item.entry.leaf_hash(), session_.act());
    if (!receipt.ok()) return receipt.status();
    result_.receipts.push_back(*std::move(receipt));
    return absl::OkStatus();
  }

  Session& session_;
  const std::vector<SignedEntry>& entries_;
  const FilingOptions& options_;
  FilingResult result_;  // the collecting thread's

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t sent_ = 0;       // entries taken by the node
  std::size_t collected_ = 0;  // entries done with
  bool stopped_ = false;       // the collector has given up
  bool sender_done_ = false;
  absl::Status send_status_;  // why sending ended early, for entry `sent_`
};

}  // namespace

absl::StatusOr<AuthorStanding> FetchStanding(Session& session, const MemberCode& author,
                                             bool include_pending) {
  v1::GetAuthorHeadRequest request;
  request.set_author(author.str());
  request.set_include_pending(include_pending);
  const auto head = session.Call(&v1::Ledger::Stub::GetAuthorHead, request);
  if (!head.ok()) return head.status();
  const auto hash = Hash::From(head->leaf_hash());
  if (!hash) return absl::DataLossError("the node gives a hash that has not 32 bytes");
  AuthorStanding standing{.head = {Sequence(head->sequence()), *hash}, .releasers = {}};
  if (head->releasers_size() > kReleasersMax) {
    return absl::DataLossError("the node gives more releasers than there can be");
  }
  for (const v1::ReleaserInfo& releaser : head->releasers()) {
    const auto key = PublicKey::From(releaser.public_key());
    if (!key) return absl::DataLossError("the node gives a releaser's key that has not 32 bytes");
    standing.releasers.push_back({releaser.name(), *key});
  }
  return standing;
}

absl::StatusOr<VerifiedReceipt> CheckReceipt(const v1::Receipt& receipt, const Hash& leaf_hash,
                                             const FoundingAct& act) {
  std::string file = absl::StrCat(AbslView(kReceiptMagic), receipt.SerializeAsString());
  auto proof = VerifyReceipt(file, act);
  if (!proof.ok()) return Prefixed("the node's receipt proves nothing", proof.status());
  if (proof->entry.leaf_hash() != leaf_hash) {
    return absl::DataLossError("the node's receipt is for another entry");
  }
  return VerifiedReceipt{std::move(file), *std::move(proof)};
}

FilingResult FileEntries(Session& session, const std::vector<SignedEntry>& entries,
                         const FilingOptions& options) {
  return Filing(session, entries, options).Run();
}

}  // namespace assent::client
