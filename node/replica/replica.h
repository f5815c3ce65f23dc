// Joins ordering, pool and execution on one thread: inputs in turns, one synchronous write a turn,
// then what that write allows to be said. When a block closes an epoch, a core for the next one
// takes over in the same turn. The simulation runs this very class.
#ifndef ASSENT_NODE_REPLICA_REPLICA_H_
#define ASSENT_NODE_REPLICA_REPLICA_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "ledger/act/founding_act.h"
#include "ledger/crypto/keys.h"
#include "node/consensus/core.h"
#include "node/execution/execution.h"
#include "node/pool/pool.h"
#include "node/replica/catch_up.h"
#include "node/replica/checkpoint_book.h"
#include "node/replica/clock.h"
#include "node/replica/codec.h"
#include "node/replica/committed_state.h"
#include "node/replica/early_entries.h"
#include "node/replica/intake.h"
#include "node/replica/log.h"
#include "node/replica/peers.h"
#include "node/replica/restart.h"
#include "node/replica/store.h"
#include "node/replica/submissions.h"
#include "node/replica/submit.h"
#include "node/replica/vitals.h"

namespace assent::replica {

// What the replica is told once.
struct ReplicaConfig {
  LedgerId ledger;
  std::string origin;
  MemberCode self;  // empty for a node of no member
  // The node's own, that outlive the replica. It votes in the epochs whose voters have this vote
  // key under `self`. Null when `self` is empty.
  const SigningKey* vote_key = nullptr;
  const SigningKey* checkpoint_key = nullptr;
  consensus::Timing timing;                 // heartbeat and clock skew are those of the ledger
  consensus::Nonce nonce;                   // random, new at every start
  consensus::Observer* observer = nullptr;  // of its cores; outlives the replica
  // Entries of one author that are taken in a second; from peers twice as many, since there are
  // several that may pass some on. 0: as many as come.
  std::uint32_t author_entries_per_second = 0;
};

// Inputs. Those from outside have been checked by Intake.
struct PeerConnected {
  MemberCode peer;
};
struct PeerDisconnected {
  MemberCode peer;
};
struct FromPeer {
  MemberCode from;
  PeerInput input;
};
struct RangeBlock {
  MemberCode from;
  CatchUpBlock block;
};
struct RangeEnd {
  MemberCode from;
  absl::Status status;
};
struct HeadAsked {
  MemberCode author;
  std::function<void(std::optional<AuthorHead>)> done;
};
// The operator gives an act. `done` is called once: true when its epoch is entered, or false when
// the named block is not here yet. FailedPrecondition: this node holds what the act would make
// void.
struct RestartGiven {
  RestartPtr restart;
  bool never_voted = false;
  std::function<void(absl::StatusOr<bool>)> done;
};
// The operator asks for the draft of an act. `done` gets a serialized assent.v1.RestartAct.
struct RestartDraftAsked {
  std::function<void(absl::StatusOr<std::string>)> done;
};
using InputKind = std::variant<PeerConnected, PeerDisconnected, FromPeer, RangeBlock, RangeEnd,
                               Submitted, HeadAsked, RestartGiven, RestartDraftAsked>;
// `share` is released when the input has been handled: whoever pushed it counts what is under way.
struct Input {
  InputKind kind;
  std::shared_ptr<void> share;
};

// One thread, but for Status() and vitals(). After construction: Start(), then any number of turns:
// Handle() for each input, EndTurn(), and again at next_deadline_us() at the latest.
class Replica : public StatusSource {
 public:
  static constexpr std::int64_t kHousekeepingUs = 1'000'000;  // expiry of what waits
  // Between answers to one peer that is in another epoch.
  static constexpr std::int64_t kOtherEpochUs = 1'000'000;
  // Entries of an author that are taken from peers, over what one node takes of it from clients.
  static constexpr std::uint32_t kPassedOnRate = 2;
  // Waiting entries that are sent again at once.
  static constexpr std::size_t kResendEntriesMax = 1'024;
  static constexpr std::size_t kResendBytesMax = 1024 * 1024;

  // All that it is given outlives it. `intake` is told the epoch and the keys in force.
  Replica(ReplicaConfig config, Store* store, Peers* peers, const Clock* clock, Log* log,
          CommitListener* listener, Intake* intake);
  ~Replica() override;

  // Recovers from the store. DataLoss: the journal or log is damaged.
  absl::Status Start();
  void Handle(Input input);
  // Writes what the turn decided and then says it. An error is final: the node must stop.
  absl::Status EndTurn();
  // Microseconds of the monotonic clock; nothing when only an input can bring news.
  std::optional<std::int64_t> next_deadline_us() const;

  ReplicaStatus Status() const override;
  // Any thread; a copy of a recent state.
  Vitals vitals() const;

 private:
  void On(PeerConnected input);
  void On(PeerDisconnected input);
  void On(FromPeer input);
  void On(RangeBlock input);
  void On(RangeEnd input);
  void On(Submitted input);
  void On(HeadAsked input);
  void On(RestartGiven input);
  void On(RestartDraftAsked input);
  void OnPeer(const MemberCode& from, HelloSeen hello);
  void TakeLaterVote(const SignedStatement& vote);
  void OnPeer(const MemberCode& from, WaitingEntries entries);
  void OnPeer(const MemberCode& from, const SignedTree& tree);
  void OnPeer(const MemberCode& from, CoreInput input);
  void OnPeer(const MemberCode& from, const OtherEpochSeen& seen);
  void OnPeer(const MemberCode& from, const RestartPtr& restart);
  void Greet(const MemberCode& peer);

  // The epoch that follows the tip, which is committed, from its first view or from where the
  // certificate of the tip leads.
  absl::Status MakeCore();
  // The core is over: the next epoch begins.
  void EnterEpoch();
  // --- replica_restart.cc: an act of the members starts an epoch at a named block
  // Ok when nothing that is final here, or may be, would be void. FailedPrecondition.
  absl::Status CheckMayRestart(const GivenRestart& restart) const;
  // Ok when it comes with the certificate of the block that it names, or that block needs none: an
  // epoch began on it. FailedPrecondition.
  absl::Status CheckShown(const GivenRestart& restart) const;
  // Writes the act down; from then on this node votes no more in the epochs before.
  void TakeRestart(const RestartPtr& restart, bool never_voted);
  // The operator's word on an act that is held.
  void TakeWord(RestartRecord& restart);
  // Ends the epoch at the block that an act names, if that is of it.
  void EndEpochByAct();
  absl::StatusOr<std::string> DraftOfRestart() const;
  // Members or their keys have changed, or may have.
  void TellMembers();
  // What the committed state says of heartbeat and clock skew.
  void TakePace();
  // While an epoch has been closed and the next not been entered nobody is asked for blocks.
  void AdvanceCatchUp(const std::optional<MemberCode>& preferred = std::nullopt);
  const VoterSet& voters() const { return epoch_->voters(); }

  consensus::Now Now() const;
  // Runs the core until it wants no answer from execution any more.
  void Step(consensus::Event event);
  void Do(consensus::Effects effects, std::deque<consensus::Event>& answers);
  void KeepEvidence(const std::vector<consensus::Evidence>& evidence);
  consensus::Event Build(const consensus::BuildRequest& request);
  consensus::Event Validate(const consensus::ValidateRequest& request);
  void NoteClock(const BlockHeader& header);
  void Deliver(const consensus::FinalBlock& block);
  // `block` follows the tip and is final: it goes into the turn's write.
  void Commit(const execution::ExecutedPtr& block, std::string certificate,
              std::vector<std::string> tail);
  void AfterWrite(const std::vector<CommittedBlock>& blocks);
  void Answer(const std::vector<pool::Dropped>& dropped);
  // False: it waits for the one before it, which nobody has brought yet.
  bool Offer(Submitted submitted, bool may_wait);
  // What the pool says of it.
  pool::AddResult AddToPool(const EntryPtr& entry, std::optional<quota::RateLimit>& rate);
  void AnswerFinal(Submitted submitted);
  void Housekeep();
  // Tells the core when entries came, or whether any wait is no longer what it was told.
  void TellWork();
  bool WorkIsNews() const { return work_arrived_ || told_pending_ == pool_.empty(); }
  // Of the first `tree_size` entries that are stored; nothing when there are fewer.
  std::optional<Hash> RootOf(std::uint64_t tree_size) const;
  bool MayLag() const;
  void Repeat(const std::optional<MemberCode>& to);
  void PassOn();
  void SendEntries(const std::vector<EntryPtr>& entries, const std::optional<MemberCode>& to);
  void SendToAll(std::string bytes);
  void Take(CheckpointBook::Outcome outcome);
  void PublishStatus();
  std::string EncodeFinal(const consensus::CertificatePtr& certificate) const;
  void Fail(absl::Status status);

  const ReplicaConfig config_;
  Store* const store_;
  Peers* const peers_;
  const Clock* const clock_;
  Log* const log_;
  CommitListener* const listener_;
  Intake* const intake_;

  CommittedState committed_;
  execution::Executor executor_;
  pool::Pool pool_;
  std::optional<quota::RateLimit> submitted_rate_;  // of one author, at this node
  std::optional<quota::RateLimit> passed_on_rate_;  // by its peers
  std::shared_ptr<EpochContext> epoch_;
  std::optional<RestartRecord> restarted_by_;  // the act that began this epoch
  std::optional<RestartRecord> next_restart_;  // an act whose epoch is not entered yet
  bool reenter_ = false;  // this epoch, whose act has come with the operator's word
  std::optional<consensus::Position> position_;  // own place among the voters
  std::unique_ptr<consensus::Core> core_;
  std::unique_ptr<CheckpointBook> checkpoints_;
  std::unique_ptr<CheckpointBook> closed_checkpoints_;  // of the epoch before, for its last tree
  CatchUp catch_up_;
  std::set<MemberCode> connected_;  // peers to which the own stream is up
  std::set<MemberCode> greeted_;    // peers whose Hello has come, since the start
  Epoch voted_in_;  // the latest after the own one in which this node is shown to have voted
  std::map<MemberCode, std::int64_t> other_epoch_us_;  // when one was last heard in another epoch
  Submissions submissions_;
  EarlyEntries early_;

  // Blocks under way that were executed, by hash; the tip among them.
  std::map<Hash, execution::ExecutedPtr> executed_;
  execution::ExecutedPtr tip_;  // the newest final block, the turn's included

  // What the turn has gathered.
  Batch batch_;
  std::vector<Time> parent_times_;                                         // of batch_.blocks
  std::vector<std::pair<std::optional<MemberCode>, std::string>> outbox_;  // after the write
  std::vector<EntryPtr> to_pass_on_;  // entries submitted here, not yet sent to the peers
  // Told of an act after the write, with the epoch that it begins.
  std::vector<std::pair<Epoch, std::function<void(absl::StatusOr<bool>)>>> restarts_told_;
  bool work_arrived_ = false;
  bool told_pending_ = false;       // what the core was told last of waiting entries
  bool refused_under_way_ = false;  // an entry was, after a block not final: try again when it is
  absl::Status failure_;

  std::optional<std::int64_t> core_deadline_us_;
  Duration max_clock_skew_;
  std::int64_t next_housekeeping_us_ = 0;
  std::uint64_t evidence_ = 0;

  mutable std::mutex status_mutex_;
  ReplicaStatus status_;
  Vitals vitals_;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_REPLICA_H_
