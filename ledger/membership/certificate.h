// Votes, and certificates: q votes of distinct voters for one statement. A certificate stands by itself
// as proof. Encoding: docs/formats.md.
#ifndef ASSENT_LEDGER_MEMBERSHIP_CERTIFICATE_H_
#define ASSENT_LEDGER_MEMBERSHIP_CERTIFICATE_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"

namespace assent {

enum class VoteKind : std::uint8_t { kNotarize = 1, kSkip = 2, kFinalize = 3 };

// "notarize", "skip", "finalize".
std::string_view VoteKindName(VoteKind kind);

// What a vote says. `block_hash` is zero for skip.
struct Statement {
  VoteKind kind = VoteKind::kNotarize;
  Epoch epoch;
  View view;
  Hash block_hash;
  auto operator<=>(const Statement&) const = default;
};

// Signs, or verifies, tag || 0x00 || ledger id || epoch || view || block hash (not for skip).
Signature SignStatement(const Statement& statement, const LedgerId& ledger, const SigningKey& key);
bool VerifyStatement(const Statement& statement, const LedgerId& ledger, const PublicKey& key,
                     const Signature& signature);
// The same for a leader's proposal of a block.
Signature SignProposal(Epoch epoch, View view, const Hash& block_hash, const LedgerId& ledger,
                       const SigningKey& key);
bool VerifyProposal(Epoch epoch, View view, const Hash& block_hash, const LedgerId& ledger,
                    const PublicKey& key, const Signature& signature);

// Votes of distinct voters (positions in the epoch's VoterSet, ascending) for one statement.
struct Certificate {
  Statement statement;
  std::vector<std::pair<std::size_t, Signature>> votes;
  bool operator==(const Certificate&) const = default;
};

// u8 kind || u64 epoch || u64 view || block hash (zero for skip) || u16 n || ceil(n/8) bytes of bits, the
// first voter in the highest bit || signatures in that order. `voters` is n.
std::string EncodeCertificate(const Certificate& certificate, std::size_t voters);
// Strict; checks the form only. InvalidArgument says what is wrong. `voters` must be the n that it names.
absl::StatusOr<Certificate> ParseCertificate(std::string_view bytes, std::size_t voters);

// Ok when it has at least q votes and each signature is good. InvalidArgument says which is not.
absl::Status VerifyCertificate(const Certificate& certificate, const LedgerId& ledger,
                               const VoterSet& voters);

}  // namespace assent

#endif  // ASSENT_LEDGER_MEMBERSHIP_CERTIFICATE_H_
