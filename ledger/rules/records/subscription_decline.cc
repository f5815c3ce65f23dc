// SubscriptionDecline: an invited state has said that it does not subscribe; a member lodges its
// answer. It may be invited again, and may subscribe whenever it likes.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/subscription.h"

namespace assent::rules {
namespace subscription_decline {

constexpr Rule kAnswerInvalid{"ANSWER_INVALID", "An answer of 1 to 1,024 bytes is given."};
constexpr Rule kNotInvited{"NOT_INVITED", "The state is invited, and has not answered."};

constexpr std::array kRules{kNotPublic, kCodeInvalid, kAlreadyMember, kAnswerInvalid, kNotInvited};

std::optional<Refusal> ApplyDecline(const Filing& filing) {
  const v1::SubscriptionDecline& said = filing.body.subscription_decline();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  std::optional<MemberCode> code;
  if (auto refusal = RefuseBadState(filing, said.code(), code)) return refusal;
  if (auto refusal = RefuseBadText(kAnswerInvalid, "answer", said.answer(), kMemberReasonBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  auto newest = NewestSubscription(filing.state, *code);
  if (!newest || newest->status() != static_cast<std::uint32_t>(SubscriptionStatus::kInvited)) {
    return Refuse(kNotInvited, code->str(),
                  absl::StrCat("no invitation of ", code->str(),
                               " awaits an answer: there is nothing to decline"));
  }
  newest->set_status(static_cast<std::uint32_t>(SubscriptionStatus::kDeclined));
  SaveSubscription(filing.state, *code, *newest, AfterEntry(filing));
  return std::nullopt;
}

}  // namespace subscription_decline

extern const RecordHandler kSubscriptionDecline;
constinit const RecordHandler kSubscriptionDecline{
    .name = "SubscriptionDecline",
    .field = v1::Body::kSubscriptionDecline,
    .rules = subscription_decline::kRules,
    .apply = subscription_decline::ApplyDecline,
    .membership = true,
};

}  // namespace assent::rules
