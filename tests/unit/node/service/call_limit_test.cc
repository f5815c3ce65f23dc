#include "node/service/call_limit.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace assent::service {
namespace {

Caller Nobody(const char* address) { return {std::nullopt, false, address}; }
Caller Keyed(const char* key) { return {std::nullopt, true, key}; }

TEST(CallLimitTest, OneClientCannotTakeAllPlaces) {
  CallLimit limit({3, 3, 2});
  const auto first = limit.Take(Nobody("a"));
  auto second = limit.Take(Nobody("a"));
  EXPECT_NE(second, nullptr);
  Met met = Met::kNode;
  EXPECT_EQ(limit.Take(Nobody("a"), &met), nullptr);
  EXPECT_EQ(met, Met::kClient);
  EXPECT_NE(limit.Take(Nobody("b")), nullptr);
  second = nullptr;
  EXPECT_NE(limit.Take(Nobody("a")), nullptr);
}

TEST(CallLimitTest, AllClientsTogetherHaveALimitToo) {
  CallLimit limit({2, 2, 2});
  const auto first = limit.Take(Nobody("a"));
  auto second = limit.Take(Nobody("b"));
  Met met = Met::kClient;
  EXPECT_EQ(limit.Take(Keyed("c"), &met), nullptr);
  EXPECT_EQ(met, Met::kNode);
  second = nullptr;
  EXPECT_NE(limit.Take(Nobody("c")), nullptr);
}

TEST(CallLimitTest, StrangersLeaveRoomForMembers) {
  CallLimit limit({3, 2, 2});
  auto first = limit.Take(Nobody("a"));
  const auto second = limit.Take(Nobody("b"));
  Met met = Met::kNode;
  EXPECT_EQ(limit.Take(Nobody("c"), &met), nullptr);
  EXPECT_EQ(met, Met::kStrangers);
  const auto third = limit.Take(Keyed("m"));
  EXPECT_NE(third, nullptr);
  EXPECT_EQ(limit.Take(Keyed("n")), nullptr);
  first = nullptr;
  EXPECT_NE(limit.Take(Nobody("c")), nullptr);
}

TEST(CallLimitTest, ClientsAreTheirAddressesWithoutPort) {
  EXPECT_EQ(AddressOf("ipv4:192.0.2.1:50000"), "ipv4:192.0.2.1");
  EXPECT_EQ(AddressOf("unix:"), "unix");
  EXPECT_EQ(AddressOf(""), "");
}

TEST(CallLimitTest, OneSubscribersIpv6AddressesAreOneClient) {
  const std::string address = AddressOf("ipv6:%5B2001:db8:1:2::1%5D:50000");
  EXPECT_EQ(address, "ipv6:20010db800010002");
  EXPECT_EQ(AddressOf("ipv6:[2001:db8:1:2:ffff:ffff:ffff:ffff]:1"), address);
  EXPECT_NE(AddressOf("ipv6:%5B2001:db8:1:3::1%5D:50000"), address);
  EXPECT_EQ(AddressOf("ipv6:%5Bfe80::1%25eth0%5D:50000"), "ipv6:fe80000000000000");
}

TEST(CallLimitTest, APlaceMayOutliveItsLimit) {
  std::optional<CallLimit> limit(Places{1, 1, 1});
  const auto place = limit->Take(Nobody("a"));
  limit.reset();
}

}  // namespace
}  // namespace assent::service
