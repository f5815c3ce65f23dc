// A node around the real replica: rules, pool, execution, catch-up and checkpoints are what runs in
// production. Its disk, clock and streams are simulated.
#ifndef ASSENT_TESTS_SIMULATION_REPLICA_NODE_H_
#define ASSENT_TESTS_SIMULATION_REPLICA_NODE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/replica/replica.h"
#include "tests/simulation/attackers/attacker.h"
#include "tests/simulation/failing_store.h"
#include "tests/simulation/ledger_parts.h"
#include "tests/simulation/machine.h"

namespace assent::simulation {

class ReplicaNode : public Machine,
                    public replica::Peers,
                    public replica::Clock,
                    public replica::CommitListener,
                    public replica::Log {
 public:
  // What a client is told of an entry that it handed in.
  using Told = std::function<void(const replica::SubmitOutcome&)>;

  // `parts` outlives it. `id` is the machine's, `member` the place of the state whose node it is.
  ReplicaNode(const Setting& setting, LedgerParts* parts, NodeId id, NodeId member,
              const AttackerKind* attacker, Random random);

  void Start() override;
  void Crash() override;
  void Wipe() override;
  bool up() const override { return replica_ != nullptr; }
  bool restoring() const override;
  void Link(NodeId peer, bool up) override;
  void Submit(const EntryPtr& entry) override { Submit(entry, {}); }
  void Submit(const EntryPtr& entry, Told told);
  std::string Describe() const override;
  bool belongs() const override;

  // Runs with the keys of this generation from its next start on.
  void SetKeys(std::size_t generation);
  std::optional<std::size_t> keys() const { return generation_; }
  // Stays down until it is let go.
  void Hold(bool held) { held_ = held; }
  const NodeKeys& node_keys() const { return parts_->states[member_].node(*generation_); }
  // Up, and its operator can do something with it.
  bool at_hand() const;
  Epoch epoch() const { return replica_->Status().epoch; }
  bool voting() const { return replica_->Status().mode == replica::Mode::kVoting; }
  // The draft of an act of the members, and an act that is given to it, with the word that it has
  // never voted in the epoch that begins. `told` when it has been written, or refused; never when
  // the node dies meanwhile. While it is at hand.
  absl::StatusOr<std::string> DraftRestart();
  void GiveRestart(const replica::RestartPtr& act, bool never_voted,
                   std::function<void(const absl::Status&)> told);
  // What it holds, up or not.
  std::shared_ptr<const replica::ReadView> view() const { return store_->Written(); }
  // What is read of it: the same, but where its disk is rotten.
  std::shared_ptr<const replica::ReadView> shown() const { return store_->Read(); }
  bool rotten() const { return disk_.rotten(); }
  // True when it knows the other's key, and so would talk to it and hear it.
  bool Knows(const ReplicaNode& other) const;

 private:
  static constexpr Duration kRangePatience = Seconds(5);

  // replica::Peers
  void Send(const MemberCode& to, replica::MessageBytes message) override;
  void RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) override;
  void CancelBlocks(const MemberCode& from) override;
  // replica::Clock
  Time Wall() const override;
  std::int64_t MonotonicUs() const override { return setting_.world->now_us(); }
  // replica::CommitListener
  void OnCommit(Height height, std::uint64_t tree_size) override;
  void OnMembersChanged() override;
  // replica::Log
  void Write(replica::LogLevel level, std::string_view event,
             std::initializer_list<replica::LogField> fields) override;

  const MemberCode& code() const { return parts_->states[member_].code(); }
  const MemberCode& CodeOf(NodeId machine) const { return parts_->nodes[machine]->code(); }
  bool hostile() const { return attacker_ != nullptr; }
  bool place_votes() const { return intake_->epoch()->voters().Find(code()).has_value(); }
  void NewStore(bool founding);
  // Says so when it is not the disk's doing, and returns false.
  bool CheckStop(const absl::Status& status);
  void Die() override;
  void CheckRevision(const replica::ReadView& newest);
  void Take(replica::InputKind input);
  void EndTurn();
  void Arrive(NodeId from, const replica::MessageBytes& message);
  void SendBytes(const MemberCode& to, const replica::MessageBytes& message);
  void SendLetters(const std::vector<Letter>& letters);
  void Post(const MemberCode& to, const std::string& bytes);
  void TellEpoch();
  void SendHostile(const MemberCode& to, replica::PeerMessage message);
  void Observe(const replica::PeerMessage& message);
  void ObserveCommits();
  std::vector<std::string> Serve(Height first, std::uint32_t max_blocks);
  void EndRange(const MemberCode& from, std::uint64_t request, const absl::Status& status);

  LedgerParts* const parts_;
  const NodeId member_;
  const AttackerKind* const kind_;  // null: honest
  std::unique_ptr<Attacker> attacker_;
  Epoch told_epoch_;  // the attacker knows of this one
  std::unique_ptr<FailingStore> store_;
  std::optional<std::size_t> generation_;  // of its keys; nothing while it is not to run
  bool held_ = false;
  std::uint64_t seen_height_ = 0;  // blocks up to here were shown to the checker

  // Lost in a crash.
  std::unique_ptr<replica::Intake> intake_;
  std::unique_ptr<replica::Replica> replica_;
  bool turn_due_ = false;
  bool dying_ = false;      // in its last turn: no client hears what it answers
  std::uint64_t wake_ = 0;  // the newest wake-up counts
  std::uint64_t range_requests_ = 0;
  std::uint64_t range_open_ = 0;  // number of the request under way; 0: none
  // The newest message, shown to the checker: as bytes, and what they say.
  replica::MessageBytes observed_;
  std::optional<replica::PeerMessage> observed_says_;
  std::map<MemberCode, PublicKey> roster_;  // members' transport keys, as it knows them
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_REPLICA_NODE_H_
