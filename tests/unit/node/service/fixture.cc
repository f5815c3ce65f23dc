#include "tests/unit/node/service/fixture.h"

#include <utility>

#include "transport/certificate.h"
#include "transport/credentials.h"

namespace assent::service {

void FakeSubmitter::Submit(Entry entry, bool wait_until_final, replica::SubmitDone done) {
  const std::lock_guard lock(mutex_);
  pending_.push_back({std::move(entry), wait_until_final, std::move(done)});
  arrived_.notify_all();
}

void FakeSubmitter::PendingHead(const MemberCode& author,
                                std::function<void(std::optional<AuthorHead>)> done) {
  const auto head = heads_.find(author);
  done(head == heads_.end() ? std::nullopt : std::optional(head->second));
}

Pending FakeSubmitter::Take() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return !pending_.empty(); });
  Pending pending = std::move(pending_.front());
  pending_.pop_front();
  return pending;
}

std::size_t FakeSubmitter::waiting() const {
  const std::lock_guard lock(mutex_);
  return pending_.size();
}

ServiceTest::ServiceTest() = default;

Backend ServiceTest::MakeBackend() {
  Backend backend;
  backend.store = &store_;
  backend.submitter = &submitter_;
  backend.status = &status_;
  backend.clock = &clock_;
  backend.read_log = read_log_.get();
  backend.act = chain_.ledger.act.text;
  backend.code = chain_.ledger.state("AAA").code;
  backend.version = "0.1.0";
  backend.peers = [this] { return peers_; };
  backend.set_log_level = [this](std::string_view level) {
    if (level != "debug") return absl::InvalidArgumentError("no such level");
    log_level_ = level;
    return absl::OkStatus();
  };
  return backend;
}

Listen ServiceTest::MakeListen(const std::string& client) {
  Listen listen;
  listen.client = client;
  listen.client_credentials = transport::ServerCredentials(
      transport::MakeCertificate(chain_.ledger.state("AAA").node.transport_seed),
      transport::ClientPolicy::Optional());
  return listen;
}

void ServiceTest::Start() {
  const absl::Status status = services_.Start(MakeListen(), MakeBackend());
  ASSERT_TRUE(status.ok()) << status;
}

std::shared_ptr<grpc::Channel> ServiceTest::Channel(const SecretSeed* identity) {
  const PublicKey server = chain_.ledger.state("AAA").node.transport.public_key();
  grpc::ChannelArguments arguments = transport::ClientArguments();
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // 64 KiB that were not read stop the server
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(services_.client_port()),
                                   transport::ClientCredentials(identity, {server}).value(),
                                   arguments);
}

std::unique_ptr<v1::Ledger::Stub> ServiceTest::ClientWith(const SecretSeed* identity) {
  return v1::Ledger::NewStub(Channel(identity));
}

void ServiceTest::Commit(const std::vector<EntryPtr>& entries) {
  chain_.CommitEntries(entries);
  services_.OnCommit(chain_.tip->header.height, chain_.tip->header.tree_size);
}

}  // namespace assent::service
