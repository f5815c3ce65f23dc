// SPECIFICATION.md, "Finality" and "Missing blocks".
#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "node/consensus/core_state.h"
#include "tests/unit/node/consensus/harness.h"

namespace assent::consensus {
namespace {

std::vector<std::pair<Position, Hash>> Fetches(Node& node) {
  std::vector<std::pair<Position, Hash>> fetches;
  for (const Send& send : node.TakeSent()) {
    if (const auto* request = std::get_if<BlockRequest>(&send.message)) {
      fetches.emplace_back(*send.to, request->block_hash);
    }
  }
  return fetches;
}

class FinalityTest : public ::testing::Test {
 protected:
  Voters voters_{4};
  Node node_{&voters_, 0};
  BlockPtr one_ = voters_.MakeBlock(1, {MakeEntry(1)});
  BlockPtr two_ = voters_.MakeBlock(*one_, 2, {MakeEntry(2)});
  BlockPtr three_ = voters_.MakeBlock(*two_, 3, {MakeEntry(3)});
};

TEST_F(FinalityTest, AFinalizeCertificateMakesABlockFinal) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Final(*one_)});
  ASSERT_EQ(node_.delivered().size(), 1u);
  EXPECT_EQ(node_.delivered()[0].block->hash, one_->hash);
  EXPECT_EQ(node_.core().final_tip().hash, one_->hash);
}

TEST_F(FinalityTest, AllAncestorsBecomeFinalWithIt) {
  node_.Propose(one_);
  node_.Propose(two_, {voters_.Notarized(*one_)});
  node_.Propose(three_, {voters_.Notarized(*two_)});
  node_.Receive(1, {voters_.Final(*three_)});
  ASSERT_EQ(node_.delivered().size(), 3u);
  EXPECT_EQ(node_.delivered()[0].block->hash, one_->hash);
  EXPECT_EQ(node_.delivered()[0].certificate, nullptr);
  EXPECT_EQ(node_.delivered()[2].block->hash, three_->hash);
  EXPECT_NE(node_.delivered()[2].certificate, nullptr);
}

TEST_F(FinalityTest, NothingIsDeliveredTwice) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Final(*one_)});
  node_.Receive(2, {voters_.MakeCertificate(VoteKind::kFinalize, 1, one_->hash, {1, 2, 3})});
  EXPECT_EQ(node_.delivered().size(), 1u);
}

TEST_F(FinalityTest, MissingBlocksAreAskedForFromThoseWhoVoted) {
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kNotarize, 1, one_->hash, {1, 2, 3})});
  EXPECT_TRUE(Fetches(node_).empty());  // it may be under way
  std::vector<std::pair<Position, Hash>> asked;
  for (int i = 0; i < 60; ++i) {
    node_.Run(Milliseconds(100));
    for (const auto& fetch : Fetches(node_)) asked.push_back(fetch);
  }
  std::set<Position> peers;
  for (const auto& [peer, hash] : asked) {
    peers.insert(peer);
    EXPECT_EQ(hash, one_->hash);
  }
  EXPECT_EQ(peers, (std::set<Position>{1, 2, 3}));
  EXPECT_LE(asked.size(), 8u);  // with back-off
  node_.ReceiveBlock(2, one_);
  EXPECT_TRUE(node_.Cast(VoteKind::kFinalize, 1));
  node_.TakeSent();
  node_.Run(Seconds(10));
  EXPECT_TRUE(Fetches(node_).empty());
}

// A header says which entries are its own only to whom has its parent. So somebody can send a good
// header with other entries, and that must neither stop a node nor keep the block from it.
class WrongBodyTest : public FinalityTest {
 protected:
  WrongBodyTest() {
    node_.judge = [](const Block& block) {
      return block.entries[0]->leaf_hash() == MakeEntry(kStranger)->leaf_hash()
                 ? Verdict::kOtherBody
                 : Verdict::kValid;
    };
    Block swapped = *one_;
    swapped.entries = {MakeEntry(kStranger)};
    swapped_ = std::make_shared<const Block>(std::move(swapped));
  }
  // Asks until this peer has been asked for the block.
  void RunUntilAsked(Position peer) {
    for (int i = 0; i < 100; ++i) {
      node_.Run(Milliseconds(100));
      for (const auto& [asked, hash] : Fetches(node_)) {
        if (asked == peer && hash == one_->hash) return;
      }
    }
    FAIL() << "peer " << peer << " is never asked";
  }

  static constexpr std::uint64_t kStranger = 77;
  const Position leader_ = voters_.Leader(1);
  const Position liar_ = leader_ == 3 ? 2 : 3;
  BlockPtr swapped_;
};

TEST_F(WrongBodyTest, EntriesAreNotTakenFromWhoPassesAProposalOn) {
  node_.PassOn(liar_, swapped_);
  node_.Propose(one_);
  EXPECT_EQ(node_.Cast(VoteKind::kNotarize, 1)->statement.block_hash, one_->hash);
  node_.Receive(1, {voters_.Final(*one_)});
  EXPECT_EQ(node_.delivered().size(), 1u);
  EXPECT_TRUE(node_.invalid().empty());
}

TEST_F(WrongBodyTest, ALeaderThatSendsOtherEntriesFirstStopsNobody) {
  node_.Propose(swapped_);
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 1));
  node_.Propose(one_);
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 1));
}

TEST_F(WrongBodyTest, ACertifiedBlockIsAskedForAgainAndElsewhere) {
  node_.PeersUp();
  node_.Propose(swapped_);
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kNotarize, 1, one_->hash, {1, 2, 3})});
  RunUntilAsked(liar_);
  node_.ReceiveBlock(liar_, swapped_);
  EXPECT_TRUE(node_.invalid().empty());
  EXPECT_FALSE(node_.broken());
  // Who lied is not asked again.
  std::set<Position> asked;
  for (int i = 0; i < 40; ++i) {
    for (const auto& [peer, hash] : Fetches(node_)) asked.insert(peer);
    node_.Run(Milliseconds(100));
  }
  std::set<Position> others = {1, 2, 3};
  others.erase(liar_);
  EXPECT_EQ(asked, others);
  node_.ReceiveBlock(*others.begin(), one_);
  EXPECT_TRUE(node_.Cast(VoteKind::kFinalize, 1));
}

TEST_F(WrongBodyTest, EntriesAreNotTakenFromWhoWasNotAsked) {
  node_.PeersUp();
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kNotarize, 1, one_->hash, {1, 2, 3})});
  node_.ReceiveBlock(liar_, swapped_);
  RunUntilAsked(liar_);
  node_.ReceiveBlock(liar_, one_);
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, 1));
}

// What has come and waits for its parent does not use up the requests.
TEST_F(FinalityTest, AParentIsFetchedHoweverManyBlocksWaitForIt) {
  node_.PeersUp();
  std::vector<BlockPtr> chain = {one_};
  std::vector<CertificatePtr> certificates;
  for (std::uint64_t view = 2; view <= kFetchesMax + 3; ++view) {
    chain.push_back(voters_.MakeBlock(*chain.back(), view, {MakeEntry(view)}));
  }
  for (const BlockPtr& block : chain) {
    certificates.push_back(voters_.MakeCertificate(VoteKind::kNotarize, block->header.view.value(),
                                                   block->hash, {1, 2, 3}));
  }
  node_.Receive(1, certificates);
  for (int i = 0; i < 80 && !node_.Cast(VoteKind::kNotarize, kFetchesMax + 3); ++i) {
    node_.Run(Milliseconds(100));
    for (const auto& [peer, hash] : Fetches(node_)) {
      if (hash == one_->hash && i < 40) continue;  // the first is the last to come
      for (const BlockPtr& block : chain) {
        if (block->hash == hash) node_.ReceiveBlock(peer, block);
      }
    }
  }
  EXPECT_TRUE(node_.Cast(VoteKind::kNotarize, kFetchesMax + 3));
}

// A node far behind hears of everything that the others do, and keeps a bounded part of it.
TEST_F(FinalityTest, WhileFarBehindLittleIsKept) {
  BlockPtr parent = voters_.MakeBlock(1, {MakeEntry(1)});  // which it never gets
  for (std::uint64_t view = 2; view < 300; ++view) {
    const BlockPtr block = voters_.MakeBlock(*parent, view, {MakeEntry(view)});
    node_.Propose(block);
    node_.Receive(1, {voters_.MakeCertificate(VoteKind::kFinalize, view, block->hash, {1, 2, 3})});
    node_.TakeSent();
    parent = block;
  }
  EXPECT_GE(node_.discarded(), 298u - kOldBlocksMax);
}

// However long nothing becomes final.
TEST_F(FinalityTest, OfViewsThatAreSkippedLittleIsKept) {
  const BlockPtr parent = voters_.MakeBlock(1, {MakeEntry(1)});  // which it never gets
  constexpr std::uint64_t kViews = 300;
  for (std::uint64_t view = 2; view <= kViews; ++view) {
    node_.Propose(voters_.MakeBlock(*parent, view, {MakeEntry(view)}));
    node_.Receive(1, {voters_.Skipped(view - 1)});
    node_.TakeSent();
  }
  EXPECT_GE(node_.discarded(), kViews - 2 - kOldBlocksMax);
}

TEST_F(FinalityTest, ABlockThatNobodyAskedForIsNotTaken) {
  node_.ReceiveBlock(1, one_);
  EXPECT_FALSE(node_.Cast(VoteKind::kNotarize, 1));
}

TEST_F(FinalityTest, MissingAncestorsOfAFinalBlockAreFetched) {
  node_.Receive(1, {voters_.Final(*three_)});
  for (const BlockPtr& block : {three_, two_, one_}) {
    EXPECT_TRUE(node_.delivered().empty());
    node_.Run(Milliseconds(150));
    const auto fetches = Fetches(node_);
    ASSERT_EQ(fetches.size(), 1u);
    EXPECT_EQ(fetches[0].second, block->hash);
    node_.ReceiveBlock(fetches[0].first, block);
  }
  EXPECT_EQ(node_.delivered().size(), 3u);
}

TEST_F(FinalityTest, ALateProposalOfAFinalBlockIsTaken) {
  node_.Receive(1, {voters_.Final(*one_)});
  node_.Propose(one_);
  EXPECT_EQ(node_.delivered().size(), 1u);
}

TEST_F(FinalityTest, ALongGapIsCaughtUpByRange) {
  node_.PeersUp();
  BlockHeader far;
  far.height = Height(1'000);
  far.time = kGenesisTime + Seconds(1);
  const BlockPtr block = voters_.MakeBlock(far, BlockHash("far away"), 2'000, {MakeEntry(9)},
                                           kGenesisTime + Seconds(2));
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kFinalize, 2'000, block->hash, {1, 2, 3})});
  node_.Run(Milliseconds(150));
  EXPECT_TRUE(node_.catch_ups().empty());
  node_.ReceiveBlock(1, block);
  EXPECT_EQ(node_.catch_ups().size(), 1u);
  node_.Step(FinalByCatchUp{{block->header, block->hash, voters_.Final(*block)}});
  EXPECT_EQ(node_.core().view(), View(2'001));
  EXPECT_EQ(node_.core().final_tip().header.height, Height(1'001));
  EXPECT_FALSE(node_.broken());
}

TEST_F(FinalityTest, ABlockThatCannotBeHadIsCaughtUpByRange) {
  node_.PeersUp();
  node_.Receive(1, {voters_.Final(*one_)});
  node_.Run(Seconds(10));
  EXPECT_FALSE(node_.catch_ups().empty());
}

TEST_F(FinalityTest, CatchingUpMovesTheRootUnderBlocksThatAreHeld) {
  node_.Propose(one_);
  node_.Propose(two_, {voters_.Notarized(*one_)});
  node_.Step(FinalByCatchUp{{one_->header, one_->hash, voters_.Final(*one_)}});
  EXPECT_TRUE(node_.delivered().empty());
  node_.Receive(1, {voters_.Final(*two_)});
  ASSERT_EQ(node_.delivered().size(), 1u);
  EXPECT_EQ(node_.delivered()[0].block->hash, two_->hash);
}

TEST_F(FinalityTest, ABlockThatLostIsDiscarded) {
  const BlockPtr other = voters_.MakeBlock(2, {MakeEntry(5)});
  node_.Propose(one_);
  node_.Receive(1, {voters_.Skipped(1)});
  node_.Propose(other);
  node_.Receive(1, {voters_.Notarized(*other), voters_.Final(*other)});
  ASSERT_EQ(node_.delivered().size(), 1u);
  node_.TakeSent();
  node_.Request(3, BlockRequest{one_->hash});
  EXPECT_TRUE(node_.sent().empty());
  node_.Request(3, BlockRequest{other->hash});  // a final one is kept for a while
  EXPECT_EQ(node_.sent().size(), 1u);
}

TEST_F(FinalityTest, AnInvalidBlockThatIsNotarizedIsReported) {
  node_.judge = [](const Block&) { return Verdict::kInvalid; };
  node_.Propose(one_);
  node_.Receive(1, {voters_.MakeCertificate(VoteKind::kNotarize, 1, one_->hash, {1, 2, 3})});
  ASSERT_EQ(node_.invalid().size(), 2u);
  EXPECT_TRUE(node_.invalid()[1].certified);
}

TEST_F(FinalityTest, AFinalBlockOnAnotherChainIsReported) {
  node_.Propose(one_);
  node_.Receive(1, {voters_.Final(*one_)});
  const BlockPtr fork = voters_.MakeBlock(2, {MakeEntry(5)});
  node_.Receive(1, {voters_.Final(*fork)});
  node_.Run(Milliseconds(150));
  node_.ReceiveBlock(1, fork);
  ASSERT_TRUE(node_.broken());
  EXPECT_NE(node_.broken()->find("more voters are faulty"), std::string::npos);
}

TEST_F(FinalityTest, AViewThatIsSkippedAndFinalIsReported) {
  node_.Receive(1, {voters_.Skipped(1)});
  EXPECT_FALSE(node_.broken());
  node_.Receive(1, {voters_.Final(*one_)});
  ASSERT_TRUE(node_.broken());
  EXPECT_NE(node_.broken()->find("view 1 is final and something else as well"), std::string::npos);
}

}  // namespace
}  // namespace assent::consensus
