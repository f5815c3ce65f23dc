#include "ledger/questions/snapshot.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "ledger/limits.h"

namespace assent::questions {

std::vector<rules::MemberView> MembersAt(const Snapshot& ledger) {
  std::vector<rules::MemberView> members = rules::Members(ledger.state, kMembersMax);
  std::erase_if(members, [&](const rules::MemberView& member) {
    return member.membership.value() > 0 && member.membership.value() >= ledger.tree_size;
  });
  return members;
}

std::optional<rules::MemberView> MemberAt(const Snapshot& ledger, const MemberCode& code) {
  for (rules::MemberView& member : MembersAt(ledger)) {
    if (member.code == code) return std::move(member);
  }
  return std::nullopt;
}

rules::Audience Sight::Of(const MemberCode& author,
                          std::span<const std::string_view> of_types) const {
  const bool sees_author =
      authors.empty() || std::binary_search(authors.begin(), authors.end(), author);
  const bool sees_types =
      types.empty() || std::all_of(of_types.begin(), of_types.end(), [&](std::string_view type) {
        return std::binary_search(types.begin(), types.end(), type, std::less<>());
      });
  return members && sees_author && sees_types ? rules::Audience::kMembers
                                              : rules::Audience::kPublic;
}

}  // namespace assent::questions
