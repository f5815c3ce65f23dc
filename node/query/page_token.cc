#include "node/query/page_token.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/questions/questions.h"
#include "node/query/limits.h"

namespace assent::query {
namespace {

constexpr std::uint8_t kTokenVersion = 1;
constexpr std::size_t kScopeBytes = 16;

std::string ScopeBytes(const TokenScope& scope) {
  const Hash hash = Sha256({scope.listing, std::string_view("\0", 1), scope.filters});
  return std::string(hash.view().substr(0, kScopeBytes));
}

std::string ToBase64Url(std::string_view bytes) {
  std::string text = ToBase64(bytes);
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::optional<std::string> FromBase64Url(std::string_view url_text) {
  if (url_text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string text(url_text);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  return FromBase64(text);
}

absl::Status NoToken() {
  return absl::InvalidArgumentError(
      "page_token is none of this ledger: pass next_page_token of the answer before, unchanged");
}

}  // namespace

std::string EncodePageToken(const PageToken& token, const TokenScope& scope) {
  std::string bytes;
  AppendU8(bytes, kTokenVersion);
  bytes += ScopeBytes(scope);
  AppendU64(bytes, token.as_of.value());
  AppendU8(bytes, static_cast<std::uint8_t>(token.cursor.size()));
  bytes += token.cursor;
  return ToBase64Url(bytes);
}

absl::StatusOr<PageToken> ParsePageToken(std::string_view text, const TokenScope& scope) {
  if (text.size() > kPageTokenBytesMax) return NoToken();
  const std::optional<std::string> bytes = FromBase64Url(text);
  if (!bytes) return NoToken();
  ByteReader reader(*bytes);
  const std::uint8_t version = reader.U8();
  const std::string_view token_scope = reader.Bytes(kScopeBytes);
  PageToken token;
  token.as_of = Height(reader.U64());
  const std::size_t cursor_size = reader.U8();
  token.cursor = std::string(reader.Bytes(cursor_size));
  if (!reader.AtEnd() || version != kTokenVersion || cursor_size > questions::kCursorBytesMax) {
    return NoToken();
  }
  if (token_scope != ScopeBytes(scope)) {
    return absl::InvalidArgumentError(
        "page_token belongs to a listing with other filters: repeat the filters of the first page");
  }
  return token;
}

std::string EncodePageToken(Height as_of, std::uint64_t cursor, const TokenScope& scope) {
  PageToken token{as_of, ""};
  AppendU64(token.cursor, cursor);
  return EncodePageToken(token, scope);
}

absl::StatusOr<std::uint64_t> NumberCursor(const PageToken& token) {
  ByteReader reader(token.cursor);
  const std::uint64_t number = reader.U64();
  if (!reader.AtEnd()) return NoToken();
  return number;
}

absl::StatusOr<std::size_t> PageSize(std::int32_t asked, std::int32_t default_size,
                                     std::int32_t max) {
  if (asked < 0 || asked > max) {
    return absl::InvalidArgumentError(absl::StrCat("page_size is ", asked, ": it must be 1 to ",
                                                   max, ", or 0 for ", default_size));
  }
  return static_cast<std::size_t>(asked == 0 ? default_size : asked);
}

}  // namespace assent::query
