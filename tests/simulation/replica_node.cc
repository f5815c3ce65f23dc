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
#include "node/query/blocks.h"
#include "node/query/reader.h"

namespace assent::simulation {
namespace {

// What is the order's business.
std::optional<consensus::Message> OfConsensus(const replica::PeerMessage& message) {
  return std::visit(
      [](const auto& m) -> std::optional<consensus::Message> {
        if constexpr (std::is_constructible_v<consensus::Message, decltype(m)>) {
          return consensus::Message(m);
        }
        return std::nullopt;
      },
      message);
}

}  // namespace

ReplicaNode::ReplicaNode(const Setting& setting, LedgerParts* parts, NodeId id, NodeId member,
                         const AttackerKind* attacker, Random random)
    : setting_(setting),
      parts_(parts),
      id_(id),
      member_(member),
      kind_(attacker),
      random_(random.Split()),
      skew_(Milliseconds(random_.Between(-1'500, 1'500))) {
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
      parts_->genesis, founding, setting_.checker, id_,
      [parts = parts_](const MemberCode& accused) { return parts->IndexOf(accused); });
}

// --- Life and death

void ReplicaNode::Start() {
  if (up() || held_ || !generation_) return;
  setting_.world->Note("start", id_);
  ObserveCommits();
  {
    const auto newest = store_->Read();
    setting_.checker->OnStart(id_, newest->tip().header.height, newest->tip().hash);
  }
  const std::string& origin = parts_->ledger.act.text.origin;
  store_->set_fault(DiskFault::kNone);
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
  replica_ = std::make_unique<replica::Replica>(config, store_.get(), this, this, this, this,
                                                intake_.get());
  const absl::Status status = replica_->Start();
  if (!status.ok()) return Refused(status);
  if (rotten_) {
    setting_.checker->Fail(absl::StrCat("node ", id_, " has not seen that its journal is rotten"));
  }
  setting_.network->NodeUp(id_);
  EndTurn();
}

// It would not start: its operator wipes a rotten disk.
void ReplicaNode::Refused(const absl::Status& status) {
  setting_.world->Note("refuses to start", id_, std::string(StdView(status.message())));
  if (!rotten_) {
    setting_.checker->Fail(absl::StrCat("node ", id_, " cannot start: ", status.message()));
  }
  Die();
  if (!rotten_) return;
  Wipe();
  Start();
}

void ReplicaNode::Rot() {
  setting_.world->Note("rot", id_);
  store_->Rot();
  rotten_ = true;
}

void ReplicaNode::SetKeys(std::size_t generation) {
  setting_.world->Note("keys", id_, absl::StrCat(generation));
  if (up()) Crash();
  generation_ = generation;
  Start();
}

bool ReplicaNode::at_hand() const { return up() && awake_us_ <= setting_.world->now_us(); }

absl::StatusOr<std::string> ReplicaNode::DraftRestart() {
  absl::StatusOr<std::string> draft = absl::UnknownError("not asked");
  replica_->Handle(
      {replica::RestartDraftAsked{[&draft](auto told) { draft = std::move(told); }}, nullptr});
  return draft;
}

void ReplicaNode::GiveRestart(const replica::RestartPtr& act, bool never_voted,
                              std::function<void(const absl::Status&)> told) {
  setting_.world->Note("given an act", id_, never_voted ? "never voted" : "");
  store_->set_fault(DiskFault::kNone);  // the disk has been looked after, this time
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
  const auto newest = store_->Read();
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
    store_->set_fault(random_.Chance(500) ? DiskFault::kFailsWritten : DiskFault::kFailsUnwritten);
    dying_ = true;
    // It fails, or had nothing to write; what it sends before is on its way.
    replica_->EndTurn().IgnoreError();
  }
  setting_.network->NodeDown(id_);
  Die();
}

void ReplicaNode::Die() {
  ++life_;
  dying_ = false;
  awake_us_ = 0;
  replica_.reset();
  intake_.reset();
  turn_due_ = false;
  at_next_write_ = {};
  range_open_ = 0;
  observed_.reset();
  observed_says_.reset();
}

void ReplicaNode::Wipe() {
  setting_.world->Note("wipe", id_);
  setting_.checker->OnWipe(id_);
  seen_height_ = 0;
  rotten_ = false;
  NewStore(false);
}

bool ReplicaNode::restoring() const {
  return up() && replica_->Status().mode == replica::Mode::kRestoring;
}

Time ReplicaNode::Wall() const {
  return testing::kFounded + Days(1) + Duration{setting_.world->now_us() + skew_.us};
}

void ReplicaNode::Later(Duration delay, std::function<void()> action) {
  setting_.world->After(delay, [this, life = life_, action = std::move(action)] {
    if (life == life_ && up()) WhenAwake(action);
  });
}

void ReplicaNode::WhenAwake(const std::function<void()>& action) {
  const std::int64_t wait_us = awake_us_ - setting_.world->now_us();
  if (wait_us <= 0) return action();
  Later(Duration{wait_us}, action);
}

void ReplicaNode::Pause(Duration length) {
  if (!up()) return;
  setting_.world->Note("pause", id_, absl::StrCat(length.us));
  awake_us_ = std::max(awake_us_, setting_.world->now_us() + length.us);
}

void ReplicaNode::BreakDisk(DiskFault fault) {
  if (up()) store_->set_fault(fault);
}

// --- Turns

// What comes within the time of one write shares it.
void ReplicaNode::Take(replica::InputKind input) {
  replica_->Handle({std::move(input), nullptr});
  if (turn_due_) return;
  turn_due_ = true;
  const Duration delay = WriteDelay(random_);
  if (at_next_write_) Later(Duration{delay.us / 2}, std::exchange(at_next_write_, {}));
  Later(delay, [this] { EndTurn(); });
}

void ReplicaNode::EndTurn() {
  turn_due_ = false;
  const absl::Status status = replica_->EndTurn();
  if (!status.ok()) return Stopped(status);
  const auto deadline = replica_->next_deadline_us();
  if (!deadline) return;
  const std::int64_t wait = std::max<std::int64_t>(0, *deadline - setting_.world->now_us());
  Later(Duration{wait}, [this, wake = ++wake_] {
    if (wake == wake_ && !turn_due_) EndTurn();
  });
}

// A node whose disk fails must stop; somebody starts it again.
void ReplicaNode::Stopped(const absl::Status& status) {
  if (store_->fault() == DiskFault::kNone) {
    setting_.checker->OnBroken(id_, std::string(StdView(status.message())));
    return;
  }
  setting_.world->Note("stops", id_, std::string(StdView(status.message())));
  setting_.network->NodeDown(id_);
  Die();
  setting_.world->After(Milliseconds(random_.Between(100, 5'000)), [this] { Start(); });
}

// --- Streams

void ReplicaNode::Link(NodeId peer, bool up_now) {
  if (!up()) return;
  const MemberCode& other = CodeOf(peer);
  if (other == code()) return;  // its twin
  if (up_now) {
    Take(replica::PeerConnected{other});
  } else {
    Take(replica::PeerDisconnected{other});
  }
}

void ReplicaNode::Send(const MemberCode& to, replica::MessageBytes message) {
  if (observed_ != message) {
    auto parsed = intake_->epoch()->codec.Parse(*message);
    if (!parsed.ok()) {
      setting_.checker->Fail(
          absl::StrCat("node ", id_, " sends what cannot be read: ", parsed.status().message()));
      return;
    }
    observed_ = message;
    observed_says_ = *std::move(parsed);
    Observe(*observed_says_);
  }
  if (hostile()) {
    SendHostile(to, *observed_says_);
  } else {
    SendBytes(to, message);
  }
}

void ReplicaNode::TellEpoch() {
  const Epoch now = intake_->epoch()->epoch();
  if (std::exchange(told_epoch_, now) != now) attacker_->NewEpoch();
}

void ReplicaNode::SendHostile(const MemberCode& to, replica::PeerMessage message) {
  TellEpoch();
  std::optional<consensus::Message> ours = OfConsensus(message);
  const auto position = intake_->epoch()->voters().Find(to);
  if (ours && position) return SendLetters(attacker_->Twist({*position, *std::move(ours)}));
  attacker_->Garble(message);
  Post(to, intake_->epoch()->codec.Encode(message));
}

void ReplicaNode::SendLetters(const std::vector<Letter>& letters) {
  const auto epoch = intake_->epoch();
  for (const Letter& letter : letters) {
    Post(epoch->voters().at(letter.to).code, epoch->codec.Encode(letter.message));
  }
}

void ReplicaNode::Post(const MemberCode& to, const std::string& bytes) {
  if (to == code()) return;
  for (std::string& one : attacker_->Post(bytes, intake_->epoch()->codec)) {
    SendBytes(to, std::make_shared<const std::string>(std::move(one)));
  }
}

void ReplicaNode::Observe(const replica::PeerMessage& message) {
  if (const auto* vote = std::get_if<consensus::Vote>(&message)) {
    setting_.world->Note(VoteKindName(vote->statement.kind), id_,
                         absl::StrCat("view ", vote->statement.view.value(), " ",
                                      vote->statement.block_hash.hex().substr(0, 8)));
    setting_.checker->OnVote(id_, vote->statement);
    if (vote->statement.kind == VoteKind::kFinalize && parts_->on_finalize_vote) {
      parts_->on_finalize_vote(id_);
    }
  } else if (const auto* proposal = std::get_if<consensus::Proposal>(&message)) {
    setting_.world->Note(
        "propose", id_,
        absl::StrCat("view ", proposal->block->header.view.value(), " entries ",
                     proposal->block->entries.size(), " on ",
                     proposal->block->header.parent.hex().substr(0, 8), " ",
                     (proposal->block->header.time - Wall()).us / 1'000, " ms ahead"));
    setting_.checker->OnProposal(id_, proposal->block->header, proposal->block->hash);
  }
}

void ReplicaNode::SendBytes(const MemberCode& to, const replica::MessageBytes& message) {
  const auto member = parts_->IndexOf(to);
  if (!member) return;
  for (const NodeId machine : parts_->machines[*member]) {
    ReplicaNode* receiver = parts_->nodes[machine];
    setting_.network->Send(id_, machine, message->size(),
                           [receiver, from = id_, message] { receiver->Arrive(from, message); });
  }
}

void ReplicaNode::Arrive(NodeId from, const replica::MessageBytes& message) {
  if (!up()) return;
  WhenAwake([this, from, message] {
    setting_.world->Note("arrive", id_, absl::StrCat(from, " ", message->size()));
    const MemberCode& sender = CodeOf(from);
    const auto position = intake_->epoch()->voters().Find(sender);
    if (hostile() && position && place_votes()) {
      TellEpoch();
      const auto parsed = intake_->epoch()->codec.Parse(*message);
      const auto heard = parsed.ok() ? OfConsensus(*parsed) : std::nullopt;
      if (heard) SendLetters(attacker_->Hear(*position, *heard));
    }
    auto input = intake_->CheckMessage(sender, *message);
    if (input.ok()) Take(replica::FromPeer{sender, *std::move(input)});
  });
}

// --- Ranges of blocks

void ReplicaNode::RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) {
  if (range_open_ != 0) {
    return Later(Duration{0}, [this, from] {
      Take(replica::RangeEnd{from, absl::FailedPreconditionError("a request is under way")});
    });
  }
  const std::uint64_t request = range_open_ = ++range_requests_;
  Later(kRangePatience, [this, from, request] {
    EndRange(from, request, absl::DeadlineExceededError("no answer"));
  });
  const std::vector<NodeId>& machines = parts_->machines[*parts_->IndexOf(from)];
  const NodeId server = machines[random_.Below(machines.size())];
  ReplicaNode* other = parts_->nodes[server];
  const auto ask = [this, other, from, request, first, max_blocks] {
    const auto blocks = other->Serve(first, max_blocks);
    std::size_t size = 0;
    for (const std::string& block : blocks) size += block.size();
    other->setting_.network->Send(other->id_, id_, size, [this, from, request, blocks] {
      if (!up()) return;
      WhenAwake([this, from, request, blocks] {
        if (range_open_ != request) return;
        for (const std::string& bytes : blocks) {
          auto block = intake_->CheckBlock(bytes);
          if (!block.ok()) break;
          Take(replica::RangeBlock{from, *std::move(block)});
        }
        EndRange(from, request, absl::OkStatus());
      });
    });
  };
  setting_.network->Send(id_, server, kRangeRequestBytes, ask);
}

void ReplicaNode::CancelBlocks(const MemberCode& from) {
  Later(Duration{0}, [this, from, request = range_open_] {
    EndRange(from, request, absl::CancelledError("cancelled"));
  });
}

void ReplicaNode::EndRange(const MemberCode& from, std::uint64_t request,
                           const absl::Status& status) {
  if (range_open_ == 0 || range_open_ != request) return;
  range_open_ = 0;
  Take(replica::RangeEnd{from, status});
}

std::vector<std::string> ReplicaNode::Serve(Height first, std::uint32_t max_blocks) {
  std::vector<std::string> blocks;
  const auto newest = store_->Read();
  const auto range = query::PlanPeerBlocks(*newest, first, max_blocks);
  if (!range.ok()) return blocks;
  query::Reader reader;
  reader.rights = query::Rights::kMember;
  for (Height height = range->first; height <= range->last; height = height.next()) {
    const auto block = query::FinalBlockAt(*newest, reader, height);
    if (!block.ok()) break;
    blocks.push_back(block->SerializeAsString());
  }
  if (hostile()) attacker_->Serve(blocks);
  return blocks;
}

// --- Watching

void ReplicaNode::OnCommit(Height, std::uint64_t) { ObserveCommits(); }

void ReplicaNode::ObserveCommits() {
  const auto newest = store_->Read();
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

void ReplicaNode::Submit(const consensus::EntryPtr& entry, Told told) {
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
