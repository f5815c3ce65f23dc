// A node around the real replica: rules, pool, execution, catch-up and checkpoints are what runs in
// production. Its disk, clock and streams are simulated.
#ifndef ASSENT_TESTS_SIMULATION_REPLICA_NODE_H_
#define ASSENT_TESTS_SIMULATION_REPLICA_NODE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "node/replica/replica.h"
#include "node/storage/memory_store.h"
#include "tests/simulation/stage.h"
#include "tests/support/test_ledger.h"

namespace assent::simulation {

// A disk whose power can fail: then the write that is under way has happened or not, and its writer
// does not live to know. Tells the checker of evidence that is written.
class FailingStore : public replica::Store {
 public:
  enum class Power { kOn, kFailsBeforeWrite, kFailsAfterWrite };

  FailingStore(const rules::Genesis& genesis, bool founding, Checker* checker, NodeId owner)
      : store_(genesis, founding), checker_(checker), owner_(owner) {}
  void set_power(Power power) { power_ = power; }

  absl::Status Write(const replica::Batch& batch) override;
  std::shared_ptr<const replica::ReadView> Read() const override { return store_.Read(); }
  absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const override {
    return store_.ReadJournal(visit);
  }
  bool restoring() const override { return store_.restoring(); }

 private:
  storage::MemoryStore store_;
  Checker* const checker_;
  const NodeId owner_;
  Power power_ = Power::kOn;
};

// Nodes take heartbeat and clock skew from the ledger.
inline ActParameters ParametersFor(const consensus::Timing& timing) {
  ActParameters parameters;
  parameters.heartbeat = timing.heartbeat;
  parameters.max_clock_skew = timing.max_clock_skew;
  return parameters;
}

// What the nodes of a real ledger share.
struct LedgerParts {
  LedgerParts(std::size_t count, const consensus::Timing& timing)
      : ledger(count, ParametersFor(timing)),
        genesis(rules::MakeGenesis(ledger.act)),
        voters(ledger.act.voters()) {}
  testing::TestLedger ledger;
  rules::Genesis genesis;
  VoterSet voters;
  std::vector<class ReplicaNode*> nodes;
};

class ReplicaNode : public SimNode,
                    public replica::Peers,
                    public replica::Clock,
                    public replica::CommitListener,
                    public replica::Log {
 public:
  // `parts` outlives it.
  ReplicaNode(const Setting& setting, const LedgerParts* parts, NodeId id, Attack attack,
              Random random);

  void Start() override;
  void Crash() override;
  void AtNextWrite(std::function<void()> crash) override { at_next_write_ = std::move(crash); }
  void Wipe() override;
  bool up() const override { return replica_ != nullptr; }
  bool restoring() const override;
  void Link(NodeId peer, bool up) override;
  void Submit(const consensus::EntryPtr& entry) override;
  std::string Describe() const override;

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
  // replica::Log
  void Write(replica::LogLevel level, std::string_view event,
             std::initializer_list<replica::LogField> fields) override;

  const MemberCode& code() const { return parts_->ledger.states[id_].code; }
  void Later(Duration delay, std::function<void()> action);
  void Take(replica::InputKind input);
  void EndTurn();
  void Arrive(NodeId from, const replica::MessageBytes& message);
  void SendBytes(NodeId to, replica::MessageBytes message);
  void SendLetters(const std::vector<Letter>& letters);
  void Observe(const replica::PeerMessage& message);
  void ObserveCommits();
  std::vector<std::string> Serve(Height first, std::uint32_t max_blocks) const;
  void EndRange(const MemberCode& from, std::uint64_t request, const absl::Status& status);

  const Setting setting_;
  const LedgerParts* const parts_;
  const NodeId id_;
  Attacker attacker_;
  Random random_;
  const Duration skew_;
  std::unique_ptr<FailingStore> store_;
  std::uint64_t seen_height_ = 0;  // blocks up to here were shown to the checker

  // Lost in a crash.
  std::function<void()> at_next_write_;
  std::uint64_t life_ = 0;
  std::unique_ptr<replica::Intake> intake_;
  std::unique_ptr<replica::Replica> replica_;
  bool turn_due_ = false;
  std::uint64_t wake_ = 0;  // the newest wake-up counts
  std::uint64_t range_requests_ = 0;
  std::uint64_t range_open_ = 0;  // number of the request under way; 0: none
  replica::MessageBytes observed_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_REPLICA_NODE_H_
