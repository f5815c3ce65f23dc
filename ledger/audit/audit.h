// An audit: everything that a log claims is computed anew from the founding act and its entries,
// with the same rules that the nodes run, and compared. Trusts nobody who hands over the blocks.
// Inspectors audit what a node serves, operators what their node has stored.
#ifndef ASSENT_LEDGER_AUDIT_AUDIT_H_
#define ASSENT_LEDGER_AUDIT_AUDIT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/block/digests.h"
#include "ledger/block/header.h"
#include "ledger/entry/entry.h"
#include "ledger/log/merkle.h"
#include "ledger/membership/certificate.h"
#include "ledger/membership/voters.h"
#include "ledger/receipt/restart_act.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"

namespace assent {

// What was checked, and what could not be.
struct AuditCounts {
  std::uint64_t blocks = 0;
  std::uint64_t entries = 0;
  std::uint64_t signatures = 0;  // of entries
  std::uint64_t certificates = 0;
  std::uint64_t restarts = 0;  // epochs that acts of the members began
  // Bodies that the server did not show. From the first of them on the state cannot be followed:
  std::uint64_t bodies_hidden = 0;
  std::uint64_t releases_unchecked = 0;  // of them, by states that have releasers
  std::uint64_t rules_unchecked = 0;     // entries to which the rules were not applied
  std::uint64_t digests_unchecked = 0;   // blocks whose state digest was not computed
  // New authority keys that wait, at least as long as any must: whether they took force when the
  // parameters, which hidden bodies may have changed, say so.
  std::uint64_t waits_unchecked = 0;
  bool complete() const { return bodies_hidden == 0; }
};

// Calls work(0) ... work(count - 1), each once and on any threads, and returns when all are done.
using Workers =
    std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;

// Takes the blocks of a log from height 1 on. Memory grows with the state, not with the log. One
// thread calls; signatures are checked by `workers`.
class Auditor {
 public:
  // `act` must have passed CheckAct and outlive the auditor.
  Auditor(const FoundingAct& act, Workers workers);

  // The root of the tree of this size is kept when the audit comes past it.
  void WatchTreeSize(std::uint64_t size);

  // Checks the next blocks, in order. InvalidArgument: "height H: STEP: what is wrong".
  // FailedPrecondition: "height H: cannot be checked: why", for what is hidden. The audit ends
  // there in either case.
  absl::Status Check(const std::vector<v1::FinalBlock>& blocks);
  // To be called behind the last block: it must be final.
  absl::Status Finish() const;

  // All that is needed to go on from here, and that its bytes are whole; nothing must have been
  // hidden. What is saved is trusted when it is restored: it is the auditor's own.
  std::string Save() const;
  // An audit that goes on where another was saved. `act` as above. InvalidArgument: another ledger,
  // or bytes that are not those of Save.
  static absl::StatusOr<Auditor> Restore(std::string_view saved, const FoundingAct& act,
                                         Workers workers);

  // The state at the tip, with which the audit ends; only while nothing was hidden.
  MemoryState TakeState() && { return std::move(state_); }
  // The same, in place.
  const MemoryState& state() const { return state_; }
  const AuditCounts& counts() const { return counts_; }
  // The newest block that was checked; that of the founding act at first.
  const BlockHeader& tip() const { return tip_; }
  const VoterSet& voters() const { return voters_; }
  // Root of the watched tree; nothing when no block has ended at that size.
  std::optional<Hash> watched_root() const { return watched_root_; }

 private:
  // A block taken apart, with what could be checked without knowing the state.
  struct Piece {
    BlockHeader header;
    std::string header_bytes;
    std::vector<absl::StatusOr<Entry>> entries;
    std::vector<std::optional<PublicKey>> good_under;  // key under which the signature is good
    absl::Status certificate_status;                   // of a certificate that is there
    bool has_certificate = false;
    std::optional<absl::StatusOr<Restart>> restart;  // the act that names the parent
  };

  // Up to the block that closes the epoch, or before the first of one that an act began.
  absl::StatusOr<std::vector<Piece>> TakeApart(std::span<const v1::FinalBlock> blocks) const;
  void CheckEntry(const v1::Entry& message, Piece& piece, std::size_t position) const;
  absl::Status CheckCertificate(const v1::FinalBlock& block, const Piece& piece) const;
  absl::Status CheckBlock(const Piece& piece);
  // The rest of it, when the new keys that take force with it are those of `in_force`, or, while
  // the state is known, those that have waited long enough.
  absl::Status CheckContent(const Piece& piece, const rules::BlockStart& start,
                            std::span<const MemberCode> in_force);
  // The same where any of `may` can take force: the members hash says which.
  absl::Status CheckUnseenContent(const Piece& piece, const rules::BlockStart& start,
                                  std::span<const MemberCode> may);
  absl::Status CheckFrame(const Piece& piece) const;
  // That the act which began this block's epoch names the tip, and that all of it holds.
  absl::Status CheckRestarted(const v1::RestartAct& act, const Piece& piece) const;
  absl::Status CheckLimits(const Piece& piece) const;
  absl::Status CheckLink(const Entry& entry, Time block_time) const;
  // By the key in force in `state`, the one before the entry.
  absl::Status CheckSignature(const Entry& entry, const std::optional<PublicKey>& good_under,
                              const StateView& state);
  // Links, signatures, rules. Fills in the state's changes, unless a body was hidden.
  absl::Status ApplyEntries(const Piece& piece, StateOverlay& overlay);
  absl::Status CheckClaims(const Piece& piece, StateOverlay& overlay);

  const FoundingAct& act_;
  const Workers workers_;
  MemoryState state_;
  bool state_known_ = true;
  MerkleFrontier frontier_;
  AuthorHeads heads_;
  VoterSet voters_;
  BlockHeader tip_;
  Hash tip_hash_;
  Height certified_;
  AuditCounts counts_;
  // Whose new keys, which waits_unchecked counts, waited when the newest block began.
  std::set<MemberCode> unchecked_waits_;
  std::optional<std::uint64_t> watched_size_;
  std::optional<Hash> watched_root_;
};

}  // namespace assent

#endif  // ASSENT_LEDGER_AUDIT_AUDIT_H_
