// VoteSuspension: a member asks the others to suspend the vote of a node that is gone, so that dead
// nodes cannot stop the ledger one by one. Nothing else of its state's membership changes; its node
// votes again from its state's next VotingStatus on.
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/questions.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace vote_suspension {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};
constexpr Rule kNotVoting{"NOT_VOTING", "The node is that of an active member, and votes."};

constexpr std::array kRules{kNotPublic, kReasonInvalid, kNotVoting, kLastVoter};

std::optional<Refusal> CheckSuspension(const Filing& filing, const v1::QuestionState& question) {
  const v1::VoteSuspension& said = question.vote_suspension();
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(), kMemberReasonBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  const auto code = MemberCode::From(said.member());
  const auto member = code ? Load<v1::MemberState>(filing.state, MemberKey(*code)) : std::nullopt;
  if (!member || !member->votes()) {
    return Refuse(kNotVoting, "member",
                  code ? absl::StrCat("no node of ", code->str(), " votes: nothing is to be done")
                       : "the member is missing or no code of a state: name whose node it is");
  }
  return RefuseLastVoter(filing, *code, "member");
}

void SuspendVote(const Filing& filing, EntryIndex /*id*/, const v1::QuestionState& question) {
  const MemberCode code = *MemberCode::From(question.vote_suspension().member());
  auto member = LoadExisting<v1::MemberState>(filing.state, MemberKey(code));
  member.set_votes(false);
  SaveMember(filing.state, code, member, AfterEntry(filing));
}

constexpr QuestionRules kQuestion{
    .asked = v1::QuestionState::kVoteSuspension,
    .check = CheckSuspension,
    .take_effect = SuspendVote,
    .about = [](const v1::QuestionState& question) { return question.vote_suspension().member(); },
};

std::optional<Refusal> ApplySuspension(const Filing& filing) {
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  v1::QuestionState question;
  *question.mutable_vote_suspension() = filing.body.vote_suspension();
  if (auto refusal = CheckSuspension(filing, question)) return refusal;
  OpenQuestion(filing, std::move(question));
  return std::nullopt;
}

}  // namespace vote_suspension

extern const RecordHandler kVoteSuspension;
constinit const RecordHandler kVoteSuspension{
    .name = "VoteSuspension",
    .field = v1::Body::kVoteSuspension,
    .rules = vote_suspension::kRules,
    .apply = vote_suspension::ApplySuspension,
    .question = &vote_suspension::kQuestion,
    .membership = true,
};

}  // namespace assent::rules
