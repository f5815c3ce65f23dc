// That the load generator measures what it says: payloads, loops, latencies, processes.
#include "tests/bench/load/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "tests/bench/load/payload.h"

namespace assent::bench {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;

constexpr Time kNow{1'767'225'600'000'000};

TEST(PayloadTest, HasExactlyTheSizeThatWasAskedFor) {
  for (std::size_t bytes = kPayloadBytesMin; bytes <= kPayloadBytesMax; ++bytes) {
    const std::string body = PayloadMaker(bytes, kNow).Body(7);
    ASSERT_EQ(body.size(), bytes);
    v1::Body parsed;
    ASSERT_TRUE(parsed.ParseFromString(body));
    EXPECT_EQ(parsed.launch_notification().reference(), PayloadMaker(bytes, kNow).Reference(7));
  }
}

TEST(PayloadTest, ReferencesAreDistinct) {
  const PayloadMaker payloads(400, kNow);
  std::set<std::string> references;
  for (std::uint64_t number = 0; number < 2'000; ++number) {
    EXPECT_TRUE(references.insert(payloads.Reference(number)).second);
  }
}

// Answers each payload from a thread after a pause. Its node is a process that sleeps.
class SlowTarget : public Target {
 public:
  ~SlowTarget() override {
    std::deque<std::thread> threads;
    {
      const std::lock_guard lock(mutex_);
      threads.swap(threads_);
    }
    for (std::thread& thread : threads) thread.join();
  }
  std::string_view name() const override { return "slow"; }
  Conditions conditions() const override { return {}; }
  absl::Status Start() override {
    auto node = Process::Start({"/bin/sleep", "60"}, "/dev/null");
    if (!node.ok()) return node.status();
    nodes_.push_back(*std::move(node));
    return absl::OkStatus();
  }
  void Send(std::size_t, SendDone done) override {
    const std::lock_guard lock(mutex_);
    const milliseconds pause = ++sent_ == stalled_from ? stall : milliseconds(10);
    threads_.emplace_back([this, pause, done = std::move(done)] {
      std::this_thread::sleep_for(pause);
      done(fails ? absl::DataLossError("lost it") : absl::OkStatus());
    });
  }
  absl::StatusOr<std::string> Check() override { return "well"; }
  const std::vector<Process>& nodes() const override { return nodes_; }

  int stalled_from = 0;  // this payload takes longer
  milliseconds stall{0};
  std::atomic<bool> fails = false;
  int sent() const { return sent_; }

 private:
  std::mutex mutex_;
  std::atomic<int> sent_ = 0;
  std::deque<std::thread> threads_;
  std::vector<Process> nodes_;
};

TEST(LoadTest, ClosedLoopKeepsOnePayloadOfEachClientUnderWay) {
  SlowTarget target;
  ASSERT_TRUE(target.Start().ok());
  LoadOptions options{.clients = 3, .warmup = milliseconds(50), .measured = milliseconds(400)};
  auto result = RunLoad(target, options);
  // Until each may have had its turn, however busy the machine is.
  while (result.ok() && result->completed < 3 && options.measured < milliseconds(60'000)) {
    options.measured *= 2;
    result = RunLoad(target, options);
  }
  ASSERT_TRUE(result.ok()) << result.status();
  const double turns = result->seconds * 100 + 1;  // of 10 ms each, where the machine is free
  EXPECT_GE(result->completed, 3u);
  EXPECT_LE(static_cast<double>(result->completed), 3 * turns);
  EXPECT_GE(result->PercentileMs(0.5), 10);
  EXPECT_GE(result->PercentileMs(1), result->PercentileMs(0.99));
}

TEST(LoadTest, OpenLoopSendsWhatIsDueDuringAStall) {
  SlowTarget target;
  target.stalled_from = 10;
  target.stall = milliseconds(300);
  ASSERT_TRUE(target.Start().ok());
  const auto result =
      RunLoad(target, {.rate = 100, .warmup = milliseconds(0), .measured = milliseconds(200)});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(target.sent(), AllOf(Ge(10), Le(60)));
  EXPECT_GE(result->PercentileMs(1), 290);
}

TEST(LoadTest, TheFirstFailureEndsIt) {
  SlowTarget target;
  target.fails = true;
  ASSERT_TRUE(target.Start().ok());
  const auto result = RunLoad(target, {.clients = 2, .measured = std::chrono::minutes(5)});
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("lost it"));
}

TEST(LoadTest, PercentilesAreExact) {
  LoadResult result;
  for (int i = 1; i <= 200; ++i) result.latencies_us.push_back(i * 1'000);
  EXPECT_EQ(result.PercentileMs(0.5), 100);
  EXPECT_EQ(result.PercentileMs(0.99), 198);
  EXPECT_EQ(result.PercentileMs(1), 200);
}

TEST(ProcessTest, TellsThatAProcessEndedBadlyAndWhereItsOutputIs) {
  auto process = Process::Start({"/bin/false"}, "/dev/null");
  ASSERT_TRUE(process.ok());
  const absl::Status status = process->Wait();
  EXPECT_THAT(std::string(status.message()), HasSubstr("ended with status 1"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("/dev/null"));
}

TEST(ProcessTest, StopEndsIt) {
  auto process = Process::Start({"/bin/sleep", "60"}, "/dev/null");
  ASSERT_TRUE(process.ok());
  EXPECT_TRUE(process->CheckRuns().ok());
  const pid_t pid = process->pid();
  process->Stop();
  EXPECT_FALSE(UsageOf(pid).ok());
  EXPECT_FALSE(process->CheckRuns().ok());
}

TEST(ProcessTest, FreePortsAreDistinct) {
  const auto ports = FreePorts(20);
  ASSERT_TRUE(ports.ok());
  EXPECT_EQ(std::set<std::uint16_t>(ports->begin(), ports->end()).size(), 20u);
}

}  // namespace
}  // namespace assent::bench
