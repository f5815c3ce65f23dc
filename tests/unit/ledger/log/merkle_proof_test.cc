#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/log/merkle.h"
#include "tests/unit/ledger/log/reference_tree.h"

namespace assent {
namespace {

using reference::Leaves;
using ::testing::HasSubstr;

constexpr std::size_t kSizeMax = 70;

// A tree of kSizeMax leaves as a node stores it: its full subtrees.
class MerkleProofTest : public ::testing::Test {
 protected:
  MerkleProofTest() {
    MerkleFrontier frontier;
    roots_.push_back(frontier.Root());
    std::vector<MerkleNode> nodes;
    for (const std::string& leaf : leaves_) {
      frontier.Append(MerkleLeafHash(leaf), &nodes);
      roots_.push_back(frontier.Root());
    }
    for (const MerkleNode& node : nodes) stored_[{node.level, node.index}] = node.hash;
  }

  absl::StatusOr<Hash> Read(std::uint8_t level, std::uint64_t index) const {
    const auto found = stored_.find({level, index});
    if (found != stored_.end()) return found->second;
    return absl::NotFoundError(absl::StrCat("no node ", level, "/", index));
  }

  std::vector<Hash> InclusionOf(std::uint64_t index, std::uint64_t size) const {
    return InclusionProof(index, size, [this](auto l, auto i) { return Read(l, i); }).value();
  }
  std::vector<Hash> ConsistencyOf(std::uint64_t first, std::uint64_t second) const {
    return ConsistencyProof(first, second, [this](auto l, auto i) { return Read(l, i); }).value();
  }
  Leaves First(std::size_t size) const { return Leaves(leaves_).first(size); }
  Hash LeafAt(std::size_t i) const { return MerkleLeafHash(leaves_[i]); }

  const std::vector<std::string> leaves_ = reference::MakeLeaves(kSizeMax);
  std::vector<Hash> roots_;
  std::map<std::pair<std::uint8_t, std::uint64_t>, Hash> stored_;
};

TEST_F(MerkleProofTest, InclusionIsAsDefinedForEveryLeafOfEveryTree) {
  for (std::size_t size = 1; size <= kSizeMax; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = InclusionOf(index, size);
      ASSERT_EQ(proof, reference::Path(index, First(size))) << index << " of " << size;
      ASSERT_TRUE(VerifyInclusion(LeafAt(index), index, size, proof, roots_[size]).ok());
    }
  }
}

TEST_F(MerkleProofTest, InclusionHoldsForItsOwnLeafPlaceAndTreeOnly) {
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = InclusionOf(index, size);
      for (std::size_t other = 0; other < kSizeMax; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(VerifyInclusion(LeafAt(other), index, size, proof, roots_[size]).ok());
        EXPECT_FALSE(VerifyInclusion(LeafAt(index), other, size, proof, roots_[size]).ok());
      }
      for (std::size_t other = 0; other <= kSizeMax; ++other) {
        if (other == size) continue;
        EXPECT_FALSE(VerifyInclusion(LeafAt(index), index, size, proof, roots_[other]).ok());
      }
    }
  }
}

TEST_F(MerkleProofTest, InclusionRefusesEveryAlteredProof) {
  for (const std::size_t size : {1u, 2u, 3u, 7u, 8u, 9u, 69u}) {
    for (std::size_t index = 0; index < size; ++index) {
      const auto good = InclusionOf(index, size);
      auto longer = good;
      longer.push_back(Hash());
      EXPECT_FALSE(VerifyInclusion(LeafAt(index), index, size, longer, roots_[size]).ok());
      for (std::size_t i = 0; i < good.size(); ++i) {
        auto shorter = good;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(VerifyInclusion(LeafAt(index), index, size, shorter, roots_[size]).ok());
        auto altered = good;
        altered[i].data()[i % 32] ^= 0x10;
        EXPECT_FALSE(VerifyInclusion(LeafAt(index), index, size, altered, roots_[size]).ok());
        if (i == 0 || good[i] == good[i - 1]) continue;
        auto swapped = good;
        std::swap(swapped[i], swapped[i - 1]);
        EXPECT_FALSE(VerifyInclusion(LeafAt(index), index, size, swapped, roots_[size]).ok());
      }
    }
  }
}

TEST_F(MerkleProofTest, InclusionOfALeafOutsideTheTreeIsRefused) {
  const auto read = [this](auto l, auto i) { return Read(l, i); };
  EXPECT_FALSE(InclusionProof(5, 5, read).ok());
  EXPECT_FALSE(InclusionProof(0, 0, read).ok());
  EXPECT_FALSE(VerifyInclusion(LeafAt(0), 5, 5, {}, roots_[5]).ok());
  EXPECT_FALSE(VerifyInclusion(LeafAt(0), 0, 0, {}, roots_[0]).ok());
}

TEST_F(MerkleProofTest, ConsistencyIsAsDefinedBetweenAnyTwoTrees) {
  for (std::size_t second = 1; second <= kSizeMax; ++second) {
    for (std::size_t first = 1; first <= second; ++first) {
      const auto proof = ConsistencyOf(first, second);
      ASSERT_EQ(proof, reference::Proof(first, First(second))) << first << " to " << second;
      ASSERT_TRUE(VerifyConsistency(first, roots_[first], second, roots_[second], proof).ok())
          << first << " to " << second;
    }
  }
}

TEST_F(MerkleProofTest, ConsistencyHoldsForItsOwnTreesOnly) {
  for (std::size_t second = 1; second <= 20; ++second) {
    for (std::size_t first = 1; first <= second; ++first) {
      const auto proof = ConsistencyOf(first, second);
      for (std::size_t other = 1; other <= 20; ++other) {
        if (other != first) {
          EXPECT_FALSE(VerifyConsistency(first, roots_[other], second, roots_[second], proof).ok());
        }
        if (other != second) {
          EXPECT_FALSE(VerifyConsistency(first, roots_[first], second, roots_[other], proof).ok());
        }
      }
    }
  }
}

TEST_F(MerkleProofTest, ConsistencyRefusesEveryAlteredProof) {
  for (const std::size_t second : {2u, 3u, 7u, 8u, 9u, 69u}) {
    for (std::size_t first = 1; first <= second; ++first) {
      const auto good = ConsistencyOf(first, second);
      auto longer = good;
      longer.push_back(Hash());
      EXPECT_FALSE(VerifyConsistency(first, roots_[first], second, roots_[second], longer).ok());
      for (std::size_t i = 0; i < good.size(); ++i) {
        auto shorter = good;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(VerifyConsistency(first, roots_[first], second, roots_[second], shorter).ok());
        auto altered = good;
        altered[i].data()[i % 32] ^= 0x10;
        EXPECT_FALSE(VerifyConsistency(first, roots_[first], second, roots_[second], altered).ok());
      }
    }
  }
}

TEST_F(MerkleProofTest, ConsistencyWithNothingOrWithASmallerTreeIsRefused) {
  const auto read = [this](auto l, auto i) { return Read(l, i); };
  EXPECT_FALSE(ConsistencyProof(0, 5, read).ok());
  EXPECT_FALSE(ConsistencyProof(6, 5, read).ok());
  EXPECT_FALSE(VerifyConsistency(0, roots_[0], 5, roots_[5], {}).ok());
  EXPECT_FALSE(VerifyConsistency(6, roots_[6], 5, roots_[5], {}).ok());
  EXPECT_FALSE(VerifyConsistency(5, roots_[5], 5, roots_[4], {}).ok());
}

TEST_F(MerkleProofTest, HugeNumbersAreRefusedQuickly) {
  const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
  const std::vector<Hash> proof(64);
  EXPECT_FALSE(VerifyInclusion(LeafAt(0), huge - 1, huge, proof, roots_[1]).ok());
  EXPECT_FALSE(VerifyConsistency(huge - 1, roots_[1], huge, roots_[2], proof).ok());
  EXPECT_FALSE(InclusionProof(huge - 1, huge, [this](auto l, auto i) { return Read(l, i); }).ok());
}

TEST_F(MerkleProofTest, FrontierCanBeReadAtEverySize) {
  for (std::size_t size = 0; size <= kSizeMax; ++size) {
    const auto frontier = ReadFrontier(size, [this](auto l, auto i) { return Read(l, i); });
    ASSERT_TRUE(frontier.ok()) << frontier.status();
    EXPECT_EQ(frontier->size(), size);
    EXPECT_EQ(frontier->Root(), roots_[size]);
  }
}

TEST_F(MerkleProofTest, ErrorsOfTheReaderArePassedOn) {
  const auto read = [](auto, auto) -> absl::StatusOr<Hash> { return absl::DataLossError("gone"); };
  EXPECT_EQ(InclusionProof(1, 3, read).status(), absl::DataLossError("gone"));
  EXPECT_EQ(ConsistencyProof(1, 3, read).status(), absl::DataLossError("gone"));
  EXPECT_EQ(ReadFrontier(3, read).status(), absl::DataLossError("gone"));
}

}  // namespace
}  // namespace assent
