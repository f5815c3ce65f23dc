// Where the next page of a listing begins, as an opaque text. A token holds no secret and gives no
// rights: it is checked strictly, and only good for the listing and the filters that it was made
// for. Bytes: docs/formats.md.
#ifndef ASSENT_NODE_QUERY_PAGE_TOKEN_H_
#define ASSENT_NODE_QUERY_PAGE_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent::query {

// Which listing, and a text of its filters: two requests with the same scope list the same.
struct TokenScope {
  std::string_view listing;  // "entries", "members", "ask"
  std::string filters;
};

struct PageToken {
  Height as_of;        // height at which the listing holds
  std::string cursor;  // where the next page begins; its meaning is the listing's, at most 96 bytes
};

std::string EncodePageToken(const PageToken& token, const TokenScope& scope);
// InvalidArgument: not a token, or one of another listing or other filters.
absl::StatusOr<PageToken> ParsePageToken(std::string_view text, const TokenScope& scope);

// The same with a number as cursor.
std::string EncodePageToken(Height as_of, std::uint64_t cursor, const TokenScope& scope);
absl::StatusOr<std::uint64_t> NumberCursor(const PageToken& token);

// The page size asked for: `default_size` for 0. InvalidArgument when it is negative or above
// `max`.
absl::StatusOr<std::size_t> PageSize(std::int32_t asked, std::int32_t default_size,
                                     std::int32_t max);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_PAGE_TOKEN_H_
