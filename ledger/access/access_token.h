// Access tokens: what a browser shows to the page of a node in place of a TLS key. The key that
// reads signs one for some minutes, and for one node: another can do nothing with it.
#ifndef ASSENT_LEDGER_ACCESS_ACCESS_TOKEN_H_
#define ASSENT_LEDGER_ACCESS_ACCESS_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"

namespace assent {

namespace tag {
inline constexpr std::string_view kAccess = "assent/access/v1";
}  // namespace tag

inline constexpr std::int64_t kAccessMinutesMax = 60;
inline constexpr std::int64_t kAccessMinutesDefault = 15;
// The clocks of who makes one and of the node may be so far apart.
inline constexpr std::int64_t kAccessSkewMinutes = 2;
inline constexpr std::size_t kAccessTokenChars = 140;

// Of whom and for how long a token is good.
struct AccessToken {
  PublicKey reader;
  Time until;  // at this very time it is over
};

// Where it is good.
struct AccessAudience {
  LedgerId ledger;
  PublicKey node;  // the node's transport key
};

// A token in its text form (docs/formats.md, "Access tokens").
std::string MakeAccessToken(const AccessAudience& audience, const SigningKey& reader, Time until);

// InvalidArgument: it is no token. PermissionDenied: it is not for this audience, or not signed by
// the key that it names, or expired by `now`, or made for longer than is allowed. The message says
// what to do. What the key may see, the ledger's state says.
absl::StatusOr<AccessToken> ReadAccessToken(std::string_view text, const AccessAudience& audience,
                                            Time now);

}  // namespace assent

#endif  // ASSENT_LEDGER_ACCESS_ACCESS_TOKEN_H_
