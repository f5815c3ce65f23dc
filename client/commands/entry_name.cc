#include "client/commands/entry_name.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/errors.h"

namespace assent::client {

absl::StatusOr<v1::GetEntryRequest> EntryRequest(const std::string& name) {
  v1::GetEntryRequest request;
  std::uint64_t number = 0;
  if (absl::SimpleAtoi(name, &number)) {
    request.set_index(number);
    return request;
  }
  const auto slash = name.find('/');
  const auto author = MemberCode::From(name.substr(0, slash));
  if (slash == std::string::npos || !author || !absl::SimpleAtoi(name.substr(slash + 1), &number) ||
      number == 0) {
    return UsageError(absl::StrCat("\"", name, "\" names no entry: give an index (41) or FRA/7"));
  }
  request.mutable_author_sequence()->set_author(author->str());
  request.mutable_author_sequence()->set_sequence(number);
  return request;
}

}  // namespace assent::client
