// How a leader makes blocks.
#include <gtest/gtest.h>

#include "ledger/block/digests.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "ledger/rules/rules.h"
#include "node/execution/execution.h"
#include "tests/support/test_chain.h"

namespace assent::execution {
namespace {

using testing::DeclarationBody;
using testing::NotificationBody;
using testing::TestChain;

class BuildTest : public ::testing::Test {
 protected:
  BuiltBlock Build(const ExecutedPtr& parent, const std::vector<EntryPtr>& candidates) {
    return chain_.executor.Build(parent, TestChain::FrameAfter(parent), candidates);
  }

  static Sequence HeadIn(const ExecutedPtr& block, const MemberCode& author) {
    const auto head = block->heads.find(author);
    return head == block->heads.end() ? Sequence() : head->second.sequence;
  }

  MemberCode Code(std::string_view text) { return *MemberCode::From(text); }

  TestChain chain_{4};
};

TEST_F(BuildTest, TheFirstBlockStandsOnTheFoundingAct) {
  EXPECT_EQ(chain_.tip->header.height, Height(0));
  EXPECT_EQ(chain_.tip->frontier.size(), 0u);
  EXPECT_TRUE(chain_.tip->heads.empty());

  const ExecutedPtr block = Build(chain_.tip, {}).block;
  EXPECT_EQ(block->header.height, Height(1));
  EXPECT_EQ(block->header.parent, chain_.tip->hash);
  EXPECT_EQ(block->header.ledger_id, chain_.ledger.id());
}

TEST_F(BuildTest, AnEmptyBlockKeepsEverythingButTheDigest) {
  chain_.CommitEntries({chain_.Notify("AAA")});
  const ExecutedPtr block = Build(chain_.tip, {}).block;
  const BlockHeader& before = chain_.tip->header;
  EXPECT_EQ(block->header.first_index, EntryIndex(1));
  EXPECT_EQ(block->header.tree_size, 1u);
  EXPECT_EQ(block->header.tree_root, before.tree_root);
  EXPECT_EQ(block->header.author_heads_root, before.author_heads_root);
  EXPECT_EQ(block->header.voters_hash, before.voters_hash);
  EXPECT_EQ(block->header.members_hash, before.members_hash);
  EXPECT_EQ(block->header.state_digest,
            NextStateDigest(before.state_digest, SaltsHash({}), block->layer->writes));
  EXPECT_EQ(block->layer->writes.size(), 1u) << "its parent's hash, and nothing else";
  EXPECT_TRUE(block->merkle_nodes.empty());
}

TEST_F(BuildTest, TheHeaderClaimsWhatTheEntriesLeadTo) {
  const EntryPtr a = chain_.Notify("AAA");
  const EntryPtr b = chain_.Notify("BBB");
  const EntryPtr c = chain_.Notify("AAA");
  const ExecutedPtr block = Build(chain_.tip, {a, b, c}).block;

  EXPECT_EQ(block->entries, (std::vector<EntryPtr>{a, b, c}));
  EXPECT_EQ(block->types, std::vector<std::string>(3, "LaunchNotification"));
  EXPECT_EQ(block->header.first_index, EntryIndex(0));
  EXPECT_EQ(block->header.tree_size, 3u);
  EXPECT_EQ(block->header.tree_root, MerkleRoot({a->leaf_hash(), b->leaf_hash(), c->leaf_hash()}));
  const AuthorHeads heads = {{Code("AAA"), {Sequence(2), c->leaf_hash()}},
                             {Code("BBB"), {Sequence(1), b->leaf_hash()}}};
  EXPECT_EQ(block->header.author_heads_root, AuthorHeadsRoot(heads));
  EXPECT_EQ(block->header.state_digest,
            NextStateDigest(chain_.tip->header.state_digest,
                            SaltsHash({a->salt(), b->salt(), c->salt()}), block->layer->writes));
  EXPECT_EQ(block->hash, BlockHash(block->header_bytes));
  EXPECT_EQ(block->header_bytes, EncodeBlockHeader(block->header));
}

TEST_F(BuildTest, WhatIsRefusedIsLeftOutWithItsFollowers) {
  const EntryPtr a1 = chain_.File("AAA", NotificationBody("TWICE"));
  const EntryPtr a2 = chain_.File("AAA", NotificationBody("TWICE"));
  const EntryPtr a3 = chain_.Notify("AAA");
  const EntryPtr b1 = chain_.Notify("BBB");
  const BuiltBlock built = Build(chain_.tip, {a1, a2, a3, b1});

  EXPECT_EQ(built.block->entries, (std::vector<EntryPtr>{a1, b1}));
  ASSERT_EQ(built.left_out.size(), 1u);
  EXPECT_EQ(built.left_out[0].entry, a2);
  EXPECT_EQ(built.left_out[0].refusal.reason, "REFERENCE_TAKEN");
}

TEST_F(BuildTest, AnEntryWithoutBodyHasNoPlaceInABlock) {
  const EntryPtr entry = std::make_shared<const Entry>(chain_.Notify("AAA")->WithoutBody());
  const BuiltBlock built = Build(chain_.tip, {entry});
  EXPECT_TRUE(built.block->entries.empty());
}

TEST_F(BuildTest, ABlockTakesNoMoreEntriesThanTheLimit) {
  std::vector<EntryPtr> candidates;
  for (std::size_t i = 0; i <= kBlockEntriesMax; ++i) candidates.push_back(chain_.Notify("AAA"));
  const BuiltBlock built = Build(chain_.tip, candidates);
  EXPECT_EQ(built.block->entries.size(), kBlockEntriesMax);
  EXPECT_TRUE(built.left_out.empty()) << "no room is no refusal";
}

TEST_F(BuildTest, ABlockTakesNoMoreBytesThanTheLimitButFillsTheRoomThatIsLeft) {
  std::vector<EntryPtr> candidates;
  for (std::uint32_t year = 2002; year < 2026; ++year) {
    candidates.push_back(chain_.File("AAA", DeclarationBody(year, 16'000)));
  }
  candidates.push_back(chain_.Notify("BBB"));  // small, and behind what has no room
  const BuiltBlock built = Build(chain_.tip, candidates);

  std::size_t bytes = 0;
  for (const EntryPtr& entry : built.block->entries) bytes += entry->size_bytes();
  EXPECT_LE(bytes, kBlockBytesMax);
  EXPECT_GT(bytes + candidates[0]->size_bytes(), kBlockBytesMax);
  EXPECT_EQ(built.block->entries.back(), candidates.back());
  EXPECT_TRUE(built.left_out.empty());
}

TEST_F(BuildTest, BlocksUnderWayAreBuiltOn) {
  const ExecutedPtr first = chain_.Build(chain_.tip, {chain_.Notify("AAA")});
  const ExecutedPtr second = chain_.Build(first, {chain_.Notify("AAA"), chain_.Notify("BBB")});
  const ExecutedPtr third = chain_.Build(second, {chain_.Notify("AAA")});
  EXPECT_EQ(third->entries.size(), 1u);
  EXPECT_EQ(third->header.tree_size, 4u);
  EXPECT_EQ(HeadIn(third, Code("AAA")), Sequence(3));
}

TEST_F(BuildTest, TwoBlocksOnOneParentDoNotSeeEachOther) {
  const EntryPtr entry = chain_.Notify("AAA");
  const ExecutedPtr left = chain_.Build(chain_.tip, {entry});
  const ExecutedPtr right = chain_.Build(chain_.tip, {entry});
  EXPECT_EQ(left->entries.size(), 1u);
  EXPECT_EQ(right->hash, left->hash) << "the same entries on the same parent make the same block";
}

TEST_F(BuildTest, ChildrenOutliveTheCommitOfTheirParents) {
  const ExecutedPtr first = chain_.Build(chain_.tip, {chain_.Notify("AAA")});
  const ExecutedPtr second = chain_.Build(first, {chain_.Notify("AAA")});
  chain_.Commit(first);
  const ExecutedPtr third = chain_.Build(second, {chain_.Notify("AAA")});
  EXPECT_EQ(third->entries.size(), 1u);
  chain_.Commit(second);
  chain_.Commit(third);
  EXPECT_EQ(chain_.store.Read()->tip().hash, third->hash);
}

TEST_F(BuildTest, WhatCommittedBlocksChangedIsFreedWhileBlocksOnTopLiveOn) {
  ExecutedPtr block = chain_.Build(chain_.tip, {chain_.Notify("AAA")});
  const std::weak_ptr<StateLayer> first = block->layer;
  for (int i = 0; i < 3; ++i) {
    const ExecutedPtr child = chain_.Build(block, {chain_.Notify("AAA")});
    chain_.Commit(block);
    block = child;
  }
  EXPECT_TRUE(first.expired());
}

TEST_F(BuildTest, ARestartGoesOnWhereTheLastCommitEnded) {
  for (int i = 0; i < 5; ++i) chain_.CommitEntries({chain_.Notify("AAA"), chain_.Notify("BBB")});
  const auto reopened = Executor::FromStore(*chain_.store.Read());
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ((*reopened)->header, chain_.tip->header);
  EXPECT_EQ((*reopened)->hash, chain_.tip->hash);

  const EntryPtr next = chain_.Notify("AAA");
  EXPECT_EQ(chain_.Build(*reopened, {next})->hash, chain_.Build(chain_.tip, {next})->hash);
}

// What stands in the database must be what the newest header claims, or every block built on it
// would be wrong.
TEST_F(BuildTest, ADatabaseThatIsNotWhatItsHeaderClaimsIsNotBuiltOn) {
  struct Case {
    Hash BlockHeader::*claim;
    const char* message;
  };
  for (const Case& lie : {Case{&BlockHeader::tree_root, "stored tree at height 1"},
                          Case{&BlockHeader::author_heads_root, "newest entries at height 1"},
                          Case{&BlockHeader::voters_hash, "list of voters at height 1"},
                          Case{&BlockHeader::members_hash, "list of members at height 1"}}) {
    TestChain chain(1);
    ExecutedBlock block = *chain.Build(chain.tip, {chain.Notify("AAA")});
    (block.header.*lie.claim).data()[0] ^= 1;
    block.header_bytes = EncodeBlockHeader(block.header);
    block.hash = BlockHash(block.header_bytes);
    replica::Batch batch;
    batch.blocks.push_back(Executor::MakeCommit(block, "certificate"));
    ASSERT_TRUE(chain.store.Write(batch).ok());

    const auto opened = Executor::FromStore(*chain.store.Read());
    EXPECT_TRUE(absl::IsDataLoss(opened.status())) << opened.status();
    EXPECT_NE(opened.status().message().find(lie.message), std::string::npos) << opened.status();
  }
}

}  // namespace
}  // namespace assent::execution
