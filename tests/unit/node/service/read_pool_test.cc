#include "node/service/read_pool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <string>

namespace assent::service {
namespace {

// What one thread does in turn, once Go() lets it begin.
class ReadPoolTest : public ::testing::Test {
 protected:
  void Post(bool known, const char* name) {
    pool_.Post({known, name}, [this, name] { order_ += name; });
  }
  // Everything that was posted, in the order in which it was done.
  std::string Go() {
    pool_.Start();
    pool_.Stop();
    return order_;
  }

  std::string order_;  // of the pool's thread
  ReadPool pool_{1};
};

TEST_F(ReadPoolTest, ClientsTakeTurns) {
  for (int i = 0; i < 4; ++i) Post(false, "a");
  Post(false, "b");
  Post(false, "c");
  Post(false, "b");
  EXPECT_EQ(Go(), "abcabaa");
}

TEST(ReadPoolLanesTest, WhoIsKnownDoesNotWaitForStrangers) {
  std::promise<void> gate;
  std::promise<void> read;
  ReadPool pool(ReadPool::Threads{1}, ReadPool::Threads{1});
  pool.Start();
  pool.Post({false, "a"}, [&gate] { gate.get_future().wait(); });
  pool.Post({false, "b"}, [] {});
  pool.Post({true, "M"}, [&read] { read.set_value(); });
  read.get_future().wait();
  gate.set_value();
}

TEST(ReadPoolLanesTest, WhatWaitsIsDoneBeforeTheEnd) {
  std::atomic<int> done = 0;
  ReadPool pool(ReadPool::Threads{1}, ReadPool::Threads{2});
  pool.Start();
  for (int i = 0; i < 10; ++i) pool.Post({i % 2 == 0, "m"}, [&done] { ++done; });
  pool.Stop();
  EXPECT_EQ(done, 10);
}

TEST_F(ReadPoolTest, OneClientsJobsStayInOrder) {
  for (const char* name : {"1", "2", "3"}) {
    pool_.Post({true, "m"}, [this, name] { order_ += name; });
  }
  EXPECT_EQ(Go(), "123");
}

TEST(ReadPoolPriorityTest, ItsThreadsGiveWay) {
  std::promise<int> nice;
  ReadPool pool(ReadPool::Threads{1, 7});
  pool.Start();
  const int before = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
  pool.Post(
      [&nice] { nice.set_value(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()))); });
  EXPECT_EQ(nice.get_future().get(), 7);
  EXPECT_EQ(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())), before);
}

}  // namespace
}  // namespace assent::service
