#include "tests/simulation/core_node.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "ledger/crypto/hash.h"

namespace assent::simulation {

using consensus::Message;

CoreNode::CoreNode(const Setting& setting, const ToyParts* parts, NodeId id,
                   const AttackerKind* attacker, Random random)
    : Machine(setting, id, kPartsOfCore, random), parts_(parts), kind_(attacker) {
  if (kind_ == nullptr) return;
  Attacker::Place place;
  place.random = random_.Split();
  place.ledger = parts->ledger;
  place.vote_key = [parts, id] { return &parts->vote_keys[id]; };
  place.self = [id] { return std::optional<consensus::Position>(id); };
  place.voters = [parts] { return parts->voters.size(); };
  place.fork = [this](const consensus::Block& instead_of) { return Fork(instead_of); };
  attacker_ = kind_->make(std::move(place));
}

// --- Life and death

void CoreNode::Start() {
  if (up() || !OpenDisk()) return;
  if (disk_.FindsRot(Part::kJournal, std::nullopt)) return StopForDisk(Disk::BadChecksum());
  setting_.world->Note("start", id_);
  consensus::Config config;
  config.ledger = parts_->ledger;
  config.epoch = Epoch(1);
  config.voters = parts_->voters;
  config.self = id_;
  config.key = &parts_->vote_keys[id_];
  config.timing = setting_.timing;
  config.restoring = data_.restoring;
  std::string nonce = "nonce";
  AppendU64(nonce, random_.Next());
  config.nonce = *consensus::Nonce::From(Sha256(nonce).view());
  const ExecutedPtr genesis = ToyGenesis(parts_->ledger, parts_->start);
  Executed root = *genesis;
  if (!data_.blocks.empty()) {
    const consensus::FinalBlock& last = data_.blocks.back();
    root = {last.block->header, last.block->hash, data_.heads.back()};
    config.base.certificate = last.certificate;
  }
  config.base.header = root.header;
  config.base.hash = root.hash;
  setting_.checker->OnStart(id_, root.header.height, root.hash);
  executed_[root.hash] = std::make_shared<const Executed>(root);
  verifier_ = std::make_unique<consensus::Verifier>(parts_->ledger, Epoch(1), parts_->voters);
  if (setting_.trace) config.observer = setting_.trace->ObserverOf(id_);
  core_ = std::make_unique<consensus::Core>(std::move(config));
  std::vector<consensus::JournalRecord> records;
  for (const auto& [key, bytes] : data_.journal) {
    records.push_back(*consensus::JournalRecord::From(key, bytes));
  }
  if (const absl::Status status = core_->Recover(records); !status.ok()) {
    setting_.checker->Fail(absl::StrCat("node ", id_, " cannot start: ", status.message()));
  }
  Step(consensus::Tick());
  setting_.network->NodeUp(id_);
}

void CoreNode::Crash() {
  setting_.world->Note("crash", id_);
  if (write_ && random_.Chance(500)) {
    disk_.Write([this] { Apply(*write_); }).IgnoreError();
  }
  Die();
}

void CoreNode::Die() {
  Machine::Die();
  if (setting_.trace && up()) setting_.trace->Crash(id_);
  write_.reset();
  next_write_ = {};
  wake_at_.reset();
  core_.reset();
  verifier_.reset();
  executed_.clear();
  pool_ = {};
}

void CoreNode::Wipe() {
  setting_.world->Note("wipe", id_);
  setting_.checker->OnWipe(id_);
  if (setting_.trace) setting_.trace->Wipe(id_);
  disk_.Replace();
  data_ = {};
  data_.restoring = true;
}

consensus::Now CoreNode::Now() const {
  const std::int64_t now = setting_.world->now_us();
  return {{now}, parts_->start + Duration{now + skew_.us}};
}

// --- The driver

void CoreNode::Step(consensus::Event event) { Do(core_->Step(Now(), std::move(event))); }

void CoreNode::Do(consensus::Effects effects) {
  for (auto& record : effects.persist) next_write_.journal.push_back(std::move(record));
  if (effects.restoring) next_write_.restoring = effects.restoring;
  if (effects.forget_below) next_write_.forget_below = effects.forget_below;
  for (consensus::Send& send : effects.send) next_write_.sends.push_back(std::move(send));
  for (const consensus::FinalBlock& block : effects.deliver) Deliver(block);
  for (const Hash& hash : effects.discard) executed_.erase(hash);
  for (const consensus::Evidence& one : effects.evidence) {
    setting_.checker->OnEvidence(id_, one.first.voter);
  }
  if (effects.broken) setting_.checker->OnBroken(id_, *effects.broken);
  for (const consensus::InvalidBlock& one : effects.invalid) {
    if (one.certified)
      setting_.checker->OnBroken(id_, "a certified block is invalid: " + one.reason);
  }
  verifier_->Remember(effects.certified);
  if (effects.catch_up) {
    SendPacket(*effects.catch_up, RangeRequest{core_->final_tip().header.height.next()});
  }
  if (effects.standstill) {
    for (NodeId to = 0; to < parts_->nodes.size(); ++to) {
      if (to != id_ && !pool_.All().empty()) SendPacket(to, Gossip{pool_.All()});
    }
  }
  if (effects.next_deadline) Wake(*effects.next_deadline);
  for (const consensus::ValidateRequest& request : effects.validate) {
    Later(Milliseconds(random_.Between(0, 20)), [this, block = request.block] { Validate(block); });
  }
  if (effects.build) Build(*effects.build);
  if (!effects.deliver.empty()) TellWork();
  Flush();
}

// Nearly every step moves the deadline a little: the wake-up that is asked for already looks again.
void CoreNode::Wake(consensus::Instant at) {
  wake_wanted_ = at;
  if (wake_at_ && *wake_at_ <= at) return;
  wake_at_ = at;
  const std::int64_t wait = std::max<std::int64_t>(0, at.us - setting_.world->now_us());
  Later(Duration{wait}, [this, wake = ++wake_] {
    if (wake != wake_) return;
    wake_at_.reset();
    if (wake_wanted_.us > setting_.world->now_us()) return Wake(wake_wanted_);
    Step(consensus::Tick());
  });
}

// One write at a time; what comes meanwhile shares the next. Nothing is sent before what came
// before it is written.
void CoreNode::Flush() {
  if (write_) return;
  if (next_write_.empty()) {
    const std::vector<consensus::Send> sends = std::exchange(next_write_.sends, {});
    SendAll(sends);
    return;
  }
  write_ = std::exchange(next_write_, {});
  Later(BeginWrite(), [this] {
    const Write done = *std::exchange(write_, std::nullopt);
    const absl::Status status = disk_.Write([&] { Apply(done); });
    if (!status.ok()) return StopForDisk(status);
    SendAll(done.sends);
    Flush();
  });
}

void CoreNode::Apply(const Write& write) {
  if (setting_.trace) setting_.trace->Wrote(id_, write.journal.size(), write.blocks.size());
  for (const auto& record : write.journal) data_.journal[record.Key()] = record.bytes;
  if (write.forget_below) {
    data_.journal.erase(data_.journal.begin(), data_.journal.lower_bound(*write.forget_below));
  }
  if (write.restoring) data_.restoring = *write.restoring;
  for (const auto& [block, heads] : write.blocks) {
    data_.blocks.push_back(block);
    data_.heads.push_back(heads);
    setting_.world->Note(
        "commit", id_,
        absl::StrCat(block.block->header.height.value(), " view ", block.block->header.view.value(),
                     " entries ", block.block->entries.size(), " ",
                     block.block->hash.hex().substr(0, 8)));
    setting_.checker->OnCommit(id_, *block.block, block.certificate.get());
  }
}

void CoreNode::SendAll(const std::vector<consensus::Send>& sends) {
  for (const consensus::Send& send : sends) {
    if (setting_.trace) setting_.trace->Sent(id_, send.message);
    if (const auto* vote = std::get_if<consensus::Vote>(&send.message)) {
      setting_.world->Note(VoteKindName(vote->statement.kind), id_,
                           absl::StrCat("view ", vote->statement.view.value(), " ",
                                        vote->statement.block_hash.hex().substr(0, 8)));
      setting_.checker->OnVote(id_, vote->statement);
    } else if (const auto* proposal = std::get_if<consensus::Proposal>(&send.message)) {
      setting_.world->Note("propose", id_,
                           absl::StrCat("view ", proposal->block->header.view.value()));
      setting_.checker->OnProposal(id_, proposal->block->header, proposal->block->hash);
    }
    if (attacker_ != nullptr) {
      for (NodeId to = 0; to < parts_->nodes.size(); ++to) {
        if (to == id_ || (send.to && *send.to != to)) continue;
        for (Letter& letter : attacker_->Twist({to, send.message})) {
          SendPacket(letter.to, std::move(letter.message));
        }
      }
      continue;
    }
    const auto packet = std::make_shared<const Packet>(Packet{send.message, {}});
    const std::size_t bytes = SizeOf(packet->content);
    for (NodeId to = 0; to < parts_->nodes.size(); ++to) {
      if (to != id_ && (!send.to || *send.to == to)) Post(to, bytes, packet);
    }
  }
}

void CoreNode::SendPacket(NodeId to, Content content) {
  const auto packet = std::make_shared<const Packet>(Packet{std::move(content), {}});
  Post(to, SizeOf(packet->content), packet);
}

void CoreNode::Post(NodeId to, std::size_t bytes, const PacketPtr& packet) {
  CoreNode* receiver = parts_->nodes[to];
  setting_.network->Send(id_, to, bytes,
                         [receiver, from = id_, packet] { receiver->Arrive(from, packet); });
}

std::size_t CoreNode::SizeOf(const Content& content) const {
  const replica::Codec& codec = parts_->codec;
  if (const auto* message = std::get_if<Message>(&content)) return codec.Encode(*message).size();
  if (const auto* greeting = std::get_if<Greeting>(&content)) {
    const replica::Hello hello{parts_->ledger, parts_->voters.at(id_).code,
                               core_->final_tip().header.height, greeting->newest_vote_of_yours,
                               core_->restoring()};
    return codec.Encode(replica::PeerMessage(hello)).size();
  }
  if (const auto* gossip = std::get_if<Gossip>(&content)) {
    return codec.Encode(replica::PeerMessage(replica::WaitingEntries{gossip->entries})).size();
  }
  if (std::holds_alternative<RangeRequest>(content)) return kRangeRequestBytes;
  std::size_t bytes = 0;
  for (const consensus::FinalBlock& block : std::get<Range>(content).blocks) {
    bytes += codec.Encode(Message(consensus::BlockResponse{block.block})).size();
    if (block.certificate == nullptr) continue;
    bytes += EncodeCertificate(*block.certificate, parts_->voters.size()).size();
  }
  return bytes;
}

// --- Blocks

void CoreNode::Build(const consensus::BuildRequest& request) {
  const auto parent = executed_.find(request.parent);
  ASSENT_CHECK(parent != executed_.end());
  auto entries = pool_.Select(parent->second->heads, kToyBlockEntriesMax);
  consensus::BlockBuilt answer{request.view, request.parent, std::nullopt};
  if (!entries.empty() || request.allow_empty) {
    answer.block = ToyBuild(*parent->second, request, std::move(entries));
    const auto executed = ToyExecute(*parent->second, *answer.block);
    ASSENT_CHECK(executed.ok());
    executed_[answer.block->hash] = *executed;
  }
  Step(std::move(answer));
}

void CoreNode::Validate(const consensus::BlockPtr& block) {
  const auto parent = executed_.find(block->header.parent);
  if (parent == executed_.end()) return;  // discarded meanwhile, and the block with it
  auto executed = ToyExecute(*parent->second, *block);
  if (executed.ok()) executed_[block->hash] = *executed;
  using consensus::Verdict;
  const Verdict verdict = executed.ok()                                   ? Verdict::kValid
                          : absl::IsFailedPrecondition(executed.status()) ? Verdict::kOtherBody
                                                                          : Verdict::kInvalid;
  Step(consensus::BlockValidated{block->hash, verdict,
                                 std::string(StdView(executed.status().message()))});
}

void CoreNode::Deliver(const consensus::FinalBlock& block) {
  const ExecutedPtr executed = executed_.at(block.block->hash);
  next_write_.blocks.emplace_back(block, executed->heads);
  pool_.OnFinal(executed->heads);
  std::erase_if(executed_, [&](const auto& item) {
    return item.second->header.height < executed->header.height;
  });
}

void CoreNode::TellWork() {
  const Heads& heads = executed_.at(core_->final_tip().hash)->heads;
  Step(consensus::WorkChanged{!pool_.Select(heads, 1).empty()});
}

void CoreNode::Submit(const EntryPtr& entry) {
  if (!up()) return;
  WhenAwake([this, entry] {
    pool_.Add(entry);
    for (NodeId to = 0; to < parts_->nodes.size(); ++to) {
      if (to != id_) SendPacket(to, Gossip{{entry}});
    }
    TellWork();
  });
}

std::optional<consensus::Block> CoreNode::Fork(const consensus::Block& instead_of) {
  for (const auto& [hash, parent] : executed_) {
    if (hash == instead_of.header.parent || hash == instead_of.hash) continue;
    if (parent->header.view >= instead_of.header.view) continue;
    const consensus::BuildRequest request{instead_of.header.epoch,      instead_of.header.view,
                                          parent->header.height.next(), hash,
                                          instead_of.header.time,       true};
    return ToyBuild(*parent, request, pool_.Select(parent->heads, kToyBlockEntriesMax));
  }
  return std::nullopt;
}

// --- From the network

void CoreNode::Link(NodeId peer, bool up_now) {
  if (!up()) return;
  WhenAwake([this, peer, up_now] {
    if (!up_now) return Step(consensus::PeerDown{peer});
    SendPacket(peer, Greeting{core_->NewestVoteOf(peer)});
    if (const auto waiting = pool_.All(); !waiting.empty()) SendPacket(peer, Gossip{waiting});
    Step(consensus::PeerUp{peer});
  });
}

void CoreNode::Arrive(NodeId from, const PacketPtr& packet) {
  if (!up()) return;
  WhenAwake([this, from, packet] {
    setting_.world->Note("arrive", id_, absl::StrCat(from, " ", packet->content.index()));
    std::visit([&](const auto& content) { Take(from, *packet, content); }, packet->content);
  });
}

namespace {

// Checks a message once, whoever receives it. Null when it is refused.
template <class T>
const consensus::Verified<T>* CheckOnce(const consensus::Verifier& verifier, const Packet& packet,
                                        const T& message) {
  using Good = consensus::Verified<T>;
  if (!std::holds_alternative<Good>(packet.verified)) {
    auto checked = verifier.Check(message);
    if (!checked.ok()) return nullptr;
    packet.verified = *std::move(checked);
  }
  return &std::get<Good>(packet.verified);
}

}  // namespace

void CoreNode::Take(NodeId from, const Packet& packet, const Message& message) {
  using namespace consensus;
  if (attacker_ != nullptr) {
    for (Letter& letter : attacker_->Hear(from, message)) {
      SendPacket(letter.to, std::move(letter.message));
    }
  }
  const Verifier& everybody = parts_->verifier;
  if (const auto* proposal = std::get_if<Proposal>(&message)) {
    if (const auto* good = CheckOnce(everybody, packet, *proposal)) {
      Step(Received<Proposal>{from, *good});
    }
  } else if (const auto* vote = std::get_if<Vote>(&message)) {
    if (const auto* good = CheckOnce(everybody, packet, *vote)) Step(Received<Vote>{from, *good});
  } else if (const auto* block = std::get_if<BlockResponse>(&message)) {
    if (const auto* good = CheckOnce(everybody, packet, *block)) {
      Step(Received<BlockResponse>{from, *good});
    }
  } else if (const auto* certificates = std::get_if<CertificateMessage>(&message)) {
    auto good = verifier_->Check(*certificates);
    if (good.ok()) Step(Received<CertificateMessage>{from, *std::move(good)});
  } else if (const auto* restore = std::get_if<RestoreResponse>(&message)) {
    auto good = verifier_->Check(*restore, id_);
    if (good.ok()) Step(Received<RestoreResponse>{from, *std::move(good)});
  } else if (const auto* a = std::get_if<CertificateRequest>(&message)) {
    Step(RequestReceived{from, *a});
  } else if (const auto* b = std::get_if<BlockRequest>(&message)) {
    Step(RequestReceived{from, *b});
  } else if (const auto* c = std::get_if<RestoreRequest>(&message)) {
    Step(RequestReceived{from, *c});
  }
}

void CoreNode::Take(NodeId, const Packet&, const Greeting& greeting) {
  if (!greeting.newest_vote_of_yours) return;
  auto good = verifier_->Check(*greeting.newest_vote_of_yours);
  if (good.ok()) Step(consensus::OwnVoteSeen{*std::move(good)});
}

void CoreNode::Take(NodeId, const Packet&, const Gossip& gossip) {
  for (const EntryPtr& entry : gossip.entries) pool_.Add(entry);
  pool_.OnFinal(executed_.at(core_->final_tip().hash)->heads);
  TellWork();
}

void CoreNode::Take(NodeId from, const Packet&, const RangeRequest& request) {
  const std::size_t begin = request.from.value() - 1;
  std::size_t end = std::min(data_.blocks.size(), begin + kRangeBlocksMax);
  while (end < data_.blocks.size() && data_.blocks[end - 1].certificate == nullptr) ++end;
  if (begin >= end) return;
  for (std::size_t at = begin; at < end; ++at) {
    if (disk_.FindsRot(Part::kBlocks, at)) return StopForDisk(Disk::BadChecksum());
  }
  Range range{{data_.blocks.begin() + static_cast<std::ptrdiff_t>(begin),
               data_.blocks.begin() + static_cast<std::ptrdiff_t>(end)}};
  SendPacket(from, std::move(range));
}

void CoreNode::Take(NodeId, const Packet&, const Range& range) {
  const Height root = core_->final_tip().header.height;
  if (range.blocks.empty()) return;
  const consensus::FinalBlock& last = range.blocks.back();
  if (last.block->header.height <= root || last.certificate == nullptr ||
      last.certificate->statement.block_hash != last.block->hash ||
      !verifier_->Check(last.certificate).ok()) {
    return;
  }
  ExecutedPtr at = executed_.at(core_->final_tip().hash);
  for (const consensus::FinalBlock& block : range.blocks) {
    if (block.block->header.height <= root) continue;
    if (block.block->header.parent != at->hash) return;
    const auto executed = ToyExecute(*at, *block.block);
    if (!executed.ok()) {
      setting_.checker->Fail("a final block of a range is invalid");
      return;
    }
    at = *executed;
    executed_[at->hash] = at;
    next_write_.blocks.emplace_back(block, at->heads);
  }
  pool_.OnFinal(at->heads);
  Step(consensus::FinalByCatchUp{{last.block->header, last.block->hash, last.certificate}});
  TellWork();
}

std::string CoreNode::Describe() const {
  std::string text =
      absl::StrCat("node ", id_, " (", kind_ ? AbslView(kind_->name) : "honest", "): ");
  if (!up()) return text + "down";
  absl::StrAppend(&text, "view ", core_->view().value(), ", height ",
                  core_->final_tip().header.height.value(), " of view ",
                  core_->final_tip().header.view.value(), core_->has_work() ? ", has work" : "",
                  core_->restoring() ? ", restoring" : "", ", votes from view ",
                  core_->votes_from().value(), ", waiting ", pool_.All().size());
  return text;
}

}  // namespace assent::simulation
