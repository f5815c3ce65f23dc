// assent.v1.Ledger: filing on the ledger and reading it. gRPC's threads only check and hand over:
// entries go to the submitter, reads to worker threads, and every call has its place in a limit.
#ifndef ASSENT_NODE_SERVICE_LEDGER_SERVICE_H_
#define ASSENT_NODE_SERVICE_LEDGER_SERVICE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "assent/v1/ledger.grpc.pb.h"
#include "node/service/admission.h"
#include "node/service/backend.h"
#include "node/service/call_limit.h"
#include "node/service/limits.h"
#include "node/service/open_calls.h"
#include "node/service/read_pool.h"

namespace assent::service {

// Any thread. Outlives the server that it is registered with.
class LedgerService final : public v1::Ledger::CallbackService {
 public:
  // `pool` is for reads, `answers` for what submitters are told: it must not wait behind anybody's
  // reads. `backend`, `admission`, `callers` and `calls` outlive the service, and `backend` every
  // job of the pools. The service tells `callers` who is known.
  LedgerService(const Backend* backend, Admission* admission, Callers* callers,
                std::shared_ptr<ReadPool> pool, std::shared_ptr<ReadPool> answers,
                OpenCalls* calls);

  // A block was committed: watches go on. Returns at once.
  void OnCommit();

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context,
                                   const v1::SubmitRequest* request,
                                   v1::SubmitResponse* response) override;
  grpc::ServerUnaryReactor* GetEntry(grpc::CallbackServerContext* context,
                                     const v1::GetEntryRequest* request,
                                     v1::LedgerEntry* response) override;
  grpc::ServerUnaryReactor* ListEntries(grpc::CallbackServerContext* context,
                                        const v1::ListEntriesRequest* request,
                                        v1::ListEntriesResponse* response) override;
  grpc::ServerWriteReactor<v1::LedgerEntry>* WatchEntries(
      grpc::CallbackServerContext* context, const v1::WatchEntriesRequest* request) override;
  grpc::ServerUnaryReactor* GetReceipt(grpc::CallbackServerContext* context,
                                       const v1::GetReceiptRequest* request,
                                       v1::Receipt* response) override;
  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* context,
                                          const v1::GetCheckpointRequest* request,
                                          v1::Checkpoint* response) override;
  grpc::ServerUnaryReactor* GetConsistencyProof(grpc::CallbackServerContext* context,
                                                const v1::GetConsistencyProofRequest* request,
                                                v1::ConsistencyProof* response) override;
  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* context,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::InclusionProof* response) override;
  grpc::ServerUnaryReactor* ListMembers(grpc::CallbackServerContext* context,
                                        const v1::ListMembersRequest* request,
                                        v1::ListMembersResponse* response) override;
  grpc::ServerUnaryReactor* ListMemberQuestions(grpc::CallbackServerContext* context,
                                                const v1::ListMemberQuestionsRequest* request,
                                                v1::ListMemberQuestionsResponse* response) override;
  grpc::ServerUnaryReactor* ListInspectors(grpc::CallbackServerContext* context,
                                           const v1::ListInspectorsRequest* request,
                                           v1::ListInspectorsResponse* response) override;
  grpc::ServerUnaryReactor* ListRevisions(grpc::CallbackServerContext* context,
                                          const v1::ListRevisionsRequest* request,
                                          v1::ListRevisionsResponse* response) override;
  grpc::ServerUnaryReactor* ListDrafts(grpc::CallbackServerContext* context,
                                       const v1::ListDraftsRequest* request,
                                       v1::ListDraftsResponse* response) override;
  grpc::ServerUnaryReactor* Ask(grpc::CallbackServerContext* context, const v1::AskRequest* request,
                                v1::AskResponse* response) override;
  grpc::ServerUnaryReactor* GetAuthorHead(grpc::CallbackServerContext* context,
                                          const v1::GetAuthorHeadRequest* request,
                                          v1::AuthorHead* response) override;
  grpc::ServerWriteReactor<v1::FinalBlock>* AuditBlocks(
      grpc::CallbackServerContext* context, const v1::AuditBlocksRequest* request) override;
  grpc::ServerUnaryReactor* GetLedgerStatus(grpc::CallbackServerContext* context,
                                            const v1::GetLedgerStatusRequest* request,
                                            v1::LedgerStatus* response) override;

 private:
  // Answers with what `read(view, reader)` gives, on a worker.
  template <class Response, class Read>
  grpc::ServerUnaryReactor* OnWorker(grpc::CallbackServerContext* context,
                                     const google::protobuf::Message& request, Response* response,
                                     Read read);
  // A call that has met a limit, and one that asks for what makes no sense: once it was let in, so
  // that they are counted.
  template <class Reactor>
  Reactor* NoRoom(const Caller& caller, const google::protobuf::Message& request,
                  const grpc::Status& refusal);
  template <class Reactor>
  Reactor* Malformed(const absl::Status& why);
  // Now, or as soon as kStrangersWokenEach has passed since the last time. One thread at a time.
  void WakeStrangers();
  // Who is known, unless that was looked up a moment ago.
  void LearnCallers();

  static constexpr std::int64_t kNever = -1;

  const Backend* const backend_;
  Admission* const admission_;
  Callers* const callers_;
  std::atomic<std::int64_t> learned_us_ = kNever;  // monotonic
  // Shared with those that the submitter calls back, perhaps after our end.
  const std::shared_ptr<ReadPool> pool_;
  const std::shared_ptr<ReadPool> answers_;
  OpenCalls* const calls_;
  std::atomic<bool> waking_ = false;            // a job that wakes the watches waits for a thread
  std::atomic<bool> waking_strangers_ = false;  // a job that wakes theirs is to come
  std::atomic<std::chrono::steady_clock::time_point>
      strangers_woken_{};  // of who has set waking_strangers_
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_LEDGER_SERVICE_H_
