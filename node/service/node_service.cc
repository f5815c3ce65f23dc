#include "node/service/node_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "node/query/members.h"
#include "node/query/mode.h"
#include "node/quota/refusal.h"
#include "node/service/status.h"
#include "node/service/unary_call.h"

namespace assent::service {
namespace {

absl::Status NoRestarts() { return absl::UnimplementedError("this node takes no acts"); }

grpc::ServerUnaryReactor* Refused(grpc::CallbackServerContext* context,
                                  const absl::Status& status) {
  grpc::ServerUnaryReactor* refused = context->DefaultReactor();
  refused->Finish(ToGrpc(status));
  return refused;
}

absl::Status CheckBackupFolder(const std::string& folder) {
  if (folder.empty() || folder.front() != '/' || folder.size() > kBackupFolderBytesMax ||
      folder.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError("the folder of backups must be an absolute path");
  }
  return absl::OkStatus();
}

}  // namespace

v1::NodeStatus StatusOf(const Backend& backend, std::int64_t started_us) {
  const replica::ReplicaStatus replica = backend.status->Status();
  v1::NodeStatus status;
  *status.mutable_ledger() =
      query::StatusOf(*backend.store->Read(), backend.act.origin, backend.code, backend.version);
  status.set_mode(query::ModeOf(replica.mode, backend.code));
  status.set_view(replica.view.value());
  status.set_pool_entries(replica.pool_entries);
  std::uint64_t newest = status.ledger().height();
  for (v1::PeerStatus& peer : backend.peers()) {
    const auto code = MemberCode::From(peer.code());
    const auto height = code ? replica.peer_heights.find(*code) : replica.peer_heights.end();
    if (height != replica.peer_heights.end()) peer.set_final_height(height->second.value());
    newest = std::max<std::uint64_t>(newest, peer.final_height());
    *status.add_peers() = std::move(peer);
  }
  status.set_behind_blocks(newest - status.ledger().height());
  status.set_uptime_seconds(
      static_cast<std::uint64_t>((backend.clock->MonotonicUs() - started_us) / 1'000'000));
  status.set_evidence(replica.evidence);
  status.set_votes_from_view(replica.votes_from_view.value());
  return status;
}

NodeService::NodeService(const Backend* backend, ReadPool* pool, OpenCalls* calls)
    : backend_(backend), pool_(pool), calls_(calls), started_us_(backend->clock->MonotonicUs()) {
  backups_.Start();
}

grpc::ServerUnaryReactor* NodeService::GetStatus(grpc::CallbackServerContext* context,
                                                 const v1::GetStatusRequest* request,
                                                 v1::NodeStatus* response) {
  absl::Status good = CheckRequest(*request);
  std::shared_ptr<void> place = reads_.Take(callers_.Of(*context));
  if (!good.ok() || place == nullptr) {
    grpc::ServerUnaryReactor* refused = context->DefaultReactor();
    refused->Finish(ToGrpc(
        good.ok()
            ? quota::Refuse(quota::kCallsOfClient,
                            "too many calls are under way at this socket; try again later", "read")
            : good));
    return refused;
  }
  const auto call = UnaryCall<v1::NodeStatus>::Start(calls_, response, std::move(place));
  pool_->Post([this, call] {
    if (!call->over()) call->Answer(StatusOf(*backend_, started_us_));
  });
  return call.get();
}

grpc::ServerUnaryReactor* NodeService::MakeVotingProof(grpc::CallbackServerContext* context,
                                                       const v1::MakeVotingProofRequest* request,
                                                       v1::VotingProof* response) {
  absl::Status status = CheckRequest(*request);
  if (status.ok()) {
    auto proof = backend_->make_voting_proof();
    status = proof.status();
    if (proof.ok()) *response = *std::move(proof);
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

grpc::ServerUnaryReactor* NodeService::MakeBackup(grpc::CallbackServerContext* context,
                                                  const v1::MakeBackupRequest* request,
                                                  v1::BackupMade* response) {
  absl::Status status = CheckRequest(*request);
  if (status.ok()) status = CheckBackupFolder(request->folder());
  if (status.ok() && !backend_->make_backup) {
    status = absl::UnimplementedError("this node makes no backups");
  }
  if (status.ok() && backup_under_way_.exchange(true)) {
    status = absl::FailedPreconditionError("another backup is under way: wait until it is done");
  }
  if (!status.ok()) {
    grpc::ServerUnaryReactor* refused = context->DefaultReactor();
    refused->Finish(ToGrpc(status));
    return refused;
  }
  const auto call = UnaryCall<v1::BackupMade>::Start(calls_, response, nullptr);
  // It goes on when its caller has left: half a backup is worth nothing.
  backups_.Post([this, call, folder = request->folder()] {
    auto made = backend_->make_backup(folder);
    backup_under_way_ = false;
    if (made.ok()) {
      call->Answer(*std::move(made));
    } else {
      call->Fail(ToGrpc(made.status()));
    }
  });
  return call.get();
}

grpc::ServerUnaryReactor* NodeService::DraftRestart(grpc::CallbackServerContext* context,
                                                    const v1::DraftRestartRequest* request,
                                                    v1::RestartAct* response) {
  absl::Status status = CheckRequest(*request);
  if (status.ok() && !backend_->draft_restart) status = NoRestarts();
  if (!status.ok()) return Refused(context, status);
  const auto call = UnaryCall<v1::RestartAct>::Start(calls_, response, nullptr);
  backend_->draft_restart([call](absl::StatusOr<v1::RestartAct> draft) {
    draft.ok() ? call->Answer(*std::move(draft)) : call->Fail(ToGrpc(draft.status()));
  });
  return call.get();
}

grpc::ServerUnaryReactor* NodeService::TakeRestart(grpc::CallbackServerContext* context,
                                                   const v1::TakeRestartRequest* request,
                                                   v1::RestartTaken* response) {
  absl::Status status = CheckRequest(*request);
  if (status.ok() && !backend_->take_restart) status = NoRestarts();
  if (!status.ok()) return Refused(context, status);
  const auto call = UnaryCall<v1::RestartTaken>::Start(calls_, response, nullptr);
  backend_->take_restart(request->act(), request->never_voted(),
                         [call](absl::StatusOr<bool> entered) {
                           if (!entered.ok()) return call->Fail(ToGrpc(entered.status()));
                           v1::RestartTaken taken;
                           taken.set_entered(*entered);
                           call->Answer(std::move(taken));
                         });
  return call.get();
}

grpc::ServerUnaryReactor* NodeService::SetLogLevel(grpc::CallbackServerContext* context,
                                                   const v1::SetLogLevelRequest* request,
                                                   v1::SetLogLevelResponse*) {
  absl::Status status = CheckRequest(*request);
  if (status.ok()) status = backend_->set_log_level(request->level());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

}  // namespace assent::service
