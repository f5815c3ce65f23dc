// A node that was away takes final blocks by range. Nothing of a range is looked at closely before
// a certificate shows that its blocks are final: until then they are held, and only their hashes
// must follow each other. docs/protocol.md, "Standstill, missing blocks,
// catching up".
#ifndef ASSENT_NODE_REPLICA_CATCH_UP_H_
#define ASSENT_NODE_REPLICA_CATCH_UP_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/types.h"
#include "node/execution/execution.h"
#include "node/replica/codec.h"
#include "node/replica/peers.h"
#include "node/replica/restart.h"

namespace assent::replica {

// One peer is asked at a time. Who sends something wrong, or brings this node too little further in
// a given time, is left for another, and comes after all others from then on: so a hostile peer
// costs a limited time, once, whatever it claims to have. One thread.
class CatchUp {
 public:
  static constexpr std::uint32_t kBlocksPerRequest = 1'024;
  static constexpr std::size_t kUncertifiedMax = 4'096;  // blocks held until a certificate comes
  static constexpr std::size_t kUncertifiedBytesMax = 64 * 1024 * 1024;  // their entries
  static constexpr std::int64_t kRetryFirstUs = 1'000'000;  // before who failed is asked again,
  static constexpr std::int64_t kRetryMaxUs = 60'000'000;   // doubled each time up to this
  static constexpr std::int64_t kStallUs = 15'000'000;      // without a new final block
  static constexpr std::int64_t kRangeUs = 60'000'000;      // for one request

  CatchUp(const execution::Executor* executor, Peers* peers) : executor_(executor), peers_(peers) {}

  // A peer said that it has final blocks up to `height`.
  void PeerHas(const MemberCode& peer, Height height);
  // Leaves a source that is too slow. Asks a peer, if none is being asked and one has more than
  // `tip`. `preferred` is asked whatever it said.
  void Advance(const execution::ExecutedPtr& tip, std::int64_t monotonic_us,
               const std::optional<MemberCode>& preferred = std::nullopt);

  // Executed blocks that are final by a certificate, which is for the last of them, or by an act of
  // the members that names that one.
  struct Segment {
    std::vector<execution::ExecutedPtr> blocks;  // none when an act names the tip
    consensus::CertificatePtr certificate;
    std::vector<std::string> tail;  // of the last of them, if it closes the epoch
    RestartPtr restart;             // an act that is news
  };
  // Takes one block whose signatures are good. Gives a segment when it completes one. `act`: what
  // is wrong with the act that it brings, seen from the block that this names.
  // InvalidArgument: the server sent something wrong; it is left. DataLoss: a quorum has certified
  // what this node finds invalid; it must stop.
  absl::StatusOr<std::optional<Segment>> OnBlock(const MemberCode& from, FinalBlockParts parts,
                                                 const execution::ExecutedPtr& tip,
                                                 std::int64_t monotonic_us,
                                                 const absl::Status& act = absl::OkStatus());
  // An act of the members ends the epoch at this block: it needs no certificate.
  void EndAt(const Hash& block) { ends_at_ = block; }
  // The range ended.
  void OnEnd(const MemberCode& from, const absl::Status& status, std::int64_t monotonic_us);

  bool running() const { return source_.has_value(); }
  // When Advance has something to do that it could not do before.
  std::optional<std::int64_t> deadline_us() const;
  // As they last told, or less where a peer could not show it.
  std::map<MemberCode, Height> peer_heights() const;

 private:
  struct Peer {
    Height height;  // what it claims
    int failures = 0;
    std::int64_t failed_us = 0;
    std::int64_t again_us() const;  // when it may be asked again
  };
  // Who is being asked.
  struct Source {
    MemberCode peer;
    std::int64_t since_us = 0;
    std::int64_t progress_us = 0;  // when it last brought a final block
    bool progressed = false;
    std::int64_t late_us() const;
  };

  // Drops of what is held that which the tip has reached by itself.
  void Rebase(const execution::ExecutedPtr& tip);
  void Forget();
  // The source has failed: its request is cancelled.
  void Leave(std::int64_t monotonic_us);
  void Failed(const MemberCode& peer, std::int64_t monotonic_us);
  absl::StatusOr<Segment> Execute(const execution::ExecutedPtr& tip,
                                  consensus::CertificatePtr certificate);
  // What is held is final by an act.
  absl::StatusOr<std::optional<Segment>> ByAct(const execution::ExecutedPtr& tip, RestartPtr act,
                                               std::int64_t monotonic_us);

  const execution::Executor* const executor_;
  Peers* const peers_;

  std::map<MemberCode, Peer> known_;
  std::optional<Source> source_;
  std::optional<Hash> ends_at_;
  std::vector<FinalBlockParts> held_;  // follow each other and the tip; not certified yet
  Hash held_hash_;                     // of the last of them
  std::size_t held_bytes_ = 0;
  std::optional<std::int64_t> retry_at_us_;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_CATCH_UP_H_
