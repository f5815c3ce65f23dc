// ConferenceAnswer: what an invited state answers. A member speaks for itself; the answer of a
// state that is none is lodged by a member, and shown as lodged by that one.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/audience.h"
#include "ledger/rules/invitations.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace conference_answer {

constexpr Rule kConferenceUnknown{"CONFERENCE_UNKNOWN", "What is answered is a conference."};
constexpr Rule kAnswersItself{"ANSWERS_ITSELF",
                              "An active member answers for itself; nobody lodges its answer."};

constexpr std::array kRules{kAnswerInvalid,     kInvitationMissing,   kConferenceUnknown,
                            kInvitationAmended, kInvitationWithdrawn, kInvitationOver,
                            kNotInvited,        kMembersOnly,         kAnswerMoved,
                            kAlreadyAnswered,   kAnswersItself};

std::optional<Refusal> RefuseLodgedForMember(const Filing& filing, const std::string& state) {
  if (state == filing.author.str()) return std::nullopt;
  const auto code = MemberCode::From(state);
  if (!code || !filing.state.Get(MemberKey(*code))) return std::nullopt;
  return Refuse(kAnswersItself, "state",
                absl::StrCat(state, " is an active member: only itself can file its answer"));
}

std::optional<Refusal> ApplyAnswer(const Filing& filing) {
  const v1::ConferenceAnswer& in_body = filing.body.conference_answer();
  AnswerSaid said{.field = "conference",
                  .invitation = std::nullopt,
                  .state = in_body.state(),
                  .answer = in_body.answer()};
  if (in_body.has_conference()) said.invitation = in_body.conference();
  std::optional<StoredRecord> conference;
  if (auto refusal =
          FindAnswered(filing, said, v1::Body::kConference, kConferenceUnknown, conference)) {
    return refusal;
  }
  if (auto refusal = RefuseLodgedForMember(filing, said.state)) return refusal;
  v1::RecordState record = NewRecord(filing);
  *record.mutable_conference_answer() = KeepAnswer(filing, said, *conference);
  SaveRecord(filing, record);
  PointAtAnswer(filing, record.conference_answer());
  return std::nullopt;
}

}  // namespace conference_answer

extern const RecordHandler kConferenceAnswer;
constinit const RecordHandler kConferenceAnswer{
    .name = "ConferenceAnswer",
    .field = v1::Body::kConferenceAnswer,
    .rules = conference_answer::kRules,
    .apply = conference_answer::ApplyAnswer,
    .retire = RetireNothing,
};

}  // namespace assent::rules
