// A good record of every type is filed, and amended and withdrawn where its type can be.
#include "tests/unit/ledger/rules/good_records.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace assent::rules {
namespace {

class GoodRecordTest : public testing::TestWithParam<GoodRecord> {};

TEST_P(GoodRecordTest, Lives) {
  TestLedger ledger;
  const Life life = Live(GetParam(), ledger);
  const auto step = [&](EntryIndex index) { return ledger.steps().at(index.value()).entry; };
  EXPECT_EQ(Describe(step(life.filed))->type, GetParam().type);
  EXPECT_EQ(life.amended.has_value(), IsAmendable(GetParam().type));
  EXPECT_EQ(life.withdrawn.has_value(), IsAmendable(GetParam().type));
  if (!life.amended) return;
  EXPECT_EQ(RecordAt(ledger.state(), life.filed)->standing, Standing::kAmended);
  EXPECT_EQ(RecordAt(ledger.state(), life.filed)->replaced_by, life.amended);
  EXPECT_EQ(RecordAt(ledger.state(), *life.amended)->standing, Standing::kWithdrawn);
  EXPECT_EQ(RecordAt(ledger.state(), *life.amended)->replaced_by, life.withdrawn);
}

INSTANTIATE_TEST_SUITE_P(Records, GoodRecordTest, testing::ValuesIn(GoodRecords()),
                         [](const auto& test) { return std::string(test.param.type); });

TEST(GoodRecords, AreThereForEveryType) {
  std::set<std::string> types;
  for (const GoodRecord& record : GoodRecords()) types.emplace(record.type);
  const auto all = RecordTypes();
  EXPECT_EQ(types, std::set<std::string>(all.begin(), all.end()));
}

}  // namespace
}  // namespace assent::rules
