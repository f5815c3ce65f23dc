// The stage of bare consensus cores.
#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/check.h"
#include "ledger/crypto/hash.h"
#include "tests/simulation/core_node.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {
namespace {

SigningKey KeyFrom(std::string_view purpose, std::uint64_t number) {
  std::string text(purpose);
  AppendU64(text, number);
  const auto seed = SecretSeed::From(Sha256(text).view());
  ASSENT_CHECK(seed.has_value());
  return SigningKey(*seed);
}

// AAA, AAB, ...: in the order of the numbers.
MemberCode CodeOf(std::size_t number) {
  std::string code(3, 'A');
  for (std::size_t at = 3; at-- > 0; number /= 26) code[at] = static_cast<char>('A' + number % 26);
  return *MemberCode::From(code);
}

VoterSet MakeVoters(std::size_t nodes) {
  std::vector<Voter> voters;
  for (std::size_t i = 0; i < nodes; ++i) {
    voters.push_back({CodeOf(i), KeyFrom("vote", i).public_key(),
                      KeyFrom("checkpoint", i).public_key(), KeyFrom("transport", i).public_key()});
  }
  return *VoterSet::Make(std::move(voters));
}

class ToyStage : public Stage {
 public:
  explicit ToyStage(std::size_t nodes)
      : parts_(*LedgerId::From(Sha256("simulated ledger").view()), MakeVoters(nodes)),
        heads_(nodes) {
    parts_.start = Time{1'800'000'000'000'000};
    for (std::size_t i = 0; i < nodes; ++i) {
      parts_.vote_keys.push_back(KeyFrom("vote", i));
      authorities_.push_back(KeyFrom("authority", i));
    }
  }

  const LedgerId& ledger() const override { return parts_.ledger; }
  std::size_t members() const override { return parts_.voters.size(); }
  NodeId NodeOf(const MemberCode& member) const override { return *parts_.voters.Find(member); }

  void Begin(const Setting& setting, Random random) override {
    checker_ = setting.checker;
    random_ = random;
    checker_->keys = [this](Epoch) {
      std::vector<PublicKey> keys;
      for (const Voter& voter : parts_.voters.voters()) keys.push_back(voter.vote_key);
      return std::optional(keys);
    };
  }

  void ClientsFile() override {
    submitted_.push_back(MakeEntry(random_.Below(nodes_.size())));
    nodes_[random_.Below(nodes_.size())]->Submit(submitted_.back());
  }
  void ClientsInsist() override {
    const std::set<NodeId>& honest = checker_->honest();
    const auto node =
        std::next(honest.begin(), static_cast<std::ptrdiff_t>(random_.Below(honest.size())));
    for (const EntryPtr& entry : submitted_) {
      if (!checker_->Final(entry->leaf_hash())) nodes_[*node]->Submit(entry);
    }
  }
  // The newest first: it is what others wait for.
  bool ClientsContent() const override {
    return std::all_of(submitted_.rbegin(), submitted_.rend(),
                       [this](const auto& entry) { return checker_->Final(entry->leaf_hash()); });
  }

  SimNode* MakeNode(const Setting& setting, NodeId member, const AttackerKind* attacker,
                    Random random) override {
    nodes_.push_back(std::make_unique<CoreNode>(setting, &parts_, member, attacker, random));
    parts_.nodes.push_back(nodes_.back().get());
    return nodes_.back().get();
  }

 private:
  // The author's next entry; never the same twice.
  EntryPtr MakeEntry(NodeId author) {
    EntryHeader header;
    header.ledger_id = parts_.ledger;
    header.author = CodeOf(author);
    header.sequence = heads_[author].first.next();
    header.previous = heads_[author].second;
    header.not_after = parts_.start + Days(1);
    auto entry = SignEntry(header, "body", Salt(), authorities_[author]);
    ASSENT_CHECK(entry.ok());
    heads_[author] = {header.sequence, entry->leaf_hash()};
    return std::make_shared<const Entry>(*std::move(entry));
  }

  ToyParts parts_;
  std::vector<SigningKey> authorities_;
  std::vector<std::pair<Sequence, Hash>> heads_;
  std::vector<std::unique_ptr<CoreNode>> nodes_;
  std::vector<EntryPtr> submitted_;
  Checker* checker_ = nullptr;
  Random random_{0};
};

}  // namespace

std::unique_ptr<Stage> MakeToyStage(std::size_t nodes) { return std::make_unique<ToyStage>(nodes); }

}  // namespace assent::simulation
