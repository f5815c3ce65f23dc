#include "node/query/ask.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "node/query/limits.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A launch that was reported without a notification.
v1::Body Unannounced(v1::Visibility visibility) {
  v1::Body body;
  body.set_visibility(visibility);
  body.set_issued_at_us(testing::kFounded.us);
  v1::LaunchReport& report = *body.mutable_launch_report();
  report.set_outcome(v1::LAUNCHED);
  report.set_launched_at_us(testing::kFounded.us);
  report.set_kind(v1::SPACE_LAUNCH);
  report.set_class_id("SLV_MEDIUM");
  return body;
}

v1::AskRequest Launches() {
  v1::AskRequest request;
  request.mutable_launches_without_timely_notification();
  return request;
}

class AskTest : public ::testing::Test {
 protected:
  v1::AskResponse Ask(const v1::AskRequest& request,
                      const Reader& reader = FilledLedger::Member()) const {
    const auto response = query::Ask(*ledger_.view(), reader, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::AskResponse());
  }
  absl::StatusCode Refused(const v1::AskRequest& request,
                           const Reader& reader = FilledLedger::Member()) const {
    return query::Ask(*ledger_.view(), reader, request).status().code();
  }
  static std::vector<std::uint64_t> Entries(const v1::AskResponse& response) {
    std::vector<std::uint64_t> entries;
    for (const v1::AnswerRow& row : response.rows()) entries.push_back(row.entries(0));
    return entries;
  }

  FilledLedger ledger_;
};

TEST_F(AskTest, TheAnswerSaysOfWhenItIs) {
  ledger_.Add("AAA", Unannounced(v1::MEMBERS));
  const v1::AskResponse response = Ask(Launches());
  EXPECT_THAT(Entries(response), ElementsAre(0));
  EXPECT_EQ(response.as_of(), 1u);
  EXPECT_EQ(response.as_of_us(), FilledLedger::TimeOf(1).us);
  EXPECT_FALSE(response.public_only());
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(AskTest, WhoIsNoMemberGetsWhatFollowsFromPublicBodies) {
  ledger_.Add("AAA", Unannounced(v1::MEMBERS));
  ledger_.Add("BBB", Unannounced(v1::PUBLIC));
  const v1::AskResponse response = Ask(Launches(), FilledLedger::Anonymous());
  EXPECT_THAT(Entries(response), ElementsAre(1));
  EXPECT_TRUE(response.public_only());
}

TEST_F(AskTest, AnOlderHeightHasItsOldAnswer) {
  ledger_.Add("AAA", Unannounced(v1::MEMBERS));
  ledger_.Add("AAA", Unannounced(v1::MEMBERS));
  v1::AskRequest request = Launches();
  request.set_as_of(1);
  EXPECT_THAT(Entries(Ask(request)), ElementsAre(0));
  EXPECT_EQ(Ask(request).as_of_us(), FilledLedger::TimeOf(1).us);
  request.set_as_of(0);
  EXPECT_THAT(Entries(Ask(request)), IsEmpty());
  request.set_as_of(3);
  EXPECT_EQ(Refused(request), absl::StatusCode::kOutOfRange);
}

TEST_F(AskTest, PagesAreOfTheHeightOfTheFirst) {
  for (int i = 0; i < 3; ++i) ledger_.Add("AAA", Unannounced(v1::MEMBERS));
  v1::AskRequest request = Launches();
  request.set_page_size(2);
  const v1::AskResponse first = Ask(request);
  EXPECT_THAT(Entries(first), ElementsAre(0, 1));
  ledger_.Add("AAA", Unannounced(v1::MEMBERS));
  request.set_page_token(first.next_page_token());
  const v1::AskResponse second = Ask(request);
  EXPECT_THAT(Entries(second), ElementsAre(2));
  EXPECT_EQ(second.as_of(), 3u);
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(AskTest, ATokenIsGoodForItsQuestionOnly) {
  for (int i = 0; i < 2; ++i) ledger_.Add("AAA", Unannounced(v1::MEMBERS));
  v1::AskRequest request = Launches();
  request.set_page_size(1);
  const std::string token = Ask(request).next_page_token();
  ASSERT_NE(token, "");
  v1::AskRequest other = Launches();
  other.mutable_launches_without_timely_notification()->set_state("AAA");
  other.set_page_token(token);
  EXPECT_EQ(Refused(other), absl::StatusCode::kInvalidArgument);
  request.set_page_token("no token");
  EXPECT_EQ(Refused(request), absl::StatusCode::kInvalidArgument);
}

TEST_F(AskTest, WhatMakesNoSenseIsRefused) {
  EXPECT_EQ(Refused(v1::AskRequest()), absl::StatusCode::kInvalidArgument);
  v1::AskRequest request = Launches();
  request.set_page_size(kRowsPageMax + 1);
  EXPECT_EQ(Refused(request), absl::StatusCode::kInvalidArgument);
  v1::AskRequest differing;
  differing.mutable_discrepancies()->set_year(2026);
  EXPECT_EQ(Refused(differing, FilledLedger::Anonymous()), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace assent::query
