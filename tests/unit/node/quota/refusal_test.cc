#include "node/quota/refusal.h"

#include <gtest/gtest.h>

namespace assent::quota {
namespace {

TEST(RefusalTest, SaysWhichLimitAndWhenToTryAgain) {
  const absl::Status status =
      Refuse(kRateOfAuthor, "too fast", "FRA", std::chrono::milliseconds(250));
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_EQ(status.message(), "too fast");
  const auto refusal = RefusalIn(status);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason(), "RATE_OF_AUTHOR");
  EXPECT_EQ(refusal->subject(), "FRA");
  EXPECT_EQ(refusal->retry_after_ms(), 250u);
}

TEST(RefusalTest, OtherStatusesHaveNone) {
  EXPECT_EQ(RefusalIn(absl::OkStatus()), std::nullopt);
  EXPECT_EQ(RefusalIn(absl::ResourceExhaustedError("memory")), std::nullopt);
}

}  // namespace
}  // namespace assent::quota
