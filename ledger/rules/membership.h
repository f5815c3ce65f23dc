// Members as the rules change them: how many there are and vote, and the one way in which what a
// member is is written.
#ifndef ASSENT_LEDGER_RULES_MEMBERSHIP_H_
#define ASSENT_LEDGER_RULES_MEMBERSHIP_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "assent/v1/membership.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

inline constexpr Rule kNotPublic{
    "NOT_PUBLIC", "It is PUBLIC: anyone can follow who is a member, and which keys speak for it."};
inline constexpr Rule kLastVoter{"LAST_VOTER", "The node of another member votes."};

inline constexpr Rule kEndpointInvalid{
    "ENDPOINT_INVALID", "An endpoint is host:port of at most 256 bytes, e.g. node.example:7401."};

// Refuses by kNotPublic.
std::optional<Refusal> RefuseUnlessPublic(const Filing& filing);
// Refuses by kLastVoter a change after which the node of `leaving` no longer votes and no other
// does. `field` is what the refusal is about.
std::optional<Refusal> RefuseLastVoter(const Filing& filing, const MemberCode& leaving,
                                       std::string_view field);

// Refuses by kEndpointInvalid.
std::optional<Refusal> RefuseBadEndpoint(std::string_view field, std::string_view endpoint);

std::size_t CountMembers(const StateView& state);  // ACTIVE

// Where and when a change of what a state is begins.
struct Since {
  EntryIndex index;  // the first at which it holds
  Time time;         // of the block
  // No entry brings it, but the beginning of the block: what the entry before brought held until
  // then, and keeps its place in the history.
  bool with_block = false;
};
// From the next entry on.
inline Since AfterEntry(const Filing& filing) {
  return {filing.position.index.next(), filing.position.time};
}

// What a member is from `since` on: as it stands now, and in its history.
void SaveMember(StateOverlay& state, const MemberCode& code, const v1::MemberState& member,
                const Since& since);
// What a state that is no member is from `since` on, in its history.
void SaveSubscription(StateOverlay& state, const MemberCode& code,
                      const v1::SubscriptionState& subscription, const Since& since);
// The newest such value, of members too; nothing for a state of which nothing was ever said.
std::optional<v1::SubscriptionState> NewestSubscription(const StateView& state,
                                                        const MemberCode& code);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_MEMBERSHIP_H_
