#include "node/query/revisions.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/crypto/hash.h"
#include "node/query/limits.h"
#include "node/query/page_token.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RevisionsTest : public ::testing::Test {
 protected:
  v1::ListRevisionsResponse List(const Reader& reader,
                                 const v1::ListRevisionsRequest& request = {}) const {
    const auto response =
        ListRevisions(*ledger_.view(), reader, ledger_.ledger().act.text, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ListRevisionsResponse());
  }

  FilledLedger ledger_;
};

TEST_F(RevisionsTest, BeginWithTheFoundingActsText) {
  const v1::ListRevisionsResponse response = List(FilledLedger::Anonymous());
  ASSERT_EQ(response.revisions_size(), 1);
  const v1::Revision& revision = response.revisions(0);
  EXPECT_TRUE(revision.has_number());
  EXPECT_EQ(revision.number(), 0u);
  EXPECT_EQ(revision.status(), v1::FINAL);
  EXPECT_EQ(revision.title(), "Code of Conduct");
  EXPECT_EQ(revision.text(), ledger_.ledger().act.text.code_text);
  EXPECT_EQ(revision.text_hash(), Sha256(revision.text()).str());
}

TEST_F(RevisionsTest, ShowWhoHasSignedAndWhoHasNot) {
  const EntryIndex round = ledger_.Add("AAA", OpenRevision("First", "New text.\n"));
  const EntryIndex signature = ledger_.Add("BBB", SignRevision(round, "New text.\n"));
  const v1::ListRevisionsResponse response = List(FilledLedger::Member());
  ASSERT_EQ(response.revisions_size(), 2);
  const v1::Revision& revision = response.revisions(0);
  EXPECT_EQ(revision.round(), round.value());
  EXPECT_FALSE(revision.has_number());
  EXPECT_EQ(revision.status(), v1::OPEN_FOR_SIGNATURE);
  EXPECT_EQ(revision.proposer(), "AAA");
  EXPECT_EQ(revision.title(), "First");
  EXPECT_EQ(revision.text(), "New text.\n");
  EXPECT_EQ(revision.text_hash(), Sha256("New text.\n").str());
  EXPECT_EQ(revision.opened_us(), FilledLedger::TimeOf(1).us);
  EXPECT_EQ(revision.deadline_us(), (FilledLedger::TimeOf(1) + Days(180)).us);
  ASSERT_EQ(revision.signatures_size(), 1);
  EXPECT_EQ(revision.signatures(0).member(), "BBB");
  EXPECT_EQ(revision.signatures(0).index(), signature.value());
  EXPECT_EQ(revision.signatures(0).time_us(), FilledLedger::TimeOf(2).us);
  EXPECT_THAT(revision.missing(), ElementsAre("AAA", "CCC"));
}

TEST_F(RevisionsTest, AreForMembersOnlyUntilPresented) {
  ledger_.AppointChair("BBB");
  const EntryIndex round = ledger_.Add("AAA", OpenRevision("First", "New text.\n"));
  const auto expect_hidden = [&] {
    const v1::ListRevisionsResponse seen = List(FilledLedger::Anonymous());
    ASSERT_EQ(seen.revisions_size(), 1);
    EXPECT_EQ(seen.revisions(0).number(), 0u);
    EXPECT_EQ(seen.next_page_token(), "");
  };
  expect_hidden();
  for (const char* author : {"AAA", "BBB", "CCC"}) {
    ledger_.Add(author, SignRevision(round, "New text.\n"));
  }
  EXPECT_EQ(List(FilledLedger::Member()).revisions(0).status(), v1::FINAL);
  expect_hidden();

  const EntryIndex presentation =
      ledger_.Add("BBB", PresentRevision(round, "First", "New text.\n"));
  const v1::ListRevisionsResponse seen = List(FilledLedger::Anonymous());
  ASSERT_EQ(seen.revisions_size(), 2);
  const v1::Revision& revision = seen.revisions(0);
  EXPECT_EQ(revision.number(), 1u);
  EXPECT_EQ(revision.title(), "First");
  EXPECT_EQ(revision.text(), "New text.\n");
  EXPECT_EQ(revision.text_hash(), Sha256("New text.\n").str());
  EXPECT_EQ(revision.presented_by(), presentation.value());
  EXPECT_EQ(revision.signatures_size(), 3);
}

TEST_F(RevisionsTest, PresentedOnesComeInPagesThatTellNothingOfOthers) {
  ledger_.AppointChair("BBB");
  for (std::uint32_t number = 0; number < 3; ++number) {
    const std::string text = "Text " + std::to_string(number);
    const EntryIndex round = ledger_.Add("AAA", OpenRevision("R", text, number));
    for (const char* author : {"AAA", "BBB", "CCC"}) {
      ledger_.Add(author, SignRevision(round, text, number));
    }
    if (number != 1) ledger_.Add("BBB", PresentRevision(round, "R", text));
  }
  std::vector<std::uint32_t> numbers;
  v1::ListRevisionsRequest request;
  request.set_page_size(1);
  do {
    const v1::ListRevisionsResponse page = List(FilledLedger::Anonymous(), request);
    ASSERT_EQ(page.revisions_size(), 1);
    numbers.push_back(page.revisions(0).number());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(numbers, ElementsAre(3, 1, 0));
}

TEST_F(RevisionsTest, AnObjectionIsShown) {
  const EntryIndex round = ledger_.Add("AAA", OpenRevision("First", "New text.\n"));
  const EntryIndex objection = ledger_.Add("CCC", ObjectToRevision(round));
  const v1::Revision revision = List(FilledLedger::Member()).revisions(0);
  EXPECT_EQ(revision.status(), v1::OBJECTED);
  EXPECT_EQ(revision.objected_by(), "CCC");
  EXPECT_EQ(revision.ended_by(), objection.value());
  EXPECT_THAT(revision.missing(), IsEmpty());
}

TEST_F(RevisionsTest, ComeNewestFirstInPages) {
  std::vector<std::string> expected{"act"};
  for (int i = 0; i < 70; ++i) {
    const EntryIndex round = ledger_.Add("AAA", OpenRevision("Try", "Text " + std::to_string(i)));
    ledger_.Add("BBB", ObjectToRevision(round));
    expected.insert(expected.begin(), std::to_string(round.value()));
  }
  for (const std::int32_t page_size : {1, 7, 70, 71, 100}) {
    std::vector<std::string> seen;
    v1::ListRevisionsRequest request;
    request.set_page_size(page_size);
    do {
      const v1::ListRevisionsResponse page = List(FilledLedger::Member(), request);
      EXPECT_LE(page.revisions_size(), page_size);
      for (const v1::Revision& r : page.revisions()) {
        seen.push_back(r.has_number() ? "act" : std::to_string(r.round()));
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(seen, expected) << "in pages of " << page_size;
  }
}

TEST_F(RevisionsTest, LaterPagesAreOfTheHeightOfTheFirst) {
  const EntryIndex first = ledger_.Add("AAA", OpenRevision("First", "Text 1"));
  ledger_.Add("BBB", ObjectToRevision(first));
  const EntryIndex second = ledger_.Add("AAA", OpenRevision("Second", "Text 2"));
  ledger_.Add("BBB", ObjectToRevision(second));
  const EntryIndex third = ledger_.Add("AAA", OpenRevision("Third", "Text 3"));
  v1::ListRevisionsRequest request;
  request.set_page_size(1);
  v1::ListRevisionsResponse page = List(FilledLedger::Member(), request);
  const std::uint64_t as_of = page.as_of();
  EXPECT_EQ(page.revisions(0).round(), third.value());
  // Each page of the same listing; meanwhile the ledger goes on.
  ledger_.Add("BBB", SignRevision(third, "Text 3"));
  std::vector<std::uint64_t> rounds;
  while (!page.next_page_token().empty()) {
    request.set_page_token(page.next_page_token());
    page = List(FilledLedger::Member(), request);
    EXPECT_EQ(page.as_of(), as_of);
    if (!page.revisions(0).has_number()) rounds.push_back(page.revisions(0).round());
  }
  EXPECT_THAT(rounds, ElementsAre(second.value(), first.value()));
}

TEST_F(RevisionsTest, ARoundIsShownAsItStoodAtTheFirstPage) {
  const EntryIndex first = ledger_.Add("AAA", OpenRevision("First", "Text 1"));
  ledger_.Add("BBB", ObjectToRevision(first));
  const EntryIndex second = ledger_.Add("AAA", OpenRevision("Second", "Text 2"));
  v1::ListRevisionsRequest request;
  request.set_page_size(1);
  const Height as_of = ledger_.view()->tip().header.height;
  // As a first page would give it that had no room for the newest round.
  request.set_page_token(EncodePageToken(as_of, second.value() + 1, {"revisions", "all"}));
  ledger_.Add("CCC", ObjectToRevision(second));
  const v1::Revision round = List(FilledLedger::Member(), request).revisions(0);
  EXPECT_EQ(round.round(), second.value());
  EXPECT_EQ(round.status(), v1::OPEN_FOR_SIGNATURE);
  EXPECT_EQ(round.objected_by(), "");

  request.set_page_token(EncodePageToken(Height(99), 5, {"revisions", "all"}));
  EXPECT_EQ(
      ListRevisions(*ledger_.view(), FilledLedger::Member(), ledger_.ledger().act.text, request)
          .status()
          .code(),
      absl::StatusCode::kOutOfRange);
}

TEST_F(RevisionsTest, RefusesPagesThatMakeNoSense) {
  v1::ListRevisionsRequest request;
  request.set_page_size(kRevisionsPageMax + 1);
  EXPECT_EQ(ListRevisions(*ledger_.view(), {}, ledger_.ledger().act.text, request).status().code(),
            absl::StatusCode::kInvalidArgument);
  request.set_page_size(0);
  request.set_page_token("AAAA");
  EXPECT_EQ(ListRevisions(*ledger_.view(), {}, ledger_.ledger().act.text, request).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace assent::query
