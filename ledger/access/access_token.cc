#include "ledger/access/access_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace assent {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kTokenBytes =
    sizeof(kVersion) + PublicKey::kSize + sizeof(std::uint64_t) + Signature::kSize;
// Three bytes in four characters, without padding.
static_assert(kTokenBytes % 3 == 0 && kAccessTokenChars == kTokenBytes / 3 * 4);
constexpr Duration kLongest = Seconds((kAccessMinutesMax + kAccessSkewMinutes) * 60);

std::string Statement(const AccessAudience& audience, Time until) {
  std::string statement = audience.ledger.str();
  statement += audience.node.view();
  AppendU64(statement, static_cast<std::uint64_t>(until.us));
  return statement;
}

absl::Status NoToken() {
  return absl::InvalidArgumentError(
      "this is no access token: assent access-token makes one, which is copied whole");
}

}  // namespace

std::string MakeAccessToken(const AccessAudience& audience, const SigningKey& reader, Time until) {
  std::string bytes;
  AppendU8(bytes, kVersion);
  bytes += reader.public_key().view();
  AppendU64(bytes, static_cast<std::uint64_t>(until.us));
  bytes += reader.Sign(tag::kAccess, Statement(audience, until)).view();
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<AccessToken> ReadAccessToken(std::string_view text, const AccessAudience& audience,
                                            Time now) {
  std::string bytes;
  if (text.size() != kAccessTokenChars || !absl::WebSafeBase64Unescape(AbslView(text), &bytes) ||
      bytes.size() != kTokenBytes) {
    return NoToken();
  }
  ByteReader reader(bytes);
  if (reader.U8() != kVersion) {
    return absl::InvalidArgumentError(
        "the access token is of another version than this node: make one with the assent that "
        "belongs to it");
  }
  AccessToken token;
  token.reader = reader.Fixed<PublicKey>();
  const std::uint64_t until_us = reader.U64();
  const Signature signature = reader.Fixed<Signature>();
  if (until_us > static_cast<std::uint64_t>(now.us + kLongest.us)) {
    return absl::PermissionDeniedError(
        absl::StrCat("the access token is good for more than ", kAccessMinutesMax,
                     " minutes by this node's clock: compare the clocks"));
  }
  token.until.us = static_cast<std::int64_t>(until_us);
  if (!Verify(token.reader, tag::kAccess, Statement(audience, token.until), signature)) {
    return absl::PermissionDeniedError(
        "the access token is not for this node and ledger, or was changed: make one for the node "
        "whose page this is");
  }
  if (token.until <= now) {
    return absl::PermissionDeniedError(absl::StrCat("the access token has expired at ",
                                                    FormatTime(token.until), ": make a new one"));
  }
  return token;
}

}  // namespace assent
