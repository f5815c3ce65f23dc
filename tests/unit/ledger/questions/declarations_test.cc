// MissingDeclarations, NilFilers, Discrepancies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/questions/story.h"

namespace assent::questions {
namespace {

using rules::Amending;
using rules::At;
using rules::Declaration;
using rules::FullDeclaration;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::AskRequest Missing(std::uint32_t year) {
  v1::AskRequest request;
  request.mutable_missing_declarations()->set_year(year);
  return request;
}

v1::AskRequest Nil(std::uint32_t year) {
  v1::AskRequest request;
  request.mutable_nil_filers()->set_year(year);
  return request;
}

v1::AskRequest Differing(std::uint32_t year) {
  v1::AskRequest request;
  request.mutable_discrepancies()->set_year(year);
  return request;
}

std::vector<std::string> States(const std::vector<v1::AnswerRow>& rows) {
  std::vector<std::string> states;
  for (const v1::AnswerRow& row : rows) states.push_back(row.declaration().state());
  return states;
}

class DeclarationsTest : public ::testing::Test {
 protected:
  DeclarationsTest() { story_.ledger.SetTime("2027-03-31T23:59:59Z"); }
  Story story_;
};

TEST_F(DeclarationsTest, NothingIsMissingBeforeItIsDue) {
  story_.File("FRA", Declaration(2026));
  EXPECT_THAT(story_.Ask(Missing(2026)), IsEmpty());
  story_.ledger.SetTime("2027-03-31T23:59:59.000001Z");
  story_.File("FRA", Declaration(2027));
  EXPECT_THAT(States(story_.Ask(Missing(2026))), ElementsAre("DEU", "NOR"));
  const auto rows = story_.Ask(Missing(2026));
  EXPECT_EQ(rows[0].declaration().due_us(), At("2027-03-31T23:59:59Z").us);
  EXPECT_TRUE(rows[0].entries().empty());
}

TEST_F(DeclarationsTest, NothingIsOwedForYearsBeforeMembership) {
  story_.ledger.SetTime("2027-04-01T00:00:00Z");
  story_.File("FRA", Declaration(2025));
  EXPECT_THAT(story_.Ask(Missing(2025)), IsEmpty());
  EXPECT_THAT(States(story_.Ask(Missing(2026))), ElementsAre("DEU", "FRA", "NOR"));
}

TEST_F(DeclarationsTest, ALateOneIsNoLongerMissingAndAWithdrawnOneIs) {
  story_.ledger.SetTime("2027-05-01T00:00:00Z");
  const auto late = story_.File("FRA", Declaration(2026));
  EXPECT_THAT(States(story_.Ask(Missing(2026))), ElementsAre("DEU", "NOR"));
  story_.File("FRA", rules::WithdrawalOf(late));
  EXPECT_THAT(States(story_.Ask(Missing(2026))), ElementsAre("DEU", "FRA", "NOR"));
  EXPECT_THAT(States(AllRows(story_.Derived(1), Members(), Missing(2026))),
              ElementsAre("DEU", "NOR"));
}

TEST_F(DeclarationsTest, WhoSeesNoDeclarationIsToldThatItIsMissing) {
  story_.ledger.SetTime("2027-05-01T00:00:00Z");
  story_.File("FRA", Declaration(2026));
  v1::Body open = Declaration(2026);
  open.set_visibility(v1::PUBLIC);
  story_.File("NOR", open);
  EXPECT_THAT(States(story_.Ask(Missing(2026), Public())), ElementsAre("DEU", "FRA"));
  EXPECT_THAT(States(story_.Ask(Missing(2026), Scoped({"FRA"}, {}))), ElementsAre("DEU"));
}

TEST_F(DeclarationsTest, NilIsNilInBothParts) {
  const auto full = story_.File("FRA", FullDeclaration(2026));
  story_.File("NOR", Declaration(2026));
  v1::Body half = FullDeclaration(2026);
  auto& part = *half.mutable_annual_declaration()->mutable_ballistic_missiles();
  part.Clear();
  part.set_form(v1::NIL);
  story_.File("DEU", half);
  EXPECT_THAT(States(story_.Ask(Nil(2026))), ElementsAre("NOR"));
  const auto rows = story_.Ask(Nil(2026));
  EXPECT_THAT(rows[0].entries(), ElementsAre(1));
  EXPECT_EQ(rows[0].declaration().timeliness(), v1::TIMELY);
  story_.File("FRA", Amending(Declaration(2026), full));
  EXPECT_THAT(States(story_.Ask(Nil(2026))), ElementsAre("FRA", "NOR"));
  EXPECT_THAT(story_.Ask(Nil(2025)), IsEmpty());
}

TEST_F(DeclarationsTest, DiscrepanciesAreThoseThatWereFlagged) {
  v1::Body three = FullDeclaration(2026);
  auto& launches = *three.mutable_annual_declaration()->mutable_space_launch()->add_launches();
  launches.set_class_id("SLV_A");
  launches.set_count(3);
  const auto differing = story_.File("FRA", three);
  story_.File("NOR", Declaration(2026));
  const auto rows = story_.Ask(Differing(2026));
  EXPECT_THAT(States(rows), ElementsAre("FRA"));
  EXPECT_THAT(rows[0].entries(), ElementsAre(differing.value()));
  ASSERT_EQ(rows[0].declaration().differences_size(), 1);
  EXPECT_EQ(rows[0].declaration().differences(0).class_id(), "SLV_A");
  EXPECT_EQ(rows[0].declaration().differences(0).declared(), 3u);
  EXPECT_EQ(rows[0].declaration().differences(0).notified(), 0u);
  story_.File("FRA", Amending(FullDeclaration(2026), differing));
  EXPECT_THAT(story_.Ask(Differing(2026)), IsEmpty());
  EXPECT_THAT(States(AllRows(story_.Derived(2), Members(), Differing(2026))), ElementsAre("FRA"));
}

// A difference tells of notifications that are for members.
TEST_F(DeclarationsTest, DiscrepanciesAreForThoseWhoSeeAll) {
  for (const Sight& sight : {Public(), Scoped({"FRA"}, {})}) {
    v1::AskResponse response;
    std::string cursor;
    EXPECT_TRUE(
        absl::IsPermissionDenied(Ask(story_.Now(), sight, Differing(2026), 10, cursor, response)));
  }
}

TEST_F(DeclarationsTest, BadYearsAreRefused) {
  for (const v1::AskRequest& bad : {Missing(2001), Missing(0), Nil(9999), Differing(2001)}) {
    v1::AskResponse response;
    std::string cursor;
    EXPECT_TRUE(absl::IsInvalidArgument(Ask(story_.Now(), Members(), bad, 10, cursor, response)));
  }
}

}  // namespace
}  // namespace assent::questions
