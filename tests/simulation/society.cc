#include "tests/simulation/society.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "tests/simulation/acts.h"

namespace assent::simulation {
namespace {

// A node starts with nothing but the founding act's keys in hand: so many honest founders keep
// theirs, and stay, so that it finds somebody; all of them, when more are to lose their disks than
// the ledger bears.
constexpr std::size_t kSteadyFounders = 2;

// What a revision makes of the parameters, at least and at most. The heartbeat stays near what the
// idle ledger is watched for.
constexpr std::pair<std::int64_t, std::int64_t> kCommentsSeconds{1'000, 9'000'000};
constexpr std::pair<std::int64_t, std::int64_t> kHeartbeatSeconds{15, 25};

constexpr std::uint64_t kInspectors = 3;
constexpr std::pair<std::int64_t, std::int64_t> kShortTermSeconds{10, 120};

// Refusals that say something of the node that refuses, or of what came before.
constexpr std::array<std::string_view, 6> kNotDecisive{"SEQUENCE_GAP",     "SEQUENCE_ALREADY_USED",
                                                       "WRONG_PREVIOUS",   "UNKNOWN_AUTHOR",
                                                       "KEY_NOT_IN_FORCE", "BAD_SIGNATURE"};

}  // namespace

Society::Society(LedgerParts* parts, const Setting& setting, Random random)
    : parts_(parts), setting_(setting), random_(random), clients_(parts->states.size()) {}

// --- Filing

NodeId Society::AnyHonest() {
  const std::set<NodeId>& honest = setting_.checker->honest();
  return *std::next(honest.begin(), static_cast<std::ptrdiff_t>(random_.Below(honest.size())));
}

// Forgets what is final, and what can never be.
void Society::Settle(NodeId state) {
  Client& client = clients_[state];
  const History::Head head = parts_->history.HeadOf(CodeOf(state));
  while (!client.waiting.empty() &&
         client.waiting.front()->header().sequence.value() <= head.sequence) {
    client.waiting.pop_front();
  }
  const bool follows =
      client.waiting.empty() || client.waiting.front()->header().previous == head.leaf;
  if (!follows || MemberOf(state) == nullptr) client.waiting.clear();
}

void Society::File(NodeId state, const v1::Body& body) {
  Client& client = clients_[state];
  Identity& identity = parts_->states[state];
  const History::Member* member = MemberOf(state);
  EntryHeader header;
  header.ledger_id = parts_->ledger.id();
  header.author = identity.code();
  header.not_after = testing::kFounded + Days(365);
  if (client.waiting.empty()) {
    const History::Head head = parts_->history.HeadOf(identity.code());
    header.sequence = Sequence(head.sequence + 1);
    header.previous = head.leaf;
  } else {
    header.sequence = client.waiting.back()->header().sequence.next();
    header.previous = client.waiting.back()->leaf_hash();
  }
  std::size_t generation = 0;
  while (identity.authority(generation).public_key() != member->authority) ++generation;
  const std::string bytes = body.SerializeAsString();
  const Salt salt = *Salt::From(Sha256({identity.code().str(), bytes}).view());
  auto entry = SignEntry(header, bytes, salt, identity.authority(generation));
  client.waiting.push_back(std::make_shared<const Entry>(*std::move(entry)));
  setting_.world->Note("file", state,
                       absl::StrCat(header.sequence.value(), " record ", body.record_case()));
  HandIn(state, client.waiting.back(), random_.Below(parts_->nodes.size()));
}

void Society::HandIn(NodeId state, const EntryPtr& entry, NodeId machine) {
  NodeOf(machine)->Submit(entry, [this, state, entry](const replica::SubmitOutcome& outcome) {
    OnTold(state, entry, outcome);
  });
}

// What is refused is replaced by something that no rule can refuse, and what was filed after it is
// void.
void Society::OnTold(NodeId state, const EntryPtr& entry, const replica::SubmitOutcome& outcome) {
  if (!outcome.refusal ||
      std::ranges::find(kNotDecisive, StdView(outcome.refusal->reason)) != kNotDecisive.end()) {
    return;
  }
  Settle(state);
  Client& client = clients_[state];
  if (client.waiting.empty() || client.waiting.front() != entry) return;
  setting_.world->Note("refused", state, outcome.refusal->reason);
  client.waiting.clear();
  Notify(state);
}

void Society::Notify(NodeId state) {
  File(state, testing::NotificationBody(
                  absl::StrCat(CodeOf(state).str(), "-", ++clients_[state].notifications)));
}

void Society::Insist() {
  RunByTheLedger(true);
  for (NodeId state = 0; state < clients_.size(); ++state) {
    Settle(state);
    const NodeId node = AnyHonest();
    for (const EntryPtr& entry : clients_[state].waiting) HandIn(state, entry, node);
  }
}

bool Society::content() const {
  for (NodeId state = 0; state < clients_.size(); ++state) {
    const History::Member* member = MemberOf(state);
    if (member != nullptr && member->node && !NodeOf(state)->belongs()) return false;
    const std::uint64_t final_sequence = parts_->history.HeadOf(CodeOf(state)).sequence;
    for (const EntryPtr& entry : clients_[state].waiting) {
      if (entry->header().sequence.value() > final_sequence && member != nullptr) return false;
    }
  }
  return true;
}

// --- Acting

void Society::Act() {
  RunByTheLedger(false);
  const NodeId state = random_.Below(clients_.size());
  Settle(state);
  if (MemberOf(state) == nullptr) return;
  if (!Free(state)) {
    // It hands in again what has waited for a while, or goes on with what no rule can refuse.
    if (random_.Chance(300)) {
      HandIn(state, clients_[state].waiting.front(), random_.Below(parts_->nodes.size()));
    }
    v1::Body last;
    last.ParseFromString(clients_[state].waiting.back()->body());
    if (last.has_launch_notification() && clients_[state].waiting.size() < kWaitingMax &&
        random_.Chance(200)) {
      Notify(state);
    }
    return;
  }
  const std::uint64_t what = random_.Below(1'000);
  if (what < 700 && Respond(state)) return;
  if (what < 850 && On("members") && ActOnMembers(state)) return;
  if (what < 930 && On("revise") && Revise(state)) return;
  if (what >= 965) return Notify(state);
  if (what >= 945) return Accredit(state);
  if (what >= 930) return Draft(state);
  Notify(state);
}

// Answers what others ask: endorses questions, signs rounds.
bool Society::Respond(NodeId state) {
  const MemberCode& code = CodeOf(state);
  const History::Member& member = *MemberOf(state);
  for (const auto& [id, question] : parts_->history.questions()) {
    if (question.decided || question.endorsed.contains({code, member.membership})) continue;
    const History::Member* about = parts_->history.Find(question.about);
    if (question.joins ? about != nullptr : about == nullptr || !about->votes) continue;  // moot
    File(state, EndorsementBody(id));
    return true;
  }
  for (const auto& [id, round] : parts_->history.rounds()) {
    if (!round.open) continue;
    const auto signature = round.signatures.find(code);
    if (signature != round.signatures.end() && signature->second == member.membership) continue;
    if (random_.Chance(40)) {
      File(state, round.proposer == code ? RetractionBody(id) : ObjectionBody(id));
    } else {
      File(state, SignatureBody(id, round.text, round.replaces, member.membership));
    }
    return true;
  }
  return false;
}

bool Society::ActOnMembers(NodeId state) {
  if (StepIn(state)) return true;
  switch (random_.Below(6)) {
    case 0:
      return Invite(state);
    case 1:
      return StepBack(state);
    case 2:
      return RotateNodeKeys(state);
    case 3:
      return RotateAuthorityKey(state);
    case 4:
      return On("suspend") && Suspend(state);
    default:
      return random_.Chance(200) ? Leave(state) : Invite(state);
  }
}

// Lodges the note of a state that is no member.
bool Society::Invite(NodeId state) {
  for (NodeId other = 0; other < clients_.size(); ++other) {
    if (MemberOf(other) != nullptr) continue;
    const bool asked = std::ranges::any_of(parts_->history.questions(), [&](const auto& item) {
      return !item.second.decided && item.second.joins && item.second.about == CodeOf(other);
    });
    if (asked) continue;
    Client& client = clients_[other];
    // A state that was a member before comes with new keys.
    if (parts_->history.HeadOf(CodeOf(other)).sequence > 0) {
      ++client.authority;
      ++client.reader;
    }
    File(state,
         NoteBody(parts_->ledger.id(), parts_->states[other], client.authority, client.reader));
    return true;
  }
  return false;
}

bool Society::MayLose(NodeId state) const {
  std::size_t left = 0;
  for (NodeId other = 0; other < clients_.size(); ++other) {
    const History::Member* member = MemberOf(other);
    if (member != nullptr && member->votes && other != state && !losing_.contains(other)) ++left;
  }
  return left >= 3 * setting_.faulty_max + 1;
}

bool Society::Leave(NodeId state) {
  const bool founder = state < parts_->ledger.states.size();
  if (founder || !MayLose(state)) return false;
  losing_.insert(state);
  File(state, LeavingBody());
  return true;
}

bool Society::StepBack(NodeId state) {
  if (!MemberOf(state)->votes || !MayLose(state)) return false;
  losing_.insert(state);
  File(state, StepBackBody());
  return true;
}

// Names a node, or lets the one that it has vote.
bool Society::StepIn(NodeId state) {
  const History::Member& member = *MemberOf(state);
  if (member.votes) return false;
  if (!member.node) return RotateNodeKeys(state);
  ReplicaNode* node = NodeOf(state);
  if (!node->up() || !node->belongs()) return false;
  const replica::Tip tip = node->view()->tip();
  if (tip.header.height.value() == 0) return false;
  losing_.erase(state);
  File(state, StepInBody(parts_->ledger.id(), node->node_keys().vote, tip.header.height, tip.hash));
  return true;
}

bool Society::RotateNodeKeys(NodeId state) {
  if (setting_.losses && MemberOf(state)->node) return false;
  std::size_t steady = 0;
  for (const NodeId honest : setting_.checker->honest()) {
    if (honest == state && steady < kSteadyFounders) return false;
    ++steady;
  }
  Client& client = clients_[state];
  if (MemberOf(state)->node || client.node > 0) ++client.node;
  // The first keys of a state that is no founder are of generation 0.
  if (!MemberOf(state)->node && client.node == 0 && NodeOf(state)->keys()) ++client.node;
  File(state, NodeKeysBody(parts_->ledger.id(), parts_->states[state], client.node));
  return true;
}

bool Society::RotateAuthorityKey(NodeId state) {
  File(state, AuthorityRotationBody(parts_->ledger.id(), parts_->states[state],
                                    ++clients_[state].authority));
  return true;
}

// A node is gone; the others suspend its vote.
bool Society::Suspend(NodeId state) {
  if (gone_) return false;
  const NodeId victim = random_.Below(clients_.size());
  const History::Member* member = MemberOf(victim);
  if (victim == state || member == nullptr || !member->votes || !MayLose(victim)) return false;
  gone_ = victim;
  losing_.insert(victim);
  NodeOf(victim)->Hold(true);
  if (NodeOf(victim)->up()) NodeOf(victim)->Crash();
  File(state, SuspensionBody(CodeOf(victim)));
  return true;
}

bool Society::Revise(NodeId state) {
  const History& history = parts_->history;
  if (std::ranges::any_of(history.rounds(), [](const auto& item) { return item.second.open; })) {
    return false;
  }
  v1::RevisionChanges changes;
  if (random_.Chance(700)) changes.set_comment_period_seconds(RandomSeconds(kCommentsSeconds));
  if (random_.Chance(500)) changes.set_heartbeat_seconds(RandomSeconds(kHeartbeatSeconds));
  File(state, RoundBody(static_cast<std::uint32_t>(history.revisions().size()),
                        absl::StrCat("1. States declare.\n2. Text ", ++texts_, ".\n"), changes));
  return true;
}

void Society::Draft(NodeId state) {
  File(state, DraftBody(static_cast<std::uint32_t>(parts_->history.revisions().size()),
                        absl::StrCat("1. States declare.\n2. Draft ", ++texts_, ".\n")));
}

// Lets an inspector read all bodies, those of one state or those of one type; or no longer.
void Society::Accredit(NodeId state) {
  const History& history = parts_->history;
  for (const auto& [index, given] : history.accreditations()) {
    if (given.member != CodeOf(state) || given.ended || !random_.Chance(500)) continue;
    const bool is_public = history.filed()[index].is_public;
    return File(state, AccreditationEndBody(index, is_public ? v1::PUBLIC : v1::MEMBERS));
  }
  const Time now = testing::kFounded + Days(1) + Duration{setting_.world->now_us()};
  const Duration term =
      random_.Chance(500)
          ? Days(365)
          : Seconds(random_.Between(kShortTermSeconds.first, kShortTermSeconds.second));
  v1::Body body = AccreditationBody(random_.Below(kInspectors), now + term,
                                    random_.Chance(500) ? v1::PUBLIC : v1::MEMBERS);
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  switch (random_.Below(3)) {
    case 0:
      said.set_all_bodies(true);
      break;
    case 1:
      said.add_authors(CodeOf(random_.Below(parts_->ledger.states.size())).str());
      break;
    default:
      said.add_types(random_.Chance(500) ? "RevisionOpen" : "RevisionDraft");
  }
  File(state, body);
}

// --- Operators

// A node runs with the keys that the ledger names, soon after it names them; one whose vote is
// suspended comes back.
void Society::RunByTheLedger(bool all) {
  if (gone_ && (!MemberOf(*gone_) || !MemberOf(*gone_)->votes) && (all || random_.Chance(100))) {
    NodeOf(*gone_)->Hold(false);
    NodeOf(*gone_)->Start();
    gone_.reset();
  }
  for (NodeId state = 0; state < clients_.size(); ++state) {
    const History::Member* member = MemberOf(state);
    if (member == nullptr || !member->node || NodeOf(state)->belongs()) continue;
    if (!all && !random_.Chance(300)) continue;
    std::size_t generation = 0;
    while (parts_->states[state].node(generation).vote.public_key() != member->node->vote) {
      ++generation;
    }
    if (!AreKnown(state, generation)) continue;
    for (const NodeId machine : parts_->machines[state]) NodeOf(machine)->SetKeys(generation);
  }
}

// Nobody admits a node with keys of which he has not heard: its operator waits until so many others
// have come to them that one of them stays, whichever disks are lost.
bool Society::AreKnown(NodeId state, std::size_t generation) {
  const Checker& checker = *setting_.checker;
  const std::uint64_t height =
      named_.try_emplace({state, generation}, checker.height()).first->second;
  std::size_t others = 0, know = 0;
  for (const NodeId id : checker.honest()) {
    if (id == state || !NodeOf(id)->belongs()) continue;
    ++others;
    if (checker.HeightOf(id) >= height) ++know;
  }
  return know >= std::min(others, setting_.faulty_max + 1);
}

void Society::Release() {
  if (gone_) {
    NodeOf(*gone_)->Hold(false);
    NodeOf(*gone_)->Start();
    gone_.reset();
  }
  RunByTheLedger(true);
}

}  // namespace assent::simulation
