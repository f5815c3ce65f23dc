// Good bodies of what states do for each other and invite each other to, MEMBERS, to be changed by
// a test.
#ifndef ASSENT_TESTS_UNIT_LEDGER_RULES_COOPERATION_BODIES_H_
#define ASSENT_TESTS_UNIT_LEDGER_RULES_COOPERATION_BODIES_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "ledger/types.h"

namespace assent::rules {

using Codes = std::vector<std::string_view>;

v1::Body OfferTo(std::string_view state, EntryIndex pledge);  // expires at 2026-06-01T00:00Z
v1::Body AnswerTo(EntryIndex offer, v1::Answer answer);
v1::Body Ending(EntryIndex offer, v1::IncentiveOutcome outcome);

v1::Body AssistanceTo(std::string_view state);  // reviewed at 2025-12-01T00:00Z

// 2026-03-02 to 2026-03-06, midnight both.
v1::Body InvitingObservers(const Codes& invited, std::uint32_t places);
v1::Body ObserversCome(EntryIndex invitation, std::uint32_t places);
v1::Body NoObserversCome(EntryIndex invitation);

// 2026-03-02 to 2026-03-06, midnight both.
v1::Body ConferenceWith(const Codes& invited);
v1::Body ConferenceAnswerOf(std::string_view state, EntryIndex conference, v1::Answer answer);
v1::Body AttendanceOf(EntryIndex conference, const Codes& attended);

}  // namespace assent::rules

#endif  // ASSENT_TESTS_UNIT_LEDGER_RULES_COOPERATION_BODIES_H_
