// A node around a real consensus core: its disk, its pool and its driver are simulated. The driver
// honours the contract at consensus::Effects, with as much delay between a write and its success as
// there can be.
#ifndef ASSENT_TESTS_SIMULATION_CORE_NODE_H_
#define ASSENT_TESTS_SIMULATION_CORE_NODE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "node/consensus/core.h"
#include "node/replica/codec.h"
#include "tests/simulation/machine.h"
#include "tests/simulation/toy_ledger.h"

namespace assent::simulation {

// Between nodes, beside the core's own messages.
struct Greeting {
  std::optional<consensus::Vote> newest_vote_of_yours;
};
struct Gossip {
  std::vector<EntryPtr> entries;
};
struct RangeRequest {
  Height from;
};
struct Range {
  std::vector<consensus::FinalBlock> blocks;
};

// What goes over the simulated wire. Its signatures are checked once for all receivers.
using Content = std::variant<consensus::Message, Greeting, Gossip, RangeRequest, Range>;
struct Packet {
  Content content;
  mutable std::variant<std::monostate, consensus::Verified<consensus::Proposal>,
                       consensus::Verified<consensus::Vote>,
                       consensus::Verified<consensus::BlockResponse>>
      verified;
};
using PacketPtr = std::shared_ptr<const Packet>;

// What the nodes of a toy ledger share.
struct ToyParts {
  ToyParts(const LedgerId& of, VoterSet voting)
      : ledger(of),
        voters(std::move(voting)),
        verifier(ledger, Epoch(1), voters),
        codec(Epoch(1), voters) {}

  LedgerId ledger;
  VoterSet voters;
  const consensus::Verifier verifier;  // remembers nothing: what it finds holds for every node
  const replica::Codec codec;
  Time start;  // wall clock when the run begins
  std::vector<SigningKey> vote_keys;
  std::vector<class CoreNode*> nodes;
};

inline constexpr std::size_t kToyBlockEntriesMax = 50;
inline constexpr std::size_t kRangeBlocksMax = 32;

class CoreNode : public Machine {
 public:
  // `parts` outlives it.
  CoreNode(const Setting& setting, const ToyParts* parts, NodeId id, const AttackerKind* attacker,
           Random random);

  void Start() override;
  void Crash() override;
  void Wipe() override;
  bool up() const override { return core_ != nullptr; }
  bool restoring() const override { return core_ != nullptr && core_->restoring(); }
  void Link(NodeId peer, bool up) override;
  void Submit(const EntryPtr& entry) override;
  std::string Describe() const override;

  void Arrive(NodeId from, const PacketPtr& packet);

 private:
  struct Data {
    std::map<std::string, std::string> journal;
    std::vector<consensus::FinalBlock> blocks;  // height 1 first
    std::vector<Heads> heads;                   // after each
    bool restoring = false;
  };
  struct Write {
    std::vector<consensus::JournalRecord> journal;
    std::optional<std::string> forget_below;
    std::optional<bool> restoring;
    std::vector<std::pair<consensus::FinalBlock, Heads>> blocks;
    std::vector<consensus::Send> sends;  // held until it is done
    bool empty() const { return journal.empty() && !forget_below && !restoring && blocks.empty(); }
  };

  void Die() override;
  consensus::Now Now() const;
  void Step(consensus::Event event);
  void Do(consensus::Effects effects);
  void Flush();
  void Apply(const Write& write);
  void SendAll(const std::vector<consensus::Send>& sends);
  void SendPacket(NodeId to, Content content);
  void Post(NodeId to, std::size_t bytes, const PacketPtr& packet);
  // As many bytes as the message has between real nodes.
  std::size_t SizeOf(const Content& content) const;
  void Wake(consensus::Instant at);

  void Build(const consensus::BuildRequest& request);
  void Validate(const consensus::BlockPtr& block);
  void Deliver(const consensus::FinalBlock& block);
  void TellWork();
  // For an attacker: a block of the same view on some other executed block.
  std::optional<consensus::Block> Fork(const consensus::Block& instead_of);

  void Take(NodeId from, const Packet& packet, const consensus::Message& message);
  void Take(NodeId from, const Packet& packet, const Greeting& greeting);
  void Take(NodeId from, const Packet& packet, const Gossip& gossip);
  void Take(NodeId from, const Packet& packet, const RangeRequest& request);
  void Take(NodeId from, const Packet& packet, const Range& range);

  const ToyParts* const parts_;
  const AttackerKind* const kind_;  // null: honest
  std::unique_ptr<Attacker> attacker_;
  Data data_;  // on the disk

  // Lost in a crash.
  std::unique_ptr<consensus::Verifier> verifier_;
  std::unique_ptr<consensus::Core> core_;
  std::map<Hash, ExecutedPtr> executed_;
  ToyPool pool_;
  Write next_write_;
  std::optional<Write> write_;                 // under way
  std::uint64_t wake_ = 0;                     // the newest wake-up counts
  std::optional<consensus::Instant> wake_at_;  // of that; nothing: none is asked for
  consensus::Instant wake_wanted_;             // the core's newest deadline
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_CORE_NODE_H_
