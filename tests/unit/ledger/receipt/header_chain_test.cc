#include "ledger/receipt/header_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent {
namespace {

using ::testing::HasSubstr;

class HeaderChainTest : public ::testing::Test {
 protected:
  // Adds `bytes` as the newest header of what follows `first_`.
  absl::Status Walk(const std::vector<std::string>& following) const {
    std::vector<std::string_view> views(following.begin(), following.end());
    return LastOfChain(ReadHeader(first_, ledger_.act().ledger_id).value(), views).status();
  }

  // The newest header, changed.
  std::string Changed(const std::function<void(BlockHeader&)>& change) const {
    BlockHeader header = ledger_.newest();
    change(header);
    return EncodeBlockHeader(header);
  }

  std::string Refusal(const std::function<void(BlockHeader&)>& change) const {
    return std::string(Walk({Changed(change)}).message());
  }

  SmallLedger ledger_;
  std::string first_ = ledger_.AddBlock({ledger_.Sign(0)});
};

TEST_F(HeaderChainTest, TakesBlocksThatFollow) {
  EXPECT_TRUE(Walk({}).ok());
  const std::string second = ledger_.AddBlock({});
  const std::string third = ledger_.AddBlock({ledger_.Sign(1)});
  EXPECT_TRUE(Walk({second, third}).ok()) << Walk({second, third});
  EXPECT_FALSE(Walk({third}).ok());
  EXPECT_THAT(std::string(Walk({second, second}).message()), HasSubstr("header 2 after block 1"));
}

TEST_F(HeaderChainTest, RefusesWhatCannotFollowANormalBlock) {
  const Time time = ledger_.newest().time;
  ledger_.AddBlock({});
  EXPECT_EQ(Refusal([](BlockHeader&) {}), "");
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.parent = Hash(); }), HasSubstr("another block"));
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.ledger_id = LedgerId(); }), HasSubstr("of ledger"));
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.epoch = Epoch(2); }), HasSubstr("another epoch"));
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.view = View(1); }), HasSubstr("view"));
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.height = Height(3); }), HasSubstr("height"));
  EXPECT_THAT(Refusal([&](BlockHeader& h) { h.time = time; }), HasSubstr("time"));
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.first_index = EntryIndex(0); }),
              HasSubstr("entries do not follow"));
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.kind = BlockKind::kTail; }),
              HasSubstr("follows no closing block"));
}

TEST_F(HeaderChainTest, AfterAClosingBlockComeCopiesOfIt) {
  const std::string closing = ledger_.AddClosingBlock({ledger_.Sign(1)}, 3);
  const std::string tail = ledger_.AddBlock({}, BlockKind::kTail);
  const std::string second_tail = ledger_.AddBlock({}, BlockKind::kTail);
  EXPECT_TRUE(Walk({closing, tail, second_tail}).ok()) << Walk({closing, tail, second_tail});

  first_ = tail;
  EXPECT_EQ(Refusal([](BlockHeader&) {}), "");
  const auto not_a_copy = HasSubstr("not a copy");
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.height = h.height.next(); }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.time = h.time + Seconds(1); }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.tree_size += 1; }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.tree_root = Hash(); }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.first_index = EntryIndex(0); }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.state_digest = h.tree_root; }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.author_heads_root = h.tree_root; }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.voters_hash = Hash(); }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.members_hash = h.tree_root; }), not_a_copy);
  EXPECT_THAT(Refusal([](BlockHeader& h) { h.kind = BlockKind::kNormal; }), HasSubstr("goes on"));
}

TEST_F(HeaderChainTest, OnlyAFinalizeCertificateOfThisBlockMakesItFinal) {
  const VoterSet voters = sample::MakeVoters(4);
  const NamedHeader last = ReadHeader(first_, ledger_.act().ledger_id).value();
  EXPECT_TRUE(CheckFinal(last, ledger_.Certify({0, 1, 2}), voters).ok());
  EXPECT_FALSE(CheckFinal(last, ledger_.Certify({0, 1}), voters).ok());
  EXPECT_FALSE(CheckFinal(last, "", voters).ok());
  EXPECT_THAT(std::string(CheckFinal(last, ledger_.Certify({0, 1, 2}, VoteKind::kNotarize), voters)
                              .status()
                              .message()),
              HasSubstr("notarize certificate; only finalize"));
  ledger_.AddBlock({});
  EXPECT_THAT(std::string(CheckFinal(last, ledger_.Certify({0, 1, 2}), voters).status().message()),
              HasSubstr("another block"));
}

}  // namespace
}  // namespace assent
