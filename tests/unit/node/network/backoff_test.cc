#include "node/network/backoff.h"

#include <gtest/gtest.h>

#include <set>

namespace assent::network {
namespace {

using std::chrono::milliseconds;

TEST(BackoffTest, DoublesUpToItsMaximumAndStaysWithinHalfOfIt) {
  Backoff backoff(milliseconds(50), milliseconds(5'000), 1);
  for (const int full : {50, 100, 200, 400, 800, 1'600, 3'200, 5'000, 5'000}) {
    const milliseconds pause = backoff.Next();
    EXPECT_GE(pause, milliseconds(full / 2));
    EXPECT_LE(pause, milliseconds(full));
  }
}

TEST(BackoffTest, BeginsAnewAfterReset) {
  Backoff backoff(milliseconds(50), milliseconds(5'000), 1);
  for (int i = 0; i < 10; ++i) backoff.Next();
  backoff.Reset();
  EXPECT_LE(backoff.Next(), milliseconds(50));
}

TEST(BackoffTest, NodesDoNotDialInStep) {
  std::set<milliseconds> pauses;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    Backoff backoff(milliseconds(5'000), milliseconds(5'000), seed);
    backoff.Next();
    pauses.insert(backoff.Next());
  }
  EXPECT_GT(pauses.size(), 15u);
}

}  // namespace
}  // namespace assent::network
