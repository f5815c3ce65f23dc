// Messages between nodes: in order, bounded, and again after a node was away.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

#include "ledger/limits.h"
#include "node/network/limits.h"
#include "tests/unit/node/network/nodes.h"
#include "tests/unit/node/network/relay.h"

namespace assent::network {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

class ExchangeTest : public ::testing::Test {
 protected:
  ~ExchangeTest() override {
    for (Node* node : {&a_, &b_, &c_}) {
      node->Stop();
      EXPECT_FALSE(node->events().overlapped()) << node->code();
    }
  }

  static bool IsDown(const Recorder::Seen& seen) { return !seen.up; }

  // Sends until `to` has a message: the stream may just be coming up.
  static bool Reaches(Node& from, Node& to) {
    const std::size_t had = to.events().Of(from.code()).messages.size();
    for (int i = 0; i < 200; ++i) {
      from.network().Send(to.code(), Message("are you there?"));
      if (to.events().WaitFor(
              from.code(), [&](const auto& seen) { return seen.messages.size() > had; },
              milliseconds(100))) {
        return true;
      }
    }
    return false;
  }

  Node a_{"AAA"};
  Node b_{"BBB"};
  Node c_{"CCC"};
};

TEST_F(ExchangeTest, ThreeNodesExchangeManyMessagesInOrder) {
  // More than an inbox holds, and no more than a slow machine reads before a peer that asks whether
  // it is there gives it up.
  constexpr int kMessages = 3'000;
  static_assert(kMessages > 2 * kInboxMessagesMax);
  const std::vector<Node*> nodes = {&a_, &b_, &c_};
  ASSERT_TRUE(Connect(nodes));
  for (int i = 0; i < kMessages; ++i) {
    for (Node* from : nodes) {
      // Shared by both queues.
      const auto message = Message(from->code().str() + " " + std::to_string(i));
      for (const Node* to : nodes) {
        if (to != from) from->network().Send(to->code(), message);
      }
    }
  }
  for (Node* to : nodes) {
    for (const Node* from : nodes) {
      if (to == from) continue;
      ASSERT_TRUE(to->events().WaitFor(
          from->code(), [](const auto& seen) { return seen.messages.size() == kMessages; }));
      const auto seen = to->events().Of(from->code());
      for (int i = 0; i < kMessages; ++i) {
        ASSERT_EQ(seen.messages[static_cast<std::size_t>(i)],
                  from->code().str() + " " + std::to_string(i));
      }
    }
  }
  EXPECT_EQ(a_.StatusOf(b_.code()).dropped, 0u);
}

TEST_F(ExchangeTest, AMessageMayBeEmptyOrAsLongAsIsAllowedAndNoLonger) {
  ASSERT_TRUE(Connect({&a_, &b_}));
  a_.network().Send(b_.code(), Message(""));
  a_.network().Send(b_.code(), Message(std::string(kGrpcMessageBytesMax + 1, 'x')));
  a_.network().Send(b_.code(), Message(std::string(kGrpcMessageBytesMax, 'y')));
  ASSERT_TRUE(
      b_.events().WaitFor(a_.code(), [](const auto& seen) { return seen.messages.size() == 2; }));
  EXPECT_EQ(b_.events().Of(a_.code()).messages[0], "");
  EXPECT_EQ(b_.events().Of(a_.code()).messages[1], std::string(kGrpcMessageBytesMax, 'y'));
  EXPECT_EQ(a_.StatusOf(b_.code()).dropped, 1u);
  EXPECT_EQ(a_.events().Of(b_.code()).downs, 0);
}

TEST_F(ExchangeTest, ANodeThatWasAwayIsFoundAgain) {
  ASSERT_TRUE(Connect({&a_, &b_, &c_}));
  b_.Stop();
  for (Node* node : {&a_, &c_}) {
    ASSERT_TRUE(node->events().WaitFor(b_.code(), IsDown));
  }
  a_.network().Send(b_.code(), Message("into the void"));
  EXPECT_EQ(a_.StatusOf(b_.code()).unsent, 1u);
  EXPECT_FALSE(a_.StatusOf(b_.code()).sending);
  EXPECT_TRUE(Reaches(a_, c_)) << "the others go on";

  b_.Start();
  b_.SetPeers({&a_, &c_});
  for (Node* node : {&a_, &c_}) {
    ASSERT_TRUE(node->events().WaitFor(b_.code(), [](const auto& seen) { return seen.ups == 2; }));
  }
  EXPECT_TRUE(Reaches(a_, b_));
  EXPECT_TRUE(Reaches(b_, c_));
  EXPECT_EQ(a_.StatusOf(b_.code()).last_error, "");
  EXPECT_EQ(a_.events().Of(b_.code()).downs, 1);
}

TEST_F(ExchangeTest, WhoIsNotThereIsToldOfOnceAndDialledAgain) {
  b_.Start();
  b_.Stop();  // it has a port now
  a_.Start();
  a_.SetPeers({&b_});
  ASSERT_TRUE(a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.downs == 1; }));
  EXPECT_NE(a_.StatusOf(b_.code()).last_error.find("refused"), std::string::npos)
      << a_.StatusOf(b_.code()).last_error;
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_EQ(a_.events().Of(b_.code()).downs, 1);
  b_.Start();
  b_.SetPeers({&a_});
  EXPECT_TRUE(a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.ups == 1; }));
}

TEST_F(ExchangeTest, AFullQueueDropsTheNewestAndCounts) {
  constexpr std::size_t kMessageBytes = 64 * 1024;
  ASSERT_TRUE(Connect({&a_, &b_}));
  b_.events().Block(a_.code());
  constexpr std::size_t kSent = 4'000;
  for (std::size_t i = 0; i < kSent; ++i) {
    std::string text = std::to_string(i) + " ";
    text += std::string(kMessageBytes - text.size(), '.');
    a_.network().Send(b_.code(), Message(std::move(text)));
  }
  const LinkStatus status = a_.StatusOf(b_.code());
  EXPECT_GT(status.dropped, 0u);
  EXPECT_LE(status.queued, kQueueBytesMax / kMessageBytes);
  EXPECT_TRUE(status.sending);

  // What was not dropped comes, in order, once the other side listens.
  b_.events().Release();
  ASSERT_TRUE(b_.events().WaitFor(
      a_.code(), [&](const auto& seen) { return seen.messages.size() + status.dropped == kSent; }));
  const auto seen = b_.events().Of(a_.code());
  int last = -1;
  for (const std::string& message : seen.messages) {
    EXPECT_GT(std::stoi(message), last);
    last = std::stoi(message);
  }
}

// One who does not listen, to whom messages of one size are sent.
class WhoDoesNotListen : public ExchangeTest, public ::testing::WithParamInterface<std::size_t> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Connect({&a_, &b_, &c_}));
    b_.events().Block(a_.code());
  }

  void Send(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      std::string text = std::to_string(sent_++) + " ";
      text += std::string(GetParam() - text.size(), '.');
      a_.network().Send(b_.code(), Message(std::move(text)));
    }
  }
  std::size_t Room() { return kRoom - a_.StatusOf(b_.code()).queued; }
  // Until the queue stays full for half a second in which both ends had time for other messages:
  // nothing leaves it any more.
  void Fill() {
    const auto until = steady_clock::now() + kPatience;
    auto full_since = steady_clock::now();
    bool had_time = false;
    while (!had_time || steady_clock::now() - full_since < milliseconds(500)) {
      ASSERT_LT(steady_clock::now(), until) << "it does not fill";
      if (const std::size_t room = Room(); room > 0) {
        Send(std::min<std::size_t>(room, 256));
        full_since = steady_clock::now();
        continue;
      }
      Exchange(a_, c_, 1);
      Exchange(c_, b_, 1);
      had_time = Room() == 0;
    }
  }
  // How long so many messages take from one to the other, while b_ does not listen to a_.
  steady_clock::duration Exchange(Node& from, Node& to, std::size_t count) {
    const auto start = steady_clock::now();
    const std::size_t wanted = to.events().Of(from.code()).messages.size() + count;
    for (std::size_t i = 0; i < count; ++i) {
      from.network().Send(to.code(), Message(std::string(GetParam(), 'x')));
    }
    EXPECT_TRUE(to.events().WaitFor(
        from.code(), [&](const auto& seen) { return seen.messages.size() == wanted; }))
        << from.code() << " to " << to.code();
    return steady_clock::now() - start;
  }
  // The best of three: what else the machine does meanwhile is not b_'s.
  void ExpectExchangeInTime(Node& from, Node& to) {
    auto took = steady_clock::duration::max();
    for (int tries = 0; tries < 3 && took >= kInTime; ++tries) took = Exchange(from, to, 500);
    EXPECT_LT(took, kInTime) << from.code() << " to " << to.code();
    EXPECT_EQ(from.StatusOf(to.code()).dropped, 0u);
  }

  // Of messages of this size, in the queue; and at most between it and b_: the inbox, the window of
  // the stream, and TCP's buffers at both ends, which are below gRPC's and the kernel's.
  const std::size_t kRoom = std::min(kQueueMessagesMax, kQueueBytesMax / GetParam());
  const std::size_t kUnderWayMax = std::min(kInboxMessagesMax, kInboxBytesMax / GetParam()) +
                                   (kWindowBytes + kTcpBytesMax) / GetParam();
  static constexpr std::size_t kTcpBytesMax = 16 * 1024 * 1024;
  static constexpr milliseconds kInTime{5'000};
  std::size_t sent_ = 0;
};

TEST_P(WhoDoesNotListen, HoldsBackItselfAlone) {
  ASSERT_NO_FATAL_FAILURE(Fill());
  const LinkStatus full = a_.StatusOf(b_.code());
  EXPECT_LE(sent_ - full.dropped, kRoom + kUnderWayMax);
  EXPECT_EQ(b_.events().Of(a_.code()).messages.size(), 1u) << "the one in whose telling it waits";

  // The queue takes no more, and nothing gets worse for others.
  Send(1'000);
  ExpectExchangeInTime(c_, b_);
  ExpectExchangeInTime(b_, c_);
  ExpectExchangeInTime(b_, a_);
  ExpectExchangeInTime(a_, c_);
  ExpectExchangeInTime(c_, a_);
  const LinkStatus still = a_.StatusOf(b_.code());
  EXPECT_EQ(still.queued, kRoom);
  EXPECT_EQ(still.dropped, full.dropped + 1'000);
  EXPECT_TRUE(still.sending);
  EXPECT_EQ(b_.events().Of(a_.code()).messages.size(), 1u);

  // What was taken comes, all of it and in order.
  const std::size_t taken = sent_ - still.dropped;
  b_.events().Release();
  ASSERT_TRUE(b_.events().WaitFor(a_.code(),
                                  [&](const auto& seen) { return seen.messages.size() == taken; }));
  int last = -1;
  for (const std::string& message : b_.events().Of(a_.code()).messages) {
    ASSERT_GT(std::stoi(message), last);
    last = std::stoi(message);
  }
}

// By bytes, and by number.
INSTANTIATE_TEST_SUITE_P(OfSize, WhoDoesNotListen, ::testing::Values(10'000, 1'000));

TEST_F(ExchangeTest, ANewStreamOfAPeerReplacesTheOneBefore) {
  ASSERT_TRUE(Connect({&a_, &b_}));
  ASSERT_TRUE(Reaches(a_, b_));
  // A second node with the same key: the first is put out, and dials again.
  Node twin("AAA");
  twin.Start();
  twin.SetPeers({&b_});
  ASSERT_TRUE(twin.events().WaitFor(b_.code(), [](const auto& seen) { return seen.ups >= 1; }));
  ASSERT_TRUE(a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.downs >= 1; }));
  twin.Stop();
  EXPECT_TRUE(Reaches(a_, b_));
  EXPECT_TRUE(b_.StatusOf(a_.code()).receiving);
}

TEST_F(ExchangeTest, AConnectionThatFellSilentIsGivenUpWithinTenSeconds) {
  a_.Start();
  b_.Start();
  b_.SetPeers({&a_});
  // The best of three: nine seconds are right, and a busy machine has little to spare.
  auto took = steady_clock::duration::max();
  auto receiver_took = took;
  for (int tries = 0; tries < 3 && (took >= seconds(10) || receiver_took >= seconds(11)); ++tries) {
    Relay wire(b_.port());
    PeerAddress address = b_.address();
    address.endpoint = "127.0.0.1:" + std::to_string(wire.port());
    a_.network().SetPeers({address});
    ASSERT_TRUE(a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.up; }));
    ASSERT_TRUE(Reaches(a_, b_));
    EXPECT_TRUE(b_.StatusOf(a_.code()).receiving);

    wire.FallSilent();
    const auto start = steady_clock::now();
    ASSERT_TRUE(a_.events().WaitFor(b_.code(), IsDown));
    took = std::min(took, steady_clock::now() - start);
    while (b_.StatusOf(a_.code()).receiving && steady_clock::now() - start < kPatience) {
      std::this_thread::sleep_for(milliseconds(50));
    }
    receiver_took = std::min(receiver_took, steady_clock::now() - start);
  }
  EXPECT_LT(took, seconds(10));
  EXPECT_LT(receiver_took, seconds(11)) << "the receiving side finds out too";
}

TEST_F(ExchangeTest, WhoAcceptsAndSaysNothingIsGivenUp) {
  a_.Start();
  Relay wire(a_.port());
  wire.FallSilent();
  PeerAddress address = b_.address();
  address.endpoint = "127.0.0.1:" + std::to_string(wire.port());
  a_.network().SetPeers({address});
  const auto start = steady_clock::now();
  ASSERT_TRUE(a_.events().WaitFor(b_.code(), [](const auto& seen) { return seen.downs == 1; }));
  EXPECT_LT(steady_clock::now() - start, kDialTimeout + seconds(1));
  EXPECT_NE(a_.StatusOf(b_.code()).last_error, "");
}

TEST_F(ExchangeTest, StoppingIsQuickWhileMessagesFlow) {
  constexpr steady_clock::duration kQuick = seconds(6);  // three nodes, two seconds each
  // The best of three: what else the machine does meanwhile is not theirs.
  auto took = steady_clock::duration::max();
  for (int tries = 0; tries < 3 && took >= kQuick; ++tries) {
    for (Node* node : {&a_, &b_, &c_}) node->Stop();
    ASSERT_TRUE(Connect({&a_, &b_, &c_}));
    std::atomic<bool> stop = false;
    std::vector<std::thread> senders;
    for (Node* from : {&a_, &b_}) {
      senders.emplace_back([&, from] {
        const auto message = Message(std::string(5'000, 'x'));
        while (!stop) {
          for (Node* to : {&a_, &b_, &c_}) from->network().Send(to->code(), message);
          std::this_thread::yield();
        }
      });
    }
    EXPECT_TRUE(Reaches(a_, c_));
    const auto start = steady_clock::now();
    for (Node* node : {&a_, &b_, &c_}) node->network().Stop();
    took = std::min(took, steady_clock::now() - start);
    const std::size_t told = b_.events().Of(a_.code()).messages.size();
    std::this_thread::sleep_for(milliseconds(100));
    EXPECT_EQ(b_.events().Of(a_.code()).messages.size(), told) << "nothing is told after Stop";
    stop = true;
    for (std::thread& sender : senders) sender.join();
  }
  EXPECT_LT(took, kQuick);
}

TEST_F(ExchangeTest, AnAddressInUseIsRefused) {
  a_.Start();
  const SecretSeed seed = SeedOf("DDD");
  Recorder events;
  FakeBlocks blocks;
  PeerNetwork second(&seed, {}, &events, &blocks);
  const absl::Status status = second.Start("127.0.0.1:" + std::to_string(a_.port()));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
}

}  // namespace
}  // namespace assent::network
