#include "client/asking.h"

#include <algorithm>
#include <optional>

namespace assent::client {
namespace {

constexpr std::uint64_t kRowsPerPage = 1'000;

}  // namespace

AskPage AskOf(Session& session) {
  return [&session](const v1::AskRequest& request) {
    return session.Call(&v1::Ledger::Stub::Ask, request);
  };
}

absl::StatusOr<AnswerEnd> FetchAnswer(
    const AskPage& ask, v1::AskRequest request, std::uint64_t limit,
    const std::function<absl::Status(const v1::AnswerRow&)>& visit) {
  std::uint64_t count = 0;
  std::optional<std::uint64_t> as_of;
  if (request.has_as_of()) as_of = request.as_of();
  while (true) {
    const std::uint64_t wanted = std::min(kRowsPerPage, limit - count);
    request.set_page_size(static_cast<std::int32_t>(wanted));
    const auto page = ask(request);
    if (!page.ok()) return page.status();
    if (static_cast<std::uint64_t>(page->rows_size()) > wanted) {
      return absl::DataLossError("the node sends more rows than were asked for");
    }
    if (as_of && page->as_of() != *as_of) {
      return absl::DataLossError("the node answers as of another height than was asked for");
    }
    as_of = page->as_of();
    for (const v1::AnswerRow& row : page->rows()) {
      if (auto status = visit(row); !status.ok()) return status;
    }
    count += static_cast<std::uint64_t>(page->rows_size());
    const bool more = !page->next_page_token().empty();
    if (!more || count >= limit) {
      return AnswerEnd{.as_of = Height(page->as_of()),
                       .as_of_time = {page->as_of_us()},
                       .public_only = page->public_only(),
                       .more = more};
    }
    if (page->next_page_token() == request.page_token()) {
      return absl::DataLossError("the node gives the same page token twice");
    }
    request.set_page_token(page->next_page_token());
  }
}

}  // namespace assent::client
