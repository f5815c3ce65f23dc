// Who is a peer may change while the node runs.
#include <gtest/gtest.h>

#include "tests/unit/node/network/nodes.h"

namespace assent::network {
namespace {

bool Up(Node& node, const Node& peer, int times) {
  return node.events().WaitFor(peer.code(), [&](const auto& seen) { return seen.ups == times; });
}

TEST(PeersTest, OneThatIsGoneIsCutOffBothWaysAndTheOthersNoticeNothing) {
  Node a("AAA");
  Node b("BBB");
  Node c("CCC");
  ASSERT_TRUE(Connect({&a, &b, &c}));
  a.SetPeers({&c});
  // It hears that its stream has ended, and is not let in again.
  ASSERT_TRUE(b.events().WaitFor(a.code(), [](const auto& seen) { return seen.downs == 1; }));
  EXPECT_EQ(a.network().Status().size(), 1u);
  a.network().Send(b.code(), Message("to nobody"));
  a.network().Send(c.code(), Message("hello"));
  EXPECT_TRUE(
      c.events().WaitFor(a.code(), [](const auto& seen) { return seen.messages.size() == 1; }));
  EXPECT_EQ(c.events().Of(a.code()).downs, 0);
  EXPECT_EQ(b.events().Of(a.code()).ups, 1);

  a.SetPeers({&b, &c});
  EXPECT_TRUE(Up(a, b, 2));
  EXPECT_TRUE(Up(b, a, 2));
}

TEST(PeersTest, OneThatHasMovedIsDialledThere) {
  Node a("AAA");
  Node b("BBB");
  ASSERT_TRUE(Connect({&a, &b}));
  b.Stop();
  Node moved("BBB");
  moved.Start();
  moved.SetPeers({&a});
  a.SetPeers({&moved});
  EXPECT_TRUE(Up(a, moved, 2));
  EXPECT_EQ(a.network().Status().at(0).endpoint, moved.address().endpoint);
}

TEST(PeersTest, AnUnknownPeerHasNoBlocks) {
  Node a("AAA");
  a.Start();
  a.network().RequestBlocks(Code("ZZZ"), Height(1), 1);
  EXPECT_EQ(a.events().Of(Code("ZZZ")).ends.at(0).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace assent::network
