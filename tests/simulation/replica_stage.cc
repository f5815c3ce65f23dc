// The stage of whole replicas over a ledger with a founding act and real declarations.
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "tests/simulation/replica_node.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {
namespace {

class ReplicaStage : public Stage {
 public:
  ReplicaStage(std::size_t nodes, const consensus::Timing& timing)
      : parts_(nodes, timing), heads_(nodes) {}

  const LedgerId& ledger() const override { return parts_.ledger.id(); }
  const VoterSet& voters() const override { return parts_.voters; }
  const SigningKey& vote_key(NodeId node) const override {
    return parts_.ledger.states[node].node.vote;
  }

  consensus::EntryPtr MakeEntry(NodeId author) override {
    const testing::TestState& state = parts_.ledger.states[author];
    AuthorHead& head = heads_[author];
    const std::string reference = absl::StrCat(state.code.str(), "-", head.sequence.value() + 1);
    auto entry = std::make_shared<const Entry>(
        testing::MakeEntry(parts_.ledger, state, head, testing::NotificationBody(reference)));
    head = {entry->header().sequence, entry->leaf_hash()};
    return entry;
  }

  SimNode* MakeNode(const Setting& setting, Attack attack, Random random) override {
    nodes_.push_back(
        std::make_unique<ReplicaNode>(setting, &parts_, nodes_.size(), attack, random));
    parts_.nodes.push_back(nodes_.back().get());
    return nodes_.back().get();
  }

 private:
  LedgerParts parts_;
  std::vector<AuthorHead> heads_;
  std::vector<std::unique_ptr<ReplicaNode>> nodes_;
};

}  // namespace

std::unique_ptr<Stage> MakeReplicaStage(std::size_t nodes, const consensus::Timing& timing) {
  ASSENT_CHECK(nodes <= kReplicaNodesMax);
  return std::make_unique<ReplicaStage>(nodes, timing);
}

}  // namespace assent::simulation
