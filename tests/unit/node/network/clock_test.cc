// What peers' clocks show.
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "node/network/clock_question.h"
#include "tests/unit/node/network/nodes.h"

namespace assent::network {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kNowUs = 1'767'225'600'000'000;

TEST(ClockTest, OursIsTakenAsOfTheMiddleOfTheQuestion) {
  const auto offset = OffsetOf(kNowUs, microseconds(400), kNowUs - 1'000);
  ASSERT_TRUE(offset);
  EXPECT_EQ(offset->ahead, Microseconds(1'200));
  EXPECT_EQ(offset->margin, Microseconds(200));
}

TEST(ClockTest, WhatCanBeNoTimeIsNone) {
  EXPECT_FALSE(OffsetOf(kNowUs, microseconds(0), std::numeric_limits<std::int64_t>::min()));
  EXPECT_TRUE(OffsetOf(kNowUs, microseconds(0), std::numeric_limits<std::int64_t>::max()));
}

TEST(ClockTest, PeersAreAskedWhileTheyAreConnected) {
  Node a("AAA");
  Node b("BBB");
  ASSERT_TRUE(Connect({&a, &b}));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!a.StatusOf(b.code()).clock && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto clock = a.StatusOf(b.code()).clock;
  ASSERT_TRUE(clock);
  // They have one clock.
  EXPECT_LE(clock->ahead.us, clock->margin.us + Milliseconds(1).us);
  EXPECT_GE(clock->ahead.us, -clock->margin.us - Milliseconds(1).us);
  b.Stop();
  ASSERT_TRUE(a.events().WaitFor(b.code(), [](const auto& seen) { return seen.downs > 0; }));
  EXPECT_FALSE(a.StatusOf(b.code()).clock);
}

}  // namespace
}  // namespace assent::network
