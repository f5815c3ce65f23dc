#include "tests/simulation/losses.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/block.pb.h"
#include "ledger/block/header.h"
#include "ledger/receipt/restart_act.h"

namespace assent::simulation {

Losses::Losses(LedgerParts* parts, const Setting& setting, Random random)
    : parts_(parts), setting_(setting), random_(random) {
  wait_ = Milliseconds(random_.Between(5'000, 60'000));
  mute_ = random_.Chance(700);
  at_commit_ = random_.Chance(700);
  if (!setting_.losses) {
    phase_ = Phase::kDone;
    return;
  }
  parts_->on_finalize_vote = [this](NodeId node) { OnFinalizeVote(node); };
  parts_->on_commit = [this](NodeId node) { OnCommit(node); };
}

void Losses::Enter(Phase phase) {
  phase_ = phase;
  since_us_ = setting_.world->now_us();
}

void Losses::Act() {
  switch (phase_) {
    case Phase::kNone:
      if (Due(wait_) && Choose() && !at_commit_) Lose();
      return;
    case Phase::kChosen:
      if (Due(kChosenMax)) Lose();
      return;
    case Phase::kLost:
      if (Due(wait_) && MakeAct()) Enter(Phase::kActing);
      return;
    case Phase::kActing:
      for (const auto& [node, word] : std::map(open_)) {
        if (random_.Chance(300)) Give(node);
      }
      if (open_.empty()) Enter(Phase::kDone);
      return;
    case Phase::kDone:
      return;
  }
}

void Losses::Release() {
  if (phase_ == Phase::kNone || phase_ == Phase::kChosen) Enter(Phase::kDone);
  setting_.network->Mute({});
  wait_ = Duration{0};
}

std::vector<NodeId> Losses::VotersAtHand() const {
  std::vector<NodeId> nodes;
  const Epoch newest(parts_->history.epochs());
  for (const Voter& voter : *parts_->history.VotersOf(newest)) {
    nodes.push_back(*parts_->IndexOf(voter.code));
    if (!NodeOf(nodes.back())->at_hand() || !NodeOf(nodes.back())->belongs()) return {};
  }
  return nodes;
}

// More than f, so that the others cannot tell them where they have voted, and not all that have
// finalized anything.
bool Losses::Choose() {
  std::vector<NodeId> voters = VotersAtHand();
  const std::size_t bears = FaultsOf(voters.size());
  if (bears == 0) return false;
  const Epoch newest(parts_->history.epochs());
  const bool steady = std::ranges::all_of(voters, [&](NodeId node) {
    return !NodeOf(node)->restoring() && NodeOf(node)->epoch() == newest;
  });
  if (!steady) return false;
  const auto least = static_cast<std::int64_t>(bears + 1);
  const auto most = static_cast<std::int64_t>(QuorumOf(voters.size()) - 1);
  const auto count = static_cast<std::size_t>(random_.Between(least, most));
  lost_.clear();
  while (lost_.size() < count) lost_.insert(voters[random_.Below(voters.size())]);
  // Of whom an empty node knows the key.
  const bool known = std::ranges::any_of(voters, [&](NodeId node) {
    return !lost_.contains(node) && node < parts_->ledger.states.size();
  });
  if (!known) return false;
  voters_ = std::move(voters);
  Enter(Phase::kChosen);
  return true;
}

// Those to be lost have the certificate by which they finalize, and so, soon, the others have, too.
void Losses::OnFinalizeVote(NodeId node) {
  if (phase_ != Phase::kChosen || !mute_ || !lost_.contains(node)) return;
  std::set<Network::Link> links;
  for (const NodeId from : lost_) {
    for (NodeId to = 0; to < parts_->nodes.size(); ++to) {
      if (!lost_.contains(to)) links.emplace(from, to);
    }
  }
  setting_.network->Mute(std::move(links));
}

void Losses::OnCommit(NodeId node) {
  if (phase_ != Phase::kChosen || !at_commit_ || !lost_.contains(node)) return;
  setting_.world->After(Duration{0}, [this] {
    if (phase_ == Phase::kChosen) Lose();
  });
}

void Losses::Lose() {
  setting_.network->Mute({});
  const Epoch newest(parts_->history.epochs());
  const bool steady = std::ranges::all_of(lost_, [&](NodeId node) {
    return NodeOf(node)->belongs() && (!NodeOf(node)->up() || NodeOf(node)->epoch() == newest);
  });
  // The voters are about to be others: another time.
  if (!steady) return Enter(Phase::kNone);
  Enter(Phase::kLost);
  wait_ = Milliseconds(random_.Between(1'000, 20'000));
  for (const NodeId node : lost_) {
    if (NodeOf(node)->up()) NodeOf(node)->Crash();
    NodeOf(node)->Wipe();
    setting_.world->After(Milliseconds(random_.Between(10, 15'000)),
                          [this, node] { NodeOf(node)->Start(); });
  }
}

// All in one moment, so that no node goes on between its draft and the act: the members wait until
// every node is there.
bool Losses::MakeAct() {
  const std::vector<NodeId>& voters = voters_;
  if (!std::ranges::all_of(voters, [&](NodeId node) { return NodeOf(node)->at_hand(); })) {
    return false;
  }
  std::vector<NodeId> with_data, without;
  for (const NodeId node : voters) {
    const bool lost = lost_.contains(node) && !NodeOf(node)->voting();
    (lost ? without : with_data).push_back(node);
  }
  if (without.size() <= FaultsOf(voters.size())) {
    // Others vote by now, and those find enough of them.
    Enter(Phase::kDone);
    return false;
  }

  // As `assent restart merge` finds the highest.
  using Rank = std::tuple<std::uint64_t, Epoch, View, bool>;
  std::optional<v1::RestartAct> highest;
  Rank best;
  for (const NodeId node : with_data) {
    const absl::StatusOr<std::string> draft = NodeOf(node)->DraftRestart();
    if (!draft.ok()) return false;
    v1::RestartAct act;
    act.ParseFromString(*draft);
    const auto header = ParseBlockHeader(act.header());
    if (!header.ok()) {
      setting_.checker->Fail(absl::StrCat("act: the draft of node ", node, " cannot be read"));
      return false;
    }
    const Rank rank(act.epoch(), header->epoch, header->view, act.certificate().empty());
    if (highest && rank <= best) continue;
    highest = std::move(act);
    best = rank;
  }
  if (!highest) return false;

  const LedgerId& ledger = parts_->ledger.id();
  const auto block = ReadHeader(highest->header(), ledger);
  for (const v1::MemberInfo& member : highest->members()) {
    Identity& state = parts_->states[*parts_->IndexOf(*MemberCode::From(member.code()))];
    std::size_t generation = 0;
    while (state.authority(generation).public_key().view() != member.authority_key()) ++generation;
    v1::RestartSignature& signature = *highest->add_signatures();
    signature.set_code(member.code());
    signature.set_signature(
        state.authority(generation)
            .Sign(tag::kRestart, RestartStatement(ledger, Epoch(highest->epoch()), *block))
            .str());
  }
  auto checked = replica::CheckRestartBytes(highest->SerializeAsString(), ledger);
  if (!checked.ok()) {
    setting_.checker->Fail(absl::StrCat("act: it is refused: ", checked.status().message()));
    return false;
  }
  act_ = *std::move(checked);
  setting_.world->Note("act", act_->epoch.value(),
                       absl::StrCat("at height ", act_->header.height.value(), " view ",
                                    act_->header.view.value(), " ", act_->hash.hex().substr(0, 8)));
  parts_->history.Restart(act_->hash, act_->epoch);

  // A quorum has its data, or the word that it has never voted there; the rest restores.
  std::size_t words = QuorumOf(voters.size()) - with_data.size();
  words += random_.Below(without.size() - words + 1);
  if (act_->header.kind == BlockKind::kClosing) words = without.size();  // others vote then
  for (const NodeId node : with_data) {
    open_[node] = false;
    Give(node);
  }
  for (const NodeId node : without) {
    const bool word = words > 0;
    if (word) --words;
    if (word || random_.Chance(500)) open_[node] = word;
  }
  return true;
}

void Losses::Give(NodeId node) {
  if (!NodeOf(node)->at_hand()) return;
  NodeOf(node)->GiveRestart(act_, open_.at(node), [this, node](const absl::Status& told) {
    // It may have come there by others, and be further.
    if (told.ok() || NodeOf(node)->epoch() >= act_->epoch) open_.erase(node);
  });
}

}  // namespace assent::simulation
