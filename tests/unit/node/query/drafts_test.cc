#include "node/query/drafts.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/crypto/hash.h"
#include "node/query/page_token.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kText = "A text.\n";

class DraftsTest : public ::testing::Test {
 protected:
  v1::ListDraftsResponse List(const Reader& reader,
                              const v1::ListDraftsRequest& request = {}) const {
    const auto response = ListDrafts(*ledger_.view(), reader, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ListDraftsResponse());
  }

  // Blocks without entries, an hour each.
  void PassDays(int days) {
    for (int hour = 0; hour < days * 24; ++hour) ledger_.Commit();
  }

  FilledLedger ledger_;
};

TEST_F(DraftsTest, ShowWhatEachStateHasDone) {
  ledger_.AppointChair("BBB");
  const EntryIndex id = ledger_.Add("AAA", DraftRevision("First", kText));
  const EntryIndex circulation = ledger_.Add("BBB", CirculateDraft(id));
  const Time circulated = ledger_.view()->tip().header.time;
  ledger_.Add("CCC", ReceiveDraft(id, kText));
  const EntryIndex comment = ledger_.Add("CCC", CommentOnDraft(id, "Name a period."));
  PassDays(60);
  const EntryIndex summary = ledger_.Add("BBB", SummariseDraft(id, "A period is asked for."));
  ledger_.Add("AAA", ReceiveDraft(summary, "A period is asked for."));

  const v1::ListDraftsResponse response = List(FilledLedger::Member());
  ASSERT_EQ(response.drafts_size(), 1);
  EXPECT_EQ(response.next_page_token(), "");
  const v1::Draft& draft = response.drafts(0);
  EXPECT_EQ(draft.draft(), id.value());
  EXPECT_EQ(draft.author(), "AAA");
  EXPECT_EQ(draft.status(), v1::SUMMARISED);
  EXPECT_EQ(draft.title(), "First");
  EXPECT_EQ(draft.text(), kText);
  EXPECT_EQ(draft.text_hash(), Sha256(kText).str());
  EXPECT_EQ(draft.circulated_by(), circulation.value());
  EXPECT_EQ(draft.circulated_us(), circulated.us);
  EXPECT_EQ(draft.comments_due_us(), (circulated + Days(60)).us);
  ASSERT_EQ(draft.receipts().received_size(), 1);
  EXPECT_EQ(draft.receipts().received(0).member(), "CCC");
  EXPECT_THAT(draft.receipts().missing(), ElementsAre("AAA", "BBB"));
  ASSERT_EQ(draft.comments_size(), 1);
  EXPECT_EQ(draft.comments(0).member(), "CCC");
  EXPECT_EQ(draft.comments(0).index(), comment.value());
  EXPECT_EQ(draft.summary().by().index(), summary.value());
  EXPECT_EQ(draft.summary().by().member(), "BBB");
  EXPECT_EQ(draft.summary().text(), "A period is asked for.");
  EXPECT_EQ(draft.summary().receipts().received(0).member(), "AAA");
  EXPECT_FALSE(draft.has_round());
}

TEST_F(DraftsTest, AreForMembersOnly) {
  ledger_.Add("AAA", DraftRevision("First", kText));
  const v1::ListDraftsResponse seen = List(FilledLedger::Anonymous());
  EXPECT_THAT(seen.drafts(), IsEmpty());
  EXPECT_EQ(seen.next_page_token(), "");
}

TEST_F(DraftsTest, ComeNewestFirstInPagesOfTheHeightOfTheFirst) {
  std::vector<std::uint64_t> filed;
  for (int i = 0; i < 3; ++i) {
    filed.push_back(ledger_.Add("AAA", DraftRevision("Try", kText)).value());
  }
  for (std::int32_t page_size = 1; page_size <= 4; ++page_size) {
    std::vector<std::uint64_t> seen;
    v1::ListDraftsRequest request;
    request.set_page_size(page_size);
    do {
      const v1::ListDraftsResponse page = List(FilledLedger::Member(), request);
      EXPECT_LE(page.drafts_size(), page_size);
      for (const v1::Draft& draft : page.drafts()) seen.push_back(draft.draft());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_THAT(seen, ElementsAre(filed[2], filed[1], filed[0])) << "in pages of " << page_size;
  }
}

TEST_F(DraftsTest, LaterPagesShowADraftAsItWasAtTheFirst) {
  ledger_.AppointChair("BBB");
  const EntryIndex id = ledger_.Add("AAA", DraftRevision("First", kText));
  ledger_.Add("AAA", DraftRevision("Second", kText));
  v1::ListDraftsRequest request;
  request.set_page_size(1);
  request.set_page_token(List(FilledLedger::Member(), request).next_page_token());
  ledger_.Add("BBB", CirculateDraft(id));
  const v1::ListDraftsResponse page = List(FilledLedger::Member(), request);
  ASSERT_EQ(page.drafts_size(), 1);
  EXPECT_EQ(page.drafts(0).draft(), id.value());
  EXPECT_EQ(page.drafts(0).status(), v1::DRAFTED);
}

TEST_F(DraftsTest, RefusePagesThatMakeNoSense) {
  v1::ListDraftsRequest request;
  request.set_page_token(EncodePageToken(Height(99), 5, {"drafts", ""}));
  EXPECT_EQ(ListDrafts(*ledger_.view(), FilledLedger::Member(), request).status().code(),
            absl::StatusCode::kOutOfRange);
  request.set_page_token(EncodePageToken(Height(0), 5, {"revisions", "all"}));
  EXPECT_EQ(ListDrafts(*ledger_.view(), FilledLedger::Member(), request).status().code(),
            absl::StatusCode::kInvalidArgument);
  request.clear_page_token();
  request.set_page_size(101);
  EXPECT_EQ(ListDrafts(*ledger_.view(), FilledLedger::Member(), request).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace assent::query
