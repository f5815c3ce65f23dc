#include "tests/bench/load/etcd_target.h"

#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"

namespace assent::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::string Url(std::uint16_t port) { return absl::StrCat("http://127.0.0.1:", port); }

absl::Status FromGrpc(std::size_t node, const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat("etcd node ", node + 1, ": ", status.error_message()));
}

}  // namespace

// One call under way.
struct EtcdTarget::Putting {
  grpc::ClientContext context;
  etcdserverpb::PutRequest request;
  etcdserverpb::PutResponse response;
};

EtcdTarget::EtcdTarget(std::string binary, std::string folder, std::size_t nodes,
                       std::size_t connections, const PayloadMaker* payloads)
    : binary_(std::move(binary)),
      folder_(std::move(folder)),
      count_(nodes),
      connections_(connections),
      payloads_(payloads) {}

EtcdTarget::~EtcdTarget() = default;

Conditions EtcdTarget::conditions() const {
  return {"committed by a majority that tolerates crashes, not liars; no signatures, no receipt",
          "none", "write-ahead log synced to disk by a majority before the answer (its default)"};
}

absl::Status EtcdTarget::StartNode(std::size_t index, const std::vector<std::uint16_t>& ports) {
  std::string cluster;
  for (std::size_t i = 0; i < count_; ++i) {
    absl::StrAppend(&cluster, i == 0 ? "" : ",", "n", i + 1, "=", Url(ports[2 * i]));
  }
  const std::string name = absl::StrCat("n", index + 1);
  const std::string peer = Url(ports[2 * index]);
  const std::string client = Url(ports[2 * index + 1]);
  auto node = Process::Start({binary_,
                              "--name",
                              name,
                              "--data-dir",
                              absl::StrCat(folder_, "/", name),
                              "--listen-peer-urls",
                              peer,
                              "--initial-advertise-peer-urls",
                              peer,
                              "--listen-client-urls",
                              client,
                              "--advertise-client-urls",
                              client,
                              "--initial-cluster",
                              cluster,
                              "--initial-cluster-state",
                              "new",
                              "--logger",
                              "zap",
                              "--log-outputs",
                              "stderr"},
                             absl::StrCat(folder_, "/", name, ".log"));
  if (!node.ok()) return node.status();
  nodes_.push_back(*std::move(node));
  auto& stubs = stubs_.emplace_back();
  for (std::size_t i = 0; i < connections_; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // else all would share a connection
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMs);
    stubs.push_back(etcdserverpb::KV::NewStub(
        grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", ports[2 * index + 1]),
                                  grpc::InsecureChannelCredentials(), arguments)));
  }
  return absl::OkStatus();
}

// Puts, since that is the one call that we have; they count.
absl::Status EtcdTarget::WaitServing(std::size_t index) {
  const auto deadline = Clock::now() + kStartPatience;
  for (const auto& stub : stubs_[index]) {
    while (true) {
      Putting putting;
      putting.context.set_wait_for_ready(true);
      putting.context.set_deadline(std::chrono::system_clock::now() + kStartAttempt);
      putting.request.set_key("start");
      const grpc::Status status = stub->Put(&putting.context, putting.request, &putting.response);
      if (status.ok()) break;
      if (const auto runs = nodes_[index].CheckRuns(); !runs.ok()) return runs;
      if (Clock::now() > deadline) return FromGrpc(index, status);
      std::this_thread::sleep_for(kPollPause);
    }
    ++answered_;
  }
  return absl::OkStatus();
}

absl::Status EtcdTarget::Start() {
  const auto ports = FreePorts(2 * count_);
  if (!ports.ok()) return ports.status();
  for (std::size_t i = 0; i < count_; ++i) {
    if (auto status = StartNode(i, *ports); !status.ok()) return status;
  }
  for (std::size_t i = 0; i < count_; ++i) {
    if (auto status = WaitServing(i); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void EtcdTarget::Send(std::size_t node, SendDone done) {
  const std::uint64_t number = ++sent_;
  const auto putting = std::make_shared<Putting>();
  putting->context.set_deadline(std::chrono::system_clock::now() + kAnswerPatience);
  putting->request.set_key(payloads_->Reference(number));
  putting->request.set_value(payloads_->Body(number));
  const auto& stub = stubs_[node][number / count_ % connections_];
  stub->async()->Put(&putting->context, &putting->request, &putting->response,
                     [this, node, putting, done = std::move(done)](const grpc::Status& status) {
                       if (!status.ok()) return done(FromGrpc(node, status));
                       ++answered_;
                       done(absl::OkStatus());
                     });
}

absl::StatusOr<std::string> EtcdTarget::Check() {
  constexpr std::uint64_t kEmptyRevision = 1;
  Putting putting;
  putting.context.set_deadline(std::chrono::system_clock::now() + kAnswerPatience);
  putting.request.set_key("end");
  const grpc::Status status =
      stubs_[0][0]->Put(&putting.context, putting.request, &putting.response);
  if (!status.ok()) return FromGrpc(0, status);
  const auto revision = static_cast<std::uint64_t>(putting.response.header().revision());
  const std::uint64_t expected = kEmptyRevision + answered_ + 1;
  if (revision < expected) {
    return absl::DataLossError(absl::StrCat("the cluster is at revision ", revision, ", but ",
                                            answered_.load(), " puts were answered"));
  }
  return absl::StrCat("the cluster has counted all ", answered_.load(), " puts");
}

}  // namespace assent::bench
