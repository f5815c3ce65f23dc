#include "node/execution/verified_entries.h"

#include <cstddef>
#include <string>

#include "gtest/gtest.h"
#include "ledger/crypto/hash.h"

namespace assent::execution {
namespace {

TEST(VerifiedEntriesTest, ForgetsTheOldestGenerationOnly) {
  VerifiedEntries verified;
  const auto hash = [](std::size_t i) { return Sha256(std::to_string(i)); };
  for (std::size_t i = 0; i < VerifiedEntries::kGenerationMax + 10; ++i) verified.Insert(hash(i));
  EXPECT_TRUE(verified.Contains(hash(0)));
  for (std::size_t i = 0; i < VerifiedEntries::kGenerationMax; ++i)
    verified.Insert(hash(1'000'000 + i));
  EXPECT_FALSE(verified.Contains(hash(0)));
  EXPECT_TRUE(verified.Contains(hash(1'000'000)));
}

}  // namespace
}  // namespace assent::execution
