// assent.v1.Node: what a node tells its operator, and what the operator may change.
#ifndef ASSENT_NODE_SERVICE_NODE_SERVICE_H_
#define ASSENT_NODE_SERVICE_NODE_SERVICE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "assent/v1/node.grpc.pb.h"
#include "node/service/backend.h"
#include "node/service/call_limit.h"
#include "node/service/limits.h"
#include "node/service/open_calls.h"
#include "node/service/read_pool.h"

namespace assent::service {

inline constexpr std::size_t kBackupThreads = 1;             // backups are made one at a time
inline constexpr std::size_t kBackupFolderBytesMax = 4'000;  // of its path

// Everything about the node. Any thread. `started_us`: MonotonicUs() of the backend's clock when
// the node started.
v1::NodeStatus StatusOf(const Backend& backend, std::int64_t started_us);

// Any thread. Outlives the server that it is registered with.
class NodeService final : public v1::Node::CallbackService {
 public:
  // All outlive the service.
  NodeService(const Backend* backend, ReadPool* pool, OpenCalls* calls);

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::NodeStatus* response) override;
  grpc::ServerUnaryReactor* MakeVotingProof(grpc::CallbackServerContext* context,
                                            const v1::MakeVotingProofRequest* request,
                                            v1::VotingProof* response) override;
  grpc::ServerUnaryReactor* MakeBackup(grpc::CallbackServerContext* context,
                                       const v1::MakeBackupRequest* request,
                                       v1::BackupMade* response) override;
  grpc::ServerUnaryReactor* DraftRestart(grpc::CallbackServerContext* context,
                                         const v1::DraftRestartRequest* request,
                                         v1::RestartAct* response) override;
  grpc::ServerUnaryReactor* TakeRestart(grpc::CallbackServerContext* context,
                                        const v1::TakeRestartRequest* request,
                                        v1::RestartTaken* response) override;
  grpc::ServerUnaryReactor* SetLogLevel(grpc::CallbackServerContext* context,
                                        const v1::SetLogLevelRequest* request,
                                        v1::SetLogLevelResponse* response) override;

 private:
  const Backend* const backend_;
  ReadPool* const pool_;
  OpenCalls* const calls_;
  const std::int64_t started_us_;
  const Callers callers_;
  CallLimit reads_{kReads};  // the operator is not counted a second
  std::atomic<bool> backup_under_way_ = false;
  ReadPool backups_{kBackupThreads};  // destroyed first: its job uses the members above
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_NODE_SERVICE_H_
