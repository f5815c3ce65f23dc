// Whole replicas together: entries become final, nodes come and go, and nothing is lost.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/replica_cluster.h"

namespace assent {
namespace {

using testing::MakeEntry;
using testing::NotificationBody;
using testing::ReplicaCluster;
using Outcome = std::shared_ptr<std::optional<replica::SubmitOutcome>>;

// Files linked entries of one state.
class Author {
 public:
  Author(ReplicaCluster* cluster, std::size_t state) : cluster_(cluster), state_(state) {}

  Entry Next() { return Next(NotificationBody(absl::StrCat("R-", head_.sequence.value() + 1))); }
  Entry Next(const v1::Body& body) {
    Entry entry = MakeEntry(cluster_->ledger(), cluster_->ledger().states[state_], head_, body);
    head_ = {entry.header().sequence, entry.leaf_hash()};
    return entry;
  }
  Outcome File(std::size_t node) { return cluster_->Submit(node, Next()); }

 private:
  ReplicaCluster* const cluster_;
  const std::size_t state_;
  AuthorHead head_;
};

bool Final(const Outcome& outcome) { return outcome->has_value() && (*outcome)->final_index; }

void ExpectEqualLedgers(const ReplicaCluster& cluster) {
  for (std::size_t i = 1; i < cluster.size(); ++i) {
    EXPECT_EQ(cluster.tree_size(0), cluster.tree_size(i)) << "node " << i;
    EXPECT_EQ(cluster.tree_root(0), cluster.tree_root(i)) << "node " << i;
    EXPECT_EQ(cluster.state_digest(0), cluster.state_digest(i)) << "node " << i;
  }
}

TEST(ReplicaTest, AnEntryBecomesFinalOnEveryNode) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  const Outcome outcome = author.File(0);
  ASSERT_TRUE(cluster.RunUntil(Seconds(5), [&] { return Final(outcome); }));
  EXPECT_EQ((*outcome)->final_index, EntryIndex(0));
  cluster.Run(Seconds(1));
  EXPECT_EQ(cluster.tree_size(3), 1u);
  ExpectEqualLedgers(cluster);
}

TEST(ReplicaTest, ALedgerOfOneWorks) {
  ReplicaCluster cluster(1);
  Author author(&cluster, 0);
  const Outcome outcome = author.File(0);
  EXPECT_TRUE(cluster.RunUntil(Seconds(5), [&] { return Final(outcome); }));
}

TEST(ReplicaTest, ManyEntriesOfAllAuthorsAreOrderedOnce) {
  ReplicaCluster cluster(4);
  std::vector<Author> authors;
  for (std::size_t i = 0; i < 4; ++i) authors.emplace_back(&cluster, i);
  std::vector<Outcome> outcomes;
  for (int round = 0; round < 25; ++round) {
    for (std::size_t i = 0; i < 4; ++i) outcomes.push_back(authors[i].File((i + 1) % 4));
    cluster.Run(Milliseconds(1));
  }
  ASSERT_TRUE(cluster.RunUntil(
      Seconds(10), [&] { return std::all_of(outcomes.begin(), outcomes.end(), Final); }));
  cluster.Run(Seconds(1));
  EXPECT_EQ(cluster.tree_size(0), 100u);
  ExpectEqualLedgers(cluster);
}

TEST(ReplicaTest, ClocksThatAreOffAreSeen) {
  ReplicaCluster cluster(4);
  std::vector<Author> authors;
  for (std::size_t i = 0; i < 4; ++i) authors.emplace_back(&cluster, i);
  cluster.SetClockOff(1, Seconds(3));
  cluster.Run(Seconds(1));
  for (int round = 0; round < 12; ++round) {
    for (std::size_t i = 0; i < 4; ++i) authors[i].File(i);
    cluster.Run(Seconds(4));
  }
  const auto& states = cluster.ledger().states;
  // Who is ahead sees that of everybody, and everybody of it; two others see nothing of each other.
  const auto ahead = cluster.vitals(1).clock_offsets;
  ASSERT_TRUE(ahead.contains(states[0].code));
  EXPECT_GE(ahead.at(states[0].code), Seconds(2));
  EXPECT_LE(ahead.at(states[0].code), Seconds(4));
  EXPECT_FALSE(ahead.contains(states[1].code));  // nobody measures itself
  const auto other = cluster.vitals(0).clock_offsets;
  ASSERT_TRUE(other.contains(states[1].code));
  EXPECT_LE(other.at(states[1].code), Seconds(-2));
  ASSERT_TRUE(other.contains(states[2].code));
  EXPECT_GE(other.at(states[2].code), Duration());
  EXPECT_LE(other.at(states[2].code), Seconds(1));
}

TEST(ReplicaTest, WhatWaitsIsToldByTheClassOfItsAuthor) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  cluster.Run(Seconds(1));
  for (std::size_t other = 1; other < 4; ++other) cluster.Kill(other);
  author.File(0);
  author.File(0);
  cluster.Run(Seconds(1));
  EXPECT_EQ(cluster.vitals(0).pool_entries_of_voters, 2u);
  EXPECT_EQ(cluster.vitals(0).pool_entries_of_others, 0u);
}

TEST(ReplicaTest, AnEntryThatOvertookTheOneBeforeItWaits) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  const Entry first = author.Next();
  const Entry second = author.Next();
  const Outcome later = cluster.Submit(0, second);
  const Outcome earlier = cluster.Submit(0, first);
  EXPECT_TRUE(cluster.RunUntil(Seconds(5), [&] { return Final(earlier) && Final(later); }));
}

TEST(ReplicaTest, EntriesThatComeInReverseAllWait) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  std::vector<Entry> entries;
  for (int i = 0; i < 4; ++i) entries.push_back(author.Next());
  std::vector<Outcome> outcomes;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    outcomes.push_back(cluster.Submit(0, *entry));
  }
  EXPECT_TRUE(cluster.RunUntil(
      Seconds(5), [&] { return std::all_of(outcomes.begin(), outcomes.end(), Final); }));
}

TEST(ReplicaTest, AnEntryWhosePredecessorNeverComesIsRefused) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  author.Next();
  const Outcome outcome = author.File(0);
  ASSERT_TRUE(cluster.RunUntil(Seconds(10), [&] { return outcome->has_value(); }));
  ASSERT_TRUE((*outcome)->refusal);
  EXPECT_EQ((*outcome)->refusal->reason, "SEQUENCE_GAP");
}

TEST(ReplicaTest, TheSameBytesAgainGetTheSameAnswer) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  const Entry entry = author.Next();
  const Outcome first = cluster.Submit(0, entry);
  const Outcome at_once = cluster.Submit(1, entry);
  ASSERT_TRUE(cluster.RunUntil(Seconds(5), [&] { return Final(first) && Final(at_once); }));
  const Outcome later = cluster.Submit(0, entry);
  ASSERT_TRUE(cluster.RunUntil(Seconds(5), [&] { return Final(later); }));
  EXPECT_EQ((*first)->final_index, (*later)->final_index);
  cluster.Run(Seconds(1));
  EXPECT_EQ(cluster.tree_size(0), 1u);
}

TEST(ReplicaTest, GoesOnWithoutOneNodeAndItCatchesUp) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  const Outcome before = author.File(0);
  ASSERT_TRUE(cluster.RunUntil(Seconds(5), [&] { return Final(before); }));
  cluster.Kill(2);
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 20; ++i) {
    outcomes.push_back(author.File(0));
    cluster.Run(Milliseconds(50));
  }
  ASSERT_TRUE(cluster.RunUntil(
      Seconds(60), [&] { return std::all_of(outcomes.begin(), outcomes.end(), Final); }));
  cluster.Restart(2);
  EXPECT_TRUE(cluster.RunUntil(Seconds(30), [&] { return cluster.tree_size(2) == 21; }));
  cluster.Run(Seconds(2));
  ExpectEqualLedgers(cluster);
}

TEST(ReplicaTest, ANodeWithAnEmptyFolderRestoresAndVotesAgain) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  for (int i = 0; i < 10; ++i) {
    const Outcome outcome = author.File(0);
    ASSERT_TRUE(cluster.RunUntil(Seconds(5), [&] { return Final(outcome); }));
  }
  cluster.Kill(1);
  cluster.Restart(1, /*empty_store=*/true);
  EXPECT_EQ(cluster.status(1).mode, replica::Mode::kRestoring);
  ASSERT_TRUE(cluster.RunUntil(Seconds(30), [&] { return cluster.tree_size(1) == 10; }));
  ASSERT_TRUE(cluster.RunUntil(Seconds(60), [&] {
    author.File(0);
    cluster.Run(Milliseconds(200));
    return cluster.status(1).mode == replica::Mode::kVoting;
  }));
  // With another one gone its vote is needed.
  cluster.Kill(3);
  const Outcome outcome = author.File(0);
  EXPECT_TRUE(cluster.RunUntil(Seconds(60), [&] { return Final(outcome); }));
}

TEST(ReplicaTest, StandsStillWithoutAQuorumAndGoesOnWhenItIsBack) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  cluster.Cut(0, 2);
  cluster.Cut(0, 3);
  cluster.Cut(1, 2);
  cluster.Cut(1, 3);
  const Outcome outcome = author.File(0);
  cluster.Run(Seconds(30));
  EXPECT_FALSE(outcome->has_value());
  cluster.Heal();
  EXPECT_TRUE(cluster.RunUntil(Seconds(120), [&] { return Final(outcome); }));
}

TEST(ReplicaTest, AnIdleLedgerMakesOnlyHeartbeats) {
  ReplicaCluster cluster(4);
  cluster.Run(Seconds(600));
  EXPECT_GE(cluster.height(0), Height(8));
  EXPECT_LE(cluster.height(0), Height(12));
  cluster.Run(Seconds(5));
  ExpectEqualLedgers(cluster);
}

TEST(ReplicaTest, ACheckpointGetsAQuorumOfSignatures) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  const Outcome outcome = author.File(0);
  ASSERT_TRUE(cluster.RunUntil(Seconds(5), [&] { return Final(outcome); }));
  cluster.Run(Seconds(3));
  for (std::size_t i = 0; i < 4; ++i) {
    const auto checkpoint = cluster.view(i)->PublicCheckpoint();
    ASSERT_TRUE(checkpoint) << "node " << i;
    EXPECT_EQ(checkpoint->tree_size, 1u);
    EXPECT_EQ(checkpoint->root, cluster.tree_root(i));
    EXPECT_GE(checkpoint->signatures.size(), 3u);
  }
}

// Heights are told once a second, in which a busy ledger makes a hundred blocks and more.
TEST(ReplicaTest, WhoKeepsPaceIsNotBehindAndWhoIsGoneIs) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  cluster.Kill(3);
  int told_long_ago = 0;
  int behind = 0;
  for (int i = 0; i < 500; ++i) {
    const Outcome outcome = author.File(0);
    ASSERT_TRUE(cluster.RunUntil(Seconds(60), [&] { return Final(outcome); }));
    const replica::ReplicaStatus status = cluster.status(0);
    const auto peer = status.peer_heights.find(cluster.ledger().states[1].code);
    if (peer == status.peer_heights.end()) continue;
    if (status.height.value() > peer->second.value() + 25) ++told_long_ago;
    if (status.BlocksBehind(peer->second) > 0) ++behind;
  }
  EXPECT_GT(told_long_ago, 100);
  EXPECT_LT(behind, 25) << "once a second, while the next height is on its way";
  EXPECT_GT(cluster.status(0).BlocksBehind(Height(1)), 300);
  EXPECT_LT(cluster.status(0).BlocksBehind(Height(10'000)), -9'000);
}

// Two states open a round at once: only one can. The other learns so from every node, and no view
// is spent on what can never stand in a block.
TEST(ReplicaTest, AnEntryThatAnotherMadeUnfitLeavesEveryPool) {
  ReplicaCluster cluster(4);
  const auto open = [&](std::size_t state) {
    return cluster.Submit(state, MakeEntry(cluster.ledger(), cluster.ledger().states[state], {},
                                           testing::RevisionOpenBody()));
  };
  const Outcome first = open(0);
  const Outcome second = open(1);
  ASSERT_TRUE(
      cluster.RunUntil(Seconds(10), [&] { return first->has_value() && second->has_value(); }));
  const Outcome& refused = Final(first) ? second : first;
  ASSERT_TRUE((*refused)->refusal);
  EXPECT_EQ((*refused)->refusal->reason, "ANOTHER_ROUND_OPEN");
  cluster.Run(Seconds(2));
  const View view = cluster.status(0).view;
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(cluster.status(i).pool_entries, 0u) << i;
  cluster.Run(Seconds(20));
  EXPECT_EQ(cluster.status(0).view, view);
}

// What it does not know yet may be final long since: no reason to refuse for good.
TEST(ReplicaTest, ANodeThatLagsRefusesNothingForGood) {
  ReplicaCluster cluster(4);
  Author author(&cluster, 0);
  Author asking(&cluster, 1);
  for (std::size_t i : {1u, 2u, 3u}) cluster.Cut(0, i);
  const Outcome first = author.File(1);
  ASSERT_TRUE(cluster.RunUntil(Seconds(20), [&] { return Final(first); }));
  cluster.Kill(0);
  cluster.Restart(0);
  const Outcome second = author.File(0);
  ASSERT_TRUE(cluster.RunUntil(Seconds(10), [&] { return second->has_value(); }));
  EXPECT_TRUE(absl::IsUnavailable((*second)->status)) << (*second)->status;
  v1::Body body;
  body.mutable_clarification_request()->set_about(0);
  body.mutable_clarification_request()->set_question("What was launched?");
  const Outcome third = cluster.Submit(0, asking.Next(body));
  ASSERT_TRUE(cluster.RunUntil(Seconds(10), [&] { return third->has_value(); }));
  EXPECT_TRUE(absl::IsUnavailable((*third)->status)) << (*third)->status;
}

}  // namespace
}  // namespace assent
