#include "tests/unit/node/consensus/harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/crypto/hash.h"

namespace assent::consensus {
namespace {

SigningKey KeyFrom(std::string_view purpose, std::uint64_t number) {
  std::string text(purpose);
  AppendU64(text, number);
  auto seed = SecretSeed::From(Sha256(text).view());
  ASSENT_CHECK(seed.has_value());
  return SigningKey(*seed);
}

MemberCode CodeOf(Position p) {
  return *MemberCode::From(
      std::string{'A', static_cast<char>('A' + p / 26), static_cast<char>('A' + p % 26)});
}

Block MakeUnsigned(const LedgerId& ledger, const BlockHeader& parent, const Hash& parent_hash,
                   View view, std::vector<EntryPtr> entries, Time time) {
  Block block;
  block.header.ledger_id = ledger;
  block.header.epoch = kEpoch;
  block.header.view = view;
  block.header.height = parent.height.next();
  block.header.parent = parent_hash;
  block.header.time = time;
  block.header.first_index = EntryIndex(parent.tree_size);
  block.header.tree_size = parent.tree_size + entries.size();
  std::string leaves = parent.tree_root.str();
  for (const EntryPtr& entry : entries) leaves += entry->leaf_hash().view();
  block.header.tree_root = Sha256(leaves);
  block.entries = std::move(entries);
  block.header_bytes = EncodeBlockHeader(block.header);
  block.hash = BlockHash(block.header_bytes);
  return block;
}

}  // namespace

// --- Voters

Voters::Voters(std::size_t n) {
  ledger_ = *LedgerId::From(Sha256("ledger of the tests").view());
  std::vector<Voter> voters;
  for (Position p = 0; p < n; ++p) {
    keys_.push_back(KeyFrom("vote", p));
    voters.push_back({CodeOf(p), keys_.back().public_key(), KeyFrom("checkpoint", p).public_key(),
                      KeyFrom("transport", p).public_key()});
  }
  set_ = *VoterSet::Make(std::move(voters));
  genesis_.header.ledger_id = ledger_;
  genesis_.header.time = kGenesisTime;
  genesis_.hash = BlockHash(EncodeBlockHeader(genesis_.header));
  verifier_ = std::make_unique<Verifier>(ledger_, kEpoch, set_);
}

BlockPtr Voters::MakeBlock(const BlockHeader& parent, const Hash& parent_hash, std::uint64_t view,
                           std::vector<EntryPtr> entries, Time time) const {
  Block block = MakeUnsigned(ledger_, parent, parent_hash, View(view), std::move(entries), time);
  block.leader_signature = SignProposal(kEpoch, View(view), block.hash, ledger_, key(Leader(view)));
  return std::make_shared<const Block>(std::move(block));
}

BlockPtr Voters::MakeBlock(const Block& parent, std::uint64_t view, std::vector<EntryPtr> entries,
                           Duration after) const {
  return MakeBlock(parent.header, parent.hash, view, std::move(entries),
                   parent.header.time + after);
}

BlockPtr Voters::MakeBlock(std::uint64_t view, std::vector<EntryPtr> entries,
                           Duration after) const {
  return MakeBlock(genesis_.header, genesis_.hash, view, std::move(entries),
                   genesis_.header.time + after);
}

BlockPtr Voters::Sign(BlockHeader header, std::vector<EntryPtr> entries) const {
  Block block;
  block.header = header;
  block.header_bytes = EncodeBlockHeader(header);
  block.hash = BlockHash(block.header_bytes);
  block.entries = std::move(entries);
  block.leader_signature =
      SignProposal(kEpoch, header.view, block.hash, ledger_, key(Leader(header.view.value())));
  return std::make_shared<const Block>(std::move(block));
}

BlockPtr Voters::MakeClosing(const Block& parent, std::uint64_t view,
                             std::vector<EntryPtr> entries) const {
  BlockHeader header = MakeBlock(parent, view, entries)->header;
  header.kind = BlockKind::kClosing;
  return Sign(header, std::move(entries));
}

BlockPtr Voters::MakeTailOn(const Block& before, std::uint64_t view) const {
  return Sign(MakeTail(before.header, before.hash, View(view)), {});
}

Vote Voters::MakeVote(Position voter, VoteKind kind, std::uint64_t view, const Hash& block) const {
  const Statement statement{kind, kEpoch, View(view), block};
  return {statement, voter, SignStatement(statement, ledger_, key(voter))};
}

CertificatePtr Voters::MakeCertificate(VoteKind kind, std::uint64_t view, const Hash& block,
                                       const std::vector<Position>& voters) const {
  Certificate certificate{{kind, kEpoch, View(view), block}, {}};
  for (const Position p : voters) {
    certificate.votes.emplace_back(p, MakeVote(p, kind, view, block).signature);
  }
  return std::make_shared<const Certificate>(std::move(certificate));
}

namespace {
std::vector<Position> FirstQuorum(std::size_t n) {
  std::vector<Position> voters(QuorumOf(n));
  for (Position p = 0; p < voters.size(); ++p) voters[p] = p;
  return voters;
}
}  // namespace

CertificatePtr Voters::Notarized(const Block& block) const {
  return MakeCertificate(VoteKind::kNotarize, block.header.view.value(), block.hash,
                         FirstQuorum(size()));
}
CertificatePtr Voters::Final(const Block& block) const {
  return MakeCertificate(VoteKind::kFinalize, block.header.view.value(), block.hash,
                         FirstQuorum(size()));
}
CertificatePtr Voters::Skipped(std::uint64_t view) const {
  return MakeCertificate(VoteKind::kSkip, view, Hash(), FirstQuorum(size()));
}

EntryPtr MakeEntry(std::uint64_t number) {
  static const SigningKey* const key = new SigningKey(KeyFrom("authority", 0));
  EntryHeader header;
  header.author = CodeOf(0);
  header.sequence = Sequence(number);
  header.not_after = kGenesisTime + Days(365);
  auto entry = SignEntry(header, "body", Salt(), *key);
  ASSENT_CHECK(entry.ok());
  return std::make_shared<const Entry>(*std::move(entry));
}

// --- Node

Node::Node(const Voters* voters, Position self, NodeOptions options)
    : voters_(voters), self_(self), options_(std::move(options)) {
  if (options_.base.hash.IsZero()) options_.base = voters->genesis();
  core_ = std::make_unique<Core>(MakeConfig());
  Step(Tick());
}

Config Node::MakeConfig() const {
  Config config;
  config.ledger = voters_->ledger();
  config.epoch = kEpoch;
  config.voters = voters_->set();
  if (!options_.follower) {
    config.self = self_;
    config.key = &voters_->key(self_);
  }
  config.base = options_.base;
  config.restoring = restoring_flag_.value_or(options_.restoring);
  config.nonce = *Nonce::From(Sha256("nonce" + std::to_string(mono_.us)).view());
  config.timing = options_.timing;
  config.observer = options_.observer;
  return config;
}

void Node::Restart() {
  if (!delivered_.empty()) {
    const FinalBlock& last = delivered_.back();
    options_.base = {last.block->header, last.block->hash, last.certificate};
  }
  blocks_.clear();
  core_ = std::make_unique<Core>(MakeConfig());
  std::vector<JournalRecord> records;
  for (const auto& [key, bytes] : journal_) records.push_back(*JournalRecord::From(key, bytes));
  ASSERT_TRUE(core_->Recover(records).ok());
  Step(Tick());
}

void Node::Step(Event event) {
  ASSENT_CHECK(!in_step_);
  Do(core_->Step(now(), std::move(event)));
}

void Node::Do(Effects effects) {
  for (const JournalRecord& record : effects.persist) journal_[record.Key()] = record.bytes;
  if (effects.restoring) restoring_flag_ = effects.restoring;
  // For good: it says again what it has adopted.
  adopts_ = adopts_ || (effects.restoring == false && voters_->set().quorum() == voters_->size());
  for (const Send& send : effects.send) CheckJustified(send.message, effects.forget_below);
  if (effects.forget_below) {
    journal_.erase(journal_.begin(), journal_.lower_bound(*effects.forget_below));
  }
  for (Send& send : effects.send) {
    if (const auto* vote = std::get_if<Vote>(&send.message)) cast_.push_back(*vote);
    sent_.push_back(std::move(send));
  }
  for (FinalBlock& block : effects.deliver) {
    std::erase_if(pool_, [&](const EntryPtr& entry) {
      return std::ranges::any_of(block.block->entries, [&](const EntryPtr& other) {
        return other->leaf_hash() == entry->leaf_hash();
      });
    });
    delivered_.push_back(std::move(block));
  }
  for (Evidence& one : effects.evidence) evidence_.push_back(std::move(one));
  for (InvalidBlock& one : effects.invalid) invalid_.push_back(std::move(one));
  if (effects.broken) broken_ = effects.broken;
  if (effects.catch_up) catch_ups_.push_back(*effects.catch_up);
  if (effects.standstill) ++standstills_;
  discarded_ += effects.discard.size();
  deadline_ = effects.next_deadline;
  if (effects.build) {
    const BuildRequest request = *effects.build;
    Step(BlockBuilt{request.view, request.parent, Build(request)});
  }
  for (const ValidateRequest& request : effects.validate) {
    blocks_[request.block->hash] = request.block;
    const Verdict verdict = judge(*request.block);
    Step(BlockValidated{request.block->hash, verdict,
                        verdict == Verdict::kValid ? "" : "the test says so"});
  }
  if (!effects.deliver.empty()) Step(WorkChanged{!pool_.empty()});
}

// "What justifies a message is written before the message is sent."
void Node::CheckJustified(const Message& message,
                          const std::optional<std::string>& forget_below) const {
  const auto written = [&](View view, RecordKind kind) {
    const std::string key = JournalRecord{kEpoch, view, kind, ""}.Key();
    return journal_.contains(key) || (forget_below && key < *forget_below);
  };
  if (const auto* vote = std::get_if<Vote>(&message)) {
    const View view = vote->statement.view;
    EXPECT_TRUE(written(view, RecordOf(vote->statement.kind)));
    if (adopts_) return;  // adopted votes have nothing to go with them
    if (vote->statement.kind == VoteKind::kNotarize) {
      EXPECT_TRUE(written(view, RecordKind::kBlock));
    } else if (vote->statement.kind == VoteKind::kFinalize) {
      EXPECT_TRUE(written(view, RecordKind::kNotarized));
    }
  } else if (const auto* proposal = std::get_if<Proposal>(&message)) {
    EXPECT_TRUE(written(proposal->block->header.view, RecordKind::kBlock));
  }
}

const BlockHeader& Node::HeaderOf(const Hash& hash) const {
  const auto found = blocks_.find(hash);
  if (found != blocks_.end()) return found->second->header;
  for (const FinalBlock& block : delivered_) {
    if (block.block->hash == hash) return block.block->header;
  }
  ASSENT_CHECK(hash == options_.base.hash);
  return options_.base.header;
}

std::optional<Block> Node::Build(const BuildRequest& request) {
  // What stands in a block under way on the same chain is not proposed again.
  std::vector<EntryPtr> entries = pool_;
  for (Hash at = request.parent; blocks_.contains(at); at = blocks_.at(at)->header.parent) {
    std::erase_if(entries, [&](const EntryPtr& entry) {
      return std::ranges::any_of(blocks_.at(at)->entries, [&](const EntryPtr& other) {
        return other->leaf_hash() == entry->leaf_hash();
      });
    });
  }
  if (entries.empty() && !request.allow_empty) return std::nullopt;
  Block block = MakeUnsigned(voters_->ledger(), HeaderOf(request.parent), request.parent,
                             request.view, std::move(entries), request.time);
  EXPECT_EQ(block.header.height, request.height);
  if (closes(block.entries)) {
    block.header.kind = BlockKind::kClosing;
    block.header_bytes = EncodeBlockHeader(block.header);
    block.hash = BlockHash(block.header_bytes);
  }
  blocks_[block.hash] = std::make_shared<const Block>(block);
  return block;
}

void Node::Run(Duration duration) {
  const Instant end = mono_ + duration;
  int steps = 0;
  while (deadline_ && *deadline_ <= end) {
    ASSENT_CHECK(++steps < 100'000);  // a deadline that does not move would hang the node
    mono_ = std::max(mono_, *deadline_);
    Step(Tick());
  }
  mono_ = end;
  Step(Tick());
}

void Node::Propose(const BlockPtr& block, std::vector<CertificatePtr> justification) {
  auto verified = voters_->verifier().Check(Proposal{block, std::move(justification)});
  ASSERT_TRUE(verified.ok()) << verified.status().message();
  Step(Received<Proposal>{voters_->Leader(block->header.view.value()), *std::move(verified)});
}

void Node::PassOn(Position from, const BlockPtr& block) {
  auto verified = voters_->verifier().Check(Proposal{block, {}});
  ASSERT_TRUE(verified.ok()) << verified.status().message();
  Step(Received<Proposal>{from, *std::move(verified)});
}

void Node::Receive(const Vote& vote) {
  auto verified = voters_->verifier().Check(vote);
  ASSERT_TRUE(verified.ok()) << verified.status().message();
  Step(Received<Vote>{vote.voter, *std::move(verified)});
}

void Node::Receive(Position from, std::vector<CertificatePtr> certificates) {
  auto verified = voters_->verifier().Check(CertificateMessage{std::move(certificates), {}});
  ASSERT_TRUE(verified.ok()) << verified.status().message();
  Step(Received<CertificateMessage>{from, *std::move(verified)});
}

void Node::ReceiveBlock(Position from, const BlockPtr& block) {
  auto verified = voters_->verifier().Check(BlockResponse{block});
  ASSERT_TRUE(verified.ok()) << verified.status().message();
  Step(Received<BlockResponse>{from, *std::move(verified)});
}

void Node::Receive(Position from, const RestoreResponse& response) {
  auto verified = voters_->verifier().Check(response, self_);
  ASSERT_TRUE(verified.ok()) << verified.status().message();
  Step(Received<RestoreResponse>{from, *std::move(verified)});
}

void Node::Request(Position from,
                   std::variant<CertificateRequest, BlockRequest, RestoreRequest> request) {
  Step(RequestReceived{from, std::move(request)});
}

void Node::ReceiveMessage(Position from, const Message& message) {
  if (const auto* m = std::get_if<Proposal>(&message)) {
    auto verified = voters_->verifier().Check(*m);
    ASSERT_TRUE(verified.ok()) << verified.status().message();
    Step(Received<Proposal>{from, *std::move(verified)});
  } else if (const auto* vote = std::get_if<Vote>(&message)) {
    Receive(*vote);
  } else if (const auto* certificates = std::get_if<CertificateMessage>(&message)) {
    Receive(from, certificates->certificates);
  } else if (const auto* response = std::get_if<BlockResponse>(&message)) {
    ReceiveBlock(from, response->block);
  } else if (const auto* restore = std::get_if<RestoreResponse>(&message)) {
    Receive(from, *restore);
  } else if (const auto* request = std::get_if<CertificateRequest>(&message)) {
    Request(from, *request);
  } else if (const auto* block_request = std::get_if<BlockRequest>(&message)) {
    Request(from, *block_request);
  } else {
    Request(from, std::get<RestoreRequest>(message));
  }
}

void Node::PeersUp() {
  for (Position p = 0; p < voters_->size(); ++p) {
    if (p != self_) Step(PeerUp{p});
  }
}

void Node::AddWork(EntryPtr entry) {
  pool_.push_back(std::move(entry));
  Step(WorkChanged{true});
}

std::vector<Send> Node::TakeSent() { return std::exchange(sent_, {}); }

std::optional<Vote> Node::Cast(VoteKind kind, std::uint64_t view) const {
  for (const Vote& vote : cast_) {
    if (vote.statement.kind == kind && vote.statement.view == View(view)) return vote;
  }
  return std::nullopt;
}

bool Node::CastNone(std::uint64_t view) const {
  return !Cast(VoteKind::kNotarize, view) && !Cast(VoteKind::kSkip, view) &&
         !Cast(VoteKind::kFinalize, view);
}

bool Node::Journaled(std::uint64_t view, RecordKind kind) const {
  return journal_.contains(JournalRecord{kEpoch, View(view), kind, ""}.Key());
}

// --- Cluster

Cluster::Cluster(std::size_t n, NodeOptions options) : voters_(n) {
  for (Position p = 0; p < n; ++p) {
    nodes_.push_back(std::make_unique<Node>(&voters_, p, options));
  }
}

void Cluster::ConnectAll() {
  for (const auto& node : nodes_) node->PeersUp();
  Settle();
}

void Cluster::AddWork(const EntryPtr& entry) {
  for (Position p = 0; p < size(); ++p) {
    if (!crashed_[p]) nodes_[p]->AddWork(entry);
  }
  Settle();
}

void Cluster::Restart(Position p) {
  crashed_[p] = false;
  nodes_[p]->TakeSent();
  Instant latest;
  for (const auto& node : nodes_) latest = std::max(latest, node->now().mono);
  nodes_[p]->SetMono(latest);
  nodes_[p]->Restart();
  for (Position other = 0; other < size(); ++other) {
    if (other == p || crashed_[other]) continue;
    nodes_[other]->Step(PeerUp{p});
    nodes_[p]->Step(PeerUp{other});
  }
  Settle();
}

void Cluster::Settle() {
  bool busy = true;
  while (busy) {
    busy = false;
    for (Position from = 0; from < size(); ++from) {
      const std::vector<Send> sent = nodes_[from]->TakeSent();
      if (crashed_[from]) continue;
      for (const Send& send : sent) {
        for (Position to = 0; to < size(); ++to) {
          if (to == from || crashed_[to] || (send.to && *send.to != to)) continue;
          if (!passes(from, to, send.message)) continue;
          nodes_[to]->ReceiveMessage(from, send.message);
          busy = true;
        }
      }
    }
  }
}

void Cluster::Run(Duration duration) {
  const Duration step = Milliseconds(50);
  for (Duration passed{0}; passed < duration; passed.us += step.us) {
    for (Position p = 0; p < size(); ++p) {
      if (!crashed_[p]) nodes_[p]->Run(step);
    }
    Settle();
  }
}

}  // namespace assent::consensus
