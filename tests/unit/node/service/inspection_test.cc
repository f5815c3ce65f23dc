// Inspectors at a node: what they are given, that it is logged, and that it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "ledger/crypto/hash.h"
#include "node/service/limits.h"
#include "tests/unit/node/service/fixture.h"
#include "transport/refusal.h"

namespace assent::service {
namespace {

using testing::DeclarationBody;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InspectionTest : public ServiceTest {
 protected:
  // Entry 0: AAA accredits the inspector for `term` from the founding. Block h is h seconds later.
  // Entry 1: a declaration of BBB, for members.
  void Begin(
      Duration term = Days(1),
      const std::function<void(v1::InspectorAccreditation&)>& change = [](auto&) {}) {
    v1::Body body;
    body.set_visibility(v1::MEMBERS);
    body.set_issued_at_us(testing::kFounded.us);
    v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
    said.set_public_key(SigningKey(seed_).public_key().str());
    said.set_name("inspector");
    said.set_from_us(testing::kFounded.us);
    said.set_until_us((testing::kFounded + term).us);
    said.set_all_bodies(true);
    change(said);
    chain_.CommitEntries({chain_.File("AAA", body)});
    declaration_ = chain_.File("BBB", DeclarationBody(2025, 100));
    chain_.CommitEntries({declaration_});
    Start();
    inspector_ = ClientWith(&seed_);
  }

  // By a block of its own.
  void EndAccreditation() {
    v1::Body body;
    body.set_visibility(v1::MEMBERS);
    body.set_issued_at_us(testing::kFounded.us);
    body.mutable_inspector_accreditation_end()->set_accreditation(0);
    body.mutable_inspector_accreditation_end()->set_reason("done");
    Commit({chain_.File("AAA", body)});
  }

  // The same, and streams have been told: by the one thread that is left to the node and its
  // members, before the last read.
  void EndAccreditationOfStreams() {
    const auto member = ClientWith(&chain_.ledger.state("BBB").node.transport_seed);
    store_.HoldReads(kReadThreads - 1);
    std::vector<std::thread> held;
    while (held.size() < kReadThreads - 1) held.emplace_back([&] { BodyFor(*member, 1); });
    store_.WaitUntilHeld(kReadThreads - 1);
    EndAccreditation();
    BodyFor(*member, 1);
    store_.Release();
    for (std::thread& thread : held) thread.join();
  }

  static grpc::Status Get(v1::Ledger::Stub& client, std::uint64_t index, v1::LedgerEntry& entry) {
    Context context;
    v1::GetEntryRequest request;
    request.set_index(index);
    return client.GetEntry(&context, request, &entry);
  }
  static std::string BodyFor(v1::Ledger::Stub& client, std::uint64_t index) {
    v1::LedgerEntry entry;
    const grpc::Status status = Get(client, index, entry);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return entry.entry().body();
  }

  std::vector<v1::InspectorRead> Logged() const {
    std::vector<v1::InspectorRead> reads;
    EXPECT_TRUE(inspection::ReadAll(read_log_path_, [&](const v1::InspectorRead& read) {
                  reads.push_back(read);
                }).ok());
    return reads;
  }

  static void ExpectDenied(const grpc::Status& status, const std::string& reason) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << status.error_message();
    const auto refusal = transport::RefusalOf(status);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->reason, reason);
    EXPECT_THAT(refusal->message, HasSubstr("ask AAA for a new one"));
  }

  // Declarations of CCC, 48 KB each, for members.
  void CommitLargeDeclarations() {
    for (std::uint32_t year = 2002; year < 2026; ++year) {
      Commit({chain_.File("CCC", DeclarationBody(year, 16'000))});
    }
  }

  const SecretSeed seed_ = *SecretSeed::From(Sha256("inspector").view());
  EntryPtr declaration_;
  std::unique_ptr<v1::Ledger::Stub> inspector_;
};

TEST_F(InspectionTest, AnAccreditedKeyReadsBodiesForMembersUntilItIsOver) {
  Begin();
  EXPECT_EQ(BodyFor(*inspector_, 1), declaration_->body());
  EXPECT_THAT(BodyFor(*Client(), 1), IsEmpty());
  EndAccreditation();
  EXPECT_THAT(BodyFor(*inspector_, 1), IsEmpty());
}

TEST_F(InspectionTest, AnAccreditationExpiresByBlockTime) {
  Begin(Seconds(3));
  EXPECT_EQ(BodyFor(*inspector_, 1), declaration_->body());
  clock_.now_us = 3'600'000'000;  // the node's own clock decides nothing
  EXPECT_EQ(BodyFor(*inspector_, 1), declaration_->body());
  Commit({chain_.Notify("AAA")});
  EXPECT_THAT(BodyFor(*inspector_, 1), IsEmpty());
}

TEST_F(InspectionTest, WhatIsOutOfScopeLooksAsToAStranger) {
  Begin(Days(1), [](v1::InspectorAccreditation& said) {
    said.set_all_bodies(false);
    said.add_authors("CCC");
  });
  for (std::uint64_t index : {0u, 1u}) {
    v1::LedgerEntry for_inspector;
    v1::LedgerEntry for_nobody;
    ASSERT_TRUE(Get(*inspector_, index, for_inspector).ok());
    ASSERT_TRUE(Get(*Client(), index, for_nobody).ok());
    EXPECT_EQ(for_inspector.SerializeAsString(), for_nobody.SerializeAsString());
  }
}

TEST_F(InspectionTest, EachReadOfAnInspectorIsLoggedAndNobodyElses) {
  Begin();
  BodyFor(*inspector_, 1);
  BodyFor(*Client(), 1);
  BodyFor(*ClientWith(&chain_.ledger.state("BBB").node.transport_seed), 1);
  const SecretSeed stranger = *SecretSeed::From(Sha256("stranger").view());
  BodyFor(*ClientWith(&stranger), 1);
  v1::LedgerEntry none;
  EXPECT_EQ(Get(*inspector_, 9, none).error_code(), grpc::StatusCode::NOT_FOUND);
  const auto logged = Logged();
  ASSERT_EQ(logged.size(), 2u);
  EXPECT_EQ(logged[0].time(), "2026-01-01T00:00:00Z");
  EXPECT_EQ(logged[0].height(), 2u);
  EXPECT_EQ(logged[0].key(), SigningKey(seed_).public_key().hex());
  EXPECT_THAT(logged[0].accreditations(), ElementsAre(0u));
  EXPECT_EQ(logged[0].method(), "GetEntry");
  EXPECT_EQ(logged[0].asked(), "{\"index\":\"1\"}");
  EXPECT_EQ(logged[0].bodies(), 1u);
  EXPECT_EQ(logged[1].asked(), "{\"index\":\"9\"}");
  EXPECT_EQ(logged[1].bodies(), 0u);
}

TEST_F(InspectionTest, EveryMethodThatReadsIsLoggedByItsName) {
  Begin();
  v1::AuthorHead head;
  v1::GetAuthorHeadRequest pending;
  pending.set_author("AAA");
  pending.set_include_pending(true);
  Context first;
  ASSERT_TRUE(inspector_->GetAuthorHead(&first, pending, &head).ok());
  v1::ListInspectorsResponse inspectors;
  Context second;
  ASSERT_TRUE(inspector_->ListInspectors(&second, {}, &inspectors).ok());
  EXPECT_EQ(inspectors.own_size(), 1);
  v1::AuditBlocksRequest audit;
  audit.set_from_height(1);
  Context third;
  const auto blocks = inspector_->AuditBlocks(&third, audit);
  for (v1::FinalBlock block; blocks->Read(&block);) EXPECT_FALSE(block.entries(0).body().empty());
  ASSERT_TRUE(blocks->Finish().ok());
  std::vector<std::string> methods;
  std::vector<std::uint64_t> bodies;
  for (const v1::InspectorRead& read : Logged()) {
    methods.push_back(read.method());
    bodies.push_back(read.bodies());
  }
  EXPECT_THAT(methods, ElementsAre("GetAuthorHead", "ListInspectors", "AuditBlocks"));
  EXPECT_THAT(bodies, ElementsAre(0u, 1u, 2u));
}

TEST_F(InspectionTest, ALongRequestIsLoggedInPart) {
  Begin();
  v1::ListEntriesRequest request;
  request.set_author(std::string(5'000, 'A'));
  Context context;
  v1::ListEntriesResponse response;
  EXPECT_FALSE(inspector_->ListEntries(&context, request, &response).ok());
  const auto logged = Logged();
  ASSERT_EQ(logged.size(), 1u);
  EXPECT_EQ(logged[0].asked().size(), inspection::kAskedBytesMax + 3);
}

TEST_F(InspectionTest, NothingIsGivenThatCannotBeLogged) {
  Begin();
  services_.Stop();
  Backend backend = MakeBackend();
  backend.read_log = nullptr;
  ASSERT_TRUE(services_.Start(MakeListen(), std::move(backend)).ok());
  inspector_ = ClientWith(&seed_);
  v1::LedgerEntry entry;
  const grpc::Status status = Get(*inspector_, 1, entry);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  ASSERT_TRUE(transport::RefusalOf(status));
  EXPECT_EQ(transport::RefusalOf(status)->reason, "READ_NOT_LOGGED");
  Context context;
  const auto stream = inspector_->WatchEntries(&context, {});
  v1::LedgerEntry watched;
  EXPECT_FALSE(stream->Read(&watched));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(BodyFor(*Client(), 1), IsEmpty());
}

TEST_F(InspectionTest, AWatchEndsWithItsAccreditation) {
  Begin();
  Context context;
  const auto stream = inspector_->WatchEntries(&context, {});
  v1::LedgerEntry entry;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(stream->Read(&entry));
    EXPECT_FALSE(entry.entry().body().empty());
  }
  EndAccreditation();
  EXPECT_FALSE(stream->Read(&entry));
  ExpectDenied(stream->Finish(), "ACCREDITATION_ENDED");
}

TEST_F(InspectionTest, AWatchEndsWhenItsAccreditationExpires) {
  Begin(Seconds(4));
  Context context;
  const auto stream = inspector_->WatchEntries(&context, {});
  v1::LedgerEntry entry;
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(stream->Read(&entry));
  Commit({chain_.Notify("AAA")});
  ASSERT_TRUE(stream->Read(&entry));
  Commit({chain_.Notify("AAA")});
  EXPECT_FALSE(stream->Read(&entry));
  ExpectDenied(stream->Finish(), "ACCREDITATION_EXPIRED");
}

TEST_F(InspectionTest, AWatchWithoutAccreditationDoesNotEndWithSomebodyElses) {
  Begin();
  Context context;
  const auto client = Client();
  const auto stream = client->WatchEntries(&context, {});
  v1::LedgerEntry entry;
  EndAccreditation();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream->Read(&entry));
  EXPECT_EQ(entry.index(), 2u);
}

// What was read for it before, and is not sent yet, is not sent.
TEST_F(InspectionTest, AnItemOfAPageIsNotSentWhenTheAccreditationIsOver) {
  Begin();
  CommitLargeDeclarations();
  Context context;
  const auto stream = inspector_->WatchEntries(&context, {});
  v1::LedgerEntry entry;
  ASSERT_TRUE(stream->Read(&entry));
  // Until all that the connection takes is under way.
  std::size_t before = 0;
  while (Logged().size() != before || before == 0) {
    before = Logged().size();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  EXPECT_EQ(before, 1u) << "the first page holds all of it";
  EndAccreditationOfStreams();
  std::uint64_t received = 1;
  while (stream->Read(&entry)) ++received;
  ExpectDenied(stream->Finish(), "ACCREDITATION_ENDED");
  EXPECT_LT(received, 20u);
}

TEST_F(InspectionTest, AnAuditEndsWithItsAccreditation) {
  Begin();
  CommitLargeDeclarations();
  v1::AuditBlocksRequest request;
  request.set_from_height(1);
  Context context;
  const auto stream = inspector_->AuditBlocks(&context, request);
  v1::FinalBlock block;
  ASSERT_TRUE(stream->Read(&block));
  EndAccreditationOfStreams();
  std::uint64_t received = 1;
  while (stream->Read(&block)) ++received;
  ExpectDenied(stream->Finish(), "ACCREDITATION_ENDED");
  EXPECT_LT(received, 20u);
}

TEST_F(InspectionTest, AnInspectorHasItsOwnPlacesAsSoonAsItIsAccredited) {
  Start();
  std::vector<std::unique_ptr<Context>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::LedgerEntry>>> streams;
  const auto stranger = Client();
  v1::LedgerEntry entry;
  Commit({chain_.Notify("AAA")});
  for (std::size_t i = 0; i < kWatches.of_one_client; ++i) {
    contexts.push_back(std::make_unique<Context>());
    streams.push_back(stranger->WatchEntries(contexts.back().get(), {}));
    ASSERT_TRUE(streams.back()->Read(&entry));
  }
  const auto client = ClientWith(&seed_);
  Context before;
  const auto refused = client->WatchEntries(&before, {});
  EXPECT_FALSE(refused->Read(&entry));
  EXPECT_EQ(refused->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);

  clock_.now_us += std::chrono::microseconds(kKnownKeysAge).count();
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(testing::kFounded.us);
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  said.set_public_key(SigningKey(seed_).public_key().str());
  said.set_name("inspector");
  said.set_from_us(testing::kFounded.us);
  said.set_until_us((testing::kFounded + Days(1)).us);
  said.set_all_bodies(true);
  Commit({chain_.File("AAA", body)});
  for (int tries = 0; tries < 200; ++tries) {
    Context context;
    const auto stream = client->WatchEntries(&context, {});
    if (stream->Read(&entry)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << "the inspector counts as a stranger";
}

}  // namespace
}  // namespace assent::service
