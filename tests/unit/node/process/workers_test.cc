// Queues keep their order however many threads there are.
#include "node/workers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <vector>

namespace assent::node {
namespace {

TEST(WorkersTest, EachQueueIsWorkedThroughInOrderByOneThreadAtATime) {
  constexpr int kJobs = 2'000;
  std::vector<std::vector<int>> seen(3);
  std::vector<std::atomic<int>> inside(3);
  std::atomic<bool> overlapped = false;
  std::promise<void> all;
  std::atomic<int> left = 3 * kJobs;
  Workers workers(4);
  workers.AddQueues(3);
  for (int i = 0; i < kJobs; ++i) {
    for (std::size_t queue = 0; queue < 3; ++queue) {
      workers.Post(queue, [&, queue, i] {
        if (inside[queue]++ != 0) overlapped = true;
        seen[queue].push_back(i);
        --inside[queue];
        if (--left == 0) all.set_value();
      });
    }
  }
  all.get_future().wait();
  EXPECT_FALSE(overlapped);
  for (const auto& order : seen) {
    ASSERT_EQ(order.size(), static_cast<std::size_t>(kJobs));
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  }
}

TEST(WorkersTest, ABlockedQueueHoldsBackNoOther) {
  std::promise<void> release;
  std::promise<void> done;
  Workers workers(2);
  workers.AddQueues(2);
  workers.Post(0, [&] { release.get_future().wait(); });
  workers.Post(1, [&] { done.set_value(); });
  EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  release.set_value();
}

TEST(WorkersTest, WhatWaitsIsCounted) {
  Workers workers(1);
  workers.AddQueues(2);
  std::promise<void> begun;
  std::promise<void> release;
  std::promise<void> done;
  EXPECT_EQ(workers.waiting(), 0u);
  workers.Post(0, [&] {
    begun.set_value();
    release.get_future().wait();
  });
  begun.get_future().wait();
  EXPECT_EQ(workers.waiting(), 0u);  // it runs
  workers.Post(0, [] {});
  workers.Post(1, [] {});
  workers.Post(1, [&] { done.set_value(); });
  EXPECT_EQ(workers.waiting(), 3u);
  release.set_value();
  done.get_future().wait();
  workers.Stop();
  EXPECT_EQ(workers.waiting(), 0u);
}

TEST(WorkersTest, NothingRunsAfterStop) {
  std::atomic<int> runs = 0;
  Workers workers(1);
  workers.AddQueues(1);
  workers.Stop();
  workers.Post(0, [&] { ++runs; });
  workers.Stop();
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace assent::node
