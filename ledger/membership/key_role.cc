#include "ledger/membership/key_role.h"

#include <string>

#include "ledger/check.h"
#include "ledger/membership/possession.h"

namespace assent {

std::string_view KeyRoleName(KeyRole role) {
  switch (role) {
    case KeyRole::kAuthority:
      return "authority";
    case KeyRole::kVote:
      return "vote";
    case KeyRole::kCheckpoint:
      return "checkpoint";
    case KeyRole::kTransport:
      return "transport";
    case KeyRole::kReader:
      return "reader";
    case KeyRole::kReleaser:
      return "releaser";
  }
  ASSENT_CHECK(false);
}

std::string PossessionStatement(const LedgerId& ledger, const MemberCode& owner, KeyRole role) {
  std::string statement = ledger.str();
  AppendU8(statement, static_cast<std::uint8_t>(owner.str().size()));
  statement += owner.str();
  statement += KeyRoleName(role);
  return statement;
}

Signature SignPossession(const LedgerId& ledger, const MemberCode& owner, KeyRole role,
                         const SigningKey& key) {
  return key.Sign(tag::kPossession, PossessionStatement(ledger, owner, role));
}

bool VerifyPossession(const LedgerId& ledger, const MemberCode& owner, KeyRole role,
                      const PublicKey& key, const Signature& signature) {
  return Verify(key, tag::kPossession, PossessionStatement(ledger, owner, role), signature);
}

}  // namespace assent
