// The client against a node that may be slow, absent or hostile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <utility>

#include "client/block_stream.h"
#include "client/errors.h"
#include "client/filing.h"
#include "client/parallel.h"
#include "client/transfers.h"
#include "ledger/audit/audit.h"
#include "tests/unit/client/fake_node.h"

namespace assent::client {
namespace {

using assent::testing::DeclarationBody;
using assent::testing::NotificationBody;
using ::testing::HasSubstr;

class NetworkTest : public ::testing::Test {
 protected:
  NetworkTest() : session_(node_.Connect().value()) {}

  // Entries of BBB that follow each other.
  std::vector<SignedEntry> Entries(std::size_t count) {
    std::vector<SignedEntry> entries;
    for (std::size_t i = 0; i < count; ++i) {
      const auto entry = node_.chain().File("BBB", NotificationBody("R-" + std::to_string(i)));
      entries.push_back({"file" + std::to_string(i), *entry});
    }
    return entries;
  }
  FilingResult File(const std::vector<SignedEntry>& entries, FilingOptions options = {}) {
    return FileEntries(*session_, entries, options);
  }

  FakeNode node_{4};
  std::unique_ptr<Session> session_;
};

TEST_F(NetworkTest, EntriesAreFiledWithVerifiedReceipts) {
  const auto entries = Entries(5);
  std::size_t done = 0;
  FilingOptions options;
  options.on_progress = [&](std::size_t n) { done = n; };
  const FilingResult result = File(entries, options);
  ASSERT_TRUE(result.status.ok()) << result.status;
  ASSERT_EQ(result.receipts.size(), 5u);
  EXPECT_EQ(result.taken, 5u);
  EXPECT_EQ(done, 5u);
  EXPECT_EQ(result.receipts[3].proof.index, EntryIndex(3));
  EXPECT_TRUE(VerifyReceipt(result.receipts[3].file, session_->act()).ok());
}

TEST_F(NetworkTest, TheSameBytesAgainGiveTheSameReceipts) {
  const auto entries = Entries(2);
  const FilingResult first = File(entries);
  const FilingResult again = File(entries);
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_EQ(again.receipts[1].file, first.receipts[1].file);
}

TEST_F(NetworkTest, WithoutWaitingEntriesAreOnlyTaken) {
  FilingOptions options;
  options.wait_until_final = false;
  const FilingResult result = File(Entries(3), options);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.taken, 3u);
  EXPECT_TRUE(result.receipts.empty());
}

TEST_F(NetworkTest, ANodeThatIsFullOrDownIsTriedAgain) {
  int calls = 0;
  node_.before_submit = [&](const v1::SubmitRequest&) {
    ++calls;
    if (calls == 1) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "restarting");
    if (calls == 3) return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "full");
    return grpc::Status::OK;
  };
  const FilingResult result = File(Entries(2));
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.receipts.size(), 2u);
}

TEST_F(NetworkTest, ATryThatIsCutShortDoesNotHideWhyTheOneBeforeFailed) {
  int calls = 0;
  node_.before_submit = [&](const v1::SubmitRequest&) {
    if (++calls == 1) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection refused");
    return grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "");
  };
  const FilingResult result = File(Entries(1));
  EXPECT_EQ(calls, 2);
  EXPECT_FALSE(result.outcome_known);
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("cannot reach the node at "));
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("connection refused"));
}

TEST_F(NetworkTest, ARefusalEndsTheFilingAndIsKnown) {
  auto entries = Entries(1);
  v1::Body wrong = NotificationBody("R-x");
  wrong.mutable_launch_notification()->set_class_id("NO_SUCH_CLASS");
  entries.push_back({"bad.toml", *node_.chain().File("BBB", wrong)});
  entries.push_back({"never.toml", *node_.chain().File("BBB", NotificationBody("R-y"))});
  const FilingResult result = File(entries);
  EXPECT_EQ(result.receipts.size(), 1u);
  EXPECT_EQ(result.taken, 1u);
  EXPECT_TRUE(result.outcome_known);
  EXPECT_TRUE(RefusalReason(result.status).has_value());
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("bad.toml: "));
}

TEST_F(NetworkTest, AnEntryThatDoesNotBecomeFinalInTimeIsNotCalledFiled) {
  node_.before_submit = [](const v1::SubmitRequest& request) {
    if (!request.wait_until_final()) return grpc::Status::OK;
    return grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "");
  };
  const FilingResult result = File(Entries(2));
  EXPECT_TRUE(result.receipts.empty());
  EXPECT_FALSE(result.outcome_known);
  EXPECT_THAT(std::string(result.status.message()),
              HasSubstr("file0: taken by the node, but not final"));
}

TEST_F(NetworkTest, AForgedReceiptIsNotBelieved) {
  node_.after_submit = [](v1::SubmitResponse& response) {
    if (response.has_receipt()) (*response.mutable_receipt()->mutable_certificate())[70] ^= 1;
  };
  const FilingResult result = File(Entries(1));
  EXPECT_TRUE(result.receipts.empty());
  EXPECT_FALSE(result.outcome_known);
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("the node's receipt proves nothing"));
}

TEST_F(NetworkTest, AReceiptForAnotherEntryIsNotBelieved) {
  const auto entries = Entries(2);
  const FilingResult first = File({entries[0]});
  ASSERT_TRUE(first.status.ok());
  node_.after_submit = [&](v1::SubmitResponse& response) {
    if (!response.has_receipt()) return;
    const std::string& file = first.receipts[0].file;
    response.mutable_receipt()->ParseFromString(file.substr(kReceiptMagic.size()));
  };
  const FilingResult result = File({entries[1]});
  EXPECT_THAT(std::string(result.status.message()),
              HasSubstr("the node's receipt is for another entry"));
}

TEST_F(NetworkTest, ANodeThatSaysFinalWithoutReceiptIsNotBelieved) {
  node_.after_submit = [](v1::SubmitResponse& response) { response.clear_receipt(); };
  EXPECT_THAT(std::string(File(Entries(1)).status.message()), HasSubstr("gives no receipt"));
}

TEST_F(NetworkTest, ANodeWithAnotherKeyIsNotSpokenTo) {
  const auto session = node_.Connect("BBB", std::chrono::seconds(1));
  ASSERT_TRUE(session.ok()) << session.status();
  const auto answer = (*session)->Call(&v1::Ledger::Stub::ListEntries, v1::ListEntriesRequest());
  EXPECT_FALSE(answer.ok());
  EXPECT_THAT(std::string(answer.status().message()), HasSubstr("the node at "));
}

TEST_F(NetworkTest, WithoutAMemberAnyFoundersNodeIsSpokenTo) {
  const auto session = node_.Connect("");
  ASSERT_TRUE(session.ok()) << session.status();
  EXPECT_TRUE((*session)->Call(&v1::Ledger::Stub::ListEntries, v1::ListEntriesRequest()).ok());
  EXPECT_FALSE(node_.Connect("XXX").ok());
}

TEST_F(NetworkTest, PagesAreFetchedUpToTheLimit) {
  ASSERT_TRUE(File(Entries(7)).status.ok());
  for (const std::uint64_t limit : {1u, 3u, 6u, 7u, 100u}) {
    std::vector<std::uint64_t> seen;
    const auto end = FetchEntries(*session_, {}, 3, limit, [&](const v1::LedgerEntry& entry) {
      seen.push_back(entry.index());
      return absl::OkStatus();
    });
    ASSERT_TRUE(end.ok()) << end.status();
    EXPECT_EQ(seen.size(), std::min<std::uint64_t>(limit, 7));
    EXPECT_EQ(end->more, limit < 7);
    EXPECT_EQ(end->as_of, 7u);
  }
}

TEST_F(NetworkTest, APageWithMoreThanAskedForIsRefused) {
  ASSERT_TRUE(File(Entries(3)).status.ok());
  node_.after_list = [](v1::ListEntriesResponse& page) { *page.add_entries() = page.entries(0); };
  const auto end =
      FetchEntries(*session_, {}, 2, 3, [](const v1::LedgerEntry&) { return absl::OkStatus(); });
  EXPECT_EQ(end.status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(NetworkTest, AWholeLogIsAudited) {
  ASSERT_TRUE(File(Entries(10)).status.ok());
  int interruptions = 0;
  node_.before_block = [&](std::uint64_t height) {
    if (height != 4 || interruptions++ > 0) return grpc::Status::OK;
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "restarting");
  };
  Auditor auditor(session_->act(), OnThreads(2));
  BlockStream stream(*session_, Height(1), Height(10));
  while (true) {
    const auto batch = stream.Next();
    ASSERT_TRUE(batch.ok()) << batch.status();
    if (batch->empty()) break;
    ASSERT_TRUE(auditor.Check(*batch).ok());
  }
  EXPECT_TRUE(auditor.Finish().ok());
  EXPECT_EQ(auditor.counts().entries, 10u);
  EXPECT_EQ(interruptions, 2);
}

TEST_F(NetworkTest, AStreamThatIsLeftEarlyEnds) {
  ASSERT_TRUE(File(Entries(10)).status.ok());
  const BlockStream stream(*session_, Height(1), Height(1'000'000));
}

TEST_F(NetworkTest, ANodeThatStallsIsGivenUp) {
  ASSERT_TRUE(File(Entries(3)).status.ok());
  std::promise<void> done;
  node_.before_block = [until = done.get_future().share()](std::uint64_t height) {
    if (height == 3) until.wait();
    return grpc::Status::OK;
  };
  {
    BlockStream stream(*session_, Height(1), Height(3), std::chrono::milliseconds(200));
    const auto batch = stream.Next();
    EXPECT_EQ(batch.status().code(), absl::StatusCode::kDeadlineExceeded) << batch.status();
    EXPECT_THAT(std::string(batch.status().message()), HasSubstr("has sent no block for"));
  }
  done.set_value();
}

TEST_F(NetworkTest, TheTimeBetweenTwoCallsOfTheReaderIsNotTheNodes) {
  constexpr std::chrono::milliseconds kTimeout{3'000};
  ASSERT_TRUE(File(Entries(3)).status.ok());
  // Blocks 1 and 2 are a batch, as the call that brings them breaks; 3 comes while somebody waits.
  std::promise<void> paused;
  node_.before_block = [until = paused.get_future().share(),
                        broken = false](std::uint64_t height) mutable {
    if (height != 3) return grpc::Status::OK;
    if (!std::exchange(broken, true)) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
    until.wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return grpc::Status::OK;
  };
  BlockStream stream(*session_, Height(1), Height(3), kTimeout);
  const auto first = stream.Next();
  std::this_thread::sleep_for(kTimeout + std::chrono::milliseconds(100));
  paused.set_value();
  const auto second = stream.Next();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->size(), 2u);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->size(), 1u);
}

TEST_F(NetworkTest, BlocksThatDoNotExistAreAnError) {
  BlockStream stream(*session_, Height(1), Height(1));
  EXPECT_EQ(stream.Next().status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace assent::client
