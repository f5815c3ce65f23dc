// What the peer network carries between two nodes of one machine: messages a second, the time of a
// round, blocks. TLS, gRPC and the hand-over to the events are all in it.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"
#include "node/network/limits.h"
#include "node/network/peer_network.h"

namespace assent::network {
namespace {

constexpr std::chrono::seconds kPatience{30};
// Half of what a queue holds.
constexpr std::uint64_t kUnderWayMax = kQueueMessagesMax / 2;
constexpr std::uint64_t kUnderWayBytesMax = kQueueBytesMax / 2;

// Counts what a node is told.
class Counter : public replica::PeerEvents {
 public:
  void OnPeerUp(const MemberCode&) override {
    Count([this] { up_ = true; });
  }
  void OnPeerDown(const MemberCode&, const absl::Status&) override {}
  void OnMessage(const MemberCode& peer, std::string bytes) override {
    if (answer) answer(peer, std::move(bytes));
    Count([this] { ++received_; });
  }
  bool OnBlock(const MemberCode&, std::string) override { return true; }
  void OnBlocksEnd(const MemberCode&, const absl::Status&) override {
    Count([this] { ++ends_; });
  }

  void WaitUp() {
    Wait([this] { return up_; });
  }
  void WaitReceived(std::uint64_t count) {
    Wait([=, this] { return received_ >= count; });
  }
  void WaitEnds(std::uint64_t count) {
    Wait([=, this] { return ends_ >= count; });
  }

  std::function<void(const MemberCode&, std::string)> answer;

 private:
  template <class F>
  void Count(F change) {
    {
      const std::lock_guard lock(mutex_);
      change();
    }
    changed_.notify_one();
  }
  template <class F>
  void Wait(F condition) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, condition)) throw std::runtime_error("nothing comes");
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = false;
  std::uint64_t received_ = 0;
  std::uint64_t ends_ = 0;
};

class Blocks : public BlockSource {
 public:
  explicit Blocks(std::size_t bytes) : block_(bytes, 'x') {}
  absl::StatusOr<Height> EndOfRange(Height first, std::uint32_t max_blocks) override {
    return Height(first.value() + max_blocks - 1);
  }
  absl::StatusOr<std::string> Block(Height) override { return block_; }

 private:
  const std::string block_;
};

// Two nodes that have reached each other.
class Pair {
 public:
  explicit Pair(std::size_t block_bytes = 0) : blocks_(block_bytes) {
    for (PeerNetwork* network : {&a, &b}) {
      if (!network->Start("127.0.0.1:0").ok()) throw std::runtime_error("cannot listen");
    }
    a.SetPeers({Address(kB, b_seed_, b.port())});
    b.SetPeers({Address(kA, a_seed_, a.port())});
    at_a.WaitUp();
    at_b.WaitUp();
  }
  ~Pair() {
    a.Stop();
    b.Stop();
  }

  static inline const MemberCode kA = *MemberCode::From("AAA");
  static inline const MemberCode kB = *MemberCode::From("BBB");

 private:
  static PeerAddress Address(const MemberCode& code, const SecretSeed& seed, int port) {
    return {code, "127.0.0.1:" + std::to_string(port), SigningKey(seed).public_key()};
  }

  const SecretSeed a_seed_ = SecretSeed::Random();
  const SecretSeed b_seed_ = SecretSeed::Random();
  Blocks blocks_;

 public:
  Counter at_a;
  Counter at_b;
  PeerNetwork a{&a_seed_, {}, &at_a, &blocks_};
  PeerNetwork b{&b_seed_, {}, &at_b, &blocks_};
};

replica::MessageBytes MessageOf(std::int64_t bytes) {
  return std::make_shared<const std::string>(static_cast<std::size_t>(bytes), 'x');
}

// As many as get through, as fast as they come.
void Messages(benchmark::State& state) {
  Pair pair;
  const auto message = MessageOf(state.range(0));
  const std::uint64_t window =
      std::min(kUnderWayMax, kUnderWayBytesMax / static_cast<std::uint64_t>(state.range(0)));
  std::uint64_t sent = 0;
  for (auto _ : state) {
    if (++sent > window) pair.at_b.WaitReceived(sent - window);
    pair.a.Send(Pair::kB, message);
  }
  pair.at_b.WaitReceived(sent);
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Messages)->Arg(100)->Arg(500)->Arg(5'000)->Arg(100'000)->UseRealTime();

// There and back, one at a time.
void Round(benchmark::State& state) {
  Pair pair;
  const auto message = MessageOf(500);
  pair.at_b.answer = [&](const MemberCode& peer, std::string) { pair.b.Send(peer, message); };
  std::uint64_t sent = 0;
  for (auto _ : state) {
    pair.a.Send(Pair::kB, message);
    pair.at_a.WaitReceived(++sent);
  }
}
BENCHMARK(Round)->UseRealTime()->Unit(benchmark::kMicrosecond);

// Ranges of blocks, as a node that lags asks for them.
void Ranges(benchmark::State& state) {
  constexpr std::uint32_t kBlocks = 1'000;
  Pair pair(static_cast<std::size_t>(state.range(0)));
  std::uint64_t ends = 0;
  for (auto _ : state) {
    pair.a.RequestBlocks(Pair::kB, Height(1), kBlocks);
    pair.at_a.WaitEnds(++ends);
  }
  state.SetItemsProcessed(state.iterations() * kBlocks);
  state.SetBytesProcessed(state.iterations() * kBlocks * state.range(0));
}
BENCHMARK(Ranges)->Arg(1'000)->Arg(100'000)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace assent::network
