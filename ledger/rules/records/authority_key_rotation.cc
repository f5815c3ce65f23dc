// AuthorityKeyRotation: the author's authority key gives way to a new one, which signs from the
// next entry on. A key that came by the members' endorsement hands that mark on.
#include <array>
#include <optional>

#include "ledger/rules/key_change.h"
#include "ledger/rules/key_registry.h"
#include "ledger/rules/membership.h"

namespace assent::rules {
namespace authority_key_rotation {

constexpr std::array kRules{kNotPublic, kKeyInvalid, kKeyRegistered, kPossessionInvalid,
                            kKeyChangedInBlock};

std::optional<Refusal> ApplyRotation(const Filing& filing) {
  const v1::AuthorityKeyRotation& said = filing.body.authority_key_rotation();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  const std::array<NewKey, 1> key{
      {{KeyRole::kAuthority, "new_key", said.new_key(), said.possession()}}};
  if (auto refusal = RefuseUnprovenKeys(filing, filing.author, key)) return refusal;
  if (auto refusal = RefuseSecondKeyChange(filing)) return refusal;
  RegisterKey(filing, filing.author, key[0], AfterEntry(filing));
  v1::MemberState member = filing.member;
  member.set_authority_key(said.new_key());
  SaveMember(filing.state, filing.author, member, AfterEntry(filing));
  return std::nullopt;
}

}  // namespace authority_key_rotation

extern const RecordHandler kAuthorityKeyRotation;
constinit const RecordHandler kAuthorityKeyRotation{
    .name = "AuthorityKeyRotation",
    .field = v1::Body::kAuthorityKeyRotation,
    .rules = authority_key_rotation::kRules,
    .apply = authority_key_rotation::ApplyRotation,
    .membership = true,
};

}  // namespace assent::rules
