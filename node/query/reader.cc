#include "node/query/reader.h"

#include <vector>

#include "ledger/limits.h"
#include "ledger/rules/read.h"

namespace assent::query {

Reader ResolveReader(const replica::ReadView& view, const std::optional<PublicKey>& tls_key) {
  if (!tls_key) return {};
  for (const rules::MemberView& member : rules::Members(view.state(), kMembersMax)) {
    if (member.reader_key == *tls_key || (member.node && member.node->transport_key == *tls_key)) {
      return {Rights::kMember, member.code};
    }
  }
  return {};
}

std::optional<rules::Description> Visible(const Entry& entry, const Reader& reader) {
  if (!entry.has_body()) return std::nullopt;
  std::optional<rules::Description> description = rules::Describe(entry);
  if (!description) return std::nullopt;
  const bool may_see =
      reader.rights == Rights::kMember || description->audience == rules::Audience::kPublic;
  return may_see ? description : std::nullopt;
}

}  // namespace assent::query
