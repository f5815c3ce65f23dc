// Invitations, to a launch site or to a conference, and the answers to them. What is the same for
// both: who is invited until when, and one answer of each invited state.
#ifndef ASSENT_LEDGER_RULES_INVITATIONS_H_
#define ASSENT_LEDGER_RULES_INVITATIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/cooperation.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"

namespace assent::rules {

// Of who invites.
inline constexpr Rule kDatesInvalid{
    "DATES_INVALID",
    "First and last instant are given; the last is after the first, in the years 1970 to 9999."};
inline constexpr Rule kDatesPassed{"DATES_PASSED",
                                   "The last instant is after block time, also in an amendment."};
inline constexpr Rule kInvitedCount{"INVITED_COUNT", "From 1 to 256 states are invited."};
inline constexpr Rule kInvitedTwice{"INVITED_TWICE", "No state is invited twice."};
inline constexpr Rule kHostInvited{"HOST_INVITED", "The author does not invite itself."};
inline constexpr Rule kAcceptedDropped{"ACCEPTED_DROPPED",
                                       "An amendment still invites all that have accepted."};

// Of who answers.
inline constexpr Rule kAnswerInvalid{"ANSWER_INVALID", "The answer is ACCEPT or DECLINE."};
inline constexpr Rule kInvitationMissing{"INVITATION_MISSING", "What is answered is named."};
inline constexpr Rule kInvitationAmended{"INVITATION_AMENDED",
                                         "What is answered has not been amended."};
inline constexpr Rule kInvitationWithdrawn{"INVITATION_WITHDRAWN",
                                           "What is answered has not been withdrawn."};
inline constexpr Rule kInvitationOver{"INVITATION_OVER", "What is answered is not over."};
inline constexpr Rule kNotInvited{"NOT_INVITED", "The state that answers is invited."};
inline constexpr Rule kAnswerMoved{"ANSWER_MOVED",
                                   "An amendment answers the same invitation, for the same state."};
inline constexpr Rule kAlreadyAnswered{
    "ALREADY_ANSWERED",
    "An author has one current answer for a state; a change of mind is an amendment."};

// What is said of an invitation when it is filed, by the first rules above. `invited` are the codes
// as in the body; they are codes of states.
std::optional<Refusal> RefuseBadDates(const Filing& filing, std::int64_t from_us,
                                      std::int64_t until_us);
std::optional<Refusal> RefuseBadInvited(const Filing& filing,
                                        const std::vector<std::string>& invited);

// A stored invitation: true for one, the last instant at which it can be answered, and the codes of
// those that it invites.
bool IsInvitation(const StoredRecord& record);
Time UntilOf(const StoredRecord& invitation);
const google::protobuf::RepeatedPtrField<std::string>& InvitedBy(const StoredRecord& invitation);

// What an answer says.
struct AnswerSaid {
  std::string_view field;  // that names the invitation: "invitation"
  std::optional<std::uint64_t> invitation;
  std::string state;  // whose answer it is; empty or no code when the author gave none
  v1::Answer answer;
};
// Refuses by the rules above from kAnswerInvalid on, and by `unknown` when nothing of `type` is
// there to be answered. Otherwise what is answered is in `invitation`.
std::optional<Refusal> FindAnswered(const Filing& filing, const AnswerSaid& said,
                                    v1::Body::RecordCase type, const Rule& unknown,
                                    std::optional<StoredRecord>& invitation);

// The stored answer in a record of one.
const v1::InvitationAnswerState& AnswerOf(const v1::RecordState& answer);
// What is stored of an answer that is taken, but for its places; and where the newest one is found.
v1::InvitationAnswerState KeepAnswer(const Filing& filing, const AnswerSaid& said,
                                     const StoredRecord& invitation);
void PointAtAnswer(const Filing& filing, const v1::InvitationAnswerState& answer);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_INVITATIONS_H_
