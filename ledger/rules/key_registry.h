// Every key that a state ever had on the ledger. None can be registered twice, by the same state or
// another, in the same role or another: what a key has signed is the word of one state for ever.
#ifndef ASSENT_LEDGER_RULES_KEY_REGISTRY_H_
#define ASSENT_LEDGER_RULES_KEY_REGISTRY_H_

#include <optional>
#include <span>
#include <string_view>

#include "assent/v1/membership.pb.h"
#include "ledger/membership/key_role.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

inline constexpr Rule kKeyInvalid{"KEY_INVALID", "A key is given, of 32 bytes, and is valid."};
inline constexpr Rule kKeyRegistered{
    "KEY_REGISTERED",
    "A key was never registered before, nor a checkpoint key with the same key id."};
inline constexpr Rule kPossessionInvalid{"POSSESSION_INVALID",
                                         "Each key shows by a signature that its holder has it."};

// A key that a record brings, as it stands there.
struct NewKey {
  KeyRole role;
  std::string_view field;  // in the record
  std::string_view bytes;
  std::string_view possession;  // not looked at by RefuseBadKeys
};

// Refuses by kKeyInvalid and kKeyRegistered unless each of `keys` could be registered now, and no
// two of them are the same.
std::optional<Refusal> RefuseBadKeys(const Filing& filing, std::span<const NewKey> keys);
// The same, and by kPossessionInvalid unless each shows that `owner` has it.
std::optional<Refusal> RefuseUnprovenKeys(const Filing& filing, const MemberCode& owner,
                                          std::span<const NewKey> keys);
// Refuses by kPossessionInvalid alone; each has passed RefuseBadKeys, now or when it was
// registered.
std::optional<Refusal> RefuseWithoutPossession(const Filing& filing, const MemberCode& owner,
                                               std::span<const NewKey> keys);

// Registers a key for which the rules above hold.
void RegisterKey(const Filing& filing, const MemberCode& owner, const NewKey& key,
                 const Since& since);
// The same without a filing: `origin` is the ledger's name in checkpoints, `since` the first entry
// after the registration.
void RegisterKey(StateOverlay& state, std::string_view origin, const MemberCode& owner,
                 KeyRole role, const PublicKey& key, EntryIndex since);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_KEY_REGISTRY_H_
