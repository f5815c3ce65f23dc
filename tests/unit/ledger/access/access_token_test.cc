#include "ledger/access/access_token.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

SecretSeed SeedOf(char byte) { return *SecretSeed::From(std::string(32, byte)); }

class AccessTokenTest : public ::testing::Test {
 protected:
  // Why it is refused.
  std::string Refused(std::string_view text, absl::StatusCode code, Time now) const {
    const auto token = ReadAccessToken(text, audience_, now);
    EXPECT_EQ(token.status().code(), code) << token.status();
    return std::string(token.status().message());
  }
  std::string Forbidden(std::string_view text, Time now) const {
    return Refused(text, absl::StatusCode::kPermissionDenied, now);
  }

  const SigningKey reader_{SeedOf('r')};
  const AccessAudience audience_{*LedgerId::From(std::string(32, 'l')),
                                 SigningKey(SeedOf('n')).public_key()};
  const Time now_ = FromCivil({2026, 3, 31});
  const Time until_ = now_ + Seconds(60 * kAccessMinutesDefault);
};

TEST_F(AccessTokenTest, SaysWhoReadsAndUntilWhen) {
  const std::string text = MakeAccessToken(audience_, reader_, until_);
  EXPECT_EQ(text.size(), kAccessTokenChars);
  EXPECT_EQ(
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
  const auto token = ReadAccessToken(text, audience_, now_);
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->reader, reader_.public_key());
  EXPECT_EQ(token->until, until_);
}

TEST_F(AccessTokenTest, IsOverAtItsEnd) {
  const std::string text = MakeAccessToken(audience_, reader_, until_);
  EXPECT_TRUE(ReadAccessToken(text, audience_, Time{until_.us - 1}).ok());
  EXPECT_THAT(Forbidden(text, until_), HasSubstr("has expired at 2026-03-31T00:15:00Z"));
}

TEST_F(AccessTokenTest, IsGoodForALimitedTime) {
  const Duration longest = Seconds(60 * (kAccessMinutesMax + kAccessSkewMinutes));
  EXPECT_TRUE(
      ReadAccessToken(MakeAccessToken(audience_, reader_, now_ + longest), audience_, now_).ok());
  const Time later{now_.us + longest.us + 1};
  EXPECT_THAT(Forbidden(MakeAccessToken(audience_, reader_, later), now_),
              HasSubstr("more than 60 minutes"));
  EXPECT_THAT(Forbidden(MakeAccessToken(audience_, reader_, Time{-1}), now_),
              HasSubstr("more than 60 minutes"));
}

TEST_F(AccessTokenTest, IsForOneNodeOfOneLedger) {
  const AccessAudience other_node{audience_.ledger, SigningKey(SeedOf('o')).public_key()};
  const AccessAudience other_ledger{*LedgerId::From(std::string(32, 'o')), audience_.node};
  for (const AccessAudience& other : {other_node, other_ledger}) {
    EXPECT_THAT(Forbidden(MakeAccessToken(other, reader_, until_), now_),
                HasSubstr("not for this node and ledger"));
  }
}

TEST_F(AccessTokenTest, NoCharacterOfItCanBeChanged) {
  const std::string good = MakeAccessToken(audience_, reader_, until_);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string text = good;
    text[i] = text[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(ReadAccessToken(text, audience_, now_).ok()) << i;
  }
}

TEST_F(AccessTokenTest, NothingElseIsOne) {
  const std::string good = MakeAccessToken(audience_, reader_, until_);
  for (const std::string& text :
       {std::string(), good + "A", good.substr(1), good.substr(1) + "=", good.substr(1) + "+",
        good.substr(1) + " ", good.substr(1) + std::string(1, '\0')}) {
    EXPECT_THAT(Refused(text, absl::StatusCode::kInvalidArgument, now_),
                HasSubstr("no access token"));
  }
  // Version 2.
  EXPECT_THAT(Refused("Ag" + good.substr(2), absl::StatusCode::kInvalidArgument, now_),
              HasSubstr("another version"));
}

}  // namespace
}  // namespace assent
