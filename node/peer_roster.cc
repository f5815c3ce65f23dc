#include "node/peer_roster.h"

#include <algorithm>
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

std::vector<network::PeerAddress> Farewells::PeersAt(
    Time now, const std::vector<network::PeerAddress>& named,
    const std::function<bool(const MemberCode&)>& is_there) {
  std::map<MemberCode, network::PeerAddress> next;
  for (const network::PeerAddress& peer : named) next.insert_or_assign(peer.code, peer);
  std::map<MemberCode, Time> until;
  for (const auto& [code, was] : peers_) {
    const auto is = next.find(code);
    if (is != next.end() && is->second == was) continue;
    const auto begun = until_.find(code);
    const Time end = begun != until_.end() ? begun->second : now + kFarewell;
    if (now >= end || !is_there(code)) continue;
    until[code] = end;
    next.insert_or_assign(code, was);
  }
  peers_ = std::move(next);
  until_ = std::move(until);
  std::vector<network::PeerAddress> peers;
  peers.reserve(peers_.size());
  for (const auto& [code, peer] : peers_) peers.push_back(peer);
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
    const auto ready = [this] { return due_ || stopping_; };
    if (farewells_.any()) {
      wake_.wait_for(lock, kFarewellLook, ready);
    } else {
      wake_.wait(lock, ready);
    }
    if (stopping_) return;
    due_ = false;
    lock.unlock();
    Apply();
    lock.lock();
  }
}

// Who is new is heard before it is dialled, and who has gone until its streams have ended.
void PeerRoster::Apply() {
  const std::vector<network::LinkStatus> links = network_->Status();
  const auto is_there = [&links](const MemberCode& code) {
    return std::any_of(links.begin(), links.end(), [&code](const network::LinkStatus& link) {
      return link.code == code && (link.sending || link.receiving);
    });
  };
  const std::vector<network::PeerAddress> peers = farewells_.PeersAt(
      std::chrono::steady_clock::now(), PeersOf(store_->Read()->state(), self_, join_), is_there);
  const std::vector<MemberCode> codes = CodesOf(peers);
  ingress_->AddPeers(codes);
  network_->SetPeers(peers);
  ingress_->KeepPeers(codes);
}

}  // namespace assent::node
