#include "tests/simulation/replica_node.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/log/checkpoint.h"
#include "ledger/rules/read.h"

namespace assent::simulation {
ReplicaNode::ReplicaNode(const Setting& setting, LedgerParts* parts, NodeId id, NodeId member,
                         const AttackerKind* attacker, Random random)
    : Machine(setting, id, kPartsOfReplica, random.Split()),
      parts_(parts),
      member_(member),
      kind_(attacker) {
  NewStore(true);
  if (kind_ == nullptr) return;
  Attacker::Place place;
  place.random = random.Split();
  place.ledger = parts->ledger.id();
  place.vote_key = [this] { return &node_keys().vote; };
  place.self = [this] { return intake_->epoch()->voters().Find(code()); };
  place.voters = [this] { return intake_->epoch()->voters().size(); };
  place.sign_tree = [this](std::uint64_t tree_size, const Hash& root) {
    return SignCheckpoint({parts_->ledger.act.text.origin, tree_size, root},
                          node_keys().checkpoint);
  };
  attacker_ = kind_->make(std::move(place));
}

void ReplicaNode::NewStore(bool founding) {
  store_ = std::make_unique<FailingStore>(
      parts_->genesis, founding, &disk_, setting_.checker, setting_.trace, id_,
      [parts = parts_](const MemberCode& accused) { return parts->IndexOf(accused); });
}

// --- Life and death

void ReplicaNode::Start() {
  if (up() || held_ || !generation_ || !OpenDisk()) return;
  setting_.world->Note("start", id_);
  ObserveCommits();
  {
    const auto newest = view();
    setting_.checker->OnStart(id_, newest->tip().header.height, newest->tip().hash);
  }
  const std::string& origin = parts_->ledger.act.text.origin;
  intake_ = std::make_unique<replica::Intake>(parts_->ledger.id(), origin, code());
  replica::ReplicaConfig config;
  config.ledger = parts_->ledger.id();
  config.origin = origin;
  config.self = code();
  config.vote_key = &node_keys().vote;
  config.checkpoint_key = &node_keys().checkpoint;
  config.timing = setting_.timing;
  std::string nonce = "nonce";
  AppendU64(nonce, random_.Next());
  config.nonce = *consensus::Nonce::From(Sha256(nonce).view());
  if (setting_.trace) config.observer = setting_.trace->ObserverOf(id_);
  replica_ = std::make_unique<replica::Replica>(config, store_.get(), this, this, this, this,
                                                intake_.get());
  const absl::Status status = replica_->Start();
  if (!status.ok() && !Disk::Said(status)) {
    setting_.checker->Fail(absl::StrCat("node ", id_, " cannot start: ", status.message()));
  }
  if (!status.ok()) return StopForDisk(status);
  if (disk_.rotten(Part::kJournal)) {
    setting_.checker->Fail(absl::StrCat("node ", id_, " has not seen that its journal is rotten"));
  }
  setting_.network->NodeUp(id_);
  EndTurn();
}

void ReplicaNode::SetKeys(std::size_t generation) {
  setting_.world->Note("keys", id_, absl::StrCat(generation));
  if (up()) Crash();
  generation_ = generation;
  Start();
}

bool ReplicaNode::at_hand() const { return up() && awake(); }

absl::StatusOr<std::string> ReplicaNode::DraftRestart() {
  absl::StatusOr<std::string> draft = absl::UnknownError("not asked");
  replica_->Handle(
      {replica::RestartDraftAsked{[&draft](auto told) { draft = std::move(told); }}, nullptr});
  return draft;
}

void ReplicaNode::GiveRestart(const replica::RestartPtr& act, bool never_voted,
                              std::function<void(const absl::Status&)> told) {
  setting_.world->Note("given an act", id_, never_voted ? "never voted" : "");
  MendDisk();  // this time
  replica_->Handle(
      {replica::RestartGiven{
           act, never_voted,
           [told = std::move(told)](const absl::StatusOr<bool>& given) { told(given.status()); }},
       nullptr});
  EndTurn();
}

// Whoever the ledger names as a node has to come to hold it, once it runs with the keys that the
// ledger names.
bool ReplicaNode::belongs() const {
  const History::Member* member = parts_->history.Find(code());
  return member != nullptr && member->node && generation_ &&
         member->node->vote == node_keys().vote.public_key();
}

bool ReplicaNode::Knows(const ReplicaNode& other) const {
  const auto key = roster_.find(other.code());
  return other.generation_ && key != roster_.end() &&
         key->second == other.node_keys().transport.public_key();
}

void ReplicaNode::OnMembersChanged() {
  roster_.clear();
  const auto newest = view();
  for (const rules::MemberView& member : rules::Members(newest->state(), kMembersMax)) {
    if (member.node && !member.peer_endpoint.empty()) {
      roster_.emplace(member.code, member.node->transport_key);
    }
  }
  setting_.network->Refresh();
}

void ReplicaNode::Crash() {
  setting_.world->Note("crash", id_);
  if (turn_due_) {
    disk_.Break(random_.Chance(500) ? DiskFault::kFailsWritten : DiskFault::kFailsUnwritten);
    dying_ = true;
    // The write fails, or there was none; what it sends before is on its way.
    CheckStop(replica_->EndTurn());
  }
  Die();
}

void ReplicaNode::Die() {
  Machine::Die();
  if (setting_.trace && up()) setting_.trace->Crash(id_);
  dying_ = false;
  replica_.reset();
  intake_.reset();
  turn_due_ = false;
  range_open_ = 0;
  observed_.reset();
  observed_says_.reset();
}

void ReplicaNode::Wipe() {
  setting_.world->Note("wipe", id_);
  setting_.checker->OnWipe(id_);
  if (setting_.trace) setting_.trace->Wipe(id_);
  seen_height_ = 0;
  disk_.Replace();
  NewStore(false);
}

bool ReplicaNode::restoring() const {
  return up() && replica_->Status().mode == replica::Mode::kRestoring;
}

Time ReplicaNode::Wall() const {
  return testing::kFounded + Days(1) + Duration{setting_.world->now_us() + skew_.us};
}

// --- Turns

// What comes within the time of one write shares it.
void ReplicaNode::Take(replica::InputKind input) {
  replica_->Handle({std::move(input), nullptr});
  if (turn_due_) return;
  turn_due_ = true;
  Later(BeginWrite(), [this] { EndTurn(); });
}

void ReplicaNode::EndTurn() {
  turn_due_ = false;
  const absl::Status status = replica_->EndTurn();
  if (!CheckStop(status)) return;
  if (!status.ok()) return StopForDisk(status);
  const auto deadline = replica_->next_deadline_us();
  if (!deadline) return;
  const std::int64_t wait = std::max<std::int64_t>(0, *deadline - setting_.world->now_us());
  Later(Duration{wait}, [this, wake = ++wake_] {
    if (wake == wake_ && !turn_due_) EndTurn();
  });
}

// A node whose disk fails must stop; nothing else may stop it, whatever its disk does.
bool ReplicaNode::CheckStop(const absl::Status& status) {
  if (status.ok() || Disk::Said(status)) return true;
  setting_.checker->OnBroken(id_, std::string(StdView(status.message())));
  return false;
}

// --- Watching

void ReplicaNode::OnCommit(Height, std::uint64_t) { ObserveCommits(); }

void ReplicaNode::ObserveCommits() {
  const auto newest = view();
  while (seen_height_ < newest->tip().header.height.value()) {
    const auto stored = newest->BlockAt(Height(++seen_height_));
    ASSENT_CHECK(stored.ok());
    consensus::Block block;
    block.header = stored->header;
    block.hash = BlockHash(stored->header_bytes);
    for (EntryIndex at = block.header.first_index; at.value() < block.header.tree_size;
         at = at.next()) {
      block.entries.push_back(newest->EntryAt(at).value());
    }
    setting_.world->Note(
        "commit", id_,
        absl::StrCat(seen_height_, " view ", block.header.view.value(), " entries ",
                     block.entries.size(), " ", block.hash.hex().substr(0, 8)));
    std::optional<Certificate> certificate;
    if (!stored->certificate.empty()) {
      const auto* voters = parts_->history.VotersOf(block.header.epoch);
      if (voters == nullptr || !setting_.checker->honest().contains(id_)) continue;
      auto parsed = ParseCertificate(stored->certificate, voters->size());
      if (!parsed.ok()) {
        return setting_.checker->Fail(absl::StrCat("epochs: node ", id_, " at height ",
                                                   seen_height_, ": ", parsed.status().message()));
      }
      certificate = *std::move(parsed);
    }
    const bool first = block.header.height.value() > setting_.checker->height();
    setting_.checker->OnCommit(id_, block, certificate ? &*certificate : nullptr, stored->tail);
    if (first && parts_->on_commit) parts_->on_commit(id_);
  }
  CheckRevision(*newest);
}

// What the node takes for the revision in force is what all members have signed, and its
// parameters are those of that revision.
void ReplicaNode::CheckRevision(const replica::ReadView& newest) {
  if (!setting_.checker->honest().contains(id_)) return;
  const rules::LedgerParameters parameters = rules::ParametersOf(newest.state());
  const std::size_t count = parts_->history.RevisionsAt(newest.tip().header.tree_size);
  const History::Periods periods{parameters.comment_period, parameters.heartbeat};
  if (periods != parts_->history.PeriodsAfter(count)) {
    setting_.checker->Fail(absl::StrCat(
        "unanimity: node ", id_, " has a comment period of ", periods.comments.us / 1'000'000,
        " s and a heartbeat of ", periods.heartbeat.us / 1'000'000, " s in force at ",
        newest.tip().header.tree_size, " entries, not those of revision ", count));
  }
  bool right = parameters.revision == count;
  if (right && count > 0) {
    const History::Revision& revision = parts_->history.revisions()[count - 1];
    right = parameters.revision_round == EntryIndex(revision.round) &&
            parameters.revision_text_hash == revision.text;
  }
  if (right) return;
  setting_.checker->Fail(
      absl::StrCat("unanimity: node ", id_, " has revision ", parameters.revision, " in force at ",
                   newest.tip().header.tree_size, " entries, where all have signed ", count));
}

void ReplicaNode::Write(replica::LogLevel level, std::string_view event,
                        std::initializer_list<replica::LogField> fields) {
  if (level == replica::LogLevel::kDebug) return;
  std::string detail;
  for (const replica::LogField& field : fields) {
    absl::StrAppend(&detail, AbslView(field.name), "=", field.value, " ");
  }
  setting_.world->Note(event, id_, detail);
}

void ReplicaNode::Submit(const EntryPtr& entry, Told told) {
  if (!up()) return;
  WhenAwake([this, entry, told = std::move(told)] {
    auto answer = [this, entry, told, life = life_](const replica::SubmitOutcome& outcome) {
      if (life != life_ || dying_) return;
      if (outcome.final_index) {
        ObserveCommits();
        setting_.checker->OnAnswer(id_, entry->leaf_hash(), *outcome.final_index);
      }
      // The answer takes its time; a node that is hostile may say anything, and says nothing.
      if (told && !hostile())
        setting_.world->After(Milliseconds(5), [told, outcome] { told(outcome); });
    };
    if (auto refusal = intake_->CheckEntry(*entry)) {
      answer({absl::OkStatus(), std::move(refusal), std::nullopt});
    } else {
      Take(replica::Submitted{entry, true, std::move(answer)});
    }
  });
}

std::string ReplicaNode::Describe() const {
  std::string text =
      absl::StrCat("node ", id_, " (", kind_ ? AbslView(kind_->name) : "honest", "): ");
  if (!up()) return text + (held_ ? "held down" : generation_ ? "down" : "not to run");
  const replica::ReplicaStatus status = replica_->Status();
  absl::StrAppend(&text, belongs() ? "" : "no member, ", "epoch ", status.epoch.value(), ", view ",
                  status.view.value(), ", height ", status.height.value(),
                  status.mode == replica::Mode::kRestoring ? ", restoring" : "",
                  ", votes from view ", status.votes_from_view.value(), ", waiting ",
                  status.pool_entries);
  return text;
}

}  // namespace assent::simulation
