// What became of submissions is counted, and everybody is answered as if nobody counted.
#include "node/metrics/submissions.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/test_ledger.h"

namespace assent::metrics {
namespace {

using replica::SubmitOutcome;

class FakeClock : public replica::Clock {
 public:
  Time Wall() const override { return testing::kFounded; }
  std::int64_t MonotonicUs() const override { return now_us; }
  std::int64_t now_us = 1'000;
};

// Keeps what is submitted.
class KeepingSubmitter : public replica::Submitter {
 public:
  void Submit(Entry entry, bool wait_until_final, replica::SubmitDone done) override {
    sequences.push_back(entry.header().sequence.value());
    waits.push_back(wait_until_final);
    dones.push_back(std::move(done));
  }
  void PendingHead(const MemberCode& author,
                   std::function<void(std::optional<AuthorHead>)> done) override {
    asked = author;
    done(std::nullopt);
  }
  std::vector<std::uint64_t> sequences;
  std::vector<bool> waits;
  std::vector<replica::SubmitDone> dones;
  MemberCode asked;
};

class SubmissionsTest : public ::testing::Test {
 protected:
  // Submits an entry that gets this answer `took` later.
  void Submit(bool wait, SubmitOutcome outcome, Duration took = Duration()) {
    counted_->Submit(entry_, wait, {[this](SubmitOutcome told) { told_.push_back(told); }});
    clock_.now_us += took.us;
    submitter_.dones.back()(std::move(outcome));
  }
  static SubmitOutcome Refused(const std::string& reason) {
    return {absl::OkStatus(), rules::Refusal{reason, "no", "field"}, std::nullopt};
  }
  static SubmitOutcome Final() { return {absl::OkStatus(), std::nullopt, EntryIndex(3)}; }
  static SubmitOutcome Taken() { return {absl::OkStatus(), std::nullopt, std::nullopt}; }
  static SubmitOutcome Full() {
    return {absl::UnavailableError("full"), std::nullopt, std::nullopt};
  }

  // Of a counter, by the value of its only label.
  std::map<std::string, double> Counts(const std::string& name) const {
    std::map<std::string, double> counts;
    for (const auto& family : counted_->Collect()) {
      if (family.name != name) continue;
      for (const auto& metric : family.metric) {
        counts[metric.label.at(0).value] = metric.counter.value;
      }
    }
    return counts;
  }
  prometheus::ClientMetric::Histogram Latency() const {
    for (const auto& family : counted_->Collect()) {
      if (family.name == "assent_finality_latency_seconds") return family.metric.at(0).histogram;
    }
    ADD_FAILURE() << "there is no histogram";
    return {};
  }

  const testing::TestLedger ledger_{1};
  const Entry entry_ = testing::MakeEntry(ledger_, ledger_.states[0], AuthorHead(),
                                          testing::NotificationBody("one"));
  FakeClock clock_;
  KeepingSubmitter submitter_;
  std::unique_ptr<CountedSubmissions> counted_ =
      std::make_unique<CountedSubmissions>(&submitter_, &clock_);
  std::vector<SubmitOutcome> told_;
};

TEST_F(SubmissionsTest, OutcomesAreCountedAndPassedOn) {
  Submit(true, Final());
  Submit(true, Final());
  Submit(false, Taken());
  Submit(true, Refused("SEQUENCE_GAP"));
  Submit(true, Full());
  EXPECT_EQ(
      Counts("assent_submissions_total"),
      (std::map<std::string, double>{{"final", 2}, {"taken", 1}, {"refused", 1}, {"failed", 1}}));
  ASSERT_EQ(told_.size(), 5u);
  EXPECT_EQ(told_[0].final_index, EntryIndex(3));
  EXPECT_EQ(told_[3].refusal->reason, "SEQUENCE_GAP");
  EXPECT_TRUE(absl::IsUnavailable(told_[4].status));
  EXPECT_EQ(submitter_.waits, (std::vector<bool>{true, true, false, true, true}));
}

TEST_F(SubmissionsTest, RefusalsAreCountedByReason) {
  Submit(true, Refused("EXPIRED"));
  Submit(true, Refused("SEQUENCE_GAP"));
  Submit(false, Refused("EXPIRED"));
  EXPECT_EQ(Counts("assent_submissions_refused_total"),
            (std::map<std::string, double>{{"EXPIRED", 2}, {"SEQUENCE_GAP", 1}}));
}

TEST_F(SubmissionsTest, ReasonsAreBounded) {
  for (std::size_t i = 0; i < CountedSubmissions::kReasonsMax + 20; ++i) {
    Submit(true, Refused("REASON_" + std::to_string(i)));
  }
  Submit(true, Refused("REASON_0"));
  const auto counts = Counts("assent_submissions_refused_total");
  EXPECT_EQ(counts.size(), CountedSubmissions::kReasonsMax + 1);
  EXPECT_EQ(counts.at("OTHER"), 20);
  EXPECT_EQ(counts.at("REASON_0"), 2);
}

TEST_F(SubmissionsTest, LatencyIsThatOfEntriesThatBecameFinal) {
  Submit(true, Final(), Milliseconds(30));
  Submit(true, Final(), Seconds(3));
  Submit(true, Refused("EXPIRED"), Seconds(1));
  Submit(false, Final(), Seconds(1));  // nobody waited: it was on the ledger already
  const auto latency = Latency();
  EXPECT_EQ(latency.sample_count, 2u);
  EXPECT_DOUBLE_EQ(latency.sample_sum, 3.03);
  for (const auto& bucket : latency.bucket) {
    const std::uint64_t expected = bucket.upper_bound < 0.03 ? 0 : bucket.upper_bound < 3 ? 1 : 2;
    EXPECT_EQ(bucket.cumulative_count, expected) << bucket.upper_bound;
  }
}

TEST_F(SubmissionsTest, WhoHasGoneIsGone) {
  bool gone = false;
  counted_->Submit(entry_, true, {[](const SubmitOutcome&) {}, [&gone] { return gone; }});
  EXPECT_FALSE(submitter_.dones.back().over());
  gone = true;
  EXPECT_TRUE(submitter_.dones.back().over());
}

TEST_F(SubmissionsTest, AnswersMayComeAfterItsEnd) {
  counted_->Submit(entry_, true, {[this](SubmitOutcome told) { told_.push_back(told); }});
  counted_.reset();
  submitter_.dones.back()(Final());
  EXPECT_EQ(told_.size(), 1u);
}

TEST_F(SubmissionsTest, HeadsAreAskedOfTheSubmitter) {
  bool answered = false;
  counted_->PendingHead(ledger_.states[0].code, [&](const auto&) { answered = true; });
  EXPECT_TRUE(answered);
  EXPECT_EQ(submitter_.asked, ledger_.states[0].code);
}

}  // namespace
}  // namespace assent::metrics
