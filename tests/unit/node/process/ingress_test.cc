// A sender fills its own share and nobody else's.
#include "node/ingress.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace assent::node {
namespace {

TEST(ShareTest, IsBoundedInItemsAndBytes) {
  const auto share = std::make_shared<Share>(2, 100);
  auto first = share->TryTake(60);
  EXPECT_TRUE(first);
  EXPECT_FALSE(share->TryTake(41)) << "bytes";
  auto second = share->TryTake(40);
  EXPECT_TRUE(second);
  EXPECT_FALSE(share->TryTake(0)) << "items";
  first.reset();
  EXPECT_TRUE(share->TryTake(60));
}

TEST(ShareTest, OneThatIsLargerThanTheShareStillPassesAlone) {
  const auto share = std::make_shared<Share>(2, 100);
  auto large = share->TryTake(1'000);
  EXPECT_TRUE(large);
  EXPECT_FALSE(share->TryTake(1));
}

TEST(ShareTest, TakeWaitsForRoom) {
  const auto share = std::make_shared<Share>(1, 100);
  auto held = share->Take(1);
  auto waiting = std::async(std::launch::async, [&] { return share->Take(1) != nullptr; });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  held.reset();
  EXPECT_TRUE(waiting.get());
}

TEST(ShareTest, CloseEndsTheWaiting) {
  const auto share = std::make_shared<Share>(1, 100);
  auto held = share->Take(1);
  auto waiting = std::async(std::launch::async, [&] { return share->Take(1) != nullptr; });
  share->Close();
  EXPECT_FALSE(waiting.get());
  EXPECT_FALSE(share->TryTake(1));
}

TEST(ShareTest, APartMayOutliveTheShare) {
  auto share = std::make_shared<Share>(1, 100);
  auto part = share->TryTake(1);
  share.reset();
  part.reset();
}

}  // namespace
}  // namespace assent::node
