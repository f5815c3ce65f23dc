#include "node/peer_roster.h"

#include <utility>

#include "ledger/limits.h"
#include "ledger/rules/read.h"

namespace assent::node {
namespace {

std::vector<MemberCode> CodesOf(const std::vector<network::PeerAddress>& peers) {
  std::vector<MemberCode> codes;
  codes.reserve(peers.size());
  for (const auto& peer : peers) codes.push_back(peer.code);
  return codes;
}

}  // namespace

std::vector<network::PeerAddress> PeersOf(const StateView& state, const MemberCode& self,
                                          const std::optional<JoinPeer>& join) {
  std::vector<network::PeerAddress> peers;
  std::optional<PublicKey> join_key;
  if (join && join->code != self) join_key = join->transport_key;
  for (const rules::MemberView& member : rules::Members(state, kMembersMax)) {
    if (member.code == self || !member.node) continue;
    if (join && member.code == join->code) {
      if (!join_key) join_key = member.node->transport_key;
      continue;
    }
    if (member.peer_endpoint.empty()) continue;
    peers.push_back({member.code, member.peer_endpoint, member.node->transport_key});
  }
  if (join_key) peers.push_back({join->code, join->endpoint, *join_key});
  return peers;
}

PeerRoster::PeerRoster(MemberCode self, std::optional<JoinPeer> join, const replica::Store* store,
                       Ingress* ingress, network::PeerNetwork* network)
    : self_(std::move(self)),
      join_(std::move(join)),
      store_(store),
      ingress_(ingress),
      network_(network),
      thread_([this] { Run(); }) {}

void PeerRoster::Refresh() {
  {
    const std::lock_guard lock(mutex_);
    due_ = true;
  }
  wake_.notify_one();
}

void PeerRoster::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void PeerRoster::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return due_ || stopping_; });
    if (stopping_) return;
    due_ = false;
    lock.unlock();
    Apply();
    lock.lock();
  }
}

// Who is new is heard before it is dialled, and who has gone until its streams have ended.
void PeerRoster::Apply() {
  const std::vector<network::PeerAddress> peers = PeersOf(store_->Read()->state(), self_, join_);
  const std::vector<MemberCode> codes = CodesOf(peers);
  ingress_->AddPeers(codes);
  network_->SetPeers(peers);
  ingress_->KeepPeers(codes);
}

}  // namespace assent::node
