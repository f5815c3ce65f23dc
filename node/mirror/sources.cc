#include "node/mirror/sources.h"

#include <utility>

#include "ledger/rules/read.h"

namespace assent::mirror {

Sources::Sources(const SecretSeed* identity, const LedgerId& ledger, const replica::Store* store,
                 replica::Intake* intake, replica::PeerEvents* events,
                 std::function<void(replica::Input)> push)
    : certificate_(transport::MakeCertificate(*identity)),
      ledger_(ledger),
      store_(store),
      intake_(intake),
      events_(events),
      push_(std::move(push)) {}

void Sources::Start(const std::vector<SourceAddress>& addresses) {
  Source::Listener* const listener = this;
  for (const SourceAddress& address : addresses) {
    sources_.emplace(address.name,
                     std::make_unique<Source>(address, ledger_, &certificate_, listener, events_));
  }
  // What the first says makes the replica look for it, on its own thread.
  for (const auto& [name, source] : sources_) source->Start();
}

void Sources::Stop() {
  for (const auto& [name, source] : sources_) source->Stop();
}

void Sources::RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) {
  const auto source = sources_.find(from);
  if (source != sources_.end()) return source->second->RequestBlocks(first, max_blocks);
  events_->OnBlocksEnd(from, absl::NotFoundError("it is no source of this mirror"));
}

void Sources::CancelBlocks(const MemberCode& from) {
  const auto source = sources_.find(from);
  if (source != sources_.end()) source->second->CancelBlocks();
}

std::vector<network::LinkStatus> Sources::Status() const {
  std::vector<network::LinkStatus> statuses;
  for (const auto& [name, source] : sources_) statuses.push_back(source->Status());
  return statuses;
}

std::optional<PublicKey> Sources::KeyOf(const SourceAddress& address) {
  if (address.transport_key) return address.transport_key;
  const auto member = rules::MemberOf(store_->Read()->state(), address.name);
  if (!member || !member->node) return std::nullopt;
  return member->node->transport_key;
}

void Sources::OnHeight(const MemberCode& source, Height height) {
  push_({replica::FromPeer{source, replica::HelloSeen{height, std::nullopt}}, nullptr});
}

Height Sources::CheckpointHeight() {
  const auto checkpoint = store_->Read()->PublicCheckpoint();
  return checkpoint ? checkpoint->height : Height(0);
}

void Sources::OnCheckpoint(const MemberCode& source, Height height, const std::string& note) {
  for (replica::SignedTree& tree : intake_->CheckNote(height, note)) {
    push_({replica::FromPeer{source, std::move(tree)}, nullptr});
  }
}

}  // namespace assent::mirror
