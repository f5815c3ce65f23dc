// Filing: what the submitter decides is what the client hears.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "ledger/entry/proto.h"
#include "node/service/limits.h"
#include "tests/unit/node/service/fixture.h"
#include "transport/refusal.h"

namespace assent::service {
namespace {

using testing::DeclarationBody;

struct Answer {
  grpc::Status status;
  v1::SubmitResponse response;
};

class SubmitTest : public ServiceTest {
 protected:
  void SetUp() override {
    Start();
    client_ = Client();
  }

  static v1::SubmitRequest RequestFor(const Entry& entry, bool wait_until_final) {
    v1::SubmitRequest request;
    *request.mutable_entry() = ToProto(entry);
    request.set_wait_until_final(wait_until_final);
    return request;
  }

  std::future<Answer> Submit(v1::SubmitRequest request, grpc::ClientContext* given = nullptr) {
    return std::async(std::launch::async, [this, request = std::move(request), given] {
      Context own;
      Answer answer;
      answer.status = client_->Submit(given != nullptr ? given : &own, request, &answer.response);
      return answer;
    });
  }

  // The answer to a request that must not get as far as the submitter.
  grpc::Status RefusalOf(const v1::SubmitRequest& request) {
    const Answer answer = Submit(request).get();
    EXPECT_EQ(submitter_.waiting(), 0u);
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(transport::RefusalOf(answer.status)->reason, "MALFORMED");
    return answer.status;
  }

  std::unique_ptr<v1::Ledger::Stub> client_;
};

TEST_F(SubmitTest, AnEntryThatIsTakenHasNoReceiptYet) {
  const EntryPtr entry = chain_.Notify("AAA");
  auto answer = Submit(RequestFor(*entry, false));
  const Pending pending = submitter_.Take();
  EXPECT_EQ(pending.entry.leaf_hash(), entry->leaf_hash());
  EXPECT_FALSE(pending.wait_until_final);
  EXPECT_FALSE(pending.done.over());
  pending.done({absl::OkStatus(), std::nullopt, std::nullopt});

  const Answer got = answer.get();
  ASSERT_TRUE(got.status.ok()) << got.status.error_message();
  EXPECT_EQ(got.response.leaf_hash(), entry->leaf_hash().str());
  EXPECT_FALSE(got.response.has_receipt());
}

TEST_F(SubmitTest, AnEntryThatIsFinalComesWithItsReceiptBodyIncluded) {
  const EntryPtr entry = chain_.File("AAA", DeclarationBody(2025, 100));  // for members
  auto answer = Submit(RequestFor(*entry, true));
  const Pending pending = submitter_.Take();
  EXPECT_TRUE(pending.wait_until_final);
  Commit({entry});
  pending.done({absl::OkStatus(), std::nullopt, EntryIndex(0)});

  const Answer got = answer.get();
  ASSERT_TRUE(got.status.ok()) << got.status.error_message();
  EXPECT_EQ(got.response.receipt().index(), 0u);
  EXPECT_EQ(got.response.receipt().header(), chain_.tip->header_bytes);
  EXPECT_EQ(got.response.receipt().entry().body(), entry->body());
}

TEST_F(SubmitTest, ARefusalIsForProgramsAndForPeople) {
  auto answer = Submit(RequestFor(*chain_.Notify("AAA"), true));
  submitter_.Take().done(
      {absl::OkStatus(), rules::Refusal{"SEQUENCE_GAP", "sequence 9 leaves a gap", "AAA/9"}, {}});
  const grpc::Status status = answer.get().status;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "sequence 9 leaves a gap");
  const auto refusal = transport::RefusalOf(status);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, "SEQUENCE_GAP");
  EXPECT_EQ(refusal->subject, "AAA/9");
}

TEST_F(SubmitTest, AFullNodeIsUnavailable) {
  auto answer = Submit(RequestFor(*chain_.Notify("AAA"), true));
  submitter_.Take().done({absl::UnavailableError("too many wait"), std::nullopt, std::nullopt});
  const grpc::Status status = answer.get().status;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(transport::RefusalOf(status), std::nullopt);
}

TEST_F(SubmitTest, MalformedEntriesDoNotReachTheSubmitter) {
  const EntryPtr entry = chain_.Notify("AAA");
  EXPECT_EQ(RefusalOf({}).error_message(), "the request has no entry");

  v1::SubmitRequest request = RequestFor(*entry, false);
  request.mutable_entry()->clear_body();
  request.mutable_entry()->clear_salt();
  RefusalOf(request);

  request = RequestFor(*entry, false);
  request.mutable_entry()->mutable_signature()->pop_back();
  RefusalOf(request);

  request = RequestFor(*entry, false);
  request.mutable_entry()->mutable_body()->push_back('x');  // no longer what the header commits to
  RefusalOf(request);

  request = RequestFor(*entry, false);
  auto* inner = request.mutable_entry();
  inner->GetReflection()->MutableUnknownFields(inner)->AddVarint(99, 1);
  RefusalOf(request);
}

TEST_F(SubmitTest, ALargeEntryFitsAndMuchMoreDoesNot) {
  const EntryPtr entry = chain_.File("AAA", DeclarationBody(2025, 16'384));
  auto answer = Submit(RequestFor(*entry, false));
  submitter_.Take().done({absl::OkStatus(), std::nullopt, std::nullopt});
  EXPECT_TRUE(answer.get().status.ok());

  v1::SubmitRequest request = RequestFor(*entry, false);
  request.mutable_entry()->set_body(std::string(kRequestBytesMax, 'x'));
  EXPECT_EQ(Submit(request).get().status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(submitter_.waiting(), 0u);
}

TEST_F(SubmitTest, ACompressedEntryIsNotUnpacked) {
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  auto answer =
      Submit(RequestFor(*chain_.File("AAA", DeclarationBody(2025, 16'384)), false), &context);
  EXPECT_EQ(answer.get().status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(submitter_.waiting(), 0u);
}

TEST_F(SubmitTest, AnAnswerDoesNotWaitBehindReads) {
  const EntryPtr entry = chain_.Notify("AAA");
  auto answer = Submit(RequestFor(*entry, true));
  const Pending pending = submitter_.Take();
  Commit({entry});
  const auto member = ClientWith(&chain_.ledger.state("BBB").node.transport_seed);
  store_.HoldReads(kReadThreads);
  std::vector<std::future<grpc::Status>> reads;
  for (std::size_t i = 0; i < 2 * kReadThreads; ++i) {
    reads.push_back(std::async(std::launch::async, [&member] {
      Context context;
      v1::LedgerStatus status;
      return member->GetLedgerStatus(&context, {}, &status);
    }));
  }
  store_.WaitUntilHeld(kReadThreads);
  pending.done({absl::OkStatus(), std::nullopt, EntryIndex(0)});
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  store_.Release();
  EXPECT_TRUE(answer.get().response.has_receipt());
  for (auto& read : reads) EXPECT_TRUE(read.get().ok());
}

TEST_F(SubmitTest, AClientThatGivesUpIsForgotten) {
  grpc::ClientContext context;
  auto answer = Submit(RequestFor(*chain_.Notify("AAA"), true), &context);
  const Pending pending = submitter_.Take();
  context.TryCancel();
  EXPECT_EQ(answer.get().status.error_code(), grpc::StatusCode::CANCELLED);
  for (int tries = 0; !pending.done.over(); ++tries) {
    ASSERT_LT(tries, 500) << "the submitter is not told that nobody waits";
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  pending.done({absl::OkStatus(), std::nullopt, EntryIndex(0)});
}

TEST_F(SubmitTest, AStopAnswersThoseThatWaitAndTheirEntriesMayBecomeFinalLater) {
  auto answer = Submit(RequestFor(*chain_.Notify("AAA"), true));
  const Pending pending = submitter_.Take();
  services_.Stop();
  EXPECT_EQ(answer.get().status.error_code(), grpc::StatusCode::UNAVAILABLE);
  pending.done({absl::OkStatus(), std::nullopt, EntryIndex(0)});
}

}  // namespace
}  // namespace assent::service
