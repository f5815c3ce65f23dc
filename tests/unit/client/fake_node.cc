#include "tests/unit/client/fake_node.h"

#include <stdexcept>
#include <utility>

#include "ledger/entry/proto.h"
#include "node/query/ask.h"
#include "node/query/blocks.h"
#include "node/query/entries.h"
#include "node/query/inspectors.h"
#include "node/query/members.h"
#include "node/query/proofs.h"
#include "transport/certificate.h"
#include "transport/credentials.h"
#include "transport/refusal.h"

namespace assent::client {
namespace {

const query::Reader kMember{query::Rights::kMember, MemberCode()};

grpc::Status ToGrpc(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

// Gives `answer` away, or says why there is none.
template <class Message>
grpc::Status Give(absl::StatusOr<Message> answer, Message& response) {
  if (!answer.ok()) return ToGrpc(answer.status());
  response = *std::move(answer);
  return grpc::Status::OK;
}

}  // namespace

FakeNode::FakeNode(std::size_t members) : chain_(members) {
  folder_.Write("act.txt", FormatAct(chain_.ledger.act));
  grpc::ServerBuilder builder;
  builder.AddListeningPort(
      "127.0.0.1:0",
      transport::ServerCredentials(
          transport::MakeCertificate(chain_.ledger.state("AAA").node.transport_seed),
          transport::ClientPolicy::Optional()),
      &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) throw std::runtime_error("the server does not start");
}

FakeNode::~FakeNode() { server_->Shutdown(std::chrono::system_clock::now()); }

absl::StatusOr<std::unique_ptr<Session>> FakeNode::Connect(const std::string& member,
                                                           std::chrono::seconds timeout) {
  Settings settings;
  settings.node = address();
  settings.act = act_path();
  settings.member = member;
  return Session::Open(settings, timeout);
}

grpc::Status FakeNode::Submit(grpc::ServerContext*, const v1::SubmitRequest* request,
                              v1::SubmitResponse* response) {
  const std::lock_guard lock(mutex_);
  if (before_submit) {
    if (const grpc::Status status = before_submit(*request); !status.ok()) return status;
  }
  auto entry = FromProto(request->entry());
  if (!entry.ok()) return ToGrpc(entry.status());
  const EntryHeader& header = entry->header();
  auto view = chain_.store.Read();
  auto index = view->IndexOf(header.author, header.sequence);
  if (!index.ok()) {
    const auto built = chain_.executor.Build(chain_.tip, testing::TestChain::FrameAfter(chain_.tip),
                                             {std::make_shared<const Entry>(*entry)});
    if (!built.left_out.empty()) {
      return transport::RefusalStatus(grpc::StatusCode::FAILED_PRECONDITION,
                                      built.left_out[0].refusal);
    }
    chain_.Commit(built.block);
    view = chain_.store.Read();
    index = view->IndexOf(header.author, header.sequence);
  }
  response->set_leaf_hash(entry->leaf_hash().str());
  if (request->wait_until_final()) {
    auto receipt = query::MakeReceipt(*view, kMember, *index);
    if (!receipt.ok()) return ToGrpc(receipt.status());
    *response->mutable_receipt() = *std::move(receipt);
  }
  if (after_submit) after_submit(*response);
  return grpc::Status::OK;
}

grpc::Status FakeNode::GetEntry(grpc::ServerContext*, const v1::GetEntryRequest* request,
                                v1::LedgerEntry* response) {
  const std::lock_guard lock(mutex_);
  return Give(query::GetEntry(*chain_.store.Read(), kMember, *request), *response);
}

grpc::Status FakeNode::ListEntries(grpc::ServerContext*, const v1::ListEntriesRequest* request,
                                   v1::ListEntriesResponse* response) {
  const std::lock_guard lock(mutex_);
  const grpc::Status status =
      Give(query::ListEntries(*chain_.store.Read(), kMember, *request), *response);
  if (status.ok() && after_list) after_list(*response);
  return status;
}

grpc::Status FakeNode::WatchEntries(grpc::ServerContext*, const v1::WatchEntriesRequest* request,
                                    grpc::ServerWriter<v1::LedgerEntry>* writer) {
  const std::lock_guard lock(mutex_);
  if (before_watch) {
    if (const grpc::Status status = before_watch(*request); !status.ok()) return status;
  }
  const auto filter = query::ParseWatch(*request);
  if (!filter.ok()) return ToGrpc(filter.status());
  const auto batch = query::NextForWatch(*chain_.store.Read(), kMember, *filter,
                                         EntryIndex(request->from_index()));
  if (!batch.ok()) return ToGrpc(batch.status());
  for (const v1::LedgerEntry& entry : batch->entries) writer->Write(entry);
  return grpc::Status::OK;
}

grpc::Status FakeNode::GetReceipt(grpc::ServerContext*, const v1::GetReceiptRequest* request,
                                  v1::Receipt* response) {
  const std::lock_guard lock(mutex_);
  return Give(query::MakeReceipt(*chain_.store.Read(), kMember, EntryIndex(request->index())),
              *response);
}

grpc::Status FakeNode::ListMembers(grpc::ServerContext*, const v1::ListMembersRequest* request,
                                   v1::ListMembersResponse* response) {
  const std::lock_guard lock(mutex_);
  const grpc::Status status = Give(query::ListMembers(*chain_.store.Read(), *request), *response);
  if (status.ok() && after_members) after_members(*response);
  return status;
}

grpc::Status FakeNode::ListInspectors(grpc::ServerContext*,
                                      const v1::ListInspectorsRequest* request,
                                      v1::ListInspectorsResponse* response) {
  const std::lock_guard lock(mutex_);
  return Give(query::ListInspectors(*chain_.store.Read(), kMember, *request), *response);
}

grpc::Status FakeNode::GetAuthorHead(grpc::ServerContext*, const v1::GetAuthorHeadRequest* request,
                                     v1::AuthorHead* response) {
  const std::lock_guard lock(mutex_);
  return Give(query::AuthorHeadOf(*chain_.store.Read(), request->author()), *response);
}

grpc::Status FakeNode::GetCheckpoint(grpc::ServerContext*, const v1::GetCheckpointRequest*,
                                     v1::Checkpoint* response) {
  const std::lock_guard lock(mutex_);
  return Give(query::PublicCheckpoint(*chain_.store.Read(), chain_.ledger.act.text.origin),
              *response);
}

grpc::Status FakeNode::GetConsistencyProof(grpc::ServerContext*,
                                           const v1::GetConsistencyProofRequest* request,
                                           v1::ConsistencyProof* response) {
  const std::lock_guard lock(mutex_);
  return Give(ProveConsistency(*chain_.store.Read(), *request), *response);
}

grpc::Status FakeNode::GetInclusionProof(grpc::ServerContext*,
                                         const v1::GetInclusionProofRequest* request,
                                         v1::InclusionProof* response) {
  const std::lock_guard lock(mutex_);
  return Give(ProveInclusion(*chain_.store.Read(), *request), *response);
}

grpc::Status FakeNode::Ask(grpc::ServerContext*, const v1::AskRequest* request,
                           v1::AskResponse* response) {
  const std::lock_guard lock(mutex_);
  const grpc::Status status = Give(query::Ask(*chain_.store.Read(), kMember, *request), *response);
  if (status.ok() && after_ask) after_ask(*response);
  return status;
}

grpc::Status FakeNode::GetLedgerStatus(grpc::ServerContext*, const v1::GetLedgerStatusRequest*,
                                       v1::LedgerStatus* response) {
  const std::lock_guard lock(mutex_);
  *response = query::StatusOf(*chain_.store.Read(), chain_.ledger.act.text.origin,
                              chain_.ledger.state("AAA").code, "test");
  return grpc::Status::OK;
}

grpc::Status FakeNode::AuditBlocks(grpc::ServerContext*, const v1::AuditBlocksRequest* request,
                                   grpc::ServerWriter<v1::FinalBlock>* writer) {
  const std::lock_guard lock(mutex_);
  const auto view = chain_.store.Read();
  const auto range =
      query::PlanBlocks(*view, Height(request->from_height()), request->max_blocks());
  if (!range.ok()) return ToGrpc(range.status());
  for (Height height = range->first; height <= range->last; height = height.next()) {
    if (before_block) {
      if (const grpc::Status status = before_block(height.value()); !status.ok()) return status;
    }
    const auto block = query::FinalBlockAt(*view, kMember, height);
    if (!block.ok()) return ToGrpc(block.status());
    if (!writer->Write(*block)) break;
  }
  return grpc::Status::OK;
}

}  // namespace assent::client
