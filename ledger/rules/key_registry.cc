#include "ledger/rules/key_registry.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/public_key.h"
#include "ledger/log/checkpoint.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

std::optional<Refusal> RefuseRegistered(const Filing& filing, const NewKey& given,
                                        const PublicKey& key) {
  const auto refuse = [&](const v1::KeyState& before, std::string_view what) {
    return Refuse(kKeyRegistered, std::string(given.field),
                  absl::StrCat(AbslView(given.field), " ", key.hex(), " ", AbslView(what),
                               " registered by ", before.owner(), " as its ",
                               AbslView(KeyRoleName(static_cast<KeyRole>(before.role()))),
                               " key: make a new one"));
  };
  if (const auto before = Load<v1::KeyState>(filing.state, RegisteredKey(key))) {
    return refuse(*before, "was");
  }
  if (given.role == KeyRole::kCheckpoint) {
    const std::string id = CheckpointIdKey(NoteKeyId(filing.ledger.origin(), key));
    if (const auto before = Load<v1::KeyState>(filing.state, id)) {
      return refuse(*before, "has the key id of one that was");
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> RefuseBadKeys(const Filing& filing, std::span<const NewKey> keys) {
  std::set<PublicKey> given;
  for (const NewKey& each : keys) {
    const auto key = PublicKey::From(each.bytes);
    if (!key) {
      return Refuse(kKeyInvalid, std::string(each.field),
                    absl::StrCat(AbslView(each.field), " has ", each.bytes.size(),
                                 " bytes: a public key has ", PublicKey::kSize));
    }
    if (!IsValidPublicKey(*key)) {
      return Refuse(kKeyInvalid, std::string(each.field),
                    absl::StrCat(AbslView(each.field), " ", key->hex(),
                                 " is not valid: make one with assent keygen"));
    }
    if (!given.insert(*key).second) {
      return Refuse(
          kKeyRegistered, std::string(each.field),
          absl::StrCat(AbslView(each.field), " ", key->hex(), " is given twice: make a new one"));
    }
    if (auto refusal = RefuseRegistered(filing, each, *key)) return refusal;
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseUnprovenKeys(const Filing& filing, const MemberCode& owner,
                                          std::span<const NewKey> keys) {
  if (auto refusal = RefuseBadKeys(filing, keys)) return refusal;
  return RefuseWithoutPossession(filing, owner, keys);
}

std::optional<Refusal> RefuseWithoutPossession(const Filing& filing, const MemberCode& owner,
                                               std::span<const NewKey> keys) {
  const auto ledger = DecodeFixed<LedgerId>(kLedgerKey, filing.ledger.ledger_id());
  for (const NewKey& each : keys) {
    const auto possession = Signature::From(each.possession);
    if (possession &&
        VerifyPossession(ledger, owner, each.role, *PublicKey::From(each.bytes), *possession)) {
      continue;
    }
    return Refuse(kPossessionInvalid, std::string(each.field),
                  absl::StrCat("the possession of ", AbslView(each.field),
                               " is not shown: sign the ledger id, ", owner.str(), " and \"",
                               AbslView(KeyRoleName(each.role)), "\" with it"));
  }
  return std::nullopt;
}

void RegisterKey(const Filing& filing, const MemberCode& owner, const NewKey& key,
                 const Since& since) {
  RegisterKey(filing.state, filing.ledger.origin(), owner, key.role, *PublicKey::From(key.bytes),
              since.index);
}

void RegisterKey(StateOverlay& state, std::string_view origin, const MemberCode& owner,
                 KeyRole role, const PublicKey& key, EntryIndex since) {
  v1::KeyState registered;
  registered.set_owner(owner.str());
  registered.set_role(static_cast<std::uint32_t>(role));
  registered.set_since(since.value());
  Save(state, RegisteredKey(key), registered);
  if (role != KeyRole::kCheckpoint) return;
  registered.set_key(key.str());
  Save(state, CheckpointIdKey(NoteKeyId(origin, key)), registered);
}

}  // namespace assent::rules
