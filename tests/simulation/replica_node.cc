#include "tests/simulation/replica_node.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "ledger/crypto/hash.h"
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

absl::Status FailingStore::Write(const replica::Batch& batch) {
  if (power_ == Power::kFailsBeforeWrite) return absl::UnavailableError("no power");
  for (const auto& [key, value] : batch.evidence) {
    if (!absl::StartsWith(AbslView(key), "vote/")) continue;
    const auto evidence = consensus::ParseEvidence(value);
    if (!evidence.ok()) {
      checker_->Fail(absl::StrCat("node ", owner_, " stores evidence that is none"));
    } else {
      checker_->OnEvidence(owner_, evidence->first.voter);
    }
  }
  const absl::Status status = store_.Write(batch);
  return power_ == Power::kFailsAfterWrite ? absl::UnavailableError("no power") : status;
}

ReplicaNode::ReplicaNode(const Setting& setting, const LedgerParts* parts, NodeId id, Attack attack,
                         Random random)
    : setting_(setting),
      parts_(parts),
      id_(id),
      attacker_(attack, random.Split(), id, parts->voters.size(), parts->ledger.id(),
                &parts->ledger.states[id].node.vote),
      random_(random.Split()),
      skew_(Milliseconds(random_.Between(-1'500, 1'500))),
      store_(std::make_unique<FailingStore>(parts->genesis, true, setting.checker, id)) {}

// --- Life and death

void ReplicaNode::Start() {
  setting_.world->Note("start", id_);
  ObserveCommits();
  {
    const auto view = store_->Read();
    setting_.checker->OnStart(id_, view->tip().header.height, view->tip().hash);
  }
  const testing::TestState& state = parts_->ledger.states[id_];
  const std::string& origin = parts_->ledger.act.text.origin;
  store_->set_power(FailingStore::Power::kOn);
  intake_ = std::make_unique<replica::Intake>(parts_->ledger.id(), origin, code());
  replica::ReplicaConfig config;
  config.ledger = parts_->ledger.id();
  config.origin = origin;
  config.self = code();
  config.vote_key = &state.node.vote;
  config.checkpoint_key = &state.node.checkpoint;
  config.timing = setting_.timing;
  std::string nonce = "nonce";
  AppendU64(nonce, random_.Next());
  config.nonce = *consensus::Nonce::From(Sha256(nonce).view());
  replica_ = std::make_unique<replica::Replica>(config, store_.get(), this, this, this, this,
                                                intake_.get());
  if (const absl::Status status = replica_->Start(); !status.ok()) {
    setting_.checker->Fail(absl::StrCat("node ", id_, " cannot start: ", status.message()));
  }
  setting_.network->NodeUp(id_);
  EndTurn();
}

void ReplicaNode::Crash() {
  setting_.world->Note("crash", id_);
  setting_.network->NodeDown(id_);
  if (turn_due_) {
    store_->set_power(random_.Chance(500) ? FailingStore::Power::kFailsAfterWrite
                                          : FailingStore::Power::kFailsBeforeWrite);
    // It fails, or had nothing to write; nobody is left to hear of it.
    replica_->EndTurn().IgnoreError();
  }
  ++life_;
  replica_.reset();
  intake_.reset();
  turn_due_ = false;
  at_next_write_ = {};
  range_open_ = 0;
  observed_.reset();
}

void ReplicaNode::Wipe() {
  setting_.world->Note("wipe", id_);
  setting_.checker->OnWipe(id_);
  seen_height_ = 0;
  store_ = std::make_unique<FailingStore>(parts_->genesis, false, setting_.checker, id_);
}

bool ReplicaNode::restoring() const {
  return up() && replica_->Status().mode == replica::Mode::kRestoring;
}

Time ReplicaNode::Wall() const {
  return testing::kFounded + Days(1) + Duration{setting_.world->now_us() + skew_.us};
}

void ReplicaNode::Later(Duration delay, std::function<void()> action) {
  setting_.world->After(delay, [this, life = life_, action = std::move(action)] {
    if (life == life_ && up()) action();
  });
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
  if (!status.ok()) {
    setting_.checker->OnBroken(id_, std::string(StdView(status.message())));
    return;
  }
  const auto deadline = replica_->next_deadline_us();
  if (!deadline) return;
  const std::int64_t wait = std::max<std::int64_t>(0, *deadline - setting_.world->now_us());
  Later(Duration{wait}, [this, wake = ++wake_] {
    if (wake == wake_ && !turn_due_) EndTurn();
  });
}

// --- Streams

void ReplicaNode::Link(NodeId peer, bool up_now) {
  if (!up()) return;
  const MemberCode& other = parts_->ledger.states[peer].code;
  if (up_now) {
    Take(replica::PeerConnected{other});
  } else {
    Take(replica::PeerDisconnected{other});
  }
}

void ReplicaNode::Send(const MemberCode& to_code, replica::MessageBytes message) {
  const NodeId to = *parts_->voters.Find(to_code);
  auto parsed = intake_->epoch()->codec.Parse(*message);
  if (!parsed.ok()) {
    setting_.checker->Fail(
        absl::StrCat("node ", id_, " sends what cannot be read: ", parsed.status().message()));
    return;
  }
  if (observed_ != message) Observe(*parsed);
  observed_ = message;
  if (attacker_.attack() == Attack::kNone) return SendBytes(to, std::move(message));
  std::optional<consensus::Message> ours = OfConsensus(*parsed);
  if (!ours) return SendBytes(to, std::move(message));
  SendLetters(attacker_.Twist({to, *std::move(ours)}));
}

void ReplicaNode::SendLetters(const std::vector<Letter>& letters) {
  for (const Letter& letter : letters) {
    SendBytes(letter.to,
              std::make_shared<const std::string>(intake_->epoch()->codec.Encode(letter.message)));
  }
}

void ReplicaNode::Observe(const replica::PeerMessage& message) {
  if (const auto* vote = std::get_if<consensus::Vote>(&message)) {
    setting_.world->Note(VoteKindName(vote->statement.kind), id_,
                         absl::StrCat("view ", vote->statement.view.value(), " ",
                                      vote->statement.block_hash.hex().substr(0, 8)));
    setting_.checker->OnVote(id_, vote->statement);
  } else if (const auto* proposal = std::get_if<consensus::Proposal>(&message)) {
    setting_.world->Note("propose", id_,
                         absl::StrCat("view ", proposal->block->header.view.value()));
    setting_.checker->OnProposal(id_, proposal->block->header, proposal->block->hash);
  }
}

void ReplicaNode::SendBytes(NodeId to, replica::MessageBytes message) {
  ReplicaNode* receiver = parts_->nodes[to];
  setting_.network->Send(id_, to,
                         [receiver, from = id_, message] { receiver->Arrive(from, message); });
}

void ReplicaNode::Arrive(NodeId from, const replica::MessageBytes& message) {
  if (!up()) return;
  setting_.world->Note("arrive", id_, absl::StrCat(from, " ", message->size()));
  const MemberCode& sender = parts_->ledger.states[from].code;
  if (attacker_.attack() != Attack::kNone) {
    const auto parsed = intake_->epoch()->codec.Parse(*message);
    const auto heard = parsed.ok() ? OfConsensus(*parsed) : std::nullopt;
    if (heard) SendLetters(attacker_.Hear(from, *heard));
  }
  auto input = intake_->CheckMessage(sender, *message);
  if (input.ok()) Take(replica::FromPeer{sender, *std::move(input)});
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
  const NodeId server = *parts_->voters.Find(from);
  ReplicaNode* other = parts_->nodes[server];
  setting_.network->Send(id_, server, [this, other, from, request, first, max_blocks] {
    const auto blocks = other->Serve(first, max_blocks);
    other->setting_.network->Send(other->id_, id_, [this, from, request, blocks] {
      if (!up() || range_open_ != request) return;
      for (const std::string& bytes : blocks) {
        auto block = intake_->CheckBlock(bytes);
        if (!block.ok()) break;
        Take(replica::RangeBlock{from, *std::move(block)});
      }
      EndRange(from, request, absl::OkStatus());
    });
  });
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

std::vector<std::string> ReplicaNode::Serve(Height first, std::uint32_t max_blocks) const {
  std::vector<std::string> blocks;
  const auto view = store_->Read();
  const auto range = query::PlanBlocks(*view, first, max_blocks);
  if (!range.ok()) return blocks;
  query::Reader reader;
  reader.rights = query::Rights::kMember;
  for (Height height = range->first; height <= range->last; height = height.next()) {
    const auto block = query::FinalBlockAt(*view, reader, height);
    if (!block.ok()) break;
    blocks.push_back(block->SerializeAsString());
  }
  return blocks;
}

// --- Watching

void ReplicaNode::OnCommit(Height, std::uint64_t) { ObserveCommits(); }

void ReplicaNode::ObserveCommits() {
  const auto view = store_->Read();
  while (seen_height_ < view->tip().header.height.value()) {
    const auto stored = view->BlockAt(Height(++seen_height_));
    ASSENT_CHECK(stored.ok());
    consensus::Block block;
    block.header = stored->header;
    block.hash = BlockHash(stored->header_bytes);
    for (EntryIndex at = block.header.first_index; at.value() < block.header.tree_size;
         at = at.next()) {
      block.entries.push_back(view->EntryAt(at).value());
    }
    setting_.world->Note(
        "commit", id_,
        absl::StrCat(seen_height_, " view ", block.header.view.value(), " entries ",
                     block.entries.size(), " ", block.hash.hex().substr(0, 8)));
    std::optional<Certificate> certificate;
    if (!stored->certificate.empty()) {
      certificate = ParseCertificate(stored->certificate, parts_->voters.size()).value();
    }
    setting_.checker->OnCommit(id_, block, certificate ? &*certificate : nullptr);
  }
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

void ReplicaNode::Submit(const consensus::EntryPtr& entry) {
  if (!up() || intake_->CheckEntry(*entry)) return;
  Take(replica::Submitted{entry, false, [](const replica::SubmitOutcome&) {}});
}

std::string ReplicaNode::Describe() const {
  std::string text =
      absl::StrCat("node ", id_, " (", AbslView(AttackName(attacker_.attack())), "): ");
  if (!up()) return text + "down";
  const replica::ReplicaStatus status = replica_->Status();
  absl::StrAppend(&text, "view ", status.view.value(), ", height ", status.height.value(),
                  status.mode == replica::Mode::kRestoring ? ", restoring" : "",
                  ", votes from view ", status.votes_from_view.value(), ", waiting ",
                  status.pool_entries);
  return text;
}

}  // namespace assent::simulation
