// MembershipWithdrawal: the author leaves. Its records stay; its signatures, endorsements, term as
// chair and node's vote count no longer. It may subscribe again, with new keys.
#include <array>
#include <optional>

#include "ledger/limits.h"
#include "ledger/rules/key_change.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/replacement.h"
#include "ledger/rules/rounds.h"

namespace assent::rules {
namespace membership_withdrawal {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};

constexpr std::array kRules{kNotPublic, kReasonInvalid, kLastVoter, kKeyChangedInBlock};

std::optional<Refusal> ApplyWithdrawal(const Filing& filing) {
  const v1::MembershipWithdrawal& said = filing.body.membership_withdrawal();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(), kMemberReasonBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  if (auto refusal = RefuseLastVoter(filing, filing.author, filing.author.str())) return refusal;
  if (auto refusal = RefuseSecondKeyChange(filing)) return refusal;

  filing.state.Remove(MemberKey(filing.author));
  v1::SubscriptionState withdrawn;
  withdrawn.set_status(static_cast<std::uint32_t>(SubscriptionStatus::kWithdrawn));
  withdrawn.set_name(filing.member.name());
  SaveSubscription(filing.state, filing.author, withdrawn, AfterEntry(filing));
  DropReplacement(filing.state, filing.author);
  CompleteWithoutSigner(filing);
  return std::nullopt;
}

}  // namespace membership_withdrawal

extern const RecordHandler kMembershipWithdrawal;
constinit const RecordHandler kMembershipWithdrawal{
    .name = "MembershipWithdrawal",
    .field = v1::Body::kMembershipWithdrawal,
    .rules = membership_withdrawal::kRules,
    .apply = membership_withdrawal::ApplyWithdrawal,
    .membership = true,
};

}  // namespace assent::rules
