// The stage of whole replicas over a ledger with a founding act and real entries.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "tests/simulation/losses.h"
#include "tests/simulation/readers.h"
#include "tests/simulation/replay.h"
#include "tests/simulation/replica_node.h"
#include "tests/simulation/rotten_reads.h"
#include "tests/simulation/society.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {
namespace {

// States that are no founders and may join.
constexpr std::size_t kJoining = 3;

class ReplicaStage : public Stage {
 public:
  ReplicaStage(std::size_t nodes, const consensus::Timing& timing)
      : parts_(nodes, kJoining, timing) {}

  const LedgerId& ledger() const override { return parts_.ledger.id(); }
  std::size_t members() const override { return parts_.states.size(); }
  NodeId NodeOf(const MemberCode& member) const override { return *parts_.IndexOf(member); }

  SimNode* MakeNode(const Setting& setting, NodeId member, const AttackerKind* attacker,
                    Random random) override {
    const NodeId machine = nodes_.size();
    nodes_.push_back(
        std::make_unique<ReplicaNode>(setting, &parts_, machine, member, attacker, random));
    ReplicaNode* node = nodes_.back().get();
    parts_.nodes.push_back(node);
    parts_.machines[member].push_back(machine);
    if (member < parts_.ledger.states.size()) node->SetKeys(0);
    return node;
  }

  void Begin(const Setting& setting, Random random) override {
    checker_ = setting.checker;
    society_ = std::make_unique<Society>(&parts_, setting, random.Split());
    readers_ = std::make_unique<Readers>(&parts_, setting, random.Split());
    losses_ = std::make_unique<Losses>(&parts_, setting, random.Split());
    random_ = random.Split();
    checker_->keys = [this](Epoch epoch) -> std::optional<std::vector<PublicKey>> {
      const std::vector<Voter>* voters = parts_.history.VotersOf(epoch);
      if (voters == nullptr) return std::nullopt;
      std::vector<PublicKey> keys;
      for (const Voter& voter : *voters) keys.push_back(voter.vote_key);
      return keys;
    };
    checker_->read = [this](const consensus::Block& block) { return parts_.history.Read(block); };
    setting.network->admits = [this](NodeId from, NodeId to) {
      return nodes_[from]->Knows(*nodes_[to]) && nodes_[to]->Knows(*nodes_[from]);
    };
  }

  void ClientsFile() override {
    society_->Act();
    readers_->Read();
    losses_->Act();
    ReadRot();
  }
  void Release() override {
    society_->Release();
    losses_->Release();
  }
  void ClientsInsist() override {
    society_->Insist();
    readers_->Read();
    losses_->Act();
  }
  bool ClientsContent() const override { return losses_->content() && society_->content(); }

  void CheckEnd() override {
    std::vector<NodeId> members;
    for (const NodeId id : checker_->honest()) {
      if (!nodes_[id]->belongs()) continue;
      members.push_back(id);
      if (auto wrong = CheckStore(*nodes_[id]->view(), parts_.history)) {
        checker_->Fail(absl::StrCat("durability: node ", id, ": ", *wrong));
      }
    }
    const NodeId first = *checker_->honest().begin();
    if (auto wrong = Replay(*nodes_[first]->view(), parts_.genesis)) {
      checker_->Fail(absl::StrCat("replay: ", *wrong));
    }
    readers_->ReadAll(members);
  }

  std::string Summary() const override {
    const auto asked = std::ranges::count_if(parts_.history.questions(), [](const auto& item) {
      return item.second.decided.has_value();
    });
    return absl::StrCat(", ", parts_.history.leaves().size(), " entries, ", parts_.history.epochs(),
                        " epochs, ", parts_.history.members().size(), " members, ", asked,
                        " questions, ", parts_.history.revisions().size(), " of ",
                        parts_.history.rounds().size(), " rounds, ", checker_->answers(),
                        " answers, ", losses_->restarted() ? "an act, " : "", readers_->seen(),
                        " entries read, ", checker_->evidence(), " pieces of evidence");
  }

 private:
  void ReadRot() {
    for (const auto& node : nodes_) {
      if (!node->up() || !node->rotten()) continue;
      auto wrong = CheckRottenReads(*node->shown(), *node->view(), parts_.ledger.act.text, random_);
      if (wrong) checker_->Fail("reading: " + *std::move(wrong));
    }
  }

  LedgerParts parts_;
  Random random_{0};
  Checker* checker_ = nullptr;
  std::vector<std::unique_ptr<ReplicaNode>> nodes_;
  std::unique_ptr<Society> society_;
  std::unique_ptr<Readers> readers_;
  std::unique_ptr<Losses> losses_;
};

}  // namespace

std::unique_ptr<Stage> MakeReplicaStage(std::size_t nodes, const consensus::Timing& timing) {
  ASSENT_CHECK(nodes <= kReplicaNodesMax);
  return std::make_unique<ReplicaStage>(nodes, timing);
}

}  // namespace assent::simulation
