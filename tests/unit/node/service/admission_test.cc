#include "node/service/admission.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "node/quota/refusal.h"
#include "node/service/limits.h"
#include "tests/unit/node/service/fixture.h"
#include "transport/refusal.h"

namespace assent::service {
namespace {

using std::chrono::milliseconds;

Caller Stranger(const char* address) { return {std::nullopt, false, address}; }
Caller Member(const char* key) { return {std::nullopt, true, key}; }

class AdmissionTest : public ::testing::Test {
 protected:
  // How many are let in one after the other, and the refusal of the next.
  std::pair<int, grpc::Status> LetIn(CallKind kind, const Caller& caller) {
    for (int count = 0;; ++count) {
      const Admission::Answer answer = admission_.Admit(kind, caller);
      if (answer.place == nullptr) return {count, answer.refusal};
    }
  }
  std::uint64_t TurnedAwayBy(CallKind kind, Met met) const {
    for (const TurnedAway& one : admission_.turned_away()) {
      if (one.kind == kind && one.met == met) return one.calls;
    }
    return 0;
  }

  FakeClock clock_;
  Admission admission_{{.reads_of_address = 2,
                        .reads_of_key = 4,
                        .submissions_of_address = 1,
                        .submissions_of_key = 3},
                       &clock_};
};

TEST_F(AdmissionTest, ReadsAndSubmissionsAreCountedApartByAddressAndByKey) {
  EXPECT_EQ(LetIn(CallKind::kRead, Stranger("a")).first, 10);
  EXPECT_EQ(LetIn(CallKind::kSubmission, Stranger("a")).first, 5);
  EXPECT_EQ(LetIn(CallKind::kRead, Member("m")).first, 20);
  EXPECT_EQ(LetIn(CallKind::kSubmission, Member("m")).first, 15);
  EXPECT_EQ(LetIn(CallKind::kRead, Stranger("b")).first, 10) << "nobody waits for another";
}

TEST_F(AdmissionTest, OpeningAStreamIsARead) {
  EXPECT_EQ(LetIn(CallKind::kWatch, Stranger("a")).first, 10);
  EXPECT_EQ(LetIn(CallKind::kAudit, Stranger("a")).first, 0);
}

TEST_F(AdmissionTest, ARefusalSaysWhichLimitAndWhenToTryAgain) {
  const grpc::Status refused = LetIn(CallKind::kRead, Stranger("a")).second;
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  ASSERT_TRUE(transport::RefusalOf(refused));
  EXPECT_EQ(transport::RefusalOf(refused)->reason, quota::kRateOfClient);
  EXPECT_EQ(transport::RefusalOf(refused)->subject, "read");
  EXPECT_EQ(transport::RetryAfterOf(refused), milliseconds(500));
  clock_.now_us += 500'000;
  EXPECT_EQ(LetIn(CallKind::kRead, Stranger("a")).first, 1);
}

TEST_F(AdmissionTest, WhatIsUnderWayHasALimitOfItsOwn) {
  Admission admission({}, &clock_);
  std::vector<std::shared_ptr<void>> held;
  Admission::Answer answer = admission.Admit(CallKind::kComparison, Member("m"));
  while (answer.place != nullptr) {
    held.push_back(std::move(answer.place));
    answer = admission.Admit(CallKind::kComparison, Member("m"));
  }
  EXPECT_EQ(held.size(), kComparisons.of_one_client);
  EXPECT_EQ(transport::RefusalOf(answer.refusal)->reason, quota::kCallsOfClient);
  EXPECT_GT(transport::RetryAfterOf(answer.refusal).count(), 0);
}

TEST_F(AdmissionTest, AnswersThatNobodyTakesAreBounded) {
  constexpr std::size_t kAnswer = 3 * 1024 * 1024;
  std::vector<std::shared_ptr<void>> held;
  Admission::Answer room = admission_.MakeRoom(Stranger("a"), kAnswer);
  while (room.place != nullptr) {
    held.push_back(std::move(room.place));
    room = admission_.MakeRoom(Stranger("a"), kAnswer);
  }
  EXPECT_EQ(held.size(), kAnswerBytes.of_one_client / kAnswer);
  EXPECT_EQ(room.refusal.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(transport::RefusalOf(room.refusal)->reason, quota::kCallsOfClient);
  EXPECT_NE(admission_.MakeRoom(Stranger("b"), kAnswer).place, nullptr);
  EXPECT_NE(admission_.MakeRoom(Stranger("a"), 0).place, nullptr) << "an empty one takes no room";
  held.pop_back();
  EXPECT_NE(admission_.MakeRoom(Stranger("a"), kAnswer).place, nullptr);
}

TEST_F(AdmissionTest, WhoIsRefusedAgainAndAgainIsHeldBack) {
  const auto at_once = [this](const Caller& caller) {
    std::size_t count = 0;
    while (admission_.HoldBack(caller, 0) == nullptr) ++count;
    return count;
  };
  EXPECT_EQ(at_once(Stranger("a")), kRefusalsAtOnce * 5);
  EXPECT_EQ(at_once(Stranger("a")), 0u);
  EXPECT_EQ(at_once(Member("m")), kRefusalsAtOnce * 5) << "nobody waits for another";
  clock_.now_us += 1'000'000;
  EXPECT_EQ(at_once(Stranger("a")), kRefusalsAtOnce);
}

TEST_F(AdmissionTest, WhatIsHeldBackIsBounded) {
  constexpr std::size_t kRequest = 100'000;
  while (admission_.HoldBack(Stranger("a"), kRequest) == nullptr) continue;
  std::vector<std::shared_ptr<void>> held;
  auto next = admission_.HoldBack(Stranger("a"), kRequest);
  while (next != nullptr) {
    held.push_back(std::move(next));
    next = admission_.HoldBack(Stranger("a"), kRequest);
  }
  EXPECT_EQ(held.size(), kHeldBytes.of_one_client / (kHeldCallBytes + kRequest));
  held.pop_back();
  EXPECT_NE(admission_.HoldBack(Stranger("a"), kRequest), nullptr);
}

TEST_F(AdmissionTest, WhatIsTurnedAwayIsCounted) {
  LetIn(CallKind::kRead, Stranger("a"));
  LetIn(CallKind::kRead, Stranger("a"));
  EXPECT_EQ(TurnedAwayBy(CallKind::kRead, Met::kRate), 2u);
  EXPECT_EQ(TurnedAwayBy(CallKind::kSubmission, Met::kRate), 0u);
  EXPECT_TRUE(admission_.CountRefused(quota::Refuse(quota::kRateOfAuthor, "too fast", "FRA")));
  EXPECT_TRUE(
      admission_.CountRefused(quota::Refuse(quota::kEntriesOfNode, "too many", "submission")));
  EXPECT_FALSE(admission_.CountRefused(absl::UnavailableError("stopping")));
  EXPECT_EQ(TurnedAwayBy(CallKind::kSubmission, Met::kAuthor), 1u);
  EXPECT_EQ(TurnedAwayBy(CallKind::kSubmission, Met::kNode), 1u);
}

}  // namespace
}  // namespace assent::service
