// Questions of one member to another, replies and closing.
#include <gtest/gtest.h>

#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read_replies.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using compliance::Timeliness;

TEST(Clarification, SaysWhoAsksWhomAboutWhatAndUntilWhen) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("NOR", Notification("A-1"));
  const EntryIndex request = ledger.MustFile("FRA", QuestionAbout(launch));
  const auto asked = ClarificationAt(ledger.state(), request);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->requester, Code("FRA"));
  EXPECT_EQ(asked->respondent, Code("NOR"));
  EXPECT_EQ(asked->about, launch);
  EXPECT_EQ(asked->asked, ledger.now());
  EXPECT_EQ(asked->due, ledger.now() + Hours(48));
  EXPECT_EQ(asked->audience, Audience::kMembers);
  EXPECT_FALSE(asked->closed_by);
  EXPECT_FALSE(asked->reply);
  EXPECT_FALSE(ClarificationAt(ledger.state(), launch));
  EXPECT_FALSE(ClarificationAt(ledger.state(), request, request.value()));
}

TEST(Clarification, MayBeAboutAnythingOfAChainOrWithdrawnAndIsFoundByTheChain) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("NOR", Notification("A-1"));
  const EntryIndex second = ledger.MustFile("NOR", Amending(Notification("A-1"), first));
  ledger.MustFile("NOR", WithdrawalOf(second));
  const EntryIndex one = ledger.MustFile("FRA", QuestionAbout(first));
  const EntryIndex other = ledger.MustFile("DEU", QuestionAbout(second));
  std::vector<EntryIndex> found;
  const std::string prefix = AskedPrefix(first);
  ledger.state().Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    found.emplace_back(Decode<v1::PointerState>(key, value).index());
    return true;
  });
  EXPECT_EQ(found, (std::vector{one, other}));
}

TEST(Clarification, IsAboutNothingButRecords) {
  TestLedger ledger;
  ledger.MustFile("NOR", Notification("A-1"));
  const EntryIndex request = ledger.MustFile("FRA", QuestionAbout(EntryIndex(0)));
  for (const EntryIndex none : {request, EntryIndex(99), kFirstWaitingIndex}) {
    EXPECT_EQ(ledger.Reason("NOR", QuestionAbout(none)), "ABOUT_UNKNOWN");
  }
}

struct Lateness {
  Duration after;
  Timeliness timeliness;
};

class ReplyTimeTest : public testing::TestWithParam<Lateness> {};

TEST_P(ReplyTimeTest, IsJudgedByBlockTime) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("NOR", Notification("A-1"));
  const EntryIndex request = ledger.MustFile("FRA", QuestionAbout(launch));
  ledger.Pass(GetParam().after);
  const EntryIndex reply = ledger.MustFile("NOR", ReplyTo(request));
  EXPECT_EQ(RecordAt(ledger.state(), reply)->timeliness, GetParam().timeliness);
  EXPECT_EQ(ClarificationAt(ledger.state(), request)->reply->timeliness, GetParam().timeliness);
  // An amendment keeps the time of the first filing.
  ledger.Pass(Days(30));
  const EntryIndex amended = ledger.MustFile("NOR", Amending(ReplyTo(request), reply));
  EXPECT_EQ(ClarificationAt(ledger.state(), request)->reply->index, amended);
  EXPECT_EQ(ClarificationAt(ledger.state(), request)->reply->timeliness, GetParam().timeliness);
}

INSTANTIATE_TEST_SUITE_P(
    Times, ReplyTimeTest,
    testing::Values(Lateness{Hours(0), Timeliness::kTimely},
                    Lateness{Hours(48), Timeliness::kTimely},
                    Lateness{Microseconds(Hours(48).us + 1), Timeliness::kLate}),
    [](const auto& test) { return "After" + std::to_string(test.param.after.us) + "us"; });

TEST(Clarification, OlderHeightsAreAnsweredAsBefore) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("NOR", Public(Notification("A-1")));
  const EntryIndex request = ledger.MustFile("FRA", Public(QuestionAbout(launch)));
  const EntryIndex reply = ledger.MustFile("NOR", ReplyTo(request));
  const EntryIndex amended = ledger.MustFile("NOR", Amending(Public(ReplyTo(request)), reply));
  const EntryIndex withdrawal = ledger.MustFile("NOR", Public(WithdrawalOf(amended)));
  const EntryIndex close = ledger.MustFile("FRA", Public(CloseOf(request)));
  const EntryIndex again = ledger.MustFile("NOR", ReplyTo(request));

  const auto at = [&](EntryIndex size) {
    return ClarificationAt(ledger.state(), request, size.value());
  };
  EXPECT_EQ(ClarificationAt(ledger.state(), request)->reply->index, again)
      << "a reply may also come after the close";
  EXPECT_EQ(at(again)->closed_by, close);
  EXPECT_FALSE(at(again)->reply);
  EXPECT_FALSE(at(close)->closed_by);
  EXPECT_FALSE(at(close)->reply);
  EXPECT_EQ(at(withdrawal)->reply->index, amended);
  EXPECT_EQ(at(withdrawal)->reply->audience, Audience::kPublic);
  EXPECT_EQ(at(amended)->reply->index, reply);
  EXPECT_EQ(at(amended)->reply->audience, Audience::kMembers);
  EXPECT_FALSE(at(reply)->reply);
}

TEST(Clarification, OfAMembersRecordIsForMembersThroughout) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("NOR", Notification("A-1"));
  EXPECT_EQ(ledger.Reason("FRA", Public(QuestionAbout(launch))), "MEMBERS_ONLY");
  const EntryIndex request = ledger.MustFile("FRA", QuestionAbout(launch));
  EXPECT_EQ(ledger.Reason("NOR", Public(ReplyTo(request))), "MEMBERS_ONLY");
  EXPECT_EQ(ledger.Reason("FRA", Public(CloseOf(request))), "MEMBERS_ONLY");
  EXPECT_EQ(ledger.Reason("NOR", ReplyTo(request)), "");
  EXPECT_EQ(ledger.Reason("FRA", CloseOf(request)), "");
}

TEST(Clarification, RequestsAreNeitherAmendedNorWithdrawn) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("NOR", Notification("A-1"));
  const EntryIndex request = ledger.MustFile("FRA", QuestionAbout(launch));
  EXPECT_EQ(ledger.Reason("FRA", Amending(QuestionAbout(launch), request)), "NOT_AMENDABLE");
  EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(request)), "TARGET_UNKNOWN");
}

}  // namespace
}  // namespace assent::rules
