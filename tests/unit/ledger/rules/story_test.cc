// Long stories of filing, amending, cancelling and withdrawing at random, checked against a model
// that keeps everything and counts from the start each time.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

struct ModelNotification {
  EntryIndex index;
  std::string reference;
  std::string class_id;
  std::uint32_t count;
  std::int64_t year;
  std::size_t chain;
  Standing standing = Standing::kCurrent;
};

struct ModelReport {
  EntryIndex index;
  std::size_t chain;
  bool current = true;
};

// FRA files notifications in 2026 and 2027 and reports on them.
class Story {
 public:
  explicit Story(std::uint32_t seed) : random_(seed) {}

  void Step() {
    ledger_.Pass(Hours(1));
    const std::size_t choice = Below(7);
    if (choice < 2 || CurrentOnes().empty()) return Notify(std::nullopt);
    const std::vector<std::size_t> current = CurrentOnes();
    const std::size_t at = current[Below(current.size())];
    if (choice == 2) return Notify(at);
    if (choice == 3) return Withdraw(at);
    if (choice == 4) return Cancel(at);
    if (choice == 5 || reports_.empty()) return FileReport(at);
    ChangeReport(Below(reports_.size()), at);
  }

  void Check() const {
    for (const std::int64_t year : {2026, 2027}) {
      std::map<std::string, std::uint64_t> expected;
      for (const ModelNotification& n : notifications_) {
        if (n.standing == Standing::kCurrent && n.year == year) expected[n.class_id] += n.count;
      }
      ASSERT_EQ(NotifiedLaunches(ledger_.state(), Code("FRA"), year), expected);
    }
    for (const ModelNotification& n : notifications_) {
      ASSERT_EQ(RecordAt(ledger_.state(), n.index)->standing, n.standing);
    }
  }

 private:
  std::size_t Below(std::size_t n) { return random_() % n; }

  std::vector<std::size_t> CurrentOnes() const {
    std::vector<std::size_t> current;
    for (std::size_t i = 0; i < notifications_.size(); ++i) {
      if (notifications_[i].standing == Standing::kCurrent) current.push_back(i);
    }
    return current;
  }

  void Notify(std::optional<std::size_t> amended) {
    ModelNotification next{
        .index = EntryIndex(),
        .reference = amended ? notifications_[*amended].reference : "R-" + std::to_string(chains_),
        .class_id = Below(2) == 0 ? "SLV_A" : "SLV_B",
        .count = static_cast<std::uint32_t>(1 + Below(3)),
        .year = 2026 + static_cast<std::int64_t>(Below(2)),
        .chain = amended ? notifications_[*amended].chain : chains_++};
    v1::Body body = Notification(next.reference);
    v1::LaunchNotification& said = *body.mutable_launch_notification();
    said.set_class_id(next.class_id);
    said.set_count(next.count);
    said.set_window_start_us(FromCivil({.year = next.year, .month = 1, .day = 1}).us);
    said.set_window_end_us(said.window_start_us() + 1);
    if (amended) {
      body = Amending(std::move(body), notifications_[*amended].index);
      notifications_[*amended].standing = Standing::kAmended;
    }
    next.index = ledger_.MustFile("FRA", body);
    EXPECT_EQ(RecordAt(ledger_.state(), next.index)->more_reports,
              ReportsOf(next.chain) > next.count);
    notifications_.push_back(std::move(next));
  }

  void Withdraw(std::size_t at) {
    ledger_.MustFile("FRA", WithdrawalOf(notifications_[at].index));
    notifications_[at].standing = Standing::kWithdrawn;
  }

  void Cancel(std::size_t at) {
    ledger_.MustFile("FRA", CancellationOf(notifications_[at].index));
    notifications_[at].standing = Standing::kCancelled;
  }

  std::uint64_t ReportsOf(std::size_t chain) const {
    return static_cast<std::uint64_t>(std::count_if(
        reports_.begin(), reports_.end(),
        [&](const ModelReport& report) { return report.current && report.chain == chain; }));
  }

  // Reports by any record of the chain, also an amended one.
  v1::Body ReportOn(std::size_t chain) {
    std::vector<EntryIndex> of_chain;
    for (const ModelNotification& n : notifications_) {
      if (n.chain == chain) of_chain.push_back(n.index);
    }
    return Report(of_chain[Below(of_chain.size())]);
  }

  void AddReport(const v1::Body& body, const ModelNotification& on) {
    const EntryIndex index = ledger_.MustFile("FRA", body);
    reports_.push_back({.index = index, .chain = on.chain});
    EXPECT_EQ(RecordAt(ledger_.state(), index)->more_reports, ReportsOf(on.chain) > on.count);
  }

  void FileReport(std::size_t at) {
    AddReport(ReportOn(notifications_[at].chain), notifications_[at]);
  }

  // Withdraws a report, or amends it to be of another notification.
  void ChangeReport(std::size_t report, std::size_t at) {
    if (!reports_[report].current) return;
    reports_[report].current = false;
    if (Below(2) == 0) {
      ledger_.MustFile("FRA", WithdrawalOf(reports_[report].index));
      return;
    }
    AddReport(Amending(ReportOn(notifications_[at].chain), reports_[report].index),
              notifications_[at]);
  }

  std::mt19937 random_;
  TestLedger ledger_;
  std::size_t chains_ = 0;
  std::vector<ModelNotification> notifications_;
  std::vector<ModelReport> reports_;
};

TEST(Story, CountsAndStandingsAreThoseOfTheModel) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    Story story(seed);
    for (int step = 0; step < 120; ++step) story.Step();
    ASSERT_NO_FATAL_FAILURE(story.Check()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace assent::rules
