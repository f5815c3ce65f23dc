#include "node/service/services.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "ledger/limits.h"
#include "node/quota/thread_priority.h"
#include "node/service/limits.h"
#include "node/service/listen.h"
#include "node/service/status.h"

namespace assent::service {
namespace {

int Ms(std::chrono::milliseconds duration) { return static_cast<int>(duration.count()); }

// Half of the processors are left to the ledger: also a thread of low priority keeps what it has
// for some milliseconds.
std::size_t StrangersThreads() {
  const std::size_t processors = std::thread::hardware_concurrency();
  return std::clamp<std::size_t>(processors / 2, 1, kReadThreads);
}

// What both servers have in common.
void SetLimits(grpc::ServerBuilder& builder, const char* name) {
  grpc::ResourceQuota quota(name);
  quota.Resize(kServerMemoryBytesMax).SetMaxThreads(kSyncThreadsMax);
  builder.SetResourceQuota(quota);
  // One queue, however many processors: each takes threads of the quota from the start.
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetMaxReceiveMessageSize(kRequestBytesMax);
  builder.SetMaxSendMessageSize(kGrpcMessageBytesMax);
  // A few bytes of compressed message can stand for megabytes.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
}

// A connection that is not used, or whose other end is gone, is found out and closed: each has a
// descriptor. A client may ask as often that we are still here.
void SetPatience(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Ms(kHandshakeTimeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Ms(kConnectionIdle));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
}

absl::Status Unexplained(const std::string& where) {
  return absl::FailedPreconditionError(absl::StrCat("cannot listen on ", where));
}

}  // namespace

Services::Running::Running(const quota::Quotas& quotas, Backend b)
    : backend(std::move(b)),
      admission(quotas, backend.clock),
      pool(std::make_shared<ReadPool>(ReadPool::Threads{kReadThreads, quota::kReaderNice},
                                      ReadPool::Threads{StrangersThreads(), quota::kStrangerNice})),
      answers(std::make_shared<ReadPool>(kAnswerThreads)),
      ledger(&backend, &admission, &callers, pool, answers, &calls),
      comparison(&backend, &admission, &callers, pool.get(), &calls),
      node(&backend, answers.get(), &calls) {
  pool->Start();
  answers->Start();
}

absl::Status Services::Start(const Listen& listen, Backend backend) {
  auto running = std::make_shared<Running>(listen.quotas, std::move(backend));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  // The operator's first: whoever finds the clients' port open finds the whole node.
  absl::Status status;
  if (!listen.admin_socket.empty()) status = StartAdminServer(listen.admin_socket, *running);
  if (status.ok()) status = StartClientServer(listen, *running);
  if (!status.ok()) {
    StopServers(*running);
    client_port_ = 0;
    return status;
  }
  const std::lock_guard lock(mutex_);
  running_ = std::move(running);
  return absl::OkStatus();
}

absl::Status Services::StartClientServer(const Listen& listen, Running& running) {
  auto acceptor = transport::Acceptor::Listen(listen.client);
  if (!acceptor.ok()) return acceptor.status();
  running.acceptor = *std::move(acceptor);
  grpc::ServerBuilder builder;
  running.acceptor->AddTo(builder, listen.client_credentials);
  builder.RegisterService(&running.ledger);
  builder.RegisterService(&running.comparison);
  SetLimits(builder, "clients");
  SetPatience(builder);
  running.client_server = builder.BuildAndStart();
  if (running.client_server == nullptr) return Unexplained(listen.client);
  running.client_server->GetHealthCheckService()->SetServingStatus("assent.v1.Ledger", true);
  running.acceptor->Start(listen.descriptors_max, listen.quotas.connections_of_address);
  client_port_ = running.acceptor->port();
  return absl::OkStatus();
}

absl::Status Services::StartAdminServer(const std::string& path, Running& running) {
  if (auto status = CheckUnixPath(path); !status.ok()) return status;
  grpc::ServerBuilder builder;
  int bound = 0;
  builder.AddListeningPort("unix:" + path, grpc::InsecureServerCredentials(), &bound);
  builder.RegisterService(&running.node);
  SetLimits(builder, "operator");
  running.admin_server = builder.BuildAndStart();
  if (running.admin_server == nullptr || bound == 0) return Unexplained(path);
  return RestrictToOwner(path);
}

void Services::StopServers(Running& running) {
  if (running.acceptor != nullptr) running.acceptor->Stop();
  if (running.client_server != nullptr) {
    running.client_server->GetHealthCheckService()->SetServingStatus(false);
  }
  running.calls.EndAll(Stopping());
  // A call that comes after Shutdown, which tells clients to send no more, is CANCELLED by gRPC.
  if (running.client_server != nullptr) running.calls.WaitUntilQuiet(kStopQuiet, kStopQuietMax);
  const auto deadline = std::chrono::system_clock::now() + kStopGrace;
  if (running.client_server != nullptr) running.client_server->Shutdown(deadline);
  if (running.admin_server != nullptr) running.admin_server->Shutdown(deadline);
  // No call is left; only what wakes watches may still run.
  running.pool->Stop();
  running.answers->Stop();
}

void Services::Stop() {
  std::shared_ptr<Running> running;
  {
    const std::lock_guard lock(mutex_);
    running = std::move(running_);
  }
  if (running == nullptr) return;
  StopServers(*running);
  client_port_ = 0;
}

std::shared_ptr<Services::Running> Services::Now() {
  const std::lock_guard lock(mutex_);
  return running_;
}

void Services::OnCommit(Height, std::uint64_t) {
  if (const auto running = Now()) running->ledger.OnCommit();
}

std::vector<TurnedAway> Services::turned_away() {
  const auto running = Now();
  return running ? running->admission.turned_away() : std::vector<TurnedAway>();
}

transport::Acceptor::Closed Services::closed() {
  const auto running = Now();
  return running ? running->acceptor->closed() : transport::Acceptor::Closed();
}

}  // namespace assent::service
