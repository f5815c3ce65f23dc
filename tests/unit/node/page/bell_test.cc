#include "node/page/bell.h"

#include <chrono>
#include <thread>

#include "gtest/gtest.h"

namespace assent::page {
namespace {

using namespace std::chrono_literals;

TEST(BellTest, WakesWhoHasNotHeardIt) {
  Bell bell;
  const std::uint64_t heard = bell.rung();
  std::thread ringer([&bell] { bell.Ring(); });
  EXPECT_TRUE(bell.Wait(heard, 60s));
  ringer.join();
  EXPECT_EQ(bell.rung(), heard + 1);
  EXPECT_TRUE(bell.Wait(heard, 60s)) << "it has rung already";
}

TEST(BellTest, WaitsNoLongerThanIsAsked) {
  Bell bell;
  EXPECT_TRUE(bell.Wait(bell.rung(), 1ms));
  EXPECT_TRUE(bell.Pause(1ms));
}

TEST(BellTest, LetsNobodyWaitOnceItIsClosed) {
  Bell bell;
  std::thread closer([&bell] { bell.Close(); });
  EXPECT_FALSE(bell.Wait(bell.rung(), 60s));
  EXPECT_FALSE(bell.Pause(60s));
  closer.join();
}

}  // namespace
}  // namespace assent::page
