#include "node/network/peer_network.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "ledger/limits.h"
#include "node/network/channel.h"
#include "node/network/limits.h"
#include "transport/credentials.h"

namespace assent::network {

PeerNetwork::PeerNetwork(const SecretSeed* identity, const std::vector<PeerAddress>& peers,
                         replica::PeerEvents* events, BlockSource* blocks)
    : certificate_(transport::MakeCertificate(*identity)),
      events_(events),
      directory_(std::make_shared<PeerDirectory>()),
      block_server_(blocks),
      service_(directory_, &block_server_) {
  SetPeers(peers);
}

absl::Status PeerNetwork::Start(const std::string& listen, int descriptors_max,
                                std::size_t of_address_max) {
  const std::lock_guard lock(changing_);
  ASSENT_CHECK(phase_ == Phase::kNew);
  auto acceptor = transport::Acceptor::Listen(listen);
  if (!acceptor.ok()) {
    return absl::UnavailableError(absl::StrCat("no peers: ", acceptor.status().message()));
  }
  grpc::ServerBuilder builder;
  // Whoever is no peer does not get past the handshake.
  (*acceptor)->AddTo(builder, transport::ServerCredentials(
                                  certificate_, transport::ClientPolicy::Require(
                                                    [peers = directory_](const PublicKey& key) {
                                                      return peers->ByKey(key) != nullptr;
                                                    })));
  builder.RegisterService(&service_);
  SetServerLimits(builder);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot serve peers on ", listen));
  }
  acceptor_ = *std::move(acceptor);
  acceptor_->Start(descriptors_max, of_address_max);
  port_ = acceptor_->port();
  phase_ = Phase::kRunning;
  block_server_.Start();
  for (const auto& [code, link] : directory_->All()) link->Start();
  return absl::OkStatus();
}

void PeerNetwork::Stop() {
  const std::lock_guard lock(changing_);
  if (std::exchange(phase_, Phase::kStopped) != Phase::kRunning) return;
  acceptor_->Stop();
  const PeerDirectory::Links links = directory_->All();
  for (const auto& [code, link] : links) link->BeginStop();
  block_server_.Stop();
  // Before the server: until then it keeps gRPC's threads alive.
  const auto deadline = std::chrono::steady_clock::now() + kStreamsEndMax;
  for (const auto& [code, link] : links) link->FinishStop(deadline);
  server_->Shutdown(std::chrono::system_clock::now() + kShutdown);
}

std::shared_ptr<Link> PeerNetwork::MakeLink(const PeerAddress& peer) {
  return std::make_shared<Link>(peer, PeerCredentials(certificate_, peer), events_);
}

void PeerNetwork::SetPeers(const std::vector<PeerAddress>& peers) {
  const std::lock_guard lock(changing_);
  if (phase_ == Phase::kStopped) return;
  PeerDirectory::Links gone = directory_->All();
  PeerDirectory::Links links;
  std::vector<std::shared_ptr<Link>> added;
  for (const PeerAddress& peer : peers) {
    const auto known = gone.find(peer.code);
    if (known != gone.end() && known->second->address() == peer) {
      links.insert(gone.extract(known));
    } else {
      added.push_back(links[peer.code] = MakeLink(peer));
    }
  }
  directory_->Set(std::move(links));
  for (const auto& [code, link] : gone) link->BeginStop();
  const auto deadline = std::chrono::steady_clock::now() + kStreamsEndMax;
  for (const auto& [code, link] : gone) link->FinishStop(deadline);
  if (phase_ != Phase::kRunning) return;
  for (const std::shared_ptr<Link>& link : added) link->Start();
}

void PeerNetwork::Send(const MemberCode& to, replica::MessageBytes message) {
  if (const std::shared_ptr<Link> link = directory_->ByCode(to)) link->Send(std::move(message));
}

void PeerNetwork::RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) {
  if (const std::shared_ptr<Link> link = directory_->ByCode(from)) {
    link->RequestBlocks(first, max_blocks);
  } else {
    events_->OnBlocksEnd(from, absl::NotFoundError(absl::StrCat(from.str(), " is not a peer")));
  }
}

void PeerNetwork::CancelBlocks(const MemberCode& from) {
  if (const std::shared_ptr<Link> link = directory_->ByCode(from)) link->CancelBlocks();
}

transport::Acceptor::Closed PeerNetwork::closed() const {
  return acceptor_ ? acceptor_->closed() : transport::Acceptor::Closed();
}

std::vector<LinkStatus> PeerNetwork::Status() const {
  std::vector<LinkStatus> statuses;
  for (const auto& [code, link] : directory_->All()) statuses.push_back(link->Status());
  return statuses;
}

}  // namespace assent::network
