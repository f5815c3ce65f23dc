// What a state says that it will not notify.
#include <gtest/gtest.h>

#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

TEST(Exemption, IsOfAClassOrOfAllClassesOfAKind) {
  TestLedger ledger;
  v1::Body body = ExemptionFor("2026-02-01", "2026-03-01");
  EXPECT_EQ(ledger.Reason("FRA", body), "");
  body.mutable_exemption()->set_class_id("SLV_B");
  EXPECT_EQ(ledger.Reason("FRA", body), "");
  body.mutable_exemption()->clear_class_id();
  body.mutable_exemption()->set_kind(v1::BALLISTIC_MISSILE);
  EXPECT_EQ(ledger.Reason("FRA", body), "");
}

TEST(Exemption, StartsAtBlockTimeAtTheEarliest) {
  TestLedger ledger;
  v1::Body body = ExemptionFor("2026-02-01", "2026-03-01");
  body.mutable_exemption()->set_from_us(ledger.now().us);
  body.mutable_exemption()->set_until_us(ledger.now().us + 1);
  EXPECT_EQ(ledger.Reason("FRA", body), "");
  body.mutable_exemption()->clear_from_us();
  EXPECT_EQ(ledger.Reason("FRA", body), "PERIOD_INVALID");
  body = ExemptionFor("2026-02-01", "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(ledger.Reason("FRA", body), "");
  body.mutable_exemption()->set_until_us(body.exemption().until_us() + 1);
  EXPECT_EQ(ledger.Reason("FRA", body), "PERIOD_INVALID");
}

// An amendment that changes an exemption which runs, and what is said to it.
struct Change {
  std::string name;
  std::string now;
  std::function<void(v1::Exemption&)> change;
  std::string reason;
};

class AmendedExemptionTest : public testing::TestWithParam<Change> {};

TEST_P(AmendedExemptionTest, ExemptsNothingThatWasToBeNotifiedUntilThen) {
  TestLedger ledger;
  const v1::Body body = ExemptionFor("2026-02-01", "2026-03-01");
  const EntryIndex first = ledger.MustFile("FRA", body);
  ledger.SetTime(GetParam().now);
  v1::Body amended = Amending(body, first);
  GetParam().change(*amended.mutable_exemption());
  EXPECT_EQ(ledger.Reason("FRA", amended), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Changes, AmendedExemptionTest,
    testing::ValuesIn(std::vector<Change>{
        {"AnotherText", "2026-02-10", [](auto& said) { said.set_text("All of them."); }, ""},
        {"Longer", "2026-02-10", [](auto& said) { said.set_until_us(At("2026-04-01").us); }, ""},
        {"LongerAtTheLastMoment", "2026-03-01",
         [](auto& said) { said.set_until_us(At("2026-04-01").us); }, ""},
        {"LongerWhenOver", "2026-03-01T00:00:00.000001Z",
         [](auto& said) { said.set_until_us(At("2026-04-01").us); }, "PERIOD_BEGUN"},
        {"Shorter", "2026-02-10", [](auto& said) { said.set_until_us(At("2026-02-11").us); }, ""},
        {"LaterStart", "2026-02-10", [](auto& said) { said.set_from_us(At("2026-02-11").us); }, ""},
        {"EarlierStart", "2026-02-10", [](auto& said) { said.set_from_us(said.from_us() - 1); },
         "PERIOD_BEGUN"},
        {"AnotherClass", "2026-02-10", [](auto& said) { said.set_class_id("SLV_A"); },
         "PERIOD_BEGUN"},
        {"AnotherKind", "2026-02-10", [](auto& said) { said.set_kind(v1::BALLISTIC_MISSILE); },
         "PERIOD_BEGUN"},
        {"AnotherClassAhead", "2026-01-10", [](auto& said) { said.set_class_id("SLV_A"); }, ""},
    }),
    [](const auto& test) { return test.param.name; });

TEST(Exemption, IsFoundByItsAuthor) {
  TestLedger ledger;
  ledger.MustFile("NOR", ExemptionFor("2026-02-01", "2026-03-01"));
  const EntryIndex first = ledger.MustFile("FRA", ExemptionFor("2026-02-01", "2026-03-01"));
  const EntryIndex second =
      ledger.MustFile("FRA", Amending(ExemptionFor("2026-02-01", "2026-04-01"), first));
  ledger.MustFile("FRA", WithdrawalOf(second));
  std::vector<EntryIndex> found;
  const std::string prefix = ExemptionPrefix(Code("FRA"));
  ledger.state().Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    found.emplace_back(Decode<v1::PointerState>(key, value).index());
    return true;
  });
  EXPECT_EQ(found, std::vector<EntryIndex>{first});
  EXPECT_EQ(RecordAt(ledger.state(), second)->standing, Standing::kWithdrawn);
}

TEST(Exemption, LeavesLaunchesAsUntimelyAsTheyAre) {
  TestLedger ledger;
  ledger.MustFile("FRA", ExemptionFor("2026-01-15", "2026-03-01"));
  ledger.SetTime("2026-02-01T00:00:00.000001Z");
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  EXPECT_EQ(RecordAt(ledger.state(), launch)->timeliness, compliance::Timeliness::kPostFacto);
}

}  // namespace
}  // namespace assent::rules
