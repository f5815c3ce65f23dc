// The token of a listing's next page.
#include "node/query/page_token.h"

#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kPageTokenTarget{
    "page_token", 256,
    [](std::string_view input) {
      const query::TokenScope scope{"entries", "filters"};
      const auto token = query::ParsePageToken(input, scope);
      if (!token.ok()) return;
      ASSENT_CHECK(query::EncodePageToken(*token, scope) == input);
      static_cast<void>(query::NumberCursor(*token).ok());
    },
    [] {
      const query::TokenScope scope{"entries", "filters"};
      return std::vector<Seed>{
          {"number", query::EncodePageToken(Height(7), 1'000, scope)},
          {"text", query::EncodePageToken({Height(7), "FRA/7"}, scope)},
          {"other_scope", query::EncodePageToken(Height(7), 1'000, {"members", ""})}};
    }};

}  // namespace assent::fuzz
