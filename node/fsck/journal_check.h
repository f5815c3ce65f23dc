// Records of the journal, looked at as a node looks at them when it starts: by the voters of their
// epoch.
#ifndef ASSENT_NODE_FSCK_JOURNAL_CHECK_H_
#define ASSENT_NODE_FSCK_JOURNAL_CHECK_H_

#include <cstdint>
#include <map>
#include <string_view>

#include "absl/status/status.h"
#include "ledger/bytes.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"
#include "node/consensus/journal.h"
#include "node/consensus/verifier.h"

namespace assent::fsck {

class JournalCheck {
 public:
  // `vote_key`: the node's own. What it signed in an epoch in which it was a voter is by it.
  JournalCheck(const LedgerId& ledger, const PublicKey& vote_key)
      : ledger_(ledger), vote_key_(vote_key) {}

  // Who votes in an epoch; of no other can signatures be checked.
  void AddEpoch(Epoch epoch, const VoterSet& voters) {
    verifiers_.try_emplace(epoch, ledger_, epoch, voters);
  }
  // Not Ok: says what is wrong with the record.
  absl::Status Check(std::string_view key, std::string_view value);
  // Records that were good as far as they can be read without the voters of their epoch.
  std::uint64_t unchecked() const { return unchecked_; }

 private:
  using Record = consensus::JournalRecord;

  // `verifier` is null where the voters are not known.
  static absl::Status CheckCertificate(const Record& record, const consensus::Verifier* verifier);
  static absl::Status CheckBlock(const Record& record, const consensus::Verifier* verifier);
  static absl::Status CheckFloor(const Record& record);
  absl::Status CheckVote(const Record& record, const consensus::Verifier* verifier) const;

  const LedgerId ledger_;
  const PublicKey vote_key_;
  std::map<Epoch, consensus::Verifier> verifiers_;
  std::uint64_t unchecked_ = 0;
};

}  // namespace assent::fsck

#endif  // ASSENT_NODE_FSCK_JOURNAL_CHECK_H_
