#include "node/quota/rate_limit.h"

#include <gtest/gtest.h>

#include <string>

namespace assent::quota {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kStartUs = 1'000'000'000;
constexpr std::int64_t kSecondUs = 1'000'000;

// How many are allowed one after the other at one moment.
int Allowed(RateLimit& limit, const std::string& name, std::int64_t now_us) {
  int count = 0;
  while (!limit.Take(name, now_us)) ++count;
  return count;
}

TEST(RateLimitTest, AfterAPauseFiveSecondsWorthComeAtOnce) {
  RateLimit limit(10);
  EXPECT_EQ(Allowed(limit, "a", kStartUs), 50);
  EXPECT_EQ(limit.Take("a", kStartUs), milliseconds(100));
  EXPECT_EQ(limit.Take("a", kStartUs + 40'000), milliseconds(60));
  EXPECT_EQ(Allowed(limit, "a", kStartUs + 100 * kSecondUs), 50);
}

TEST(RateLimitTest, ThenAsManyASecondAsAreAllowed) {
  RateLimit limit(10);
  Allowed(limit, "a", kStartUs);
  int count = 0;
  for (std::int64_t at = 0; at < 10 * kSecondUs; at += 1'000) {
    if (!limit.Take("a", kStartUs + at)) ++count;
  }
  EXPECT_EQ(count, 99);  // the hundredth is due when the ten seconds are over
}

TEST(RateLimitTest, WhoIsToldToWaitIsAllowedThen) {
  RateLimit limit(7);
  Allowed(limit, "a", kStartUs);
  const auto wait = limit.Take("a", kStartUs);
  ASSERT_TRUE(wait);
  EXPECT_FALSE(limit.Take("a", kStartUs + 1'000 * wait->count()));
}

TEST(RateLimitTest, EachIsCountedApart) {
  RateLimit limit(10);
  Allowed(limit, "a", kStartUs);
  EXPECT_EQ(Allowed(limit, "b", kStartUs), 50);
}

TEST(RateLimitTest, NamesAreBounded) {
  RateLimit limit(10);
  for (std::size_t i = 0; i < kNamesMax; ++i) limit.Take(std::to_string(i), kStartUs);
  EXPECT_EQ(Allowed(limit, "one more", kStartUs), 50);
  EXPECT_EQ(Allowed(limit, "and another", kStartUs), 0) << "those without a count share one";
  EXPECT_EQ(Allowed(limit, "7", kStartUs), 49) << "who has one keeps it";
  // When those before have been forgotten, there is room.
  EXPECT_EQ(Allowed(limit, "another", kStartUs + 60 * kSecondUs), 50);
  EXPECT_EQ(Allowed(limit, "yet another", kStartUs + 60 * kSecondUs), 50);
}

TEST(RateLimitTest, ManyASecondAreSoMany) {
  RateLimit limit(100'000);
  EXPECT_EQ(Allowed(limit, "a", kStartUs), 500'000);
}

}  // namespace
}  // namespace assent::quota
