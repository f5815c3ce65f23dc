// Where a page of a listing begins that goes from new to old.
#ifndef ASSENT_NODE_QUERY_PAGE_START_H_
#define ASSENT_NODE_QUERY_PAGE_START_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/block/header.h"
#include "node/query/page_token.h"
#include "node/replica/store.h"

namespace assent::query {

struct PageStart {
  BlockHeader as_of;                    // at the end of this block the listing holds
  std::optional<std::uint64_t> cursor;  // absent on a first page
};

// A first page, without a token, is of the newest height; later ones are of the height of the
// first. InvalidArgument: the token. OutOfRange: its height is not final here.
absl::StatusOr<PageStart> StartPage(const replica::ReadView& view, std::string_view page_token,
                                    const TokenScope& scope);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_PAGE_START_H_
