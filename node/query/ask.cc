#include "node/query/ask.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/questions/questions.h"
#include "ledger/rules/read.h"
#include "node/query/evidence.h"
#include "node/query/limits.h"
#include "node/query/page_token.h"

namespace assent::query {

using replica::ReadView;

namespace {

questions::Sight SightOf(const Reader& reader) {
  if (reader.SeesAll()) return questions::Sight::All();
  if (reader.rights == Rights::kAnonymous) return questions::Sight::Public();
  return questions::Sight::Scoped([&reader](const MemberCode& author, std::string_view type) {
    return reader.Covers(author, type);
  });
}

// For the log of what inspectors read: records for members that the rows follow from.
void CountBodies(const ReadView& view, const v1::AskResponse& response, const Reader& reader) {
  if (reader.rights != Rights::kInspector) return;
  for (const v1::AnswerRow& row : response.rows()) {
    for (const std::uint64_t index : row.entries()) {
      const auto record = rules::RecordAt(view.state(), EntryIndex(index));
      if (!record || record->audience == rules::Audience::kMembers) ++reader.bodies;
    }
  }
}

// What two pages of one answer have in common.
TokenScope ScopeOf(v1::AskRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  return {"ask", request.SerializeAsString()};
}

}  // namespace

absl::StatusOr<v1::AskResponse> Ask(const replica::ReadView& view, const Reader& reader,
                                    const v1::AskRequest& request) {
  const auto page_size = PageSize(request.page_size(), kRowsPageDefault, kRowsPageMax);
  if (!page_size.ok()) return page_size.status();
  if (questions::NameOf(request).empty()) {
    return absl::InvalidArgumentError("the request asks no question: name one");
  }
  const TokenScope scope = ScopeOf(request);
  const Height newest = view.tip().header.height;
  Height as_of = request.has_as_of() ? Height(request.as_of()) : newest;
  std::string cursor;
  if (!request.page_token().empty()) {
    auto token = ParsePageToken(request.page_token(), scope);
    if (!token.ok()) return token.status();
    as_of = token->as_of;
    cursor = std::move(token->cursor);
  }
  if (as_of > newest) {
    return absl::OutOfRangeError(absl::StrCat("height ", as_of.value(),
                                              " is not final at this node yet: its newest is ",
                                              newest.value()));
  }
  const absl::StatusOr<StoredBlock> block = view.BlockAt(as_of);
  if (!block.ok()) return block.status();
  const questions::Snapshot ledger{
      .state = view.state(),
      .tree_size = as_of == newest ? rules::kNewest : block->header.tree_size,
      .time = block->header.time};

  v1::AskResponse response;
  const absl::Status status =
      request.has_evidence()
          ? AnswerEvidence(view, request.has_as_of() ? &block->header : nullptr, *page_size, cursor,
                           response)
          : questions::Ask(ledger, SightOf(reader), request, *page_size, cursor, response);
  if (!status.ok()) return status;
  CountBodies(view, response, reader);
  if (!cursor.empty()) response.set_next_page_token(EncodePageToken({as_of, cursor}, scope));
  response.set_as_of(as_of.value());
  response.set_as_of_us(block->header.time.us);
  return response;
}

}  // namespace assent::query
