// AuthorityKeyReplacement: a member asks the others for a new authority key of one of them that has
// lost its own. It is no withdrawal: the membership goes on. The new key waits 30 days, in which
// the old one can refuse, and whatever it signs is marked.
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/key_registry.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/questions.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/replacement.h"

namespace assent::rules {
namespace authority_key_replacement {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};
constexpr Rule kMemberUnknown{"MEMBER_UNKNOWN", "The member is an active one."};
constexpr Rule kReplacementWaits{"REPLACEMENT_WAITS", "No replacement of the same key waits."};

constexpr std::array kRules{kNotPublic,     kReasonInvalid,     kMemberUnknown,   kKeyInvalid,
                            kKeyRegistered, kPossessionInvalid, kReplacementWaits};

std::array<NewKey, 1> KeyOf(const v1::AuthorityKeyReplacement& said) {
  return {{{KeyRole::kAuthority, "new_key", said.new_key(), said.possession()}}};
}

std::optional<Refusal> CheckReplacement(const Filing& filing, const v1::QuestionState& question) {
  const v1::AuthorityKeyReplacement& said = question.authority_key_replacement();
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(), kMemberReasonBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  const auto code = MemberCode::From(said.member());
  if (!code || !filing.state.Get(MemberKey(*code))) {
    return Refuse(kMemberUnknown, "member",
                  "the member is no active one of this ledger: name whose key was lost");
  }
  if (auto refusal = RefuseUnprovenKeys(filing, *code, KeyOf(said))) return refusal;
  if (const auto waits = WaitingReplacement(filing.state, *code)) {
    return Refuse(kReplacementWaits, code->str(),
                  absl::StrCat("a new key of ", code->str(), " waits already, as question ",
                               waits->question(), " decided"));
  }
  return std::nullopt;
}

void LetWait(const Filing& filing, EntryIndex id, const v1::QuestionState& question) {
  const v1::AuthorityKeyReplacement& said = question.authority_key_replacement();
  const MemberCode code = *MemberCode::From(said.member());
  RegisterKey(filing, code, KeyOf(said)[0], AfterEntry(filing));
  BeginReplacement(filing, id, code, *PublicKey::From(said.new_key()));
}

constexpr QuestionRules kQuestion{
    .asked = v1::QuestionState::kAuthorityKeyReplacement,
    .check = CheckReplacement,
    .take_effect = LetWait,
    .about =
        [](const v1::QuestionState& question) {
          return question.authority_key_replacement().member();
        },
};

std::optional<Refusal> ApplyReplacement(const Filing& filing) {
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  v1::QuestionState question;
  *question.mutable_authority_key_replacement() = filing.body.authority_key_replacement();
  if (auto refusal = CheckReplacement(filing, question)) return refusal;
  OpenQuestion(filing, std::move(question));
  return std::nullopt;
}

}  // namespace authority_key_replacement

extern const RecordHandler kAuthorityKeyReplacement;
constinit const RecordHandler kAuthorityKeyReplacement{
    .name = "AuthorityKeyReplacement",
    .field = v1::Body::kAuthorityKeyReplacement,
    .rules = authority_key_replacement::kRules,
    .apply = authority_key_replacement::ApplyReplacement,
    .question = &authority_key_replacement::kQuestion,
    .membership = true,
};

}  // namespace assent::rules
