// Who the members are, and by which authority keys they sign, derived from nothing but what
// authority keys signed: the founding act, and the entries about memberships since. Only for those
// who speak protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_ROSTER_H_
#define ASSENT_LEDGER_RECEIPT_ROSTER_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "assent/v1/entry.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/entry.h"
#include "ledger/types.h"

namespace assent {

struct RosterMember {
  std::optional<PublicKey> authority_key;  // absent when it was revoked and none has followed
  EntryIndex membership;                   // the entry that began it; 0 for a founder
  bool endorsed_key = false;               // the key came by the members' endorsement
  // A new key that the members want. The waiting period before it takes force cannot be shown by
  // entries; that it signs does.
  std::optional<PublicKey> waiting_key;
};

class Roster {
 public:
  // The founders.
  explicit Roster(const FoundingAct& act);

  // Ok when the entry was signed by its author's key in force. All entries are given in the order
  // of the log. InvalidArgument.
  absl::Status Admit(const Entry& entry);
  // Applies an admitted entry at `index`, whose body is `body`. InvalidArgument for one that is
  // about no membership.
  absl::Status Apply(EntryIndex index, const MemberCode& author, const v1::Body& body);

  const std::map<MemberCode, RosterMember>& members() const { return members_; }
  // True when these are the members that `hash` is of, be waiting keys in force by then or not.
  bool HasHash(const Hash& hash) const;

 private:
  // A question that the members decide by endorsing it.
  struct Question {
    MemberCode about;
    PublicKey key;
    bool is_subscription;
    std::set<std::pair<MemberCode, EntryIndex>> endorsers;  // with their memberships
  };

  absl::Status OpenSubscription(EntryIndex index, const v1::SubscriptionNote& note);
  absl::Status OpenReplacement(EntryIndex index, const v1::AuthorityKeyReplacement& said);
  void Endorse(EntryIndex question, EntryIndex index, const MemberCode& author);

  LedgerId ledger_;
  std::map<MemberCode, RosterMember> members_;
  std::map<EntryIndex, Question> questions_;
};

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_ROSTER_H_
