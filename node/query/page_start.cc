#include "node/query/page_start.h"

#include "absl/strings/str_cat.h"

namespace assent::query {

absl::StatusOr<PageStart> StartPage(const replica::ReadView& view, std::string_view page_token,
                                    const TokenScope& scope) {
  const BlockHeader& tip = view.tip().header;
  if (page_token.empty()) return PageStart{.as_of = tip, .cursor = std::nullopt};
  const auto token = ParsePageToken(page_token, scope);
  if (!token.ok()) return token.status();
  const auto cursor = NumberCursor(*token);
  if (!cursor.ok()) return cursor.status();
  if (token->as_of > tip.height) {
    return absl::OutOfRangeError(absl::StrCat("height ", token->as_of.value(),
                                              " is not final at this node yet: its newest is ",
                                              tip.height.value()));
  }
  const absl::StatusOr<StoredBlock> block = view.BlockAt(token->as_of);
  if (!block.ok()) return block.status();
  return PageStart{.as_of = block->header, .cursor = *cursor};
}

}  // namespace assent::query
