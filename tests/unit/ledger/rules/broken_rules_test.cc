// Every rule is broken once, and refuses with its reason and no other. A rule that no case here
// breaks fails the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>
#include <utility>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

std::vector<BrokenRule> AllBroken() {
  std::vector<BrokenRule> all = BrokenEntryRules();
  for (const auto& part : {BrokenDeclarationRules(), BrokenLaunchRules(), BrokenRevisionRules()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

using Name = std::pair<std::string, std::string>;  // record and reason

class BrokenRuleTest : public testing::TestWithParam<BrokenRule> {};

TEST_P(BrokenRuleTest, RefusesWithItsReason) {
  TestLedger ledger;
  const Outcome outcome = GetParam().file(ledger);
  ASSERT_TRUE(outcome.refusal.has_value());
  EXPECT_EQ(outcome.refusal->reason, GetParam().reason) << outcome.refusal->message;
  EXPECT_FALSE(outcome.refusal->subject.empty());
  ASSERT_FALSE(outcome.refusal->message.empty());
}

INSTANTIATE_TEST_SUITE_P(Rules, BrokenRuleTest, testing::ValuesIn(AllBroken()),
                         [](const auto& test) {
                           return std::string(test.param.record) + "_" +
                                  std::string(test.param.reason);
                         });

TEST(AllRules, EachIsBrokenByACase) {
  std::set<Name> listed;
  for (const RecordRules& record : AllRules()) {
    for (const Rule& rule : record.rules) listed.emplace(record.record, rule.reason);
  }
  std::set<Name> broken;
  for (const BrokenRule& rule : AllBroken()) broken.emplace(rule.record, rule.reason);
  EXPECT_EQ(broken, listed);
}

TEST(AllRules, ReasonsAreUniqueWithinARecordAndApartFromThoseOfEntries) {
  std::set<std::string_view> of_entries;
  for (const RecordRules& record : AllRules()) {
    std::set<std::string_view> reasons = of_entries;
    for (const Rule& rule : record.rules) {
      EXPECT_TRUE(reasons.insert(rule.reason).second) << record.record << " " << rule.reason;
    }
    if (record.record == "Entry") of_entries = reasons;
  }
  EXPECT_FALSE(of_entries.empty());
}

TEST(AllRules, ReasonsAreUpperSnakeAndRequirementsAreSentences) {
  for (const RecordRules& record : AllRules()) {
    for (const Rule& rule : record.rules) {
      EXPECT_THAT(std::string(rule.reason), testing::MatchesRegex("[A-Z]+(_[A-Z]+)*"));
      EXPECT_TRUE(std::isupper(static_cast<unsigned char>(rule.requirement.front())))
          << rule.requirement;
      EXPECT_EQ(rule.requirement.back(), '.') << rule.requirement;
    }
  }
}

TEST(RecordTypes, AreThoseWithRulesSorted) {
  EXPECT_THAT(RecordTypes(),
              testing::ElementsAre("AnnualDeclaration", "LaunchNotification", "LaunchReport",
                                   "RevisionObject", "RevisionOpen", "RevisionSign",
                                   "RevisionWithdraw", "Withdrawal"));
}

}  // namespace
}  // namespace assent::rules
