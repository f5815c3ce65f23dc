// What clients read.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "ledger/crypto/hash.h"
#include "ledger/log/merkle.h"
#include "node/service/limits.h"
#include "tests/unit/node/service/fixture.h"
#include "transport/refusal.h"

namespace assent::service {
namespace {

using testing::DeclarationBody;

class ReadTest : public ServiceTest {
 protected:
  void SetUp() override {
    notification_ = chain_.Notify("AAA");
    declaration_ = chain_.File("BBB", DeclarationBody(2025, 100));  // for members
    chain_.CommitEntries({notification_, declaration_});
    Start();
    client_ = Client();
  }

  // The answer to `index` for a client with this key.
  v1::LedgerEntry Get(v1::Ledger::Stub& client, std::uint64_t index) {
    Context context;
    v1::GetEntryRequest request;
    request.set_index(index);
    v1::LedgerEntry entry;
    const grpc::Status status = client.GetEntry(&context, request, &entry);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return entry;
  }

  EntryPtr notification_;
  EntryPtr declaration_;
  std::unique_ptr<v1::Ledger::Stub> client_;
};

TEST_F(ReadTest, TheStatusIsThatOfTheNewestBlock) {
  Context context;
  v1::LedgerStatus status;
  ASSERT_TRUE(client_->GetLedgerStatus(&context, {}, &status).ok());
  EXPECT_EQ(status.ledger_id(), chain_.ledger.id().str());
  EXPECT_EQ(status.origin(), "code.example/test");
  EXPECT_EQ(status.code(), "AAA");
  EXPECT_EQ(status.height(), 1u);
  EXPECT_EQ(status.tree_size(), 2u);
  EXPECT_EQ(status.root(), chain_.tip->header.tree_root.str());
  EXPECT_EQ(status.version(), "0.1.0");
}

TEST_F(ReadTest, WithoutACertificateOnlyPublicBodiesAreSeen) {
  EXPECT_FALSE(Get(*client_, 0).entry().body().empty());
  const v1::LedgerEntry restricted = Get(*client_, 1);
  EXPECT_TRUE(restricted.entry().body().empty());
  EXPECT_TRUE(restricted.entry().salt().empty());
  EXPECT_EQ(restricted.type(), "");
  EXPECT_EQ(restricted.leaf_hash(), declaration_->leaf_hash().str());
}

TEST_F(ReadTest, AMembersReaderKeySeesBodiesForMembers) {
  const SecretSeed reader = *SecretSeed::From(Sha256({"CCC", "/", "reader"}).view());
  const auto client = ClientWith(&reader);
  EXPECT_EQ(Get(*client, 1).entry().body(), declaration_->body());
  EXPECT_EQ(Get(*client, 1).type(), "AnnualDeclaration");
}

TEST_F(ReadTest, AStrangersKeySeesNoMoreThanNone) {
  const SecretSeed stranger = *SecretSeed::From(Sha256("stranger").view());
  EXPECT_TRUE(Get(*ClientWith(&stranger), 1).entry().body().empty());
}

TEST_F(ReadTest, WhatIsNotThereIsNotFound) {
  Context context;
  v1::GetEntryRequest request;
  request.set_index(2);
  v1::LedgerEntry entry;
  EXPECT_EQ(client_->GetEntry(&context, request, &entry).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ReadTest, ARequestThatMakesNoSenseIsMalformed) {
  Context context;
  v1::ListEntriesRequest request;
  request.set_page_token("no token");
  v1::ListEntriesResponse response;
  const grpc::Status status = client_->ListEntries(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto refusal = transport::RefusalOf(status);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, "MALFORMED");
  EXPECT_EQ(refusal->message, status.error_message());
}

TEST_F(ReadTest, UnknownFieldsAreMalformed) {
  v1::GetEntryRequest request;
  request.mutable_author_sequence()->set_author("AAA");
  request.mutable_author_sequence()->set_sequence(1);
  auto* inner = request.mutable_author_sequence();
  inner->GetReflection()->MutableUnknownFields(inner)->AddVarint(99, 1);
  Context context;
  v1::LedgerEntry entry;
  const grpc::Status status = client_->GetEntry(&context, request, &entry);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("99"), std::string::npos) << status.error_message();
}

TEST_F(ReadTest, EntriesAreListed) {
  Context context;
  v1::ListEntriesResponse response;
  ASSERT_TRUE(client_->ListEntries(&context, {}, &response).ok());
  ASSERT_EQ(response.entries_size(), 2);
  EXPECT_EQ(response.entries(1).index(), 1u);
  EXPECT_EQ(response.as_of(), 1u);
}

TEST_F(ReadTest, MembersAndRevisionsAreListed) {
  Context members_context;
  v1::ListMembersResponse members;
  ASSERT_TRUE(client_->ListMembers(&members_context, {}, &members).ok());
  EXPECT_EQ(members.members_size(), 4);
  Context revisions_context;
  v1::ListRevisionsResponse revisions;
  ASSERT_TRUE(client_->ListRevisions(&revisions_context, {}, &revisions).ok());
  ASSERT_EQ(revisions.revisions_size(), 1);
  EXPECT_EQ(revisions.revisions(0).text(), chain_.ledger.act.text.code_text);
}

TEST_F(ReadTest, ProofsCanBeChecked) {
  chain_.CommitEntries({chain_.Notify("CCC")});
  v1::GetInclusionProofRequest inclusion;
  inclusion.set_index(1);
  inclusion.set_tree_size(3);
  Context inclusion_context;
  v1::InclusionProof included;
  ASSERT_TRUE(client_->GetInclusionProof(&inclusion_context, inclusion, &included).ok());
  std::vector<Hash> path;
  for (const std::string& hash : included.hashes()) path.push_back(*Hash::From(hash));
  EXPECT_TRUE(
      VerifyInclusion(declaration_->leaf_hash(), 1, 3, path, chain_.tip->header.tree_root).ok());

  v1::GetConsistencyProofRequest consistency;
  consistency.set_first_size(2);
  consistency.set_second_size(3);
  Context consistency_context;
  v1::ConsistencyProof consistent;
  ASSERT_TRUE(client_->GetConsistencyProof(&consistency_context, consistency, &consistent).ok());
  path.clear();
  for (const std::string& hash : consistent.hashes()) path.push_back(*Hash::From(hash));
  EXPECT_TRUE(VerifyConsistency(2,
                                MerkleRoot({notification_->leaf_hash(), declaration_->leaf_hash()}),
                                3, chain_.tip->header.tree_root, path)
                  .ok());
}

TEST_F(ReadTest, AReceiptHasWhatItsReaderMaySee) {
  v1::GetReceiptRequest request;
  request.set_index(1);
  Context context;
  v1::Receipt receipt;
  const grpc::Status status = client_->GetReceipt(&context, request, &receipt);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(receipt.header(), chain_.tip->header_bytes);
  EXPECT_EQ(receipt.certificate(), chain_.Certify(*chain_.tip));
  EXPECT_TRUE(receipt.entry().body().empty());
}

TEST_F(ReadTest, WithoutACheckpointThereIsNone) {
  Context context;
  v1::Checkpoint checkpoint;
  EXPECT_EQ(client_->GetCheckpoint(&context, {}, &checkpoint).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ReadTest, AnAuthorsHeadCountsWhatWaitsOnlyWhenAsked) {
  const MemberCode author = chain_.ledger.state("AAA").code;
  const AuthorHead waiting{Sequence(5), Sha256("leaf")};
  submitter_.SetHead(author, waiting);
  v1::GetAuthorHeadRequest request;
  request.set_author("AAA");
  Context final_context;
  v1::AuthorHead head;
  ASSERT_TRUE(client_->GetAuthorHead(&final_context, request, &head).ok());
  EXPECT_EQ(head.sequence(), 1u);
  EXPECT_EQ(head.leaf_hash(), notification_->leaf_hash().str());

  request.set_include_pending(true);
  Context pending_context;
  ASSERT_TRUE(client_->GetAuthorHead(&pending_context, request, &head).ok());
  EXPECT_EQ(head.sequence(), 5u);
  EXPECT_EQ(head.leaf_hash(), waiting.leaf_hash.str());
}

TEST_F(ReadTest, AWaitingHeadThatIsFinalByNowDoesNotHideNewerEntries) {
  submitter_.SetHead(chain_.ledger.state("AAA").code, AuthorHead());
  v1::GetAuthorHeadRequest request;
  request.set_author("AAA");
  request.set_include_pending(true);
  Context context;
  v1::AuthorHead head;
  ASSERT_TRUE(client_->GetAuthorHead(&context, request, &head).ok());
  EXPECT_EQ(head.sequence(), 1u);
}

TEST_F(ReadTest, BlocksAreAuditedInOrderWithoutRestrictedBodies) {
  for (int i = 0; i < 5; ++i) chain_.CommitEntries({chain_.Notify("DDD")});
  v1::AuditBlocksRequest request;
  request.set_from_height(1);
  Context context;
  const auto stream = client_->AuditBlocks(&context, request);
  std::vector<v1::FinalBlock> blocks;
  for (v1::FinalBlock block; stream->Read(&block);) blocks.push_back(block);
  ASSERT_TRUE(stream->Finish().ok());
  ASSERT_EQ(blocks.size(), 6u);
  EXPECT_EQ(blocks.back().header(), chain_.tip->header_bytes);
  EXPECT_FALSE(blocks[0].entries(0).body().empty());
  EXPECT_TRUE(blocks[0].entries(1).body().empty());
}

TEST_F(ReadTest, AnAuditOfBlocksToComeIsOutOfRange) {
  v1::AuditBlocksRequest request;
  request.set_from_height(2);
  Context context;
  const auto stream = client_->AuditBlocks(&context, request);
  v1::FinalBlock block;
  EXPECT_FALSE(stream->Read(&block));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

// Else whoever opens reads and cancels them fills the queue of those that wait for a thread.
TEST_F(ReadTest, AReadThatIsGivenUpIsNotBegunAndKeepsItsPlaceUntilItIsTakenFromTheQueue) {
  struct Read {
    Context context;
    v1::LedgerStatus answer;
  };
  const v1::GetLedgerStatusRequest request;
  std::promise<grpc::StatusCode> first;
  std::promise<void> last;
  std::atomic<std::size_t> ended = 0;
  const int before = store_.reads();
  store_.HoldReads(kReadThreads);
  std::vector<std::unique_ptr<Read>> reads(kReads.of_one_client + 1);
  for (auto& read : reads) {
    read = std::make_unique<Read>();
    client_->async()->GetLedgerStatus(&read->context, &request, &read->answer,
                                      [&](const grpc::Status& status) {
                                        const std::size_t number = ++ended;
                                        if (number == 1) first.set_value(status.error_code());
                                        if (number == reads.size()) last.set_value();
                                      });
  }
  EXPECT_EQ(first.get_future().get(), grpc::StatusCode::RESOURCE_EXHAUSTED);  // all others wait
  for (const auto& read : reads) read->context.TryCancel();
  last.get_future().wait();

  const auto one_more = [this] {
    Context context;
    v1::LedgerStatus answer;
    return client_->GetLedgerStatus(&context, {}, &answer).error_code();
  };
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(one_more(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  store_.Release();
  for (int tries = 0; one_more() != grpc::StatusCode::OK; ++tries) {
    ASSERT_LT(tries, 6'000);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LE(store_.reads() - before, static_cast<int>(kReadThreads) + 1);
}

}  // namespace
}  // namespace assent::service
