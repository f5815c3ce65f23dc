// How a voter checks a block: every claim of its header, every limit and every rule.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "ledger/limits.h"
#include "node/execution/execution.h"
#include "tests/support/key_bodies.h"
#include "tests/support/test_chain.h"

namespace assent::execution {
namespace {

using testing::DeclarationBody;
using testing::KeyNamed;
using testing::NotificationBody;
using testing::RotationBody;
using testing::TestChain;

class ExecuteTest : public ::testing::Test {
 protected:
  ExecuteTest() {
    chain_.CommitEntries({chain_.Notify("AAA"), chain_.Notify("CCC")});
    entries_ = {chain_.Notify("AAA"), chain_.Notify("BBB")};
    good_ = chain_.Build(chain_.tip, entries_);
  }

  absl::StatusOr<ExecutedPtr> Execute(const BlockHeader& header, std::vector<EntryPtr> entries) {
    return chain_.executor.Execute(chain_.tip, header, EncodeBlockHeader(header),
                                   std::move(entries));
  }

  // The message with which the good block is refused after `change`.
  std::string RefusalOf(const std::function<void(BlockHeader&)>& change) {
    BlockHeader header = good_->header;
    change(header);
    const auto result = Execute(header, entries_);
    EXPECT_TRUE(absl::IsInvalidArgument(result.status())) << result.status();
    return std::string(result.status().message());
  }

  // A header on `parent` that names these entries, and else claims what the good one does.
  BlockHeader Naming(const ExecutedPtr& parent, const std::vector<EntryPtr>& entries) const {
    BlockHeader header = good_->header;
    MerkleFrontier frontier = parent->frontier;
    for (const EntryPtr& entry : entries) frontier.Append(entry->leaf_hash(), nullptr);
    header.tree_size = frontier.size();
    header.tree_root = frontier.Root();
    return header;
  }

  TestChain chain_{4};
  std::vector<EntryPtr> entries_;
  ExecutedPtr good_;
};

using ::testing::HasSubstr;

// Only a hostile leader has an entry by a key that is not final.
TEST_F(ExecuteTest, ABlockInWhichAKeyChangesTwiceIsRefused) {
  const auto rotate = [this](std::string_view key) {
    const EntryPtr entry = chain_.File("DDD", RotationBody(chain_.ledger, "DDD", key));
    chain_.SignWith("DDD", KeyNamed(key));
    return entry;
  };
  const std::vector<EntryPtr> entries = {rotate("DDD 2"), chain_.Notify("DDD"), rotate("DDD 3")};
  const auto result = Execute(Naming(chain_.tip, entries), entries);
  EXPECT_TRUE(absl::IsInvalidArgument(result.status())) << result.status();
  EXPECT_THAT(result.status().message(),
              HasSubstr("entry 2 of the block (DDD/3) is refused: KEY_CHANGED_IN_BLOCK"));
}

TEST_F(ExecuteTest, WhatALeaderBuiltIsValid) {
  const auto result = Execute(good_->header, entries_);
  ASSERT_TRUE(result.ok()) << result.status();
  const ExecutedBlock& block = **result;
  EXPECT_EQ(block.hash, good_->hash);
  EXPECT_EQ(block.header_bytes, good_->header_bytes);
  EXPECT_EQ(block.types, good_->types);
  EXPECT_EQ(block.layer->writes, good_->layer->writes);
  EXPECT_EQ(block.frontier.Root(), good_->frontier.Root());
  EXPECT_EQ(block.merkle_nodes.size(), good_->merkle_nodes.size());
}

TEST_F(ExecuteTest, AnEmptyBlockIsValid) {
  const ExecutedPtr empty = chain_.Build(chain_.tip, {});
  EXPECT_TRUE(Execute(empty->header, {}).ok());
}

TEST_F(ExecuteTest, TheKindMustBeNormalWhileTheVotersStay) {
  EXPECT_THAT(RefusalOf([](BlockHeader& h) { h.kind = BlockKind::kClosing; }),
              HasSubstr("claims kind 2, it must be 1"));
  EXPECT_THAT(RefusalOf([](BlockHeader& h) { h.kind = BlockKind::kTail; }),
              HasSubstr("no block of the log"));
}

TEST_F(ExecuteTest, TheBlockMustBeOfThisLedger) {
  EXPECT_THAT(RefusalOf([](BlockHeader& h) { h.ledger_id = LedgerId(); }),
              HasSubstr("claims ledger 0000"));
}

TEST_F(ExecuteTest, EpochAndViewMustFollow) {
  EXPECT_THAT(RefusalOf([](BlockHeader& h) { h.epoch = Epoch(2); }),
              HasSubstr("claims epoch 2, it must be 1"));
  EXPECT_THAT(RefusalOf([this](BlockHeader& h) { h.view = chain_.tip->header.view; }),
              HasSubstr("claims view 1, it must be higher than its parent's 1"));
}

TEST_F(ExecuteTest, ParentAndHeightMustFollow) {
  EXPECT_THAT(RefusalOf([](BlockHeader& h) { h.height = Height(3); }),
              HasSubstr("claims height 3, it must be 2"));
  EXPECT_THAT(RefusalOf([](BlockHeader& h) { h.parent = Hash(); }),
              HasSubstr("claims parent 0000"));
}

TEST_F(ExecuteTest, TimeMustBeLaterThanTheParents) {
  EXPECT_THAT(RefusalOf([this](BlockHeader& h) { h.time = chain_.tip->header.time; }),
              HasSubstr("it must be later than its parent's 2026-01-01T00:00:01Z"));
}

TEST_F(ExecuteTest, TheTreeMustContinueTheParents) {
  EXPECT_THAT(RefusalOf([](BlockHeader& h) { h.first_index = EntryIndex(1); }),
              HasSubstr("claims first index 1, it must be 2"));
}

TEST_F(ExecuteTest, EveryRootAndDigestMustBeTheComputedOne) {
  const auto flip = [](Hash& hash) { hash.data()[31] ^= 1; };
  EXPECT_THAT(RefusalOf([&](BlockHeader& h) { flip(h.state_digest); }), HasSubstr("state digest"));
  EXPECT_THAT(RefusalOf([&](BlockHeader& h) { flip(h.author_heads_root); }),
              HasSubstr("author heads root"));
  EXPECT_THAT(RefusalOf([&](BlockHeader& h) { flip(h.voters_hash); }), HasSubstr("voters hash"));
  EXPECT_THAT(RefusalOf([&](BlockHeader& h) { flip(h.members_hash); }), HasSubstr("members hash"));
}

TEST_F(ExecuteTest, TheHeaderMustBeWhatItsBytesSay) {
  std::string bytes = good_->header_bytes;
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  const auto result = chain_.executor.Execute(chain_.tip, good_->header, bytes, entries_);
  EXPECT_TRUE(absl::IsInvalidArgument(result.status()));
}

// Entries come from whoever sends them, and are bound to the header by its tree alone: others than
// those that it names say nothing about it.
TEST_F(ExecuteTest, OtherEntriesThanTheHeadersDoNotMakeItInvalid) {
  const auto bare = std::make_shared<const Entry>(entries_[0]->WithoutBody());
  const std::vector<std::vector<EntryPtr>> others = {{},
                                                     {entries_[0]},
                                                     {entries_[1], entries_[0]},
                                                     {entries_[0], entries_[0]},
                                                     {bare, entries_[1]}};
  for (const std::vector<EntryPtr>& other : others) {
    const auto result = Execute(good_->header, other);
    EXPECT_TRUE(absl::IsFailedPrecondition(result.status())) << result.status();
  }
  EXPECT_TRUE(Execute(good_->header, entries_).ok());
}

TEST_F(ExecuteTest, ABlockWithARefusedEntryIsInvalid) {
  const EntryPtr once = chain_.File("DDD", NotificationBody("TWICE"));
  const EntryPtr again = chain_.File("DDD", NotificationBody("TWICE"));
  const auto result = Execute(Naming(chain_.tip, {once, again}), {once, again});
  ASSERT_TRUE(absl::IsInvalidArgument(result.status()));
  EXPECT_THAT(std::string(result.status().message()),
              HasSubstr("entry 1 of the block (DDD/2) is refused: REFERENCE_TAKEN"));
}

TEST_F(ExecuteTest, AnEntryThatStandsInTheParentIsRefused) {
  const ExecutedPtr child = chain_.Build(good_, {chain_.Notify("BBB")});
  BlockHeader header = child->header;
  header.tree_root = Naming(good_, {entries_[1]}).tree_root;
  const auto result =
      chain_.executor.Execute(good_, header, EncodeBlockHeader(header), {entries_[1]});
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("SEQUENCE_ALREADY_USED"));
}

TEST_F(ExecuteTest, MoreEntriesThanTheLimitAreRefused) {
  std::vector<EntryPtr> entries;
  for (std::size_t i = 0; i <= kBlockEntriesMax; ++i) entries.push_back(chain_.Notify("DDD"));
  const auto result = Execute(Naming(chain_.tip, entries), entries);
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("at most 1000 entries"));
}

TEST_F(ExecuteTest, MoreBytesThanTheLimitAreRefused) {
  std::vector<EntryPtr> entries;
  for (std::uint32_t year = 2002; year < 2026; ++year) {
    entries.push_back(chain_.File("DDD", DeclarationBody(year, 16'000)));
  }
  const auto result = Execute(Naming(chain_.tip, entries), entries);
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("at most 1048576 bytes"));
}

TEST_F(ExecuteTest, ABlockUnderWayIsCheckedOnItsOwnParent) {
  const std::vector<EntryPtr> next = {chain_.Notify("AAA")};
  const ExecutedPtr child = chain_.Build(good_, next);
  const auto parent = Execute(good_->header, entries_);
  ASSERT_TRUE(parent.ok());
  const auto result =
      chain_.executor.Execute(*parent, child->header, child->header_bytes, child->entries);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ((*result)->hash, child->hash);
}

}  // namespace
}  // namespace assent::execution
