// A node that was away takes final blocks by range. A range is believed only as a whole: its blocks
// are executed one on the other, and count when one comes that carries a good certificate.
// protocol.md, "Catching up".
#ifndef ASSENT_NODE_REPLICA_CATCH_UP_H_
#define ASSENT_NODE_REPLICA_CATCH_UP_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/types.h"
#include "node/execution/execution.h"
#include "node/replica/codec.h"
#include "node/replica/peers.h"

namespace assent::replica {

// One thread.
class CatchUp {
 public:
  static constexpr std::uint32_t kBlocksPerRequest = 1'024;
  static constexpr std::size_t kUncertifiedMax = 4'096;  // blocks held until a certificate comes
  static constexpr std::size_t kUncertifiedBytesMax = 256 * 1024 * 1024;  // their entries
  static constexpr std::int64_t kRetryUs = 1'000'000;  // before a peer that failed is asked again

  CatchUp(const execution::Executor* executor, Peers* peers) : executor_(executor), peers_(peers) {}

  // A peer said that it has final blocks up to `height`.
  void PeerHas(const MemberCode& peer, Height height);
  // Asks a peer, if none is being asked and one has more than `tip`. `preferred` is asked whatever
  // it said.
  void Advance(const execution::ExecutedPtr& tip, std::int64_t monotonic_us,
               const std::optional<MemberCode>& preferred = std::nullopt);

  // Executed blocks that are final by a certificate: the last of them carries it.
  struct Segment {
    std::vector<execution::ExecutedPtr> blocks;
    consensus::CertificatePtr certificate;
  };
  // Takes one block whose signatures are good. Gives a segment when it completes one.
  // InvalidArgument: the server sent something wrong; what was held of its range is dropped.
  absl::StatusOr<std::optional<Segment>> OnBlock(const MemberCode& from, FinalBlockParts parts,
                                                 const execution::ExecutedPtr& tip);
  // The range ended.
  void OnEnd(const MemberCode& from, const absl::Status& status, std::int64_t monotonic_us);

  bool running() const { return source_.has_value(); }
  // When Advance has something to do that it could not do before; nothing while a request is under
  // way.
  std::optional<std::int64_t> deadline_us() const { return source_ ? std::nullopt : retry_at_us_; }
  const std::map<MemberCode, Height>& peer_heights() const { return heights_; }

 private:
  // Drops of what is held that which the tip has reached by itself.
  void Rebase(const execution::ExecutedPtr& tip);
  void Forget();

  const execution::Executor* const executor_;
  Peers* const peers_;

  std::map<MemberCode, Height> heights_;          // as they last told
  std::map<MemberCode, std::int64_t> failed_at_;  // last failure of a peer
  std::optional<MemberCode> source_;              // who is being asked
  bool source_faulty_ = false;  // sent something wrong: the rest of its range is ignored
  bool progressed_ = false;     // its range has brought us further
  std::vector<execution::ExecutedPtr> held_;  // executed, not certified yet
  std::size_t held_bytes_ = 0;
  std::optional<std::int64_t> retry_at_us_;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_CATCH_UP_H_
