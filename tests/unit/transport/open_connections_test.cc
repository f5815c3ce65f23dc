#include "transport/open_connections.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

namespace assent::transport {
namespace {

int Socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

std::string V6(const char* text) {
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  EXPECT_EQ(::inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
  sockaddr_storage address{};
  std::memcpy(&address, &v6, sizeof(v6));
  return ClientOf(address);
}

std::string V4(const char* text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  EXPECT_EQ(::inet_pton(AF_INET, text, &v4.sin_addr), 1);
  sockaddr_storage address{};
  std::memcpy(&address, &v4, sizeof(v4));
  return ClientOf(address);
}

TEST(OpenConnectionsTest, AClientIsAnAddressOrASubscribersPrefix) {
  EXPECT_EQ(V4("192.0.2.1"), V4("192.0.2.1"));
  EXPECT_NE(V4("192.0.2.1"), V4("192.0.2.2"));
  EXPECT_EQ(V6("2001:db8:1:2::1"), V6("2001:db8:1:2:ffff::7"));
  EXPECT_NE(V6("2001:db8:1:2::1"), V6("2001:db8:1:3::1"));
  EXPECT_EQ(V6("::ffff:192.0.2.1"), V4("192.0.2.1"));
}

TEST(OpenConnectionsTest, AClientHasSoManyAtATime) {
  OpenConnections open;
  std::vector<int> fds{Socket(), Socket(), Socket()};
  EXPECT_TRUE(open.Add("a", fds[0], 2));
  EXPECT_TRUE(open.Add("a", fds[1], 2));
  EXPECT_FALSE(open.Add("a", fds[2], 2));
  EXPECT_TRUE(open.Add("b", fds[2], 2));
  for (const int fd : fds) ::close(fd);
}

TEST(OpenConnectionsTest, OneThatWasClosedElsewhereGivesItsPlaceBack) {
  OpenConnections open;
  const int first = Socket();
  const int second = Socket();
  ASSERT_TRUE(open.Add("a", first, 1));
  ASSERT_FALSE(open.Add("a", second, 1));
  ::close(first);
  EXPECT_TRUE(open.Add("a", second, 1));
  EXPECT_EQ(open.size(), 1u);
  ::close(second);
}

TEST(OpenConnectionsTest, ADescriptorThatIsUsedAgainIsAnotherConnection) {
  OpenConnections open;
  const int first = Socket();
  ASSERT_TRUE(open.Add("a", first, 1));
  ::close(first);
  // By somebody else, who is not counted here.
  const int other = Socket();
  ASSERT_EQ(other, first);
  const int second = Socket();
  EXPECT_TRUE(open.Add("a", second, 1)) << "its connection is closed";
  ::close(other);
  const int again = Socket();
  ASSERT_EQ(again, first);
  EXPECT_TRUE(open.Add("b", again, 1));
  EXPECT_EQ(open.size(), 2u);
  ::close(again);
  ::close(second);
}

}  // namespace
}  // namespace assent::transport
