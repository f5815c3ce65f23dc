// AuthorityKeyRevocation: the author's authority key signs nothing after this entry. The author
// stays a member, whose node may vote; only the members can give it a key again.
#include <array>
#include <optional>

#include "ledger/limits.h"
#include "ledger/rules/key_change.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace authority_key_revocation {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};

constexpr std::array kRules{kNotPublic, kReasonInvalid, kKeyChangedInBlock};

std::optional<Refusal> ApplyRevocation(const Filing& filing) {
  const v1::AuthorityKeyRevocation& said = filing.body.authority_key_revocation();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(), kMemberReasonBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  if (auto refusal = RefuseSecondKeyChange(filing)) return refusal;
  v1::MemberState member = filing.member;
  member.clear_authority_key();
  member.clear_endorsed_since();
  SaveMember(filing.state, filing.author, member, AfterEntry(filing));
  return std::nullopt;
}

}  // namespace authority_key_revocation

extern const RecordHandler kAuthorityKeyRevocation;
constinit const RecordHandler kAuthorityKeyRevocation{
    .name = "AuthorityKeyRevocation",
    .field = v1::Body::kAuthorityKeyRevocation,
    .rules = authority_key_revocation::kRules,
    .apply = authority_key_revocation::ApplyRevocation,
    .membership = true,
};

}  // namespace assent::rules
