// Peer networks on loopback, and what they were told.
#ifndef ASSENT_TESTS_UNIT_NODE_NETWORK_NODES_H_
#define ASSENT_TESTS_UNIT_NODE_NETWORK_NODES_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/crypto/keys.h"
#include "node/network/peer_network.h"
#include "node/replica/peers.h"

namespace assent::network {

inline constexpr std::chrono::seconds kPatience{60};

MemberCode Code(std::string_view code);
SecretSeed SeedOf(std::string_view name);
PublicKey KeyOf(std::string_view name);
replica::MessageBytes Message(std::string text);

// Keeps all events, and notices when two of one peer overlap, of which both or neither are blocks.
class Recorder : public replica::PeerEvents {
 public:
  struct Seen {
    bool up = false;
    int ups = 0;
    int downs = 0;
    std::string last_down;
    std::vector<std::string> messages;
    std::vector<std::string> blocks;
    std::vector<absl::Status> ends;
  };

  void OnPeerUp(const MemberCode& peer) override;
  void OnPeerDown(const MemberCode& peer, const absl::Status& why) override;
  void OnMessage(const MemberCode& peer, std::string bytes) override;
  bool OnBlock(const MemberCode& peer, std::string bytes) override;
  void OnBlocksEnd(const MemberCode& peer, const absl::Status& status) override;

  // From now on messages of `peer` wait inside OnMessage, until Release.
  void Block(const MemberCode& peer);
  void Release();
  // OnBlock takes so long.
  void SetBlockTime(std::chrono::milliseconds time) { block_time_ = time; }
  // OnBlock says no after so many.
  void SetBlocksWanted(std::size_t blocks) { blocks_wanted_ = blocks; }

  // False when it has not come true in `patience`.
  bool WaitFor(const MemberCode& peer, const std::function<bool(const Seen&)>& condition,
               std::chrono::milliseconds patience = kPatience);
  Seen Of(const MemberCode& peer);
  // Forgets ups and downs until now: who is up has come up once.
  void BeginCounting();
  // Nobody is up any more: a network that was stopped does not say so.
  void AllAreDown();
  bool overlapped() const { return overlapped_; }

 private:
  // One event of `peer`, from here to its end.
  class Telling;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<MemberCode, Seen> seen_;
  std::map<std::pair<MemberCode, bool>, bool> telling_;
  std::map<MemberCode, bool> blocked_;
  std::atomic<std::chrono::milliseconds> block_time_ = std::chrono::milliseconds(0);
  std::atomic<std::size_t> blocks_wanted_ = SIZE_MAX;
  std::atomic<bool> overlapped_ = false;
};

// Blocks 1 to `newest`, each `bytes` long and beginning with its height.
class FakeBlocks : public BlockSource {
 public:
  absl::StatusOr<Height> EndOfRange(Height first, std::uint32_t max_blocks) override;
  absl::StatusOr<std::string> Block(Height height) override;

  static std::string Text(Height height, std::size_t bytes);

  std::atomic<std::uint64_t> newest = 0;
  std::atomic<std::size_t> bytes = 100;
  std::atomic<std::uint64_t> damaged_at = 0;
  std::atomic<std::uint64_t> read = 0;
};

// One node.
class Node {
 public:
  explicit Node(std::string_view code);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Listens, on the same port each time.
  void Start();
  void Stop();
  void SetPeers(const std::vector<const Node*>& peers);
  PeerAddress address() const { return {code_, "127.0.0.1:" + std::to_string(port_), key_}; }
  LinkStatus StatusOf(const MemberCode& peer) const;

  const MemberCode& code() const { return code_; }
  int port() const { return port_; }
  PeerNetwork& network() { return *network_; }
  Recorder& events() { return events_; }
  FakeBlocks& blocks() { return blocks_; }

 private:
  const MemberCode code_;
  const SecretSeed seed_;
  const PublicKey key_;
  Recorder events_;
  FakeBlocks blocks_;
  std::unique_ptr<PeerNetwork> network_;
  // Bound and never listened on: whoever dials while the node is stopped is refused, and nobody
  // else is given the port.
  int port_holder_ = -1;
  int port_ = 0;
};

// Starts them and makes each a peer of each; true once all streams are up. What was told on the way
// there is forgotten: a node may be dialled before it knows who dials.
bool Connect(const std::vector<Node*>& nodes);

}  // namespace assent::network

#endif  // ASSENT_TESTS_UNIT_NODE_NETWORK_NODES_H_
