// A node that orders what it gets at once, on a ledger in memory, behind pinned TLS: honest unless
// a test tells it otherwise.
#ifndef ASSENT_TESTS_UNIT_CLIENT_FAKE_NODE_H_
#define ASSENT_TESTS_UNIT_CLIENT_FAKE_NODE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "assent/v1/ledger.grpc.pb.h"
#include "client/session.h"
#include "grpcpp/grpcpp.h"
#include "tests/support/test_chain.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {

class FakeNode : public v1::Ledger::Service {
 public:
  // The node of AAA.
  explicit FakeNode(std::size_t members);
  ~FakeNode() override;

  testing::TestChain& chain() { return chain_; }
  // A session with it that pins the key of `member`, or fails.
  absl::StatusOr<std::unique_ptr<Session>> Connect(
      const std::string& member = "AAA", std::chrono::seconds timeout = kCallTimeoutDefault);

  // For programs that connect by themselves.
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string act_path() const { return folder_.Path("act.txt"); }

  // Each is asked before the honest answer, and not ok is the answer.
  std::function<grpc::Status(const v1::SubmitRequest&)> before_submit;
  std::function<grpc::Status(std::uint64_t height)> before_block;
  std::function<grpc::Status(const v1::WatchEntriesRequest&)> before_watch;
  // What becomes of an honest answer.
  std::function<void(v1::SubmitResponse&)> after_submit;
  std::function<void(v1::ListEntriesResponse&)> after_list;
  std::function<void(v1::ListMembersResponse&)> after_members;
  std::function<void(v1::AskResponse&)> after_ask;

  grpc::Status Submit(grpc::ServerContext* context, const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override;
  grpc::Status GetEntry(grpc::ServerContext* context, const v1::GetEntryRequest* request,
                        v1::LedgerEntry* response) override;
  grpc::Status ListEntries(grpc::ServerContext* context, const v1::ListEntriesRequest* request,
                           v1::ListEntriesResponse* response) override;
  // Ends when all entries have been sent.
  grpc::Status WatchEntries(grpc::ServerContext* context, const v1::WatchEntriesRequest* request,
                            grpc::ServerWriter<v1::LedgerEntry>* writer) override;
  grpc::Status GetReceipt(grpc::ServerContext* context, const v1::GetReceiptRequest* request,
                          v1::Receipt* response) override;
  grpc::Status ListMembers(grpc::ServerContext* context, const v1::ListMembersRequest* request,
                           v1::ListMembersResponse* response) override;
  grpc::Status ListInspectors(grpc::ServerContext* context,
                              const v1::ListInspectorsRequest* request,
                              v1::ListInspectorsResponse* response) override;
  grpc::Status GetAuthorHead(grpc::ServerContext* context, const v1::GetAuthorHeadRequest* request,
                             v1::AuthorHead* response) override;
  // No quorum has signed any.
  grpc::Status GetCheckpoint(grpc::ServerContext* context, const v1::GetCheckpointRequest* request,
                             v1::Checkpoint* response) override;
  grpc::Status GetConsistencyProof(grpc::ServerContext* context,
                                   const v1::GetConsistencyProofRequest* request,
                                   v1::ConsistencyProof* response) override;
  grpc::Status GetInclusionProof(grpc::ServerContext* context,
                                 const v1::GetInclusionProofRequest* request,
                                 v1::InclusionProof* response) override;
  grpc::Status Ask(grpc::ServerContext* context, const v1::AskRequest* request,
                   v1::AskResponse* response) override;
  grpc::Status AuditBlocks(grpc::ServerContext* context, const v1::AuditBlocksRequest* request,
                           grpc::ServerWriter<v1::FinalBlock>* writer) override;
  grpc::Status GetLedgerStatus(grpc::ServerContext* context,
                               const v1::GetLedgerStatusRequest* request,
                               v1::LedgerStatus* response) override;

 private:
  std::mutex mutex_;
  testing::TestChain chain_;
  TempFolder folder_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace assent::client

#endif  // ASSENT_TESTS_UNIT_CLIENT_FAKE_NODE_H_
