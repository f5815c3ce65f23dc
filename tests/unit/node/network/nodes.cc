#include "tests/unit/node/network/nodes.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "transport/libraries.h"

namespace assent::network {

MemberCode Code(std::string_view code) { return *MemberCode::From(code); }
SecretSeed SeedOf(std::string_view name) { return *SecretSeed::From(Sha256(name).view()); }
PublicKey KeyOf(std::string_view name) { return SigningKey(SeedOf(name)).public_key(); }
replica::MessageBytes Message(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

class Recorder::Telling {
 public:
  Telling(Recorder* recorder, const MemberCode& peer, bool blocks = false)
      : recorder_(recorder), what_(peer, blocks) {
    const std::lock_guard lock(recorder_->mutex_);
    if (std::exchange(recorder_->telling_[what_], true)) recorder_->overlapped_ = true;
  }
  ~Telling() {
    {
      const std::lock_guard lock(recorder_->mutex_);
      recorder_->telling_[what_] = false;
    }
    recorder_->changed_.notify_all();
  }

 private:
  Recorder* const recorder_;
  const std::pair<MemberCode, bool> what_;
};

void Recorder::OnPeerUp(const MemberCode& peer) {
  const Telling telling(this, peer);
  const std::lock_guard lock(mutex_);
  seen_[peer].up = true;
  ++seen_[peer].ups;
}

void Recorder::OnPeerDown(const MemberCode& peer, const absl::Status& why) {
  const Telling telling(this, peer);
  const std::lock_guard lock(mutex_);
  seen_[peer].up = false;
  ++seen_[peer].downs;
  seen_[peer].last_down = why.ToString();
}

void Recorder::OnMessage(const MemberCode& peer, std::string bytes) {
  const Telling telling(this, peer);
  std::unique_lock lock(mutex_);
  seen_[peer].messages.push_back(std::move(bytes));
  changed_.wait(lock, [&] { return !blocked_[peer]; });
}

bool Recorder::OnBlock(const MemberCode& peer, std::string bytes) {
  const Telling telling(this, peer, /*blocks=*/true);
  std::this_thread::sleep_for(block_time_.load());
  const std::lock_guard lock(mutex_);
  seen_[peer].blocks.push_back(std::move(bytes));
  return seen_[peer].blocks.size() < blocks_wanted_;
}

void Recorder::OnBlocksEnd(const MemberCode& peer, const absl::Status& status) {
  const Telling telling(this, peer, /*blocks=*/true);
  const std::lock_guard lock(mutex_);
  seen_[peer].ends.push_back(status);
}

void Recorder::Block(const MemberCode& peer) {
  const std::lock_guard lock(mutex_);
  blocked_[peer] = true;
}

void Recorder::Release() {
  {
    const std::lock_guard lock(mutex_);
    blocked_.clear();
  }
  changed_.notify_all();
}

bool Recorder::WaitFor(const MemberCode& peer, const std::function<bool(const Seen&)>& condition,
                       std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return condition(seen_[peer]); });
}

Recorder::Seen Recorder::Of(const MemberCode& peer) {
  const std::lock_guard lock(mutex_);
  return seen_[peer];
}

void Recorder::BeginCounting() {
  const std::lock_guard lock(mutex_);
  for (auto& [peer, seen] : seen_) {
    seen.ups = seen.up ? 1 : 0;
    seen.downs = 0;
  }
}

void Recorder::AllAreDown() {
  const std::lock_guard lock(mutex_);
  for (auto& [peer, seen] : seen_) seen.up = false;
}

absl::StatusOr<Height> FakeBlocks::EndOfRange(Height first, std::uint32_t max_blocks) {
  if (first.value() > newest) {
    return absl::OutOfRangeError(absl::StrCat("block ", first.value(), " is not final here yet"));
  }
  return Height(std::min<std::uint64_t>(newest, first.value() + max_blocks - 1));
}

absl::StatusOr<std::string> FakeBlocks::Block(Height height) {
  ++read;
  if (height.value() == damaged_at) return absl::DataLossError("the database is damaged");
  return Text(height, bytes);
}

std::string FakeBlocks::Text(Height height, std::size_t bytes) {
  std::string text = absl::StrCat("block ", height.value(), " ");
  text.resize(std::max(bytes, text.size()), '.');
  return text;
}

Node::Node(std::string_view code) : code_(Code(code)), seed_(SeedOf(code)), key_(KeyOf(code)) {
  transport::SilenceLibraries();
  port_holder_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;  // with it, the network can listen there
  EXPECT_EQ(::setsockopt(port_holder_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(port_holder_, any, size), 0);
  EXPECT_EQ(::getsockname(port_holder_, any, &size), 0);
  port_ = ntohs(address.sin_port);
}

Node::~Node() {
  Stop();
  ::close(port_holder_);
}

void Node::Start() {
  network_ = std::make_unique<PeerNetwork>(&seed_, std::vector<PeerAddress>(), &events_, &blocks_);
  const absl::Status started = network_->Start("127.0.0.1:" + std::to_string(port_));
  ASSERT_TRUE(started.ok()) << started;
}

void Node::Stop() {
  events_.Release();
  network_.reset();
  events_.AllAreDown();
}

void Node::SetPeers(const std::vector<const Node*>& peers) {
  std::vector<PeerAddress> addresses;
  for (const Node* peer : peers) {
    if (peer != this) addresses.push_back(peer->address());
  }
  network_->SetPeers(addresses);
}

LinkStatus Node::StatusOf(const MemberCode& peer) const {
  for (LinkStatus& status : network_->Status()) {
    if (status.code == peer) return std::move(status);
  }
  return {};
}

bool Connect(const std::vector<Node*>& nodes) {
  for (Node* node : nodes) node->Start();
  for (Node* node : nodes) node->SetPeers({nodes.begin(), nodes.end()});
  for (Node* node : nodes) {
    for (const Node* peer : nodes) {
      if (peer == node) continue;
      if (!node->events().WaitFor(peer->code(), [](const auto& seen) { return seen.up; })) {
        return false;
      }
    }
  }
  for (Node* node : nodes) node->events().BeginCounting();
  return true;
}

}  // namespace assent::network
