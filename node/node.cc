#include "node/node.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/membership/voting_proof.h"
#include "ledger/rules/read.h"
#include "node/descriptors.h"
#include "node/metrics/families.h"
#include "node/metrics/machine.h"
#include "node/query/blocks.h"
#include "node/query/reader.h"
#include "node/service/listen.h"
#include "sodium.h"
#include "transport/credentials.h"

namespace assent::node {

using replica::LogLevel;

// Peers are members: they get whole blocks.
class Node::Blocks : public network::BlockSource {
 public:
  explicit Blocks(const replica::Store* store) : store_(store) {
    member_.rights = query::Rights::kMember;
  }
  absl::StatusOr<Height> EndOfRange(Height first, std::uint32_t max_blocks) override {
    const auto range = query::PlanPeerBlocks(*store_->Read(), first, max_blocks);
    if (!range.ok()) return range.status();
    return range->last;
  }
  absl::StatusOr<std::string> Block(Height height) override {
    const auto block = query::FinalBlockAt(*store_->Read(), member_, height);
    if (!block.ok()) return block.status();
    return block->SerializeAsString();
  }

 private:
  const replica::Store* const store_;
  query::Reader member_;
};

// Told on the replica's thread.
class Node::Commits : public replica::CommitListener {
 public:
  Commits(service::Services* services, PeerRoster* roster, page::Bell* bell)
      : services_(services), roster_(roster), bell_(bell) {}
  void OnCommit(Height height, std::uint64_t tree_size) override {
    services_->OnCommit(height, tree_size);
    bell_->Ring();
  }
  void OnMembersChanged() override {
    if (roster_ != nullptr) roster_->Refresh();
  }

 private:
  service::Services* const services_;
  PeerRoster* const roster_;  // null on a mirror
  page::Bell* const bell_;
};

namespace {

// How often Wait looks how many descriptors are left, and tells which log lines were left out, and
// the service manager how it goes.
constexpr int kLookMs = 10'000;

v1::PeerStatus ToProto(const network::LinkStatus& link) {
  v1::PeerStatus status;
  status.set_code(link.code.str());
  status.set_endpoint(link.endpoint);
  status.set_sending(link.sending);
  status.set_receiving(link.receiving);
  status.set_queued_messages(link.queued);
  status.set_dropped_messages(link.dropped);
  status.set_last_error(link.last_error);
  if (link.clock) {
    status.set_clock_offset_us(link.clock->ahead.us);
    status.set_clock_margin_us(static_cast<std::uint64_t>(link.clock->margin.us));
  }
  return status;
}

absl::string_view ModeName(replica::Mode mode) {
  switch (mode) {
    case replica::Mode::kVoting:
      return "votes";
    case replica::Mode::kRestoring:
      return "restores";
    case replica::Mode::kFollowing:
      return "follows";
  }
  return "";
}

replica::ReplicaConfig ReplicaConfigOf(const Identity& identity, const quota::Quotas& quotas) {
  const ActText& act = identity.act.text;
  replica::ReplicaConfig config;
  config.ledger = identity.act.ledger_id;
  config.origin = act.origin;
  config.self = identity.self;
  config.author_entries_per_second = quotas.entries_of_author;
  if (!identity.self.empty()) {
    config.vote_key = &identity.keys.vote;
    config.checkpoint_key = &identity.keys.checkpoint;
  }
  randombytes_buf(config.nonce.data(), consensus::Nonce::kSize);
  return config;
}

std::vector<mirror::SourceAddress> SourcesOf(const Config& config) {
  std::vector<mirror::SourceAddress> sources;
  for (const JoinPeer& peer : config.mirror_sources) {
    sources.push_back({peer.code, peer.endpoint, peer.transport_key});
  }
  return sources;
}

}  // namespace

std::string DatabasePath(const Config& config) { return config.data_dir + "/ledger"; }

Node::Node(Config config, Identity identity, std::uint64_t descriptors, SpdlogLog* log,
           ServiceManager* manager)
    : config_(std::move(config)),
      identity_(std::move(identity)),
      peers_descriptors_(static_cast<int>(descriptors - kDescriptorsOfNode)),
      clients_descriptors_(peers_descriptors_ - static_cast<int>(kDescriptorsOfPeers)),
      log_(log),
      manager_(manager) {}

Node::~Node() { Stop(); }

absl::Status Node::Start() {
  failed_fd_ = ::eventfd(0, EFD_CLOEXEC);
  if (failed_fd_ < 0) return absl::ErrnoToStatus(errno, "cannot make an eventfd");

  storage::OpenOptions options;
  options.path = DatabasePath(config_);
  options.ledger_id = identity_.act.ledger_id;
  options.fatal = [this](std::string_view line) {
    log_->Write(LogLevel::kError, "stopping", {{"why", line}});
    std::_Exit(EXIT_FAILURE);
  };
  options.read_failed = [this](const absl::Status& why) {
    log_->Write(LogLevel::kError, "a read of the database failed",
                {{"why", StdView(why.message())}});
  };
  auto store = storage::RocksStore::Open(options);
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  if (store_->torn_bytes() > 0) {
    log_->Write(LogLevel::kWarning, "a write that a power cut tore is taken off the log",
                {{"bytes", store_->torn_bytes()}});
  }

  // Before anything runs: gRPC 1.51 can abort when it ends a moment after its threads have begun.
  for (const std::string& address :
       {config_.peer_listen, config_.client_listen, config_.metrics_listen, config_.tiles_listen,
        config_.page_listen}) {
    if (address.empty()) continue;
    if (auto status = service::CheckTcpAddress(address); !status.ok()) return status;
  }

  intake_ = std::make_unique<replica::Intake>(identity_.act.ledger_id, identity_.act.text.origin,
                                              identity_.self);
  const std::size_t threads = std::max(2u, std::thread::hardware_concurrency());
  ingress_ = std::make_unique<Ingress>(threads, intake_.get(), log_, [this](replica::Input input) {
    thread_->Push(std::move(input));
  });
  MakePeers();
  auto read_log =
      inspection::ReadLog::Open(config_.inspection_log, [this](const absl::Status& why) {
        log_->Write(LogLevel::kError, "inspectors are refused: what they read cannot be logged",
                    {{"why", StdView(why.message())}});
      });
  if (!read_log.ok()) return read_log.status();
  read_log_ = *std::move(read_log);
  services_ = std::make_unique<service::Services>();
  commits_ = std::make_unique<Commits>(services_.get(), roster_.get(), &bell_);
  replica::Peers* const peers =
      network_ ? static_cast<replica::Peers*>(network_.get()) : sources_.get();
  replica_ =
      std::make_unique<replica::Replica>(ReplicaConfigOf(identity_, config_.quotas), store_.get(),
                                         peers, &clock_, log_, commits_.get(), intake_.get());
  thread_ = std::make_unique<ReplicaThread>(
      replica_.get(), &clock_,
      [this](const absl::Status& why) {
        {
          const std::lock_guard lock(mutex_);
          failure_ = why;
        }
        ::eventfd_write(failed_fd_, 1);
      },
      ReplicaThread::Watch{manager_->turn_each(), [this] { manager_->Turned(); }});
  CheckKeysInForce();
  thread_->Start();

  if (auto status = StartPeers(); !status.ok()) return status;
  service::Backend backend;
  backend.store = store_.get();
  backend.submitter = submissions_.get();
  backend.status = replica_.get();
  backend.clock = &clock_;
  backend.read_log = read_log_.get();
  backend.act = identity_.act.text;
  backend.code = identity_.self;
  backend.version = ASSENT_VERSION;
  backend.peers = [this] { return Peers(); };
  // The block before the newest: the state knows a block's hash from the next one on.
  backend.make_voting_proof = [this]() -> absl::StatusOr<v1::VotingProof> {
    if (config_.mirror()) return absl::FailedPreconditionError("a mirror has no vote");
    const BlockHeader newest = store_->Read()->tip().header;
    if (newest.height == Height(0)) {
      return absl::UnavailableError("there is no block yet: try again after the first");
    }
    const Height height(newest.height.value() - 1);
    v1::VotingProof proof;
    proof.set_height(height.value());
    proof.set_block_hash(newest.parent.str());
    proof.set_signature(
        SignVotingProof(identity_.act.ledger_id, height, newest.parent, identity_.keys.vote).str());
    return proof;
  };
  backend.make_backup = [this](const std::string& folder) { return MakeBackup(folder); };
  backend.draft_restart = [this](std::function<void(absl::StatusOr<v1::RestartAct>)> done) {
    thread_->Push({replica::RestartDraftAsked{[done](absl::StatusOr<std::string> draft) {
                     v1::RestartAct act;
                     if (!draft.ok()) return done(draft.status());
                     if (!act.ParseFromString(*draft)) {
                       return done(absl::InternalError("the draft cannot be read"));
                     }
                     done(std::move(act));
                   }},
                   nullptr});
  };
  backend.take_restart = [this](const v1::RestartAct& act, bool never_voted,
                                std::function<void(absl::StatusOr<bool>)> done) {
    auto checked = replica::CheckRestartBytes(act.SerializeAsString(), identity_.act.ledger_id);
    if (!checked.ok()) return done(checked.status());
    thread_->Push(
        {replica::RestartGiven{*std::move(checked), never_voted, std::move(done)}, nullptr});
  };
  backend.set_log_level = [this](std::string_view name) -> absl::Status {
    const auto level = LogLevelFromName(name);
    if (!level) {
      return absl::InvalidArgumentError("no such log level: debug, info, warning or error");
    }
    log_->SetLevel(*level);
    return absl::OkStatus();
  };
  const service::Listen listen{
      config_.client_listen, config_.admin_socket,
      transport::ServerCredentials(transport::MakeCertificate(identity_.keys.transport_seed),
                                   transport::ClientPolicy::Optional()),
      clients_descriptors_, config_.quotas};
  if (auto status = services_->Start(listen, std::move(backend)); !status.ok()) return status;
  if (!config_.metrics_listen.empty()) {
    auto server = metrics::Server::Start(
        config_.metrics_listen, {submissions_, std::make_shared<metrics::SnapshotCollector>(
                                                   [this] { return TakeSnapshot(); })});
    if (!server.ok()) return server.status();
    metrics_ = *std::move(server);
  }
  if (!config_.tiles_listen.empty()) {
    auto server =
        tiles::Server::Start(config_.tiles_listen, store_.get(), identity_.act.text.origin);
    if (!server.ok()) return server.status();
    tiles_ = *std::move(server);
  }
  if (!config_.page_listen.empty()) {
    if (auto status = StartPage(); !status.ok()) return status;
  }
  log_->Write(
      LogLevel::kInfo, "serving",
      {{config_.mirror() ? "mirror" : "member",
        config_.mirror() ? identity_.keys.transport.public_key().hex() : identity_.self.str()},
       {"ledger", identity_.act.ledger_id.hex()},
       {"peers_on", config_.mirror() ? "none" : config_.peer_listen},
       {"clients_on", config_.client_listen}});
  manager_->Listens();
  return absl::OkStatus();
}

void Node::MakePeers() {
  replica::Submitter* submitter = ingress_.get();
  if (config_.mirror()) {
    sources_ = std::make_unique<mirror::Sources>(
        &identity_.keys.transport_seed, identity_.act.ledger_id, store_.get(), intake_.get(),
        ingress_.get(), [this](replica::Input input) { thread_->Push(std::move(input)); });
    mirror_submissions_ =
        std::make_unique<mirror::Submissions>(SourcesOf(config_), store_.get(), ingress_.get());
    submitter = mirror_submissions_.get();
  } else {
    blocks_ = std::make_unique<Blocks>(store_.get());
    network_ = std::make_unique<network::PeerNetwork>(&identity_.keys.transport_seed,
                                                      std::vector<network::PeerAddress>(),
                                                      ingress_.get(), blocks_.get());
    roster_ = std::make_unique<PeerRoster>(identity_.self, config_.join, store_.get(),
                                           ingress_.get(), network_.get());
  }
  submissions_ = std::make_shared<metrics::CountedSubmissions>(submitter, &clock_);
}

absl::Status Node::StartPeers() {
  if (network_) {
    return network_->Start(config_.peer_listen, peers_descriptors_,
                           config_.quotas.connections_of_address);
  }
  std::vector<MemberCode> names;
  for (const JoinPeer& source : config_.mirror_sources) names.push_back(source.code);
  ingress_->AddPeers(names);
  sources_->Start(SourcesOf(config_));
  return absl::OkStatus();
}

std::vector<network::LinkStatus> Node::PeersStatus() const {
  return network_ ? network_->Status() : sources_->Status();
}

std::vector<v1::PeerStatus> Node::Peers() const {
  std::vector<v1::PeerStatus> statuses;
  for (const auto& link : PeersStatus()) statuses.push_back(ToProto(link));
  return statuses;
}

absl::Status Node::StartPage() {
  page::Backend backend;
  backend.store = store_.get();
  backend.status = replica_.get();
  backend.clock = &clock_;
  backend.act = identity_.act;
  backend.code = identity_.self;
  backend.node_key = identity_.keys.transport.public_key();
  backend.read_log = read_log_.get();
  backend.version = ASSENT_VERSION;
  backend.peers = [this] { return Peers(); };
  auto server = page::Server::Start(config_.page_listen, std::move(backend), &bell_);
  if (!server.ok()) return server.status();
  page_ = *std::move(server);
  return absl::OkStatus();
}

absl::StatusOr<v1::BackupMade> Node::MakeBackup(const std::string& folder) {
  const std::int64_t start_us = clock_.MonotonicUs();
  const auto made = store_->Backup(folder);
  if (!made.ok()) {
    log_->Write(LogLevel::kWarning, "no backup",
                {{"folder", folder}, {"why", StdView(made.status().message())}});
    return made.status();
  }
  log_->Write(LogLevel::kInfo, "backup",
              {{"folder", folder},
               {"backup", made->id},
               {"height", made->height},
               {"ms", (clock_.MonotonicUs() - start_us) / 1'000}});
  v1::BackupMade message;
  message.set_backup(made->id);
  message.set_height(made->height.value());
  return message;
}

// Not an error: a node may run before its keys are on the ledger, to follow it.
void Node::CheckKeysInForce() {
  if (config_.mirror()) return;
  const auto member = rules::MemberOf(store_->Read()->state(), identity_.self);
  if (member && member->node && member->node->vote_key == identity_.keys.vote.public_key()) return;
  log_->Write(LogLevel::kWarning, "follows only",
              {{"member", identity_.self},
               {"why",
                "the ledger, as far as it is here, does not name this node's keys: file "
                "NodeKeys, or use the seed whose keys it names"}});
}

metrics::Snapshot Node::TakeSnapshot() const {
  metrics::Snapshot snapshot;
  snapshot.version = ASSENT_VERSION;
  snapshot.member = identity_.self;
  snapshot.replica = replica_->Status();
  snapshot.vitals = replica_->vitals();
  snapshot.peers = PeersStatus();
  const auto view = store_->Read();
  snapshot.tip = view->tip().header;
  const rules::LedgerParameters parameters = rules::ParametersOf(view->state());
  snapshot.heartbeat = parameters.heartbeat;
  snapshot.max_clock_skew = parameters.max_clock_skew;
  for (const network::LinkStatus& peer : snapshot.peers) {
    const auto member = rules::MemberOf(view->state(), peer.code);
    if (member && member->votes) snapshot.voting_peers.insert(peer.code);
  }
  snapshot.to_check = ingress_->to_check();
  for (const service::TurnedAway& one : services_->turned_away()) {
    snapshot.calls_refused.push_back(
        {std::string(NameOf(one.kind)), std::string(NameOf(one.met)), one.calls});
  }
  snapshot.connections_refused["client"] = services_->closed();
  if (network_) snapshot.connections_refused["peer"] = network_->closed();
  snapshot.database = store_->Status();
  snapshot.disk = metrics::ReadDisk(config_.data_dir);
  snapshot.process = metrics::ReadProcess();
  return snapshot;
}

std::string Node::StatusLine() const {
  const replica::ReplicaStatus status = replica_->Status();
  const std::vector<network::LinkStatus> peers = PeersStatus();
  const auto connected = std::count_if(
      peers.begin(), peers.end(), [](const auto& peer) { return peer.sending && peer.receiving; });
  return absl::StrCat(config_.mirror() ? "mirror" : identity_.self.str(), " of ",
                      identity_.act.text.origin, ": ", ModeName(status.mode), " at height ",
                      status.height.value(), ", ", connected, " of ", peers.size(),
                      " peers connected");
}

absl::Status Node::Wait(int stop_fd) {
  std::array<pollfd, 2> fds = {{{stop_fd, POLLIN, 0}, {failed_fd_, POLLIN, 0}}};
  int ready = 0;
  manager_->Says(StatusLine());
  while ((ready = ::poll(fds.data(), fds.size(), kLookMs)) <= 0) {
    if (ready != 0) continue;
    log_->TellLeftOut();
    manager_->Says(StatusLine());
    if (LowestFreeDescriptor() >= clients_descriptors_) {
      log_->Write(LogLevel::kWarning, "descriptors run short: clients are turned away", {});
    }
  }
  const std::lock_guard lock(mutex_);
  return failure_;
}

void Node::Stop() {
  // From the outside in: nobody new, callers are told, then nothing more to decide.
  page_.reset();
  metrics_.reset();
  tiles_.reset();
  if (store_) store_->StopBackups();
  if (ingress_) ingress_->Stop();
  if (services_) services_->Stop();
  if (roster_) roster_->Stop();
  if (network_) network_->Stop();
  if (sources_) sources_->Stop();
  if (thread_) thread_->Stop();
  thread_.reset();
  replica_.reset();
  commits_.reset();
  roster_.reset();
  network_.reset();
  sources_.reset();
  services_.reset();
  submissions_.reset();
  mirror_submissions_.reset();
  read_log_.reset();
  ingress_.reset();
  store_.reset();
  if (failed_fd_ >= 0) ::close(std::exchange(failed_fd_, -1));
}

}  // namespace assent::node
