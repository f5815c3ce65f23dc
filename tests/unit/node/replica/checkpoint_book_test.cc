// Which final trees are signed, and when a checkpoint is public.
#include "node/replica/checkpoint_book.h"

#include <gtest/gtest.h>

#include <string>

#include "ledger/crypto/hash.h"
#include "tests/support/test_ledger.h"

namespace assent::replica {
namespace {

using testing::kFounded;
using testing::TestLedger;

class CheckpointBookTest : public ::testing::Test {
 protected:
  CheckpointBookTest() : ledger_(4), book_(MakeBook(0)) {}

  CheckpointBook MakeBook(std::size_t self) {
    const auto& state = ledger_.states[self];
    return CheckpointBook(ledger_.act.text.origin, ledger_.act.voters(), state.code,
                          &state.node.checkpoint, std::nullopt);
  }
  // Block `height`, `ms` after the founding, with a tree of its own.
  BlockHeader Block(std::uint64_t height, std::int64_t ms) const {
    BlockHeader block;
    block.height = Height(height);
    block.time = At(ms);
    block.tree_size = height * 10;
    block.tree_root = Sha256(std::to_string(height));
    return block;
  }
  static Time At(std::int64_t ms) { return kFounded + Milliseconds(ms); }
  SignedTree SignatureOf(std::size_t member, const BlockHeader& block) const {
    const auto& state = ledger_.states[member];
    const Checkpoint checkpoint{ledger_.act.text.origin, block.tree_size, block.tree_root};
    return {block.height, block.tree_size, block.tree_root, state.code,
            SignCheckpoint(checkpoint, state.node.checkpoint)};
  }

  TestLedger ledger_;
  CheckpointBook book_;
};

TEST_F(CheckpointBookTest, ABlockThatEntersANewSecondIsSigned) {
  const auto outcome = book_.OnFinal(Block(1, 1'001), At(999), At(1'001), 0);
  ASSERT_TRUE(outcome.send);
  EXPECT_EQ(outcome.send->height, Height(1));
  EXPECT_FALSE(book_.deadline_us());
}

TEST_F(CheckpointBookTest, AnotherOfTheSameSecondIsSignedOnlyWhenNoneFollowsForASecond) {
  EXPECT_FALSE(book_.OnFinal(Block(1, 1'500), At(1'200), At(1'500), 0).send);
  EXPECT_FALSE(book_.OnTime(999'999).send);
  EXPECT_TRUE(book_.OnTime(1'000'000).send);
  EXPECT_FALSE(book_.OnTime(5'000'000).send) << "once";
}

TEST_F(CheckpointBookTest, OldBlocksOfARangeAreNotSignedOneByOne) {
  EXPECT_FALSE(book_.OnFinal(Block(1, 1'000), At(0), At(3'600'000), 0).send);
  EXPECT_FALSE(book_.OnFinal(Block(2, 2'000), At(1'000), At(3'600'000), 0).send);
  EXPECT_EQ(book_.OnTime(1'000'000).send->height, Height(2)) << "but the newest is";
}

TEST_F(CheckpointBookTest, AQuorumOfSignaturesMakesItPublic) {
  const BlockHeader block = Block(1, 1'001);
  EXPECT_FALSE(book_.OnFinal(block, At(0), At(1'001), 0).publish);
  EXPECT_FALSE(book_.OnSignature(SignatureOf(1, block), std::nullopt).publish);
  EXPECT_FALSE(book_.OnSignature(SignatureOf(1, block), std::nullopt).publish)
      << "one voter counts once";
  const auto outcome = book_.OnSignature(SignatureOf(2, block), std::nullopt);
  ASSERT_TRUE(outcome.publish);
  EXPECT_EQ(outcome.publish->signatures.size(), 3u);
  EXPECT_EQ(outcome.publish->root, block.tree_root);
}

TEST_F(CheckpointBookTest, ALateSignatureJoinsThePublicOne) {
  const BlockHeader block = Block(1, 1'001);
  book_.OnFinal(block, At(0), At(1'001), 0);
  book_.OnSignature(SignatureOf(1, block), std::nullopt);
  book_.OnSignature(SignatureOf(2, block), std::nullopt);
  EXPECT_EQ(book_.OnSignature(SignatureOf(3, block), std::nullopt).publish->signatures.size(), 4u);
}

TEST_F(CheckpointBookTest, SignaturesThatComeBeforeTheBlockAreKept) {
  const BlockHeader block = Block(5, 1'001);
  EXPECT_FALSE(book_.OnSignature(SignatureOf(1, block), std::nullopt).publish);
  EXPECT_FALSE(book_.OnSignature(SignatureOf(2, block), std::nullopt).publish);
  EXPECT_TRUE(book_.OnFinal(block, At(0), At(1'001), 0).publish);
}

TEST_F(CheckpointBookTest, AnotherTreeOfTheSameHeightIsEvidence) {
  const BlockHeader block = Block(1, 1'001);
  book_.OnFinal(block, At(0), At(1'001), 0);
  BlockHeader other = block;
  other.tree_root = Sha256("another history");
  const auto outcome = book_.OnSignature(SignatureOf(1, other), std::nullopt);
  EXPECT_TRUE(outcome.evidence);
  EXPECT_FALSE(outcome.publish);
}

// Of trees that this node does not have yet: one of the two is false.
TEST_F(CheckpointBookTest, TwoTreesOfOneKeyAndSizeAreEvidenceBeforeTheBlockIsHere) {
  const BlockHeader block = Block(9, 1'001);
  BlockHeader other = block;
  other.tree_root = Sha256("another history");
  other.height = Height(8);  // which is not signed
  const SignedTree first = SignatureOf(1, block);
  const SignedTree second = SignatureOf(1, other);
  EXPECT_FALSE(book_.OnSignature(first, std::nullopt).evidence);
  EXPECT_FALSE(book_.OnSignature(first, std::nullopt).evidence) << "the same again";
  EXPECT_FALSE(book_.OnSignature(SignatureOf(2, other), std::nullopt).evidence) << "another's";
  const auto evidence = book_.OnSignature(second, std::nullopt).evidence;
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->first, "checkpoint/" + first.voter.str() + "/90");
  std::string both;
  for (const SignedTree& tree : {first, second}) {
    AppendU64(both, tree.height.value());
    AppendU64(both, tree.tree_size);
    both += tree.root.view();
    both += tree.signature.view();
  }
  EXPECT_EQ(evidence->second, both);
  EXPECT_FALSE(book_.OnSignature(first, block.tree_root).evidence) << "a true one";
}

TEST_F(CheckpointBookTest, TheSameContradictionIsEvidenceOnce) {
  const BlockHeader block = Block(1, 1'001);
  book_.OnFinal(block, At(0), At(1'001), 0);
  BlockHeader other = block;
  other.tree_root = Sha256("another history");
  EXPECT_TRUE(book_.OnSignature(SignatureOf(1, other), std::nullopt).evidence);
  EXPECT_FALSE(book_.OnSignature(SignatureOf(1, other), std::nullopt).evidence);
  EXPECT_TRUE(book_.OnSignature(SignatureOf(2, other), std::nullopt).evidence)
      << "another voter's is its own";
}

// The height that comes with a signature is not signed: whatever it says, the root is compared with
// that of as many entries here.
TEST_F(CheckpointBookTest, AFalseRootIsEvidenceWhateverHeightItNames) {
  const BlockHeader block = Block(9, 1'001);
  book_.OnFinal(block, At(0), At(1'001), 0);
  for (const std::uint64_t height : {1u, 8u, 10u, 1'000'000u}) {
    BlockHeader other = block;
    other.tree_root = Sha256("another history");
    other.height = Height(height);
    other.tree_size = height;
    EXPECT_TRUE(book_.OnSignature(SignatureOf(1, other), block.tree_root).evidence) << height;
    EXPECT_FALSE(book_.OnSignature(SignatureOf(1, block), block.tree_root).evidence);
  }
}

TEST_F(CheckpointBookTest, TheEvidenceOfOneVoterIsBounded) {
  std::size_t given = 0;
  for (std::uint64_t height = 1; height <= 2 * CheckpointBook::kEvidencePerVoterMax; ++height) {
    const auto ms = static_cast<std::int64_t>(height) * 1'000;
    const BlockHeader block = Block(height, ms);
    book_.OnFinal(block, At(ms - 1'000), At(ms), 0);
    BlockHeader other = block;
    other.tree_root = Sha256("another history");
    if (book_.OnSignature(SignatureOf(1, other), std::nullopt).evidence) ++given;
  }
  EXPECT_EQ(given, CheckpointBook::kEvidencePerVoterMax);
}

TEST_F(CheckpointBookTest, ATreeOfAnotherSizeContradictsNothing) {
  const BlockHeader block = Block(1, 1'001);
  book_.OnFinal(block, At(0), At(1'001), 0);
  BlockHeader other = Block(2, 2'001);
  other.height = block.height;
  const auto outcome = book_.OnSignature(SignatureOf(1, other), std::nullopt);
  EXPECT_FALSE(outcome.evidence) << "the height is not signed";
  EXPECT_FALSE(outcome.publish);
}

TEST_F(CheckpointBookTest, AnOlderTreeDoesNotReplaceThePublicOne) {
  const BlockHeader first = Block(1, 1'001);
  const BlockHeader second = Block(2, 2'001);
  book_.OnFinal(first, At(0), At(1'001), 0);
  book_.OnFinal(second, At(1'001), At(2'001), 0);
  book_.OnSignature(SignatureOf(1, second), std::nullopt);
  ASSERT_TRUE(book_.OnSignature(SignatureOf(2, second), std::nullopt).publish);
  book_.OnSignature(SignatureOf(1, first), std::nullopt);
  EXPECT_FALSE(book_.OnSignature(SignatureOf(2, first), std::nullopt).publish);
}

}  // namespace
}  // namespace assent::replica
