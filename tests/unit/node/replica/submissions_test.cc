// Callers that wait for an entry: each is answered once, and their number is bounded.
#include "node/replica/submissions.h"

#include <gtest/gtest.h>

#include <cstddef>

#include "ledger/crypto/hash.h"

namespace assent::replica {
namespace {

TEST(SubmissionsTest, OneEntryHasBoundedRoom) {
  Submissions submissions;
  const Hash crowded = Sha256("crowded");
  for (std::size_t i = 0; i < Submissions::kWaitersPerEntryMax; ++i) {
    SubmitDone done = [](const SubmitOutcome&) {};
    ASSERT_TRUE(submissions.Add(crowded, done));
  }
  SubmitDone late = [](const SubmitOutcome&) {};
  EXPECT_FALSE(submissions.Add(crowded, late));
  EXPECT_TRUE(late) << "it is left for the caller to answer";
  EXPECT_TRUE(submissions.Add(Sha256("another"), late));
  EXPECT_EQ(submissions.Take(crowded).size(), Submissions::kWaitersPerEntryMax);
  SubmitDone next = [](const SubmitOutcome&) {};
  EXPECT_TRUE(submissions.Add(crowded, next));
}

// A client whose call has timed out asks again, with another call.
TEST(SubmissionsTest, WhoHasGoneMakesRoom) {
  Submissions submissions;
  const Hash entry = Sha256("during a halt");
  int told = 0;
  for (std::size_t i = 0; i < 3 * Submissions::kWaitersPerEntryMax; ++i) {
    SubmitDone gone([&told](const SubmitOutcome&) { ++told; }, [] { return true; });
    ASSERT_TRUE(submissions.Add(entry, gone)) << i;
  }
  SubmitDone patient = [&told](const SubmitOutcome&) { ++told; };
  ASSERT_TRUE(submissions.Add(entry, patient));
  EXPECT_EQ(submissions.Take(entry).size(), 1u);
  EXPECT_TRUE(submissions.empty());
  EXPECT_EQ(told, 0);
}

TEST(SubmissionsTest, WhoStillWaitsAtTheEndIsTold) {
  int told = 0;
  {
    Submissions submissions;
    SubmitDone done = [&told](const SubmitOutcome& outcome) {
      EXPECT_FALSE(outcome.status.ok());
      ++told;
    };
    ASSERT_TRUE(submissions.Add(Sha256("entry"), done));
  }
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace assent::replica
