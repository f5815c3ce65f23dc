// SubscriptionInvitation: a member asks a state to subscribe. None is needed to subscribe.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/subscription.h"

namespace assent::rules {
namespace subscription_invitation {

constexpr Rule kAlreadyInvited{"ALREADY_INVITED",
                               "The state was not invited, nor has noted that it subscribes, "
                               "without an answer since."};

constexpr std::array kRules{kNotPublic, kCodeInvalid, kNameInvalid, kAlreadyMember,
                            kAlreadyInvited};

std::optional<Refusal> ApplyInvitation(const Filing& filing) {
  const v1::SubscriptionInvitation& said = filing.body.subscription_invitation();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  std::optional<MemberCode> code;
  if (auto refusal = RefuseBadState(filing, said.code(), code)) return refusal;
  if (auto refusal = RefuseBadName(said.name())) return refusal;
  if (const auto newest = NewestSubscription(filing.state, *code)) {
    const auto status = static_cast<SubscriptionStatus>(newest->status());
    if (status == SubscriptionStatus::kInvited || status == SubscriptionStatus::kNoted) {
      return Refuse(
          kAlreadyInvited, code->str(),
          absl::StrCat(code->str(), status == SubscriptionStatus::kInvited
                                        ? " is invited already: its answer is awaited"
                                        : " has noted that it subscribes: endorse that instead"));
    }
  }
  v1::SubscriptionState invited;
  invited.set_status(static_cast<std::uint32_t>(SubscriptionStatus::kInvited));
  invited.set_name(said.name());
  SaveSubscription(filing.state, *code, invited, AfterEntry(filing));
  return std::nullopt;
}

}  // namespace subscription_invitation

extern const RecordHandler kSubscriptionInvitation;
constinit const RecordHandler kSubscriptionInvitation{
    .name = "SubscriptionInvitation",
    .field = v1::Body::kSubscriptionInvitation,
    .rules = subscription_invitation::kRules,
    .apply = subscription_invitation::ApplyInvitation,
    .membership = true,
};

}  // namespace assent::rules
