// The database; when the node runs, it has the database, and is asked itself.
#include <chrono>

#include "absl/strings/str_cat.h"
#include "assent/v1/node.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "ledger/rules/read.h"
#include "node/check/check.h"
#include "node/node.h"

namespace assent::check {
namespace {

constexpr std::chrono::seconds kAnswerTimeout{5};

// Nothing when nobody answers there.
std::optional<v1::NodeStatus> AskNode(const std::string& socket) {
  if (socket.empty()) return std::nullopt;
  const auto stub =
      v1::Node::NewStub(grpc::CreateChannel("unix:" + socket, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAnswerTimeout);
  v1::NodeStatus status;
  if (!stub->GetStatus(&context, v1::GetStatusRequest(), &status).ok()) return std::nullopt;
  return status;
}

void CheckRunning(Subject& subject, const absl::Status& in_use, Report& report) {
  auto status = AskNode(subject.config.admin_socket);
  if (!status) {
    report.Wrong("database", in_use,
                 subject.config.admin_socket.empty()
                     ? "stop the node to have it checked, or give it an admin.socket"
                     : "it is no node that answers at admin.socket: find out which process it is");
    return;
  }
  const v1::LedgerStatus& ledger = status->ledger();
  if (ledger.ledger_id() != subject.act->ledger_id.str() || ledger.code() != subject.self->str()) {
    report.Wrong("database", "the node that answers at admin.socket is another one",
                 "give each node a data_dir and an admin.socket of its own");
    return;
  }
  report.Good("database", absl::StrCat("the running node has it, at height ", ledger.height()));
  subject.running = *std::move(status);
}

void CheckKeysInForce(const Subject& subject, Report& report) {
  const auto member = rules::MemberOf(subject.store->Read()->state(), *subject.self);
  if (member && member->node && member->node->vote_key == subject.keys->vote.public_key()) {
    report.Good("keys on the ledger", absl::StrCat("those of ", subject.self->str(), " in force"));
    return;
  }
  report.Note("keys on the ledger",
              absl::StrCat("as far as it is here, the ledger does not name these keys for ",
                           subject.self->str(), ": the node follows only"),
              "file NodeKeys, or use the seed whose keys it names");
}

}  // namespace

void CheckDatabase(Subject& subject, Report& report) {
  if (subject.config.data_dir.empty() || !subject.act || !subject.self) {
    report.NotRun("database", "needs the data folder, the founding act and the node's seed");
    return;
  }
  storage::OpenOptions options;
  options.path = node::DatabasePath(subject.config);
  options.ledger_id = subject.act->ledger_id;
  options.read_only = true;
  auto store = storage::RocksStore::Open(options);
  if (absl::IsUnavailable(store.status())) return CheckRunning(subject, store.status(), report);
  if (!store.ok()) {
    report.Wrong("database", store.status(), "docs/operate.md, When it stops by itself");
    return;
  }
  subject.store = *std::move(store);
  report.Good("database", options.path);
  CheckKeysInForce(subject, report);
}

}  // namespace assent::check
