#include "node/page/request.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "node/page/limits.h"

namespace assent::page {
namespace {

using Query = std::map<std::string, std::string>;

Query QueryOf(std::string_view text) {
  Request request;
  ReadQuery(text, request);
  return request.query;
}

TEST(RequestTest, AQueryIsTakenByTheNamesThatViewsKnow) {
  EXPECT_EQ(QueryOf("author=F%20A&other=1&year="), (Query{{"author", "F A"}, {"year", ""}}));
  EXPECT_EQ(QueryOf(""), Query());
}

TEST(RequestTest, TheVersionOfAFileStandsAlone) {
  EXPECT_EQ(QueryOf("0123abcd"), (Query{{"0123abcd", ""}}));
}

TEST(RequestTest, WhatIsTooLongIsNotTakenAsAbsent) {
  const std::string longest(kQueryValueBytesMax - 1, 'x');
  EXPECT_EQ(QueryOf("type=" + longest), (Query{{"type", longest}}));
  EXPECT_EQ(QueryOf("type=x" + longest), (Query{{"type", "too long"}}));
  Request request;
  ReadToken("", "assent-access=x" + longest, request);
  EXPECT_EQ(request.token, "too long");
  EXPECT_TRUE(request.from_cookie);
}

TEST(RequestTest, ATokenInTheHeaderGoesBeforeOneInACookie) {
  Request by_header;
  ReadToken("Bearer abc", "assent-access=def", by_header);
  EXPECT_EQ(by_header.token, "abc");
  EXPECT_FALSE(by_header.from_cookie);
  Request by_cookie;
  ReadToken("Basic abc", "other=1; assent-access=def", by_cookie);
  EXPECT_EQ(by_cookie.token, "def");
  EXPECT_TRUE(by_cookie.from_cookie);
  Request empty;
  ReadToken("Bearer ", "assent-access=def", empty);
  EXPECT_EQ(empty.token, "none");
}

TEST(RequestTest, AFormHasATokenOrNone) {
  Request request;
  ReadForm("a=1&token=abc%2Bdef", request);
  EXPECT_EQ(request.token, "abc+def");
  Request without;
  ReadForm("a=1", without);
  EXPECT_EQ(without.token, "");
}

}  // namespace
}  // namespace assent::page
