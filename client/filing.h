// Filing signed entries: sent in order, each linked to the one before, without waiting for that one
// to be final; then the receipt of each is fetched and verified before it is called filed.
#ifndef ASSENT_CLIENT_FILING_H_
#define ASSENT_CLIENT_FILING_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/entry_files.h"
#include "client/session.h"
#include "ledger/block/digests.h"
#include "ledger/entry/release.h"
#include "ledger/receipt/receipt.h"

namespace assent::client {

// Entries sent and not final yet: half of what a node lets wait for one author.
inline constexpr std::size_t kEntriesUnderWayMax = 512;
inline constexpr std::chrono::seconds kFinalityTimeoutDefault{120};

// What an author's next entry must follow, as the node has it.
struct AuthorStanding {
  AuthorHead head;
  std::vector<Releaser> releasers;  // one of them must release it; empty: nobody
};
// `include_pending`: entries that wait at the node are counted.
absl::StatusOr<AuthorStanding> FetchStanding(Session& session, const MemberCode& author,
                                             bool include_pending = true);

// A receipt as a file, and what it proves.
struct VerifiedReceipt {
  std::string file;
  ReceiptProof proof;
};
// Verifies what a server gave for this entry: that it proves this very entry on this ledger.
absl::StatusOr<VerifiedReceipt> CheckReceipt(const v1::Receipt& receipt, const Hash& leaf_hash,
                                             const FoundingAct& act);

struct FilingOptions {
  bool wait_until_final = true;
  std::chrono::seconds finality_timeout = kFinalityTimeoutDefault;
  std::function<void(std::size_t done)> on_progress;  // entries done; from one thread
};

// What became of each entry, in their order. After a failure the rest was not sent, or is not
// known.
struct FilingResult {
  std::size_t taken = 0;                  // so many were taken by the node
  std::vector<VerifiedReceipt> receipts;  // of the first entries; empty without waiting
  absl::Status status;                    // of the entry that failed, with its source before it
  bool outcome_known = true;  // false: entries may still become final; send the same bytes again
};

FilingResult FileEntries(Session& session, const std::vector<SignedEntry>& entries,
                         const FilingOptions& options);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_FILING_H_
