// The database; when the node runs, it has the database, and is asked itself. Else nobody can open
// it while it is looked at, so that is kept short.
#include <unistd.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "assent/v1/node.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "ledger/rules/read.h"
#include "node/check/check.h"
#include "node/node.h"
#include "node/peer_roster.h"
#include "node/storage/rocks_store.h"

namespace assent::check {
namespace {

constexpr std::chrono::seconds kAnswerTimeout{5};

// Nothing when nobody answers there.
std::optional<v1::NodeStatus> AskNode(const std::string& socket) {
  if (socket.empty() || ::access(socket.c_str(), F_OK) != 0) return std::nullopt;
  const auto stub =
      v1::Node::NewStub(grpc::CreateChannel("unix:" + socket, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAnswerTimeout);
  v1::NodeStatus status;
  if (!stub->GetStatus(&context, v1::GetStatusRequest(), &status).ok()) return std::nullopt;
  return status;
}

void CheckRunning(Subject& subject, v1::NodeStatus status, Report& report) {
  const v1::LedgerStatus& ledger = status.ledger();
  if (ledger.ledger_id() != subject.act->ledger_id.str() || ledger.code() != subject.self->str()) {
    report.Wrong("database", "the node that answers at admin.socket is another one",
                 "give each node a data_dir and an admin.socket of its own");
    return;
  }
  report.Good("database", absl::StrCat("the running node has it, at height ", ledger.height()));
  subject.standing = {Height(ledger.height()), ledger.tree_size(), Time{ledger.time_us()},
                      status.mode() == v1::RESTORING};
  subject.running = std::move(status);
}

void CheckKeysInForce(const Subject& subject, const StateView& state, Report& report) {
  if (subject.config.mirror()) return;  // needs none
  const auto member = rules::MemberOf(state, *subject.self);
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
  if (auto status = AskNode(subject.config.admin_socket)) {
    return CheckRunning(subject, *std::move(status), report);
  }
  storage::OpenOptions options;
  options.path = node::DatabasePath(subject.config);
  options.ledger_id = subject.act->ledger_id;
  options.read_only = true;
  auto store = storage::RocksStore::Open(options);
  if (!store.ok()) {
    report.Wrong("database", store.status(),
                 absl::IsUnavailable(store.status())
                     ? "a node that runs is asked at its admin.socket, and there nobody answers"
                     : "docs/operate.md, When it stops by itself");
    return;
  }
  report.Good("database", options.path);
  const auto view = (*store)->Read();
  const BlockHeader& tip = view->tip().header;
  subject.standing = {tip.height, tip.tree_size, tip.time, (*store)->restoring()};
  if (!subject.config.mirror()) {
    subject.peers = node::PeersOf(view->state(), *subject.self, subject.config.join);
  }
  CheckKeysInForce(subject, view->state(), report);
}

}  // namespace assent::check
