// Launches that other states have seen, and what is said to them.
#include <gtest/gtest.h>

#include "assent/v1/state.pb.h"
#include "ledger/rules/iso_codes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read_replies.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

std::vector<EntryIndex> ObservedOf(const TestLedger& ledger, std::string_view attributed) {
  std::vector<EntryIndex> found;
  const std::string prefix = ObservedPrefix(Code(attributed));
  ledger.state().Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    found.emplace_back(Decode<v1::PointerState>(key, value).index());
    return true;
  });
  return found;
}

TEST(ObservedLaunch, IsFoundByTheStateItIsAttributedTo) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", ObservationOf("NOR"));
  ledger.MustFile("FRA", ObservationOf("DEU"));
  ledger.MustFile("FRA", Amending(ObservationOf("NOR"), first));
  const EntryIndex third = ledger.MustFile("DEU", ObservationOf("NOR"));
  EXPECT_EQ(ObservedOf(ledger, "NOR"), (std::vector{first, third}));
}

TEST(ObservedLaunch, MayBeOfAStateThatIsNoMember) {
  TestLedger ledger({"FRA", "NOR", "SEALAND"});
  EXPECT_EQ(ledger.Reason("FRA", ObservationOf("PRK")), "");
  EXPECT_EQ(ledger.Reason("FRA", ObservationOf("SEALAND")), "");
  for (const char* none : {"", "prk", "PR", "XKX", "PRKX", "FRANCE"}) {
    EXPECT_EQ(ledger.Reason("FRA", ObservationOf(none)), "ATTRIBUTED_UNKNOWN") << none;
  }
}

TEST(ObservedLaunch, TookPlaceAtBlockTimeAtTheLatest) {
  TestLedger ledger;
  v1::Body body = ObservationOf("NOR");
  body.mutable_observed_launch()->set_launched_at_us(ledger.now().us);
  EXPECT_EQ(ledger.Reason("FRA", body), "");
  body.mutable_observed_launch()->set_launched_at_us(ledger.now().us + 1);
  EXPECT_EQ(ledger.Reason("FRA", body), "LAUNCH_TIME_IN_FUTURE");
  body.mutable_observed_launch()->set_launched_at_us(-1);
  EXPECT_EQ(ledger.Reason("FRA", body), "LAUNCH_TIME_MISSING");
}

TEST(ObservedLaunch, KeepsABoxAroundItsPlace) {
  TestLedger ledger;
  v1::Body body = ObservationOf("NOR");
  v1::Site& site = *body.mutable_observed_launch()->mutable_place()->mutable_site();
  site.set_name("Andøya");
  site.mutable_location()->set_latitude_udeg(69'294'167);
  site.mutable_location()->set_longitude_udeg(16'020'833);
  const auto placed =
      LoadExisting<v1::RecordState>(ledger.state(), RecordKey(ledger.MustFile("FRA", body)));
  EXPECT_EQ(placed.observed_launch().box().north_udeg(), 69'294'167);
  EXPECT_EQ(placed.observed_launch().box().west_udeg(), 16'020'833);
  const auto nowhere = LoadExisting<v1::RecordState>(
      ledger.state(), RecordKey(ledger.MustFile("FRA", ObservationOf("NOR"))));
  EXPECT_FALSE(nowhere.observed_launch().has_box());
}

TEST(ObservedLaunchAnswer, GoesOnCountingWhenTheObservationIsAmended) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", ObservationOf("NOR"));
  EXPECT_FALSE(AnswerTo(ledger.state(), first));
  const EntryIndex contest = ledger.MustFile("NOR", ContestOf(first));
  const EntryIndex second = ledger.MustFile("FRA", Amending(ObservationOf("NOR"), first));
  const auto answer = AnswerTo(ledger.state(), second);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->index, contest);
  EXPECT_EQ(answer->observation, first) << "it says which observation it has answered";
  EXPECT_FALSE(answer->confirmed);
  EXPECT_EQ(answer->audience, Audience::kMembers);
  EXPECT_EQ(ledger.Reason("NOR", ConfirmationOf(second)), "ALREADY_ANSWERED");
}

TEST(ObservedLaunchAnswer, NewestCountsAndOlderHeightsAreAnsweredAsBefore) {
  TestLedger ledger;
  const EntryIndex observation = ledger.MustFile("FRA", Public(ObservationOf("NOR")));
  const EntryIndex contest = ledger.MustFile("NOR", ContestOf(observation));
  const EntryIndex confirmation =
      ledger.MustFile("NOR", Amending(Public(ConfirmationOf(observation)), contest));
  const EntryIndex withdrawal = ledger.MustFile("NOR", Public(WithdrawalOf(confirmation)));
  const EntryIndex again = ledger.MustFile("NOR", ContestOf(observation));

  const auto at = [&](std::uint64_t tree_size) {
    return AnswerTo(ledger.state(), observation, tree_size);
  };
  EXPECT_EQ(at(kNewest)->index, again);
  EXPECT_FALSE(at(again.value())) << "withdrawn, and nothing else said yet";
  EXPECT_EQ(at(withdrawal.value())->index, confirmation);
  EXPECT_TRUE(at(withdrawal.value())->confirmed);
  EXPECT_EQ(at(withdrawal.value())->audience, Audience::kPublic);
  EXPECT_EQ(at(confirmation.value())->index, contest);
  EXPECT_FALSE(at(contest.value()));
  EXPECT_FALSE(at(observation.value()));
}

TEST(ObservedLaunchAnswer, IsForMembersWhereTheObservationIs) {
  TestLedger ledger;
  const EntryIndex closed = ledger.MustFile("FRA", ObservationOf("NOR"));
  const EntryIndex open = ledger.MustFile("FRA", Public(ObservationOf("NOR")));
  EXPECT_EQ(ledger.Reason("NOR", Public(ContestOf(closed))), "MEMBERS_ONLY");
  EXPECT_EQ(ledger.Reason("NOR", ContestOf(closed)), "");
  EXPECT_EQ(ledger.Reason("NOR", ContestOf(open)), "");
}

TEST(ObservedLaunchAnswer, IsToNothingButAnObservedLaunch) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  for (const EntryIndex none : {launch, EntryIndex(99), kFirstWaitingIndex}) {
    EXPECT_EQ(ledger.Reason("NOR", ContestOf(none)), "OBSERVATION_UNKNOWN");
    EXPECT_FALSE(AnswerTo(ledger.state(), none));
  }
}

TEST(IsoCodes, AreThoseAssigned) {
  for (const char* code : {"ABW", "FRA", "PRK", "SSD", "VAT", "COK", "ZWE"}) {
    EXPECT_TRUE(IsIsoCode(Code(code))) << code;
  }
  for (const char* code : {"AAA", "YUG", "XKX", "ZZZ", "FRAN"}) {
    EXPECT_FALSE(IsIsoCode(Code(code))) << code;
  }
}

}  // namespace
}  // namespace assent::rules
