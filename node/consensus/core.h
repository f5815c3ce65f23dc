// The ordering protocol as a pure, deterministic state machine: events in, effects out.
// SPECIFICATION.md, beside this file, says rule by rule what it does and why.
#ifndef ASSENT_NODE_CONSENSUS_CORE_H_
#define ASSENT_NODE_CONSENSUS_CORE_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "node/consensus/config.h"
#include "node/consensus/effects.h"
#include "node/consensus/journal.h"
#include "node/consensus/messages.h"
#include "node/consensus/verifier.h"

namespace assent::consensus {

// Time has passed.
struct Tick {};
// The own stream to a voter is up or down.
struct PeerUp {
  Position peer = 0;
};
struct PeerDown {
  Position peer = 0;
};
// A verified message of the voter `from`, over whose stream it came.
template <class T>
struct Received {
  Position from = 0;
  Verified<T> message;
};
// Requests carry no signature: the stream says who asks.
struct RequestReceived {
  Position from = 0;
  std::variant<CertificateRequest, BlockRequest, RestoreRequest> request;
};
// A peer's Hello gave this back as the newest vote that it holds of this node.
struct OwnVoteSeen {
  Verified<Vote> vote;
};
// The answer to a BuildRequest.
struct BlockBuilt {
  View view;
  Hash parent;
  // Nothing: there was nothing to put into a block. The leader signature is filled in by the core.
  std::optional<Block> block;
};
// What a block is found to be on its parent's state.
enum class Verdict {
  kValid,
  kInvalid,    // its header cannot be true: with whatever entries, it stays so
  kOtherBody,  // the entries are not those that its header speaks of: another sender may have them
};
// The answer to a ValidateRequest.
struct BlockValidated {
  Hash hash;
  Verdict verdict = Verdict::kInvalid;
  std::string reason;  // when it is not valid
};
// An entry arrived, or the last one left. `pending`: entries wait that are not final. Tell it at
// every arrival: a leader that had nothing to propose asks again.
struct WorkChanged {
  bool pending = false;
};
// Final blocks up to `tip` were committed other than by Effects::deliver. Comes before any other
// event.
struct FinalByCatchUp {
  FinalTip tip;
};
// An act of the members starts a later epoch on this block: from now on nothing is voted or
// proposed here, nor does anything become final but the block and those before it. Must be given
// again after a restart.
struct EndAt {
  Hash block;
};

using Event = std::variant<Tick, PeerUp, PeerDown, Received<Proposal>, Received<Vote>,
                           Received<CertificateMessage>, Received<BlockResponse>,
                           Received<RestoreResponse>, RequestReceived, OwnVoteSeen, BlockBuilt,
                           BlockValidated, WorkChanged, FinalByCatchUp, EndAt>;

// Sees of what a core is made, what it is told and what it does, so that a run can be held against
// the rules (tests/model). On the core's thread; it must not call the core.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void Made(const Config& config) = 0;
  virtual void Took(const Event& event) = 0;
  virtual void Did(const Effects& effects) = 0;
};

// One epoch of the protocol on one node. One thread. When the block that closes the epoch has been
// delivered the core is over: it does nothing more, and a new one takes the next epoch up.
//
// After construction: Recover() with what the journal holds, then Step(now, Tick()).
class Core {
 public:
  explicit Core(Config config);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Takes the journal's records in key order; those of other epochs are ignored. DataLoss: a record
  // is damaged; the node must not vote.
  absl::Status Recover(const std::vector<JournalRecord>& records);

  // Takes one event. `now` never goes back in `mono`.
  Effects Step(const Now& now, Event event);

  // A revision has changed them: from the next Step on. All nodes do so at the same block.
  void SetPace(Duration heartbeat, Duration max_clock_skew);

  // For Hello: the newest vote held of a voter.
  std::optional<Vote> NewestVoteOf(Position voter) const;

  // For status pages.
  Epoch epoch() const;
  View view() const;
  const FinalTip& final_tip() const;
  // The epoch's closing block is final, or the block at which the members end it.
  bool over() const;
  // The block of the highest view that is held, valid and notarized, with all before it: what is
  // final, here or anywhere, is that one or before it, unless others hold one of a higher view.
  // Nothing when that is the final tip.
  struct Notarized {
    BlockPtr block;
    CertificatePtr certificate;
  };
  std::optional<Notarized> highest_notarized() const;
  // The highest view above the final one in which this node has cast a Finalize vote for a block
  // that would be void if the epoch ended at `block` of `view`; 0 when there is none. That block
  // may be final without this node knowing it.
  View finalize_voted_beyond(const Hash& block, View view) const;
  bool restoring() const;
  // First view in which this node votes; 0 while that is not known.
  View votes_from() const;
  // Is anything to be done? An idle ledger has no work and no timer but the heartbeat's.
  bool has_work() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_CORE_H_
