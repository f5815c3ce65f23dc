#include "ledger/rules/read_keys.h"

#include "assent/v1/membership.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::optional<MemberView> MemberThatReadsWith(const StateView& state, const PublicKey& key) {
  const std::string registered = RegisteredKey(key);
  const auto stored = Load<v1::KeyState>(state, registered);
  if (!stored) return std::nullopt;
  const auto owner = MemberCode::From(stored->owner());
  if (!owner) StopOnDamagedState(registered);
  auto member = MemberOf(state, *owner);
  if (!member) return std::nullopt;
  const bool reads =
      member->reader_key == key || (member->node && member->node->transport_key == key);
  return reads ? std::move(member) : std::nullopt;
}

}  // namespace assent::rules
