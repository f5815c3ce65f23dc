// One node that a mirror copies: a member's, or another mirror, asked at its clients' port like any
// reader would.
#ifndef ASSENT_NODE_MIRROR_SOURCE_H_
#define ASSENT_NODE_MIRROR_SOURCE_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "assent/v1/ledger.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "ledger/bytes.h"
#include "ledger/types.h"
#include "node/network/backoff.h"
#include "node/network/peer_address.h"
#include "node/replica/peers.h"
#include "transport/certificate.h"

namespace assent::mirror {

struct SourceAddress {
  MemberCode name;       // the member whose node it is, or what the operator calls it
  std::string endpoint;  // host:port
  std::optional<PublicKey> transport_key;  // nothing: that of the member's node, as the ledger says
};

// Has a thread on which it asks and tells. Nothing of what it tells has been checked, but that it
// comes from the owner of the key. Construction, Start and Stop: one thread; all else: any.
class Source {
 public:
  // What a source says; called on its thread, which may be held back. Blocks come by
  // replica::PeerEvents.
  class Listener {
   public:
    virtual ~Listener() = default;
    // The key that it must show; nothing when that is not known.
    virtual std::optional<PublicKey> KeyOf(const SourceAddress& address) = 0;
    // It says that it has final blocks up to `height`.
    virtual void OnHeight(const MemberCode& source, Height height) = 0;
    // Height of the newest public checkpoint here: older ones are not asked for.
    virtual Height CheckpointHeight() = 0;
    // A public checkpoint, a note of the block at `height`.
    virtual void OnCheckpoint(const MemberCode& source, Height height, const std::string& note) = 0;
  };

  // `own` is shown to the source. All outlive this.
  Source(SourceAddress address, const LedgerId& ledger, const transport::Certificate* own,
         Listener* listener, replica::PeerEvents* events);
  ~Source() { Stop(); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // Begins to ask. Once.
  void Start() {
    thread_ = std::thread([this] { Run(); });
  }
  // As replica::Peers has them.
  void RequestBlocks(Height first, std::uint32_t max_blocks);
  void CancelBlocks();
  network::LinkStatus Status() const;
  // Nothing is told after it.
  void Stop();

  const SourceAddress& address() const { return address_; }

 private:
  struct Request {
    Height first;
    std::uint32_t max_blocks = 0;
  };
  // The key that handshakes compare with. Outlives the channel, which gRPC may keep for a moment.
  struct Pinned {
    std::mutex mutex;
    std::optional<PublicKey> key;
  };

  void Run();
  void Poll();
  absl::Status AskForHeight(Height& height);
  void AskForCheckpoint();
  void Fetch(const Request& request);
  absl::Status ReadBlocks(const Request& request);
  void Tell(const absl::Status& status);
  // A context that Stop and CancelBlocks reach; null when this stops.
  std::unique_ptr<grpc::ClientContext> BeginCall();
  void EndCall();

  const SourceAddress address_;
  const LedgerId ledger_;
  Listener* const listener_;
  replica::PeerEvents* const events_;
  const std::shared_ptr<Pinned> pinned_ = std::make_shared<Pinned>();
  std::unique_ptr<v1::Ledger::Stub> stub_;
  network::Backoff backoff_;  // of the thread

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;                // all guarded by mutex_
  std::optional<Request> request_;       // waits or is under way
  bool fetching_ = false;                // it is under way
  bool cancelled_ = false;               // and not wanted any more
  grpc::ClientContext* call_ = nullptr;  // what the thread waits for
  std::optional<absl::Status> state_;    // how the last question ended
  std::string withheld_;                 // why its blocks are of no use; empty while they are
  std::thread thread_;
};

}  // namespace assent::mirror

#endif  // ASSENT_NODE_MIRROR_SOURCE_H_
