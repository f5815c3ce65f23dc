#include "ledger/questions/snapshot.h"

#include <algorithm>

#include "ledger/limits.h"

namespace assent::questions {

std::vector<rules::MemberView> MembersAt(const Snapshot& ledger) {
  if (ledger.tree_size == rules::kNewest) return rules::Members(ledger.state, kMembersMax);
  std::vector<rules::MemberView> members;
  MemberCode after;
  for (;;) {
    const auto states = rules::Subscriptions(ledger.state, kMembersMax, after, ledger.tree_size);
    for (const rules::SubscriptionView& state : states) {
      if (state.member) members.push_back(*state.member);
    }
    if (states.size() < kMembersMax) return members;
    after = states.back().code;
  }
}

rules::Audience Sight::Of(const MemberCode& author, std::span<const std::string_view> types) const {
  const bool all = extent_ == Extent::kAll ||
                   (extent_ == Extent::kSome &&
                    std::all_of(types.begin(), types.end(),
                                [&](std::string_view type) { return covers_(author, type); }));
  return all ? rules::Audience::kMembers : rules::Audience::kPublic;
}

}  // namespace assent::questions
