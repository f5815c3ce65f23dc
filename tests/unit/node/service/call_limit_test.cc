#include "node/service/call_limit.h"

#include <gtest/gtest.h>

#include <optional>

namespace assent::service {
namespace {

TEST(CallLimitTest, OneClientCannotTakeAllPlaces) {
  CallLimit limit({3, 2});
  const auto first = limit.Take("a");
  auto second = limit.Take("a");
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(limit.Take("a"), nullptr);
  EXPECT_NE(limit.Take("b"), nullptr);
  second = nullptr;
  EXPECT_NE(limit.Take("a"), nullptr);
}

TEST(CallLimitTest, AllClientsTogetherHaveALimitToo) {
  CallLimit limit({2, 2});
  const auto first = limit.Take("a");
  auto second = limit.Take("b");
  EXPECT_EQ(limit.Take("c"), nullptr);
  second = nullptr;
  EXPECT_NE(limit.Take("c"), nullptr);
}

TEST(CallLimitTest, APlaceMayOutliveItsLimit) {
  std::optional<CallLimit> limit(Places{1, 1});
  const auto place = limit->Take("a");
  limit.reset();
}

}  // namespace
}  // namespace assent::service
