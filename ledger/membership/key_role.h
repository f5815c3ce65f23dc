// What the keys of a state are for, and how the holder of one shows that it has it. Every key has
// one role for ever.
#ifndef ASSENT_LEDGER_MEMBERSHIP_KEY_ROLE_H_
#define ASSENT_LEDGER_MEMBERSHIP_KEY_ROLE_H_

#include <cstdint>
#include <string_view>

#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"

namespace assent {

// The numbers are stored (KeyState): they stay.
enum class KeyRole : std::uint8_t {
  kAuthority = 1,
  kVote = 2,
  kCheckpoint = 3,
  kTransport = 4,
  kReader = 5,
  kReleaser = 6
};
std::string_view KeyRoleName(KeyRole role);  // "authority", "vote", ...; part of what is signed

// A proof of possession: signs, or verifies, under assent/possession/v1, that `key` is the key of
// `owner` for `role` on `ledger`. Any thread.
Signature SignPossession(const LedgerId& ledger, const MemberCode& owner, KeyRole role,
                         const SigningKey& key);
bool VerifyPossession(const LedgerId& ledger, const MemberCode& owner, KeyRole role,
                      const PublicKey& key, const Signature& signature);

}  // namespace assent

#endif  // ASSENT_LEDGER_MEMBERSHIP_KEY_ROLE_H_
