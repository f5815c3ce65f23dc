// Whole replicas whose voters change while entries are filed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/membership/voting_proof.h"
#include "tests/support/replica_cluster.h"

namespace assent {
namespace {

using testing::MakeEntry;
using testing::NotificationBody;
using testing::ReplicaCluster;
using Outcome = std::shared_ptr<std::optional<replica::SubmitOutcome>>;

bool IsFinal(const Outcome& outcome) { return outcome->has_value() && (*outcome)->final_index; }

class EpochsTest : public ::testing::Test {
 protected:
  explicit EpochsTest(std::size_t nodes = 4) : cluster_(nodes), heads_(nodes) {}

  Outcome File(std::size_t state, const v1::Body& body, std::size_t node) {
    const Entry entry =
        MakeEntry(cluster_.ledger(), cluster_.ledger().states[state], heads_[state], body);
    heads_[state] = {entry.header().sequence, entry.leaf_hash()};
    return cluster_.Submit(node, entry);
  }
  Outcome Notify(std::size_t state, std::size_t node) {
    return File(state, NotificationBody(absl::StrCat("R-", heads_[state].sequence.value() + 1)),
                node);
  }
  static v1::Body Voting(bool votes) {
    v1::Body body;
    body.set_visibility(v1::PUBLIC);
    body.set_issued_at_us(testing::kFounded.us + 1);
    body.mutable_voting_status()->set_votes(votes);
    return body;
  }
  Outcome StepBack(std::size_t state, std::size_t node) { return File(state, Voting(false), node); }
  Outcome StepIn(std::size_t state, std::size_t node) {
    const BlockHeader newest = cluster_.view(state)->tip().header;
    const Height height(newest.height.value() - 1);
    v1::Body body = Voting(true);
    v1::VotingProof& proof = *body.mutable_voting_status()->mutable_proof();
    proof.set_height(height.value());
    proof.set_block_hash(newest.parent.str());
    proof.set_signature(SignVotingProof(cluster_.ledger().id(), height, newest.parent,
                                        cluster_.ledger().states[state].node.vote)
                            .str());
    return File(state, body, node);
  }
  // Waits until it is final, and all that run have gone on to `epoch`.
  void Await(const Outcome& outcome, std::uint64_t epoch) {
    ASSERT_TRUE(cluster_.RunUntil(Seconds(120), [&] { return outcome->has_value(); }));
    ASSERT_TRUE((*outcome)->status.ok()) << (*outcome)->status;
    ASSERT_FALSE((*outcome)->refusal) << (*outcome)->refusal->message;
    ASSERT_TRUE(cluster_.RunUntil(Seconds(60),
                                  [&] {
                                    for (std::size_t i = 0; i < cluster_.size(); ++i) {
                                      if (cluster_.running(i) &&
                                          cluster_.status(i).epoch != Epoch(epoch))
                                        return false;
                                    }
                                    return true;
                                  }))
        << "not all have come to epoch " << epoch;
  }
  void ExpectEqualLedgers() {
    cluster_.Run(Seconds(5));
    for (std::size_t i = 1; i < cluster_.size(); ++i) {
      EXPECT_EQ(cluster_.tree_size(0), cluster_.tree_size(i)) << "node " << i;
      EXPECT_EQ(cluster_.tree_root(0), cluster_.tree_root(i)) << "node " << i;
      EXPECT_EQ(cluster_.state_digest(0), cluster_.state_digest(i)) << "node " << i;
    }
  }

  ReplicaCluster cluster_;
  std::vector<AuthorHead> heads_;
};

TEST_F(EpochsTest, AVoterStepsBackAndTheOthersGoOn) {
  Await(StepBack(3, 0), 2);
  EXPECT_EQ(rules::VotersOf(cluster_.view(0)->state()).size(), 3u);
  EXPECT_EQ(cluster_.status(3).mode, replica::Mode::kFollowing);
  EXPECT_EQ(cluster_.status(0).mode, replica::Mode::kVoting);
  const Outcome after = Notify(3, 3);  // through the node that only follows
  ASSERT_TRUE(cluster_.RunUntil(Seconds(30), [&] { return IsFinal(after); }));
  ExpectEqualLedgers();
}

TEST_F(EpochsTest, WhoFollowsVotesAgainByAProofThatItHasCaughtUp) {
  Await(StepBack(3, 0), 2);
  cluster_.Run(Seconds(2));
  Await(StepIn(3, 0), 3);
  EXPECT_EQ(rules::VotersOf(cluster_.view(0)->state()).size(), 4u);
  EXPECT_EQ(cluster_.status(3).mode, replica::Mode::kVoting);
  // With one of the others gone the vote of the fourth is needed.
  cluster_.Kill(1);
  const Outcome after = Notify(2, 2);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(60), [&] { return IsFinal(after); }));
  cluster_.Restart(1);
  ExpectEqualLedgers();
}

TEST_F(EpochsTest, TheClosingBlockIsTheLastOfItsEpochAndNamesTheNewVoters) {
  const Outcome back = StepBack(3, 0);
  Await(back, 2);
  const Outcome after = Notify(0, 1);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(30), [&] { return IsFinal(after); }));
  cluster_.Run(Seconds(1));
  const auto view = cluster_.view(2);
  const Height closed = view->HeightOf(*(*back)->final_index).value();
  const BlockHeader closing = view->BlockAt(closed)->header;
  EXPECT_EQ(closing.kind, BlockKind::kClosing);
  EXPECT_EQ(closing.epoch, Epoch(1));
  EXPECT_EQ(closing.voters_hash, rules::VotersOf(view->state()).hash());
  EXPECT_FALSE(view->BlockAt(closed)->certificate.empty());
  const BlockHeader next = view->BlockAt(closed.next())->header;
  EXPECT_EQ(next.epoch, Epoch(2));
  EXPECT_EQ(next.parent, BlockHash(EncodeBlockHeader(closing)));
}

TEST_F(EpochsTest, TheTreeThatClosesAnEpochIsSignedByItsVoters) {
  const Outcome back = StepBack(3, 0);
  Await(back, 2);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(10), [&] {
    const auto checkpoint = cluster_.view(1)->PublicCheckpoint();
    return checkpoint && checkpoint->tree_size == (*back)->final_index->value() + 1;
  }));
}

class EpochsOfTwoTest : public EpochsTest {
 protected:
  EpochsOfTwoTest() : EpochsTest(2) {}
};

TEST_F(EpochsOfTwoTest, WhoStepsBackFollowsTheOneVoterThatIsLeft) {
  Await(StepBack(1, 1), 2);
  for (const std::size_t node : {1u, 0u}) {
    const Outcome filed = Notify(node, node);
    EXPECT_TRUE(cluster_.RunUntil(Seconds(30), [&] { return IsFinal(filed); })) << node;
    ExpectEqualLedgers();
  }
}

class EpochsOfFiveTest : public EpochsTest {
 protected:
  EpochsOfFiveTest() : EpochsTest(5) {}
};

// What the peers return is of an epoch that the old copy does not know yet.
TEST_F(EpochsOfFiveTest, AnOldCopyOfAnEarlierEpochStartsRestoring) {
  Await(StepBack(4, 0), 2);
  for (int i = 0; i < 5; ++i) {
    const Outcome filed = Notify(0, 1);
    ASSERT_TRUE(cluster_.RunUntil(Seconds(30), [&] { return IsFinal(filed); }));
  }
  EXPECT_EQ(cluster_.status(2).votes_from_view, View(1));
  cluster_.Kill(2);
  cluster_.RestartOnFirstCopy(2);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(30), [&] { return cluster_.status(2).epoch == Epoch(2); }));
  EXPECT_NE(cluster_.status(2).mode, replica::Mode::kVoting);
  ASSERT_TRUE(
      cluster_.RunUntil(Seconds(60), [&] { return cluster_.status(2).votes_from_view > View(1); }));
  const Outcome after = Notify(3, 3);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(60), [&] { return IsFinal(after); }));
  ExpectEqualLedgers();
}

// It was alone in the next epoch when it lost its disk, and may have voted there: those who answer
// know of none.
TEST_F(EpochsOfFiveTest, WhoLostItsDiskAheadOfTheOthersRestoresInTheNextEpochToo) {
  const Outcome first = Notify(0, 0);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(30), [&] { return IsFinal(first); }));
  cluster_.Run(Seconds(5));
  const auto all = [&](const std::function<bool(std::size_t)>& holds) {
    for (std::size_t i = 0; i < cluster_.size(); ++i) {
      if (!holds(i)) return false;
    }
    return true;
  };
  const View before = cluster_.status(0).view;
  StepBack(4, 0);
  // The closing block is notarized, and the Finalize votes are on their way: they reach node 3.
  ASSERT_TRUE(cluster_.RunUntil(Seconds(30), [&] {
    return all([&](std::size_t i) { return cluster_.status(i).view > before; });
  }));
  for (const std::size_t a : {0u, 1u, 2u}) {
    for (const std::size_t b : {1u, 2u, 4u}) {
      if (a < b) cluster_.Cut(a, b);
    }
  }
  const auto ahead = [&] { return cluster_.status(3).epoch == Epoch(2); };
  const auto behind = [&](std::size_t i) { return i == 3 || cluster_.status(i).epoch == Epoch(1); };
  ASSERT_TRUE(cluster_.RunUntil(Seconds(10), ahead));
  ASSERT_TRUE(all(behind));
  cluster_.Kill(3);
  cluster_.Restart(3, /*empty_store=*/true);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(120), ahead));
  EXPECT_TRUE(all(behind)) << "they have answered from the first epoch";
  EXPECT_EQ(cluster_.status(3).mode, replica::Mode::kRestoring);
  cluster_.Heal();
  // It asks again after a while, and abstains for two views from then on.
  for (int i = 0; i < 5; ++i) {
    cluster_.Run(Seconds(5));
    const Outcome more = Notify(0, 0);
    ASSERT_TRUE(cluster_.RunUntil(Seconds(60), [&] { return IsFinal(more); }));
  }
  ASSERT_TRUE(cluster_.RunUntil(Seconds(60),
                                [&] { return cluster_.status(3).mode == replica::Mode::kVoting; }));
  ExpectEqualLedgers();
}

// With one asleep and one that has stepped back, three of the four that are left can go on.
TEST_F(EpochsOfFiveTest, ANodeThatSleptThroughThreeEpochsCatchesUp) {
  cluster_.Kill(2);
  Await(StepBack(3, 0), 2);
  cluster_.Run(Seconds(2));
  Await(StepIn(3, 0), 3);
  Await(StepBack(3, 0), 4);
  for (int i = 0; i < 20; ++i) Notify(0, 0);
  cluster_.Run(Seconds(10));
  cluster_.Restart(2);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(60),
                                [&] { return cluster_.tree_size(2) == cluster_.tree_size(0); }));
  EXPECT_EQ(cluster_.status(2).epoch, Epoch(4));
  ExpectEqualLedgers();
}

TEST_F(EpochsTest, ANodeWithNothingComesThroughAllEpochsAndVotesAgain) {
  Await(StepBack(3, 0), 2);
  cluster_.Run(Seconds(2));
  Await(StepIn(3, 0), 3);
  cluster_.Kill(1);
  cluster_.Restart(1, /*empty_store=*/true);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(60), [&] {
    return cluster_.tree_size(1) == cluster_.tree_size(0) && cluster_.status(1).epoch == Epoch(3);
  }));
  // It abstains for two views, then takes part.
  for (int i = 0; i < 5; ++i) {
    const Outcome more = Notify(0, 0);
    ASSERT_TRUE(cluster_.RunUntil(Seconds(60), [&] { return IsFinal(more); }));
  }
  ASSERT_TRUE(cluster_.RunUntil(Seconds(60),
                                [&] { return cluster_.status(1).mode == replica::Mode::kVoting; }));
  ExpectEqualLedgers();
}

TEST_F(EpochsTest, ARestartAtTheBeginningOfAnEpochGoesOnThere) {
  Await(StepBack(3, 0), 2);
  for (std::size_t i = 0; i < 4; ++i) {
    cluster_.Kill(i);
    cluster_.Restart(i);
    EXPECT_EQ(cluster_.status(i).epoch, Epoch(2)) << i;
  }
  const Outcome after = Notify(1, 1);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(60), [&] { return IsFinal(after); }));
  ExpectEqualLedgers();
}

TEST_F(EpochsTest, NothingIsLostWhenVotersChangeUnderLoad) {
  std::vector<Outcome> outcomes;
  std::uint64_t epoch = 1;
  Outcome change;
  for (std::size_t round = 0; round < 200; ++round) {
    for (std::size_t i = 0; i < 3; ++i) outcomes.push_back(Notify(i, (i + round) % 4));
    if (round % 40 == 20) {
      if (change) Await(change, epoch);
      change = round % 80 == 20 ? StepBack(3, 0) : StepIn(3, 0);
      ++epoch;
    }
    cluster_.Run(Milliseconds(20));
  }
  Await(change, epoch);
  ASSERT_TRUE(cluster_.RunUntil(
      Seconds(60), [&] { return std::all_of(outcomes.begin(), outcomes.end(), IsFinal); }));
  EXPECT_EQ(epoch, 6u);
  ExpectEqualLedgers();
}

}  // namespace
}  // namespace assent
