// What a mirror has instead of peers: nodes whose clients' port it reads. A member's node lets only
// members in at its peers' port, and needs nothing of a mirror.
#ifndef ASSENT_NODE_MIRROR_SOURCES_H_
#define ASSENT_NODE_MIRROR_SOURCES_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/crypto/keys.h"
#include "ledger/types.h"
#include "node/mirror/source.h"
#include "node/network/peer_address.h"
#include "node/replica/intake.h"
#include "node/replica/peers.h"
#include "node/replica/replica.h"
#include "node/replica/store.h"
#include "transport/certificate.h"

namespace assent::mirror {

// Construction, Start and Stop: one thread. Everything else: any, at any time.
class Sources : public replica::Peers, private Source::Listener {
 public:
  // `identity` is the seed of the transport key that is shown to the sources. Blocks go to
  // `events`, what has been checked here to `push`, which hands it to the replica's thread. All
  // outlive this.
  Sources(const SecretSeed* identity, const LedgerId& ledger, const replica::Store* store,
          replica::Intake* intake, replica::PeerEvents* events,
          std::function<void(replica::Input)> push);
  ~Sources() override { Stop(); }

  // Begins to ask. Once.
  void Start(const std::vector<SourceAddress>& addresses);
  // Nothing is told after it.
  void Stop();

  // Nobody listens to a mirror.
  void Send(const MemberCode&, replica::MessageBytes) override {}
  void RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) override;
  void CancelBlocks(const MemberCode& from) override;

  // In the order of their names.
  std::vector<network::LinkStatus> Status() const;

 private:
  std::optional<PublicKey> KeyOf(const SourceAddress& address) override;
  void OnHeight(const MemberCode& source, Height height) override;
  Height CheckpointHeight() override;
  void OnCheckpoint(const MemberCode& source, Height height, const std::string& note) override;

  const transport::Certificate certificate_;
  const LedgerId ledger_;
  const replica::Store* const store_;
  replica::Intake* const intake_;
  replica::PeerEvents* const events_;
  const std::function<void(replica::Input)> push_;
  // Filled before any of them is started, and not changed any more.
  std::map<MemberCode, std::unique_ptr<Source>> sources_;
};

}  // namespace assent::mirror

#endif  // ASSENT_NODE_MIRROR_SOURCES_H_
