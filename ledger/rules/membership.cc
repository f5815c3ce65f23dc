#include "ledger/rules/membership.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/membership/endpoint.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::optional<Refusal> RefuseUnlessPublic(const Filing& filing) {
  if (filing.body.visibility() == v1::PUBLIC) return std::nullopt;
  return Refuse(kNotPublic, "visibility",
                "who is a member, and which keys speak for it, is for everybody to know: file it "
                "with visibility PUBLIC");
}

std::optional<Refusal> RefuseLastVoter(const Filing& filing, const MemberCode& leaving,
                                       std::string_view field) {
  bool another = false;
  filing.state.Scan(
      kMemberPrefix, kMemberPrefix, [&](std::string_view key, std::string_view value) {
        another =
            Decode<v1::MemberState>(key, value).votes() && CodeOfKey(key, kMemberPrefix) != leaving;
        return !another;
      });
  if (another) return std::nullopt;
  return Refuse(kLastVoter, std::string(field),
                absl::StrCat("no other node than that of ", leaving.str(),
                             " votes: without it the ledger would stand still; have another "
                             "member's node vote first"));
}

std::optional<Refusal> RefuseBadEndpoint(std::string_view field, std::string_view endpoint) {
  if (IsEndpoint(endpoint)) return std::nullopt;
  return Refuse(kEndpointInvalid, std::string(field),
                absl::StrCat(AbslView(field), " must be host:port, e.g. node.example:7401"));
}

std::size_t CountMembers(const StateView& state) {
  std::size_t count = 0;
  state.Scan(kMemberPrefix, kMemberPrefix,
             [&](std::string_view /*key*/, std::string_view /*value*/) { return ++count, true; });
  return count;
}

void SaveMember(StateOverlay& state, const MemberCode& code, const v1::MemberState& member,
                const Since& since) {
  Save(state, MemberKey(code), member);
  v1::SubscriptionState subscription;
  subscription.set_status(static_cast<std::uint32_t>(SubscriptionStatus::kActive));
  subscription.set_name(member.name());
  *subscription.mutable_member() = member;
  SaveSubscription(state, code, subscription, since);
}

void SaveSubscription(StateOverlay& state, const MemberCode& code,
                      const v1::SubscriptionState& subscription, const Since& since) {
  v1::SubscriptionState dated = subscription;
  dated.set_since_us(since.time.us);
  Save(state,
       since.with_block ? SubscriptionWithBlockKey(code, since.index)
                        : SubscriptionKey(code, since.index),
       dated);
}

std::optional<v1::SubscriptionState> NewestSubscription(const StateView& state,
                                                        const MemberCode& code) {
  std::optional<v1::SubscriptionState> newest;
  const std::string prefix = SubscriptionPrefix(code);
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    newest = Decode<v1::SubscriptionState>(key, value);
    return true;
  });
  return newest;
}

}  // namespace assent::rules
