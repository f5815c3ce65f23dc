// What an audit has checked, kept in a folder: to go on from there, to check all of it anew without
// a network, and to answer questions offline.
//
//   blocks      every block in order (saved_blocks.h)
//   heights     for each height from 1: u64 tree size || u64 block time, microseconds
//   audit       where the audit stands (Auditor::Save), and how long the other two are by then
//   evidence    what the audited node had (saved_evidence.h)
//   checkpoint  the newest that the audit came past (saved_log.h)
//
// The last two are absent in a folder of version 0.1.0, the last also while a ledger has none.
// `audit` is replaced in one step after the others were synced; what they have beyond it is cut off
// when the audit goes on. Integers are big-endian.
#ifndef ASSENT_CLIENT_SAVED_LEDGER_H_
#define ASSENT_CLIENT_SAVED_LEDGER_H_

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "client/asking.h"
#include "client/saved_blocks.h"
#include "ledger/act/founding_act.h"
#include "ledger/audit/audit.h"

namespace assent::client {

// True when an audit was saved in this folder.
bool IsSaved(const std::string& folder);

// The audit that was saved, which can go on. `act` must outlive it. InvalidArgument: the folder
// holds another ledger, or is damaged.
absl::StatusOr<Auditor> LoadAudit(const std::string& folder, const FoundingAct& act,
                                  std::size_t threads);

// Adds what is checked to a folder. One thread.
class LedgerSaver {
 public:
  // Makes the folder, or goes on where the audit in it stands.
  static absl::StatusOr<std::unique_ptr<LedgerSaver>> Open(const std::string& folder);
  // The next blocks, which have been checked.
  absl::Status Add(const std::vector<v1::FinalBlock>& blocks);
  // Keeps all that was added. The audit must have come so far, and its last block be final.
  absl::Status Keep(const Auditor& auditor);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Close>;
  explicit LedgerSaver(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
  File blocks_;
  File heights_;
  std::uint64_t blocks_bytes_ = 0;
  std::uint64_t heights_bytes_ = 0;
};

// The saved blocks, as far as the audit was kept. InvalidArgument: damaged.
absl::StatusOr<SavedBlocks> OpenBlocks(const std::string& folder);
// Gives the saved blocks in batches, in order, until `visit` fails. InvalidArgument: damaged.
absl::Status ReadBlocks(const std::string& folder,
                        const std::function<absl::Status(std::vector<v1::FinalBlock>)>& visit);

// Answers questions from what was saved, as a member sees it; evidence as of the height at which it
// was saved, after checking that its keys were those of the voters. InvalidArgument as above; the
// answers OutOfRange: a height that was not saved; NotFound: no evidence was; DataLoss: it is none.
absl::StatusOr<AskPage> AskSaved(const std::string& folder, const FoundingAct& act);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_SAVED_LEDGER_H_
