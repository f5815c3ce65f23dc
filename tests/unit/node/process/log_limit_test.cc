// Repeats of an event are cut down to a rate, and what was left out is told.
#include "node/log_limit.h"

#include <gtest/gtest.h>

namespace assent::node {
namespace {

using replica::LogLevel;

constexpr std::int64_t kStartUs = 5'000'000;

class LogLimitTest : public ::testing::Test {
 protected:
  // How many of `lines` are admitted.
  std::uint64_t Write(std::uint64_t lines, std::string_view event, std::string_view peer,
                      std::int64_t now_us = kStartUs) {
    std::uint64_t admitted = 0;
    for (std::uint64_t i = 0; i < lines; ++i) {
      admitted += limit_.Admit(LogLevel::kInfo, event, peer, now_us) ? 1 : 0;
    }
    return admitted;
  }

  LogLimit limit_;
};

TEST_F(LogLimitTest, SoManyLinesOfOneEventAreAdmitted) {
  EXPECT_EQ(Write(LogLimit::kLinesMax, "peer down", "FRA"), LogLimit::kLinesMax);
  EXPECT_EQ(Write(10, "peer down", "FRA"), 0u);
}

TEST_F(LogLimitTest, OtherEventsAndOtherPeersAreNotHidden) {
  Write(LogLimit::kLinesMax + 1, "peer down", "FRA");
  EXPECT_EQ(Write(1, "peer down", "IND"), 1u);
  EXPECT_EQ(Write(1, "peer up", "FRA"), 1u);
  EXPECT_EQ(Write(1, "peer down", ""), 1u);
}

TEST_F(LogLimitTest, WhatWasLeftOutIsToldOnceTheWindowIsOver) {
  Write(LogLimit::kLinesMax + 7, "peer down", "FRA");
  EXPECT_TRUE(limit_.TakeEnded(kStartUs + LogLimit::kWindowUs - 1).empty());
  const auto left_out = limit_.TakeEnded(kStartUs + LogLimit::kWindowUs);
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_EQ(left_out[0].event, "peer down");
  EXPECT_EQ(left_out[0].peer, "FRA");
  EXPECT_EQ(left_out[0].lines, 7u);
  EXPECT_TRUE(limit_.TakeAll().empty());
  EXPECT_EQ(Write(LogLimit::kLinesMax, "peer down", "FRA"), LogLimit::kLinesMax);
}

TEST_F(LogLimitTest, WhereNothingWasLeftOutNothingIsTold) {
  Write(LogLimit::kLinesMax, "peer down", "FRA");
  EXPECT_TRUE(limit_.TakeAll().empty());
}

TEST_F(LogLimitTest, TheHighestLevelIsKept) {
  Write(LogLimit::kLinesMax, "stopping", "");
  EXPECT_FALSE(limit_.Admit(LogLevel::kError, "stopping", "", kStartUs));
  EXPECT_FALSE(limit_.Admit(LogLevel::kDebug, "stopping", "", kStartUs));
  const auto left_out = limit_.TakeAll();
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_EQ(left_out[0].level, LogLevel::kError);
}

}  // namespace
}  // namespace assent::node
