// Every rule is broken once, and refuses with its reason and no other. A rule that no case here
// breaks fails the test.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

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

INSTANTIATE_TEST_SUITE_P(Rules, BrokenRuleTest, testing::ValuesIn(AllBrokenRules()),
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
  for (const BrokenRule& rule : AllBrokenRules()) broken.emplace(rule.record, rule.reason);
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

TEST(RecordTypes, AreThoseOfTheContractSorted) {
  const auto* records = v1::Body::descriptor()->FindOneofByName("record");
  std::vector<std::string> types;
  for (int i = 0; i < records->field_count(); ++i) {
    types.push_back(records->field(i)->message_type()->name());
  }
  std::vector<std::string> with_rules;
  for (const RecordRules& record : AllRules()) with_rules.emplace_back(record.record);
  with_rules.erase(with_rules.begin());  // "Entry"
  EXPECT_EQ(with_rules, types) << "in the order of the contract";
  std::sort(types.begin(), types.end());
  EXPECT_EQ(RecordTypes(), types);
}

TEST(RecordTypes, ThatCanBeAmendedSayso) {
  EXPECT_TRUE(IsAmendable("LaunchReport"));
  EXPECT_FALSE(IsAmendable("Withdrawal"));
  EXPECT_FALSE(IsAmendable("Entry"));
  TestLedger ledger;
  const Outcome outcome = ledger.File("FRA", WithdrawalOf(EntryIndex(7)));
  ASSERT_TRUE(outcome.refusal);
  EXPECT_THAT(outcome.refusal->message,
              testing::HasSubstr("name one of type AnnualDeclaration, LaunchNotification, "));
}

}  // namespace
}  // namespace assent::rules
