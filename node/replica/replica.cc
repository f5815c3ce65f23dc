#include "node/replica/replica.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"

namespace assent::replica {

namespace cs = consensus;

Replica::Replica(ReplicaConfig config, Store* store, Peers* peers, const Clock* clock, Log* log,
                 CommitListener* listener, Intake* intake)
    : config_(std::move(config)),
      store_(store),
      peers_(peers),
      clock_(clock),
      log_(log),
      listener_(listener),
      intake_(intake),
      executor_(&committed_, intake->verified()),
      pool_(&committed_),
      catch_up_(&executor_, peers) {
  if (config_.author_entries_per_second == 0) return;
  submitted_rate_.emplace(config_.author_entries_per_second);
  passed_on_rate_.emplace(kPassedOnRate * config_.author_entries_per_second);
}

Replica::~Replica() = default;

absl::Status Replica::Start() {
  committed_.Renew(store_->Read(), nullptr);
  auto tip = execution::Executor::FromStore(committed_.view());
  if (!tip.ok()) return tip.status();
  tip_ = *std::move(tip);
  executed_[tip_->hash] = tip_;
  if (auto status = MakeCore(); !status.ok()) return status;

  std::vector<cs::JournalRecord> records;
  absl::Status bad;
  auto read = store_->ReadJournal([&](std::string_view key, std::string_view value) {
    auto record = cs::JournalRecord::From(key, value);
    if (record.ok()) {
      records.push_back(*std::move(record));
    } else {
      bad.Update(record.status());
    }
  });
  if (!read.ok()) return read;
  if (!bad.ok())
    return absl::DataLossError(absl::StrCat("the vote journal is damaged: ", bad.message()));
  if (auto status = core_->Recover(records); !status.ok()) return status;
  auto next = committed_.view().NewestRestart();
  if (!next.ok()) return next.status();
  if (*next && (*next)->epoch > core_->epoch()) next_restart_ = *std::move(next);
  TellMembers();

  log_->Write(LogLevel::kInfo, "started",
              {{"height", tip_->header.height},
               {"entries", tip_->header.tree_size},
               {"epoch", core_->epoch()},
               {"restoring", core_->restoring() ? "yes" : "no"}});
  next_housekeeping_us_ = clock_->MonotonicUs() + kHousekeepingUs;
  Step(cs::Tick{});
  EndEpochByAct();
  return EndTurn();
}

void Replica::AdvanceCatchUp(const std::optional<MemberCode>& preferred) {
  if (!core_->over()) catch_up_.Advance(tip_, clock_->MonotonicUs(), preferred);
}

cs::Now Replica::Now() const { return {{clock_->MonotonicUs()}, clock_->Wall()}; }

void Replica::Handle(Input input) {
  if (!failure_.ok()) return;
  std::visit([this](auto kind) { On(std::move(kind)); }, std::move(input.kind));
}

void Replica::Greet(const MemberCode& peer) {
  const auto position = voters().Find(peer);
  Hello hello{config_.ledger, config_.self, tip_->header.height, std::nullopt, core_->restoring()};
  if (position) hello.newest_vote_of_yours = core_->NewestVoteOf(*position);
  outbox_.emplace_back(peer, epoch_->codec.Encode(PeerMessage(std::move(hello))));
  const CheckpointBook& book = checkpoints_->newest_own() || closed_checkpoints_ == nullptr
                                   ? *checkpoints_
                                   : *closed_checkpoints_;
  if (book.newest_own()) {
    outbox_.emplace_back(peer, epoch_->codec.Encode(PeerMessage(*book.newest_own())));
  }
  // No block tells it until one of this epoch is final.
  if (restarted_by_) {
    outbox_.emplace_back(peer, epoch_->codec.Encode(PeerMessage(RestartBytes{restarted_by_->act})));
  }
}

void Replica::On(PeerConnected input) {
  connected_.insert(input.peer);
  Greet(input.peer);
  if (const auto position = voters().Find(input.peer)) Step(cs::PeerUp{*position});
  Repeat(input.peer);
}

void Replica::On(PeerDisconnected input) {
  connected_.erase(input.peer);
  if (const auto position = voters().Find(input.peer)) Step(cs::PeerDown{*position});
}

void Replica::On(FromPeer input) {
  std::visit([&](auto message) { OnPeer(input.from, std::move(message)); }, std::move(input.input));
}

void Replica::OnPeer(const MemberCode& from, HelloSeen hello) {
  greeted_.insert(from);
  catch_up_.PeerHas(from, hello.final_height);
  if (hello.own_vote && (*hello.own_vote)->statement.epoch == core_->epoch()) {
    Step(cs::OwnVoteSeen{*std::move(hello.own_vote)});
  }
  if (hello.vote_of_later_epoch) TakeLaterVote(*hello.vote_of_later_epoch);
  AdvanceCatchUp();
}

void Replica::OnPeer(const MemberCode& from, const SignedTree& tree) {
  catch_up_.PeerHas(from, tree.height);
  const bool closed = closed_checkpoints_ != nullptr && tree.height <= epoch_->begun_by;
  CheckpointBook& book = closed ? *closed_checkpoints_ : *checkpoints_;
  Take(book.OnSignature(tree, RootOf(tree.tree_size)));
}

std::optional<Hash> Replica::RootOf(std::uint64_t tree_size) const {
  const ReadView& view = committed_.view();
  if (tree_size > view.tip().header.tree_size) return std::nullopt;
  const auto frontier = ReadFrontier(tree_size, [&view](std::uint8_t level, std::uint64_t index) {
    return view.MerkleNodeAt(level, index);
  });
  return frontier.ok() ? std::optional(frontier->Root()) : std::nullopt;
}

// What was checked before an epoch ended says nothing to the core of the next one.
void Replica::OnPeer(const MemberCode&, CoreInput input) {
  if (input.epoch == core_->epoch()) Step(std::move(input.event));
}

void Replica::On(RangeBlock input) {
  if (core_->over()) return;  // what follows is of the next epoch
  const Height height = input.block.parts.header.height;
  const std::int64_t now_us = clock_->MonotonicUs();
  const RestartPtr act = input.block.parts.restarted;
  const absl::Status shown = act == nullptr ? absl::OkStatus() : CheckShown(*act);
  auto segment = catch_up_.OnBlock(input.from, std::move(input.block.parts), tip_, now_us, shown);
  if (absl::IsDataLoss(segment.status())) return Fail(segment.status());
  if (!segment.ok()) {
    log_->Write(LogLevel::kWarning, "bad block from a peer",
                {{"peer", input.from},
                 {"height", height},
                 {"why", std::string(segment.status().message())}});
    return AdvanceCatchUp();
  }
  if (!*segment) return;
  for (const auto& block : (*segment)->blocks) {
    if (block != (*segment)->blocks.back()) {
      Commit(block, "", {});
    } else {
      Commit(block, EncodeFinal((*segment)->certificate), std::move((*segment)->tail));
    }
  }
  if (!(*segment)->blocks.empty()) {
    Step(cs::FinalByCatchUp{{tip_->header, tip_->hash, (*segment)->certificate}});
  }
  // Its epoch goes on, whatever this node has voted before.
  if (const RestartPtr& restart = (*segment)->restart;
      restart != nullptr && restart->epoch > core_->epoch() &&
      (!next_restart_ || next_restart_->epoch < restart->epoch)) {
    TakeRestart(restart, false);
  }
}

void Replica::On(RangeEnd input) {
  if (!input.status.ok()) {
    log_->Write(LogLevel::kInfo, "range of blocks ended early",
                {{"peer", input.from}, {"why", std::string(input.status.message())}});
  }
  catch_up_.OnEnd(input.from, input.status, clock_->MonotonicUs());
  AdvanceCatchUp();
}

void Replica::Step(cs::Event event) {
  std::deque<cs::Event> events;
  events.push_back(std::move(event));
  while (!events.empty() && failure_.ok()) {
    cs::Event next = std::move(events.front());
    events.pop_front();
    Do(core_->Step(Now(), std::move(next)), events);
  }
}

void Replica::Do(cs::Effects effects, std::deque<cs::Event>& answers) {
  for (cs::JournalRecord& record : effects.persist) {
    batch_.journal.emplace_back(record.Key(), std::move(record.bytes));
  }
  if (effects.restoring) {
    intake_->AwaitRestoreResponses(*effects.restoring);
    // What is forgotten of a later epoch no epoch before it brings back.
    batch_.restoring = *effects.restoring || voted_in_ > core_->epoch();
    log_->Write(LogLevel::kInfo, *effects.restoring ? "restoring" : "restored", {});
  }
  KeepEvidence(effects.evidence);
  if (effects.forget_below) batch_.journal_forget_below = std::move(effects.forget_below);
  if (effects.broken) return Fail(absl::DataLossError(*effects.broken));
  for (const cs::InvalidBlock& invalid : effects.invalid) {
    log_->Write(LogLevel::kWarning, "invalid block",
                {{"height", invalid.block->header.height},
                 {"view", invalid.block->header.view},
                 {"why", invalid.reason}});
    if (invalid.certified) {
      return Fail(absl::DataLossError(
          absl::StrCat("a quorum has certified a block that is not valid here: ", invalid.reason)));
    }
  }
  // Nobody listens to who is no voter: what it lacks it fetches by range.
  if (!position_) effects.send.clear();
  for (cs::Send& send : effects.send) {
    std::optional<MemberCode> to;
    if (send.to) to = voters().at(*send.to).code;
    outbox_.emplace_back(std::move(to), epoch_->codec.Encode(send.message));
  }
  for (const cs::FinalBlock& block : effects.deliver) Deliver(block);
  for (const Hash& hash : effects.discard) executed_.erase(hash);
  epoch_->verifier.Remember(effects.certified);
  core_deadline_us_ =
      effects.next_deadline ? std::optional(effects.next_deadline->us) : std::nullopt;
  if (effects.standstill) Repeat(std::nullopt);
  if (effects.catch_up) AdvanceCatchUp(voters().at(*effects.catch_up).code);
  for (const cs::ValidateRequest& request : effects.validate) answers.push_back(Validate(request));
  if (effects.build) answers.push_front(Build(*effects.build));
}

void Replica::KeepEvidence(const std::vector<cs::Evidence>& evidence) {
  for (const cs::Evidence& one : evidence) {
    ++evidence_;
    const Voter& voter = voters().at(one.first.voter);
    const std::string bytes = EncodeEvidence(one);
    batch_.evidence.emplace_back(
        absl::StrCat("vote/", voter.code.str(), "/", one.first.statement.epoch.value(), "/",
                     one.first.statement.view.value(), "/", Sha256(bytes).hex().substr(0, 16)),
        bytes);
    log_->Write(LogLevel::kWarning, "conflicting statements of one key",
                {{"member", voter.code}, {"view", one.first.statement.view}});
  }
}

cs::Event Replica::Build(const cs::BuildRequest& request) {
  cs::BlockBuilt answer{request.view, request.parent, std::nullopt};
  const auto parent = executed_.find(request.parent);
  if (parent == executed_.end()) {
    Fail(absl::InternalError("asked to build on a block that was not executed"));
    return answer;
  }
  const auto candidates =
      pool_.Select(kBlockEntriesMax, kBlockBytesMax, parent->second->heads, request.view.value());
  if (candidates.empty() && !request.allow_empty) return answer;
  execution::BuiltBlock built =
      executor_.Build(parent->second, {request.epoch, request.view, request.time}, candidates);
  // What is refused after a block that is not final may be good yet, when that block is skipped.
  if (request.parent == tip_->hash) {
    for (const execution::LeftOut& left_out : built.left_out) {
      Answer(pool_.Drop(left_out.entry, left_out.refusal));
    }
  } else if (!built.left_out.empty()) {
    refused_under_way_ = true;
  }
  const execution::ExecutedPtr& block = built.block;
  if (block->entries.empty() && !request.allow_empty) return answer;
  executed_[block->hash] = block;
  answer.block =
      cs::Block{block->header, block->header_bytes, block->hash, Signature(), block->entries};
  return answer;
}

cs::Event Replica::Validate(const cs::ValidateRequest& request) {
  const cs::Block& block = *request.block;
  cs::BlockValidated answer{block.hash, cs::Verdict::kInvalid, ""};
  if (executed_.contains(block.hash)) {
    answer.verdict = cs::Verdict::kValid;
    return answer;
  }
  NoteClock(block.header);
  const auto parent = executed_.find(block.header.parent);
  if (parent == executed_.end()) {
    Fail(absl::InternalError("asked to check a block whose parent was not executed"));
    return answer;
  }
  const bool restarted = core_->epoch() > EpochAfter(parent->second->header);
  auto executed = executor_.Execute(parent->second, block.header, block.header_bytes, block.entries,
                                    restarted ? std::optional(core_->epoch()) : std::nullopt);
  if (executed.ok()) {
    executed_[block.hash] = *std::move(executed);
    answer.verdict = cs::Verdict::kValid;
  } else {
    if (absl::IsFailedPrecondition(executed.status())) answer.verdict = cs::Verdict::kOtherBody;
    answer.reason = std::string(executed.status().message());
  }
  return answer;
}

// A block that is asked for later tells nothing of its leader's clock, nor does one whose time is
// only what must follow the one before.
void Replica::NoteClock(const BlockHeader& header) {
  if (header.kind == BlockKind::kTail || header.view < core_->view()) return;
  const auto parent = executed_.find(header.parent);
  if (parent == executed_.end()) return;
  if (header.time <= parent->second->header.time + Microseconds(1)) return;
  const MemberCode& leader = voters().at(voters().Leader(header.epoch, header.view)).code;
  if (leader == config_.self) return;  // from before this start
  const std::lock_guard lock(status_mutex_);
  vitals_.clock_offsets.insert_or_assign(leader, clock_->Wall() - header.time);
}

std::string Replica::EncodeFinal(const cs::CertificatePtr& certificate) const {
  return certificate ? EncodeCertificate(*certificate, voters().size()) : "";
}

void Replica::Deliver(const cs::FinalBlock& block) {
  const auto executed = executed_.find(block.block->hash);
  if (executed == executed_.end()) {
    return Fail(absl::InternalError("a block became final that was not executed"));
  }
  Commit(executed->second, EncodeFinal(block.certificate), block.tail);
}

void Replica::Commit(const execution::ExecutedPtr& block, std::string certificate,
                     std::vector<std::string> tail) {
  if (block->header.parent != tip_->hash) {
    return Fail(absl::InternalError("a block became final that does not follow the last one"));
  }
  parent_times_.push_back(tip_->header.time);
  batch_.blocks.push_back(
      execution::Executor::MakeCommit(*block, std::move(certificate), std::move(tail)));
  executed_.erase(tip_->hash);
  tip_ = block;
  executed_[tip_->hash] = tip_;
}

absl::Status Replica::EndTurn() {
  const std::int64_t now_us = clock_->MonotonicUs();
  PassOn();
  TellWork();
  if (core_deadline_us_ && *core_deadline_us_ <= now_us) Step(cs::Tick{});
  if (next_housekeeping_us_ <= now_us) Housekeep();
  Take(checkpoints_->OnTime(now_us));
  if (const auto retry = catch_up_.deadline_us(); retry && *retry <= now_us) AdvanceCatchUp();
  if (!failure_.ok()) {
    // Why a node must stop is when proof matters most; nothing else of the turn may last.
    Batch proof;
    proof.evidence = std::move(batch_.evidence);
    if (!proof.empty()) failure_.Update(store_->Write(proof));
    return failure_;
  }

  const Batch batch = std::exchange(batch_, {});
  if (!batch.empty()) {
    committed_.Release();  // of a state that is about to be old
    const absl::Status status = store_->Write(batch);
    committed_.Renew(store_->Read(), status.ok() ? &batch.blocks : nullptr);
    if (!status.ok()) {
      Fail(absl::DataLossError(absl::StrCat(
          "cannot write to the database, so votes could be forgotten: ", status.message(),
          "; mend the disk, then start the node again")));
      return failure_;
    }
  }
  for (auto& [to, bytes] : std::exchange(outbox_, {})) {
    if (to) {
      peers_->Send(*to, std::make_shared<const std::string>(std::move(bytes)));
    } else {
      SendToAll(std::move(bytes));
    }
  }
  if (!batch.blocks.empty()) AfterWrite(batch.blocks);
  if (core_->over() || reenter_) EnterEpoch();
  for (auto& [epoch, done] : std::exchange(restarts_told_, {})) done(core_->epoch() >= epoch);
  PublishStatus();
  return failure_;
}

void Replica::AfterWrite(const std::vector<CommittedBlock>& blocks) {
  // Nothing below the tip is read through any more.
  const execution::ExecutedPtr root = execution::Executor::AsRoot(*tip_);
  executed_[tip_->hash] = root;
  tip_ = root;

  const std::vector<Time> parent_times = std::exchange(parent_times_, {});
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const CommittedBlock& block = blocks[i];
    log_->Write(LogLevel::kDebug, "final block",
                {{"height", block.header.height},
                 {"view", block.header.view},
                 {"entries", block.entries.size()}});
    Answer(pool_.OnFinal(block.entries));
    if (!submissions_.empty()) {
      EntryIndex index = block.header.first_index;
      for (const EntryPtr& entry : block.entries) {
        for (SubmitDone& done : submissions_.Take(entry->leaf_hash())) {
          done({absl::OkStatus(), std::nullopt, index});
        }
        index = index.next();
      }
    }
    if (block.header.kind == BlockKind::kClosing) {
      Take(checkpoints_->OnClosing(block.header, clock_->Wall()));
    } else {
      Take(checkpoints_->OnFinal(block.header, parent_times[i], clock_->Wall(),
                                 clock_->MonotonicUs()));
    }
  }
  const bool ledger = std::ranges::any_of(blocks, [](const CommittedBlock& block) {
    return block.state.contains(std::string(rules::kLedgerKey));
  });
  if (ledger) TakePace();
  const bool members = std::ranges::any_of(
      blocks, [](const CommittedBlock& block) { return rules::TouchesMembership(block.state); });
  if (members) TellMembers();
  if (std::exchange(refused_under_way_, false)) work_arrived_ = true;
  TellWork();
  // Not the tip, which that step may have moved beyond what is written.
  listener_->OnCommit(blocks.back().header.height, blocks.back().header.tree_size);
}

void Replica::TellWork() {
  if (!WorkIsNews()) return;
  work_arrived_ = false;
  told_pending_ = !pool_.empty();
  Step(cs::WorkChanged{told_pending_});
}

void Replica::Housekeep() {
  const std::int64_t now_us = clock_->MonotonicUs();
  next_housekeeping_us_ = now_us + kHousekeepingUs;
  for (Submitted& submitted : early_.TakeExpired(now_us)) Offer(std::move(submitted), false);
  if (pool_.empty()) return;
  // Not at once: a block under way may hold the entry, and a clock may be fast.
  const Duration grace{2 * max_clock_skew_.us};
  const Time now = clock_->Wall();
  Answer(pool_.Expire(now - grace));
  Answer(pool_.DropUnfit(now - grace, now));
}

void Replica::SendToAll(std::string bytes) {
  const auto message = std::make_shared<const std::string>(std::move(bytes));
  // Members whose nodes only follow hear everything as well.
  std::set<MemberCode> all = connected_;
  for (const Voter& voter : voters().voters()) all.insert(voter.code);
  all.erase(config_.self);
  for (const MemberCode& peer : all) peers_->Send(peer, message);
}

void Replica::Take(CheckpointBook::Outcome outcome) {
  if (outcome.send)
    outbox_.emplace_back(std::nullopt, epoch_->codec.Encode(PeerMessage(*outcome.send)));
  if (outcome.publish) batch_.checkpoint = std::move(outcome.publish);
  if (outcome.evidence) {
    ++evidence_;
    log_->Write(LogLevel::kWarning, "a signed checkpoint is false",
                {{"evidence", outcome.evidence->first}});
    batch_.evidence.push_back(*std::move(outcome.evidence));
  }
}

std::optional<std::int64_t> Replica::next_deadline_us() const {
  // What the last turn gathered after its write waits for the next one.
  if (!batch_.empty() || !outbox_.empty() || WorkIsNews()) return 0;
  std::optional<std::int64_t> deadline = core_deadline_us_;
  const auto consider = [&](std::optional<std::int64_t> candidate) {
    if (candidate) deadline = std::min(deadline.value_or(*candidate), *candidate);
  };
  consider(checkpoints_->deadline_us());
  consider(catch_up_.deadline_us());
  if (!pool_.empty() || !early_.empty()) consider(next_housekeeping_us_);
  return deadline;
}

void Replica::PublishStatus() {
  const std::lock_guard lock(status_mutex_);
  const bool abstains = core_->restoring() || core_->view() < core_->votes_from();
  const Mode mode = !position_ ? Mode::kFollowing : abstains ? Mode::kRestoring : Mode::kVoting;
  if (status_.mode == Mode::kRestoring && mode == Mode::kVoting) {
    log_->Write(LogLevel::kInfo, "votes again", {{"view", core_->view()}});
  }
  status_.mode = mode;
  status_.epoch = core_->epoch();
  status_.view = core_->view();
  status_.height = tip_->header.height;
  status_.pool_entries = pool_.size();
  vitals_.pool_entries_of_voters =
      pool_.SizeOf([this](const MemberCode& author) { return voters().Find(author).has_value(); });
  vitals_.pool_entries_of_others = pool_.size() - vitals_.pool_entries_of_voters;
  status_.evidence = evidence_;
  status_.votes_from_view = core_->votes_from();
  status_.peer_heights = catch_up_.peer_heights();
  status_.told_height = std::max(status_.told_height, checkpoints_->newest_height());
}

ReplicaStatus Replica::Status() const {
  const std::lock_guard lock(status_mutex_);
  return status_;
}

Vitals Replica::vitals() const {
  const std::lock_guard lock(status_mutex_);
  return vitals_;
}

void Replica::Fail(absl::Status status) {
  if (!failure_.ok()) return;
  failure_ = std::move(status);
  log_->Write(LogLevel::kError, "stopping", {{"why", std::string(failure_.message())}});
}

}  // namespace assent::replica
