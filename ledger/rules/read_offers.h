// Incentive offers as the rules have concluded, for those who answer questions. What is offered is
// in the body of the offer's entry. As of older heights: see read.h.
#ifndef ASSENT_LEDGER_RULES_READ_OFFERS_H_
#define ASSENT_LEDGER_RULES_READ_OFFERS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

enum class OfferStatus { kOffered, kAccepted, kDeclined, kExpired, kRescinded, kDelivered };

// An offer and where it stands.
struct OfferView {
  EntryIndex index;
  MemberCode author;
  MemberCode state;         // to which it is made
  EntryIndex pledge;        // that it names
  EntryIndex pledge_first;  // the first record of that one's chain of amendments
  Audience audience = Audience::kMembers;
  Time offered;
  Time expires;  // the last instant at which it can be answered
  OfferStatus status = OfferStatus::kOffered;
  // The entry that brought the status; absent while it is offered, and when it has expired.
  std::optional<EntryIndex> changed_by;
  // Since when it has the status: block time of that entry, or `expires`.
  Time since;
};
// The offer of entry `index`, at block time `now` and as of `tree_size`; nothing when there is
// none.
std::optional<OfferView> OfferAt(const StateView& state, EntryIndex index, Time now,
                                 std::uint64_t tree_size = kNewest);

// Indices of at most `limit` offers, from index `from` on, in the order of the log; whatever has
// become of them. Those above the tree size of an older height are left out by the caller.
// For the chain of pledges that begins with `pledge_first`.
std::vector<EntryIndex> OffersForPledge(const StateView& state, EntryIndex pledge_first,
                                        std::size_t limit, EntryIndex from = EntryIndex(0));
// By `author`.
std::vector<EntryIndex> OffersBy(const StateView& state, const MemberCode& author,
                                 std::size_t limit, EntryIndex from = EntryIndex(0));
// To `state_offered_to`.
std::vector<EntryIndex> OffersTo(const StateView& state, const MemberCode& state_offered_to,
                                 std::size_t limit, EntryIndex from = EntryIndex(0));

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_READ_OFFERS_H_
