#include "ledger/log/merkle.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/ledger/log/reference_tree.h"

namespace assent {
namespace {

constexpr std::size_t kSizeMax = 70;

// The leaves and roots that implementations of Certificate Transparency share as test data.
TEST(MerkleRoot, HasTheRootsOfCertificateTransparency) {
  const char* const leaves[] = {"",
                                "00",
                                "10",
                                "2021",
                                "3031",
                                "40414243",
                                "5051525354555657",
                                "606162636465666768696a6b6c6d6e6f"};
  const char* const roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                               "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                               "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                               "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                               "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                               "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                               "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                               "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Hash> hashes;
  EXPECT_EQ(MerkleRoot(hashes).hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < 8; ++i) {
    hashes.push_back(MerkleLeafHash(*FromHex(leaves[i])));
    EXPECT_EQ(MerkleRoot(hashes).hex(), roots[i]) << i + 1 << " leaves";
  }
}

TEST(MerkleFrontier, AgreesWithTheDefinitionAtEverySize) {
  const auto leaves = reference::MakeLeaves(kSizeMax);
  MerkleFrontier frontier;
  for (std::size_t size = 0; size <= kSizeMax; ++size) {
    EXPECT_EQ(frontier.size(), size);
    EXPECT_EQ(frontier.Root(), reference::Root(reference::Leaves(leaves).first(size))) << size;
    if (size < kSizeMax) frontier.Append(MerkleLeafHash(leaves[size]), nullptr);
  }
}

TEST(MerkleFrontier, GivesEveryFullSubtreeOnce) {
  const auto leaves = reference::MakeLeaves(kSizeMax);
  MerkleFrontier frontier;
  std::vector<MerkleNode> nodes;
  for (const std::string& leaf : leaves) frontier.Append(MerkleLeafHash(leaf), &nodes);

  std::map<std::pair<std::uint8_t, std::uint64_t>, Hash> stored;
  for (const MerkleNode& node : nodes) {
    EXPECT_TRUE(stored.emplace(std::pair(node.level, node.index), node.hash).second);
  }
  std::size_t expected = 0;
  for (std::uint8_t level = 0; (std::size_t{1} << level) <= kSizeMax; ++level) {
    const std::size_t width = std::size_t{1} << level;
    for (std::size_t begin = 0; begin + width <= kSizeMax; begin += width, ++expected) {
      const auto found = stored.find({level, begin >> level});
      ASSERT_NE(found, stored.end());
      EXPECT_EQ(found->second, reference::Root(reference::Leaves(leaves).subspan(begin, width)));
    }
  }
  EXPECT_EQ(stored.size(), expected);
}

TEST(MerkleFrontier, GoesOnFromItsSubtrees) {
  MerkleFrontier frontier;
  for (std::size_t size = 0; size < kSizeMax; ++size) {
    auto copy = MerkleFrontier::From(frontier.size(), frontier.subtrees());
    ASSERT_TRUE(copy.ok());
    const Hash leaf = MerkleLeafHash(std::to_string(size));
    frontier.Append(leaf, nullptr);
    copy->Append(leaf, nullptr);
    EXPECT_EQ(copy->Root(), frontier.Root());
  }
}

TEST(MerkleFrontier, RefusesSubtreesThatDoNotFitTheSize) {
  EXPECT_FALSE(MerkleFrontier::From(0, {Hash()}).ok());
  EXPECT_FALSE(MerkleFrontier::From(5, {Hash()}).ok());
  EXPECT_FALSE(MerkleFrontier::From(4, {Hash(), Hash()}).ok());
  EXPECT_TRUE(MerkleFrontier::From(5, {Hash(), Hash()}).ok());
}

// A leaf that looks like a node must not have the node's hash.
TEST(MerkleHashes, KeepLeavesAndNodesApart) {
  const Hash left = MerkleLeafHash("left");
  const Hash right = MerkleLeafHash("right");
  EXPECT_NE(MerkleNodeHash(left, right), MerkleLeafHash(left.str() + right.str()));
  EXPECT_NE(MerkleNodeHash(left, right), MerkleNodeHash(right, left));
}

}  // namespace
}  // namespace assent
