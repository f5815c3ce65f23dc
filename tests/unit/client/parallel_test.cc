#include "client/parallel.h"

#include <gtest/gtest.h>

#include <vector>

namespace assent::client {
namespace {

TEST(ParallelTest, EachPieceIsDoneOnce) {
  for (const std::size_t count : {0u, 1u, 7u, 8u, 9u, 1'000u}) {
    for (const std::size_t threads : {1u, 2u, 5u}) {
      std::vector<int> done(count, 0);
      ParallelFor(count, threads, [&](std::size_t i) { ++done[i]; });
      EXPECT_EQ(done, std::vector<int>(count, 1)) << count << " on " << threads;
    }
  }
}

}  // namespace
}  // namespace assent::client
