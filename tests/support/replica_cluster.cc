#include "tests/support/replica_cluster.h"

#include <utility>

#include "assent/v1/peer.pb.h"
#include "node/query/blocks.h"
#include "node/query/reader.h"

namespace assent::testing {
namespace {

constexpr Duration kLatency = Milliseconds(2);

// The message without the certificate of an act that it brings.
template <class Message>
std::string Stripped(const std::string& bytes) {
  Message message;
  if (!message.ParseFromString(bytes) || !message.has_restart()) return bytes;
  message.mutable_restart()->clear_certificate();
  return message.SerializeAsString();
}

}  // namespace

struct ReplicaCluster::Node : replica::Peers, replica::Clock, replica::CommitListener {
  class QuietLog : public replica::Log {
   public:
    void Write(replica::LogLevel, std::string_view,
               std::initializer_list<replica::LogField>) override {}
  };

  Node(ReplicaCluster* owner, std::size_t place) : cluster(owner), index(place) {}

  void Send(const MemberCode& to, replica::MessageBytes message) override {
    const std::size_t target = cluster->IndexOf(to);
    if (!cluster->Linked(index, target) || cluster->mute_.contains({index, target})) return;
    const std::uint64_t stream = streams;
    cluster->Schedule(kLatency, [this, target, message, stream] {
      if (stream != streams || !cluster->Linked(index, target)) return;
      Node& receiver = *cluster->nodes_[target];
      auto input = receiver.intake->CheckMessage(
          cluster->ledger_.states[index].code,
          cluster->strips_acts_.contains(index) ? Stripped<v1::PeerMessage>(*message) : *message);
      if (!input.ok()) {
        ++receiver.refused;
        return;
      }
      receiver.Take(replica::FromPeer{cluster->ledger_.states[index].code, *std::move(input)});
    });
  }

  void RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) override {
    const std::size_t server = cluster->IndexOf(from);
    cluster->Schedule(kLatency, [this, from, server, first, max_blocks] {
      if (!replica) return;
      if (!cluster->Linked(index, server)) {
        return Take(replica::RangeEnd{from, absl::UnavailableError("cut")});
      }
      const auto view = cluster->nodes_[server]->store->Read();
      const auto range = query::PlanPeerBlocks(*view, first, max_blocks);
      if (!range.ok()) return Take(replica::RangeEnd{from, range.status()});
      query::Reader reader;
      reader.rights = query::Rights::kMember;
      for (Height h = range->first; h <= range->last; h = h.next()) {
        const auto block = query::FinalBlockAt(*view, reader, h);
        std::string bytes = block.value().SerializeAsString();
        if (cluster->strips_acts_.contains(server)) bytes = Stripped<v1::FinalBlock>(bytes);
        auto checked = intake->CheckBlock(bytes);
        if (checked.ok()) Take(replica::RangeBlock{from, *std::move(checked)});
      }
      Take(replica::RangeEnd{from, absl::OkStatus()});
    });
  }
  void CancelBlocks(const MemberCode&) override {}

  Time Wall() const override {
    return kFounded + Days(1) + Microseconds(cluster->now_us_) + clock_off;
  }
  std::int64_t MonotonicUs() const override { return cluster->now_us_; }
  void OnCommit(Height, std::uint64_t) override {}

  void Take(replica::InputKind kind) {
    if (!replica) return;
    replica->Handle({std::move(kind), nullptr});
    if (turn_due) return;
    turn_due = true;
    cluster->Schedule(Microseconds(0), [this, stream = streams] {
      if (stream == streams) cluster->Turn(index);
    });
  }

  ReplicaCluster* const cluster;
  const std::size_t index;
  QuietLog log;
  std::unique_ptr<storage::MemoryStore> store;
  std::unique_ptr<replica::Intake> intake;
  std::unique_ptr<replica::Replica> replica;  // null while it is down
  bool turn_due = false;
  Duration clock_off;
  std::uint64_t streams = 0;  // grows with every stop, so that what was under way is lost
  std::uint64_t refused = 0;
};

ReplicaCluster::ReplicaCluster(std::size_t nodes)
    : ledger_(nodes), genesis_(rules::MakeGenesis(ledger_.act)) {
  for (std::size_t i = 0; i < nodes; ++i) {
    nodes_.push_back(std::make_unique<Node>(this, i));
    nodes_[i]->store = std::make_unique<storage::MemoryStore>(genesis_, true);
  }
  for (std::size_t i = 0; i < nodes; ++i) Start(i);
}

ReplicaCluster::~ReplicaCluster() = default;

void ReplicaCluster::Start(std::size_t index) {
  Node& node = *nodes_[index];
  const TestState& state = ledger_.states[index];
  node.intake =
      std::make_unique<replica::Intake>(ledger_.id(), ledger_.act.text.origin, state.code);
  replica::ReplicaConfig config;
  config.ledger = ledger_.id();
  config.origin = ledger_.act.text.origin;
  config.self = state.code;
  config.vote_key = &state.node.vote;
  config.checkpoint_key = &state.node.checkpoint;
  config.nonce.data()[0] = static_cast<std::uint8_t>(node.streams + 1);
  node.replica = std::make_unique<replica::Replica>(config, node.store.get(), &node, &node,
                                                    &node.log, &node, node.intake.get());
  node.turn_due = false;
  const absl::Status status = node.replica->Start();
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
  for (std::size_t other = 0; other < nodes_.size(); ++other) {
    if (other == index || !nodes_[other] || !nodes_[other]->replica) continue;
    Connect(index, other);
    Connect(other, index);
  }
  Turn(index);
}

void ReplicaCluster::Connect(std::size_t a, std::size_t b) {
  if (!Linked(a, b)) return;
  nodes_[a]->Take(replica::PeerConnected{ledger_.states[b].code});
}

void ReplicaCluster::Turn(std::size_t index) {
  Node& node = *nodes_[index];
  if (!node.replica) return;
  node.turn_due = false;
  const absl::Status status = node.replica->EndTurn();
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
  const auto deadline = node.replica->next_deadline_us();
  if (!deadline) return;
  const std::int64_t wait_us = std::max<std::int64_t>(*deadline - now_us_, 0);
  Schedule(Microseconds(wait_us), [this, index, stream = node.streams] {
    Node& later = *nodes_[index];
    if (stream != later.streams || later.turn_due) return;
    const auto due = later.replica->next_deadline_us();
    if (due && *due <= now_us_) Turn(index);
  });
}

void ReplicaCluster::Schedule(Duration delay, std::function<void()> what) {
  queue_.emplace(now_us_ + delay.us, std::move(what));
}

void ReplicaCluster::Run(Duration duration) {
  RunUntil(duration, [] { return false; });
}

bool ReplicaCluster::RunUntil(Duration limit, const std::function<bool()>& done) {
  const std::int64_t end_us = now_us_ + limit.us;
  while (!done()) {
    if (queue_.empty() || queue_.begin()->first > end_us) {
      now_us_ = end_us;
      return done();
    }
    auto next = queue_.extract(queue_.begin());
    now_us_ = std::max(now_us_, next.key());
    next.mapped()();
  }
  return true;
}

void ReplicaCluster::Kill(std::size_t index) {
  Node& node = *nodes_[index];
  ++node.streams;
  node.replica.reset();
  for (std::size_t other = 0; other < nodes_.size(); ++other) {
    if (other != index) nodes_[other]->Take(replica::PeerDisconnected{ledger_.states[index].code});
  }
}

void ReplicaCluster::Restart(std::size_t index, bool empty_store) {
  if (empty_store) nodes_[index]->store = std::make_unique<storage::MemoryStore>(genesis_, false);
  Start(index);
}

void ReplicaCluster::RestartOnFirstCopy(std::size_t index) {
  nodes_[index]->store = std::make_unique<storage::MemoryStore>(genesis_, true);
  Start(index);
}

bool ReplicaCluster::running(std::size_t node) const { return nodes_[node]->replica != nullptr; }

void ReplicaCluster::Cut(std::size_t a, std::size_t b) {
  cut_.insert(std::minmax(a, b));
  nodes_[a]->Take(replica::PeerDisconnected{ledger_.states[b].code});
  nodes_[b]->Take(replica::PeerDisconnected{ledger_.states[a].code});
}

void ReplicaCluster::Heal() {
  mute_.clear();
  for (const auto& [a, b] : std::exchange(cut_, {})) {
    Connect(a, b);
    Connect(b, a);
  }
}

bool ReplicaCluster::Linked(std::size_t a, std::size_t b) const {
  return nodes_[a]->replica && nodes_[b]->replica && !cut_.contains(std::minmax(a, b));
}

std::size_t ReplicaCluster::IndexOf(const MemberCode& code) const {
  return static_cast<std::size_t>(code.str()[0] - 'A');
}

std::shared_ptr<std::optional<replica::SubmitOutcome>> ReplicaCluster::Submit(std::size_t node,
                                                                              const Entry& entry) {
  auto outcome = std::make_shared<std::optional<replica::SubmitOutcome>>();
  auto done = [outcome](replica::SubmitOutcome o) { *outcome = std::move(o); };
  if (auto refusal = nodes_[node]->intake->CheckEntry(entry)) {
    done({absl::OkStatus(), std::move(refusal), std::nullopt});
  } else {
    nodes_[node]->Take(replica::Submitted{std::make_shared<const Entry>(entry), true, done});
  }
  return outcome;
}

std::shared_ptr<std::optional<absl::StatusOr<bool>>> ReplicaCluster::GiveRestart(
    std::size_t node, const v1::RestartAct& act, bool never_voted) {
  auto answer = std::make_shared<std::optional<absl::StatusOr<bool>>>();
  auto checked = replica::CheckRestartBytes(act.SerializeAsString(), ledger_.id());
  if (!checked.ok()) {
    *answer = checked.status();
  } else {
    nodes_[node]->Take(replica::RestartGiven{*std::move(checked), never_voted,
                                             [answer](auto told) { *answer = std::move(told); }});
  }
  return answer;
}

absl::StatusOr<v1::RestartAct> ReplicaCluster::DraftRestart(std::size_t node) {
  absl::StatusOr<std::string> draft = absl::UnknownError("not asked");
  nodes_[node]->replica->Handle(
      {replica::RestartDraftAsked{[&draft](auto told) { draft = std::move(told); }}, nullptr});
  if (!draft.ok()) return draft.status();
  v1::RestartAct act;
  act.ParseFromString(*draft);
  return act;
}

std::shared_ptr<const replica::ReadView> ReplicaCluster::view(std::size_t node) const {
  return nodes_[node]->store->Read();
}
Height ReplicaCluster::height(std::size_t node) const { return view(node)->tip().header.height; }
Hash ReplicaCluster::tree_root(std::size_t node) const {
  return view(node)->tip().header.tree_root;
}
Hash ReplicaCluster::state_digest(std::size_t node) const {
  return view(node)->tip().header.state_digest;
}
std::uint64_t ReplicaCluster::tree_size(std::size_t node) const {
  return view(node)->tip().header.tree_size;
}
replica::ReplicaStatus ReplicaCluster::status(std::size_t node) const {
  return nodes_[node]->replica->Status();
}
replica::Vitals ReplicaCluster::vitals(std::size_t node) const {
  return nodes_[node]->replica->vitals();
}
void ReplicaCluster::SetClockOff(std::size_t node, Duration off) { nodes_[node]->clock_off = off; }

}  // namespace assent::testing
