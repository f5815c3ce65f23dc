#include "node/query/page_token.h"

#include <string>

#include "gtest/gtest.h"

namespace assent::query {
namespace {

const TokenScope kScope{"entries", "author FRA"};

TEST(PageTokenTest, GivesBackWhatItWasMadeOf) {
  const auto token = ParsePageToken(EncodePageToken({Height(7), "FRA"}, kScope), kScope);
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->as_of, Height(7));
  EXPECT_EQ(token->cursor, "FRA");

  const auto number = ParsePageToken(EncodePageToken(Height(7), 300, kScope), kScope);
  EXPECT_EQ(NumberCursor(*number).value(), 300u);
}

TEST(PageTokenTest, HasAFixedForm) {
  EXPECT_EQ(EncodePageToken(Height(1), 2, {"members", ""}),
            "AeFLAcRHnl2482HmCN5YkcAAAAAAAAAAAQgAAAAAAAAAAg");
}

TEST(PageTokenTest, CanStandInAnAddress) {
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const std::string text = EncodePageToken(Height(i * i), ~i, kScope);
    EXPECT_EQ(text.find_first_of("+/=&? "), std::string::npos) << text;
    EXPECT_TRUE(ParsePageToken(text, kScope).ok());
  }
}

TEST(PageTokenTest, IsRefusedElsewhere) {
  const std::string text = EncodePageToken(Height(1), 2, kScope);
  EXPECT_FALSE(ParsePageToken(text, {"entries", "author IND"}).ok());
  EXPECT_FALSE(ParsePageToken(text, {"members", "author FRA"}).ok());
}

TEST(PageTokenTest, IsRefusedWhenChanged) {
  const std::string text = EncodePageToken(Height(1), 2, kScope);
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ParsePageToken(text.substr(0, size), kScope).ok()) << "cut to " << size;
  }
  EXPECT_FALSE(ParsePageToken(text + "A", kScope).ok());
  EXPECT_FALSE(ParsePageToken(text + "AAAA", kScope).ok());
  EXPECT_FALSE(ParsePageToken(text + "=", kScope).ok());
  EXPECT_FALSE(ParsePageToken("B" + text.substr(1), kScope).ok()) << "another version";
  EXPECT_FALSE(ParsePageToken(std::string(100'000, 'A'), kScope).ok());
  EXPECT_FALSE(NumberCursor({Height(1), "FRA"}).ok());
}

TEST(PageTokenTest, PageSizesAreBounded) {
  EXPECT_EQ(PageSize(0, 20, 100).value(), 20u);
  EXPECT_EQ(PageSize(1, 20, 100).value(), 1u);
  EXPECT_EQ(PageSize(100, 20, 100).value(), 100u);
  EXPECT_FALSE(PageSize(101, 20, 100).ok());
  EXPECT_FALSE(PageSize(-1, 20, 100).ok());
}

}  // namespace
}  // namespace assent::query
