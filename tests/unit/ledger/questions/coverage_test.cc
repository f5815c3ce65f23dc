#include "ledger/questions/coverage.h"

#include <gtest/gtest.h>

namespace assent::questions {
namespace {

v1::TotalsRow Launched(std::uint64_t timely, std::uint64_t late, std::uint64_t unannounced,
                       std::uint64_t observed) {
  v1::TotalsRow totals;
  totals.set_launched_timely(timely);
  totals.set_launched_late(late);
  totals.set_launched_unannounced(unannounced);
  totals.set_observed(observed);
  return totals;
}

TEST(CoverageTest, IsOfWhatTookPlaceRoundedDown) {
  EXPECT_EQ(CoveragePercent(Launched(2, 1, 0, 0)), 66u);
  EXPECT_EQ(CoveragePercent(Launched(2, 0, 1, 1)), 50u);
  EXPECT_EQ(CoveragePercent(Launched(0, 0, 0, 3)), 0u);
  EXPECT_EQ(CoveragePercent(Launched(7, 0, 0, 0)), 100u);
}

TEST(CoverageTest, IsAbsentWhereNothingTookPlace) {
  v1::TotalsRow totals;
  totals.set_announced_timely(3);
  totals.set_launched_historic(5);
  EXPECT_EQ(CoveragePercent(totals), std::nullopt);
}

// Also a count that is added to the message later.
TEST(CoverageTest, AllCountsOfLaunchesAreAdded) {
  v1::TotalsRow one;
  const google::protobuf::Reflection* reflection = one.GetReflection();
  std::uint64_t value = 0;
  for (int i = 0; i < one.GetDescriptor()->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = one.GetDescriptor()->field(i);
    if (field->name() == "declaration" || field->cpp_type() != field->CPPTYPE_UINT64) continue;
    reflection->SetUInt64(&one, field, ++value);
  }
  ASSERT_EQ(value, 9u);
  v1::TotalsRow sum;
  AddTotals(one, sum);
  EXPECT_EQ(sum.SerializeAsString(), one.SerializeAsString());
  AddTotals(one, sum);
  EXPECT_EQ(sum.announced_timely(), 2u);
  EXPECT_EQ(sum.observed(), 18u);
}

}  // namespace
}  // namespace assent::questions
