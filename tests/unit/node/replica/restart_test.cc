// Whole replicas of which more than f lose their journals: nothing goes on by itself, and an act of
// the members starts the next epoch at the block that those who have their data hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/audit/audit.h"
#include "ledger/crypto/hash.h"
#include "ledger/receipt/receipt.h"
#include "ledger/receipt/receipt_file.h"
#include "ledger/receipt/restart_act.h"
#include "node/query/blocks.h"
#include "node/query/proofs.h"
#include "tests/support/replica_cluster.h"

namespace assent {
namespace {

using ::testing::HasSubstr;
using testing::MakeEntry;
using testing::NotificationBody;
using testing::ReplicaCluster;
using Outcome = std::shared_ptr<std::optional<replica::SubmitOutcome>>;
using Answer = std::shared_ptr<std::optional<absl::StatusOr<bool>>>;

bool WasFiled(const Outcome& outcome) { return outcome->has_value() && (*outcome)->final_index; }

void OneByOne(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t i = 0; i < count; ++i) work(i);
}

class RestartTest : public ::testing::Test {
 protected:
  RestartTest() : cluster_(4), heads_(4) {}

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
  void MakeFinal(std::size_t state, std::size_t node) {
    const Outcome filed = Notify(state, node);
    ASSERT_TRUE(cluster_.RunUntil(Seconds(120), [&] { return WasFiled(filed); }));
  }
  // Two of four, where one is all that the ledger bears.
  void LoseTwo() {
    for (const std::size_t node : {2u, 3u}) cluster_.Kill(node);
    for (const std::size_t node : {2u, 3u}) cluster_.Restart(node, /*empty_store=*/true);
  }

  // The draft of the highest block among those of these nodes.
  v1::RestartAct Draft(const std::vector<std::size_t>& nodes) {
    std::optional<v1::RestartAct> best;
    View highest;
    for (const std::size_t node : nodes) {
      const auto draft = cluster_.DraftRestart(node);
      EXPECT_TRUE(draft.ok()) << draft.status();
      const View view = ParseBlockHeader(draft->header())->view;
      if (!best || view > highest) best = *draft;
      highest = std::max(highest, view);
    }
    return *best;
  }
  v1::RestartAct Signed(v1::RestartAct act, const std::vector<std::size_t>& members) {
    const auto block = ReadHeader(act.header(), cluster_.ledger().id()).value();
    for (const std::size_t i : members) {
      const testing::TestState& state = cluster_.ledger().states[i];
      v1::RestartSignature& signature = *act.add_signatures();
      signature.set_code(state.code.str());
      signature.set_signature(state.authority
                                  .Sign(tag::kRestart, RestartStatement(cluster_.ledger().id(),
                                                                        Epoch(act.epoch()), block))
                                  .str());
    }
    return act;
  }
  absl::StatusOr<bool> Give(std::size_t node, const v1::RestartAct& act, bool never_voted = false) {
    const Answer answer = cluster_.GiveRestart(node, act, never_voted);
    cluster_.RunUntil(Seconds(1), [&] { return answer->has_value(); });
    return answer->has_value() ? **answer : absl::DeadlineExceededError("no answer");
  }
  void ExpectGiven(const v1::RestartAct& act) {
    for (const std::size_t node : {0u, 1u}) {
      const auto given = Give(node, act);
      EXPECT_TRUE(given.ok()) << node << ": " << given.status();
    }
    for (const std::size_t node : {2u, 3u}) {
      const auto given = Give(node, act, true);
      EXPECT_TRUE(given.ok()) << node << ": " << given.status();
    }
  }
  void ExpectEqualLedgers() {
    cluster_.Run(Seconds(10));
    for (std::size_t i = 1; i < cluster_.size(); ++i) {
      EXPECT_EQ(cluster_.tree_size(0), cluster_.tree_size(i)) << "node " << i;
      EXPECT_EQ(cluster_.tree_root(0), cluster_.tree_root(i)) << "node " << i;
      EXPECT_EQ(cluster_.state_digest(0), cluster_.state_digest(i)) << "node " << i;
      EXPECT_EQ(cluster_.status(0).epoch, cluster_.status(i).epoch) << "node " << i;
    }
  }
  // Every entry has a receipt that is good offline, and the log an audit, at this node.
  void ExpectProvable(std::size_t node, std::uint64_t restarts) {
    const auto view = cluster_.view(node);
    query::Reader reader;
    reader.rights = query::Rights::kMember;
    const FoundingAct& act = cluster_.ledger().act;
    for (EntryIndex i(0); i.value() < view->tip().header.tree_size; i = i.next()) {
      const auto receipt = query::MakeReceipt(*view, reader, i);
      ASSERT_TRUE(receipt.ok()) << i.value() << ": " << receipt.status();
      const auto proof = VerifyReceipt(FormatReceiptFile(*receipt), act);
      EXPECT_TRUE(proof.ok()) << i.value() << ": " << proof.status();
    }
    Auditor auditor(act, OneByOne);
    for (Height from(1); from <= view->tip().header.height;) {
      const auto range = query::PlanBlocks(*view, from, 0);
      ASSERT_TRUE(range.ok()) << range.status();
      std::vector<v1::FinalBlock> blocks;
      for (Height at = range->first; at <= range->last; at = at.next()) {
        blocks.push_back(query::FinalBlockAt(*view, reader, at).value());
      }
      const absl::Status checked = auditor.Check(blocks);
      ASSERT_TRUE(checked.ok()) << checked;
      from = range->last.next();
    }
    EXPECT_TRUE(auditor.Finish().ok()) << auditor.Finish();
    EXPECT_EQ(auditor.counts().restarts, restarts);
  }

  ReplicaCluster cluster_;
  std::vector<AuthorHead> heads_;
};

TEST_F(RestartTest, TheLedgerStandsAndGoesOnByTheAct) {
  for (std::size_t i = 0; i < 4; ++i) MakeFinal(i, i);
  cluster_.Run(Seconds(5));
  LoseTwo();
  const Outcome waits = Notify(0, 0);
  cluster_.Run(Seconds(300));
  ASSERT_FALSE(waits->has_value());
  EXPECT_EQ(cluster_.status(2).mode, replica::Mode::kRestoring);

  const v1::RestartAct act = Signed(Draft({0, 1}), {0, 1, 2});
  EXPECT_EQ(act.epoch(), 2u);
  ExpectGiven(act);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(120), [&] { return WasFiled(waits); }));
  MakeFinal(3, 3);
  ExpectEqualLedgers();
  for (std::size_t node = 0; node < 4; ++node) {
    EXPECT_EQ(cluster_.status(node).mode, replica::Mode::kVoting) << node;
    EXPECT_EQ(cluster_.status(node).epoch, Epoch(2)) << node;
    ExpectProvable(node, 1);
  }
  // As with any epoch: nodes stop and start, and one is all that may be missing.
  for (const std::size_t node : {0u, 3u}) {
    cluster_.Kill(node);
    MakeFinal(1, 1);
    cluster_.Restart(node);
    cluster_.Run(Seconds(5));
  }
  ExpectEqualLedgers();
}

// Final at the node that answered, which is lost: those who are left hold no certificate that says
// so, but the block, since they have voted to finalize it.
TEST_F(RestartTest, WhatOnlyALostNodeKnewToBeFinalStays) {
  bool hard = false;
  // Somewhere between their votes to notarize and those to finalize the two to be lost fall silent.
  for (std::int64_t after_ms = 1; after_ms < 30 && !hard; ++after_ms) {
    const Outcome answered = Notify(3, 3);
    cluster_.Run(Milliseconds(after_ms));
    for (const std::size_t from : {2u, 3u}) {
      for (const std::size_t to : {0u, 1u}) cluster_.Mute(from, to);
    }
    cluster_.Run(Milliseconds(30));
    hard = WasFiled(answered) && cluster_.height(0) < cluster_.height(3) &&
           cluster_.height(1) < cluster_.height(3);
    if (!hard) {
      cluster_.Heal();
      ASSERT_TRUE(cluster_.RunUntil(Seconds(120), [&] { return WasFiled(answered); }));
      cluster_.Run(Seconds(5));
      continue;
    }
    const Height final = cluster_.height(3);
    const Hash block = cluster_.view(3)->tip().hash;
    LoseTwo();
    cluster_.Heal();
    cluster_.Run(Seconds(300));
    ASSERT_LT(cluster_.height(0), final);
    ASSERT_LT(cluster_.height(1), final);

    const v1::RestartAct act = Signed(Draft({0, 1}), {0, 1, 3});
    ASSERT_EQ(BlockHash(act.header()), block);
    ExpectGiven(act);
    MakeFinal(0, 0);
    ExpectEqualLedgers();
    EXPECT_EQ(BlockHash(cluster_.view(0)->BlockAt(final)->header_bytes), block);
    EXPECT_TRUE(cluster_.view(0)->BlockAt(final)->certificate.empty());
    for (std::size_t node = 0; node < 4; ++node) ExpectProvable(node, 1);
  }
  EXPECT_TRUE(hard) << "no answer came before the others knew";
}

// The same with a block that closes an epoch: the next one is the block's, and the act's is the one
// after that.
class LostClosingBlock : public RestartTest {
 public:
  void TestBody() override {}

  // True when it came to that: the two to be lost fell silent `after_ms` after the entry was filed.
  bool Happens(std::int64_t after_ms) {
    MakeFinal(0, 0);
    cluster_.Run(Seconds(5));
    v1::Body back;
    back.set_visibility(v1::PUBLIC);
    back.set_issued_at_us(cluster_.ledger().act.text.founded.us);
    back.mutable_voting_status()->set_votes(false);
    const Outcome answered = File(3, back, 3);
    cluster_.Run(Milliseconds(after_ms));
    for (const std::size_t from : {2u, 3u}) {
      for (const std::size_t to : {0u, 1u}) cluster_.Mute(from, to);
    }
    cluster_.Run(Milliseconds(30));
    const Height final = cluster_.height(3);
    if (!WasFiled(answered) || cluster_.height(0) >= final || cluster_.height(1) >= final) {
      return false;
    }
    LoseTwo();
    cluster_.Heal();
    cluster_.Run(Seconds(300));
    const v1::RestartAct draft = Draft({0, 1});
    EXPECT_EQ(ParseBlockHeader(draft.header())->kind, BlockKind::kClosing);
    EXPECT_EQ(draft.epoch(), 3u);
    ExpectGiven(Signed(draft, {0, 1, 2}));
    MakeFinal(0, 0);
    ExpectEqualLedgers();
    EXPECT_EQ(cluster_.status(0).epoch, Epoch(3));
    // Who comes later finds the way across, too.
    cluster_.Kill(3);
    cluster_.Restart(3, /*empty_store=*/true);
    cluster_.Run(Seconds(60));
    ExpectEqualLedgers();
    for (const std::size_t node : {0u, 3u}) ExpectProvable(node, 1);
    return true;
  }
};

TEST(RestartAtAClosingBlockTest, TheActBeginsTheEpochAfterTheNext) {
  bool happened = false;
  for (std::int64_t after_ms = 1; after_ms < 30 && !happened; ++after_ms) {
    happened = LostClosingBlock().Happens(after_ms);
  }
  EXPECT_TRUE(happened) << "no answer came before the others knew";
}

TEST_F(RestartTest, AnActThatWouldVoidWhatIsFinalIsRefused) {
  MakeFinal(0, 0);
  cluster_.Run(Seconds(5));
  const v1::RestartAct early = Signed(Draft({0}), {0, 1, 2});
  MakeFinal(1, 1);
  cluster_.Run(Seconds(5));
  const Height height = cluster_.height(0);
  const auto given = Give(0, early);
  EXPECT_THAT(std::string(given.status().message()), HasSubstr("is final at this node"));
  MakeFinal(2, 2);  // and it still votes
  cluster_.Run(Seconds(5));
  EXPECT_GT(cluster_.height(0), height);
  EXPECT_EQ(cluster_.status(0).epoch, Epoch(1));
}

TEST_F(RestartTest, TooFewSignaturesAreRefused) {
  MakeFinal(0, 0);
  cluster_.Run(Seconds(5));
  EXPECT_THAT(std::string(Give(0, Signed(Draft({0}), {0, 1})).status().message()),
              HasSubstr("2 of 4 members have signed it, 3 are needed"));
  v1::RestartAct forged = Signed(Draft({0}), {0, 1, 2});
  forged.mutable_signatures(2)->set_signature(forged.signatures(1).signature());
  EXPECT_THAT(std::string(Give(0, forged).status().message()), HasSubstr("signature of CCC"));
  v1::RestartAct other_members = Draft({0});
  other_members.mutable_members()->RemoveLast();
  EXPECT_THAT(std::string(Give(0, Signed(other_members, {0, 1, 2})).status().message()),
              HasSubstr("its members are not those"));
}

TEST_F(RestartTest, ASecondActOfTheSameEpochIsRefused) {
  MakeFinal(0, 0);
  cluster_.Run(Seconds(5));
  LoseTwo();
  cluster_.Run(Seconds(10));
  // Node 1 has what is final there and no more, so that both acts are such that it could take.
  const v1::RestartAct act = Signed(Draft({0, 1}), {0, 1, 2});
  EXPECT_TRUE(Give(0, act).value_or(false));
  EXPECT_TRUE(Give(0, act).value_or(false)) << "the same again";
  v1::RestartAct later = act;
  later.set_epoch(3);
  later.clear_signatures();
  EXPECT_TRUE(Give(0, Signed(later, {0, 1, 2})).ok()) << "one of a later epoch replaces it";
  EXPECT_THAT(std::string(Give(0, act).status().message()), HasSubstr("is in epoch 3"));
}

// The first act's epoch does not come to a block; the second starts the one after it.
TEST_F(RestartTest, OneActCanFollowAnother) {
  MakeFinal(0, 0);
  cluster_.Run(Seconds(5));
  LoseTwo();
  cluster_.Run(Seconds(10));
  const v1::RestartAct first = Signed(Draft({0, 1}), {0, 1, 2});
  for (const std::size_t node : {0u, 1u}) ASSERT_TRUE(Give(node, first).ok());
  cluster_.Run(Seconds(60));
  EXPECT_EQ(cluster_.status(0).epoch, Epoch(2));
  const v1::RestartAct second = Signed(Draft({0, 1}), {1, 2, 3});
  EXPECT_EQ(second.epoch(), 3u);
  ExpectGiven(second);
  MakeFinal(2, 2);
  ExpectEqualLedgers();
  EXPECT_EQ(cluster_.status(3).epoch, Epoch(3));
  for (std::size_t node = 0; node < 4; ++node) ExpectProvable(node, 1);
}

// Nobody tells it but its peers.
TEST_F(RestartTest, WhoWasAwayComesByItself) {
  MakeFinal(0, 0);
  cluster_.Run(Seconds(5));
  cluster_.Kill(1);
  LoseTwo();
  cluster_.Run(Seconds(10));
  const v1::RestartAct act = Signed(Draft({0}), {0, 1, 2});
  ASSERT_TRUE(Give(0, act).ok());
  for (const std::size_t node : {2u, 3u}) ASSERT_TRUE(Give(node, act, true).ok());
  MakeFinal(2, 2);
  cluster_.Run(Seconds(5));
  cluster_.Restart(1);
  cluster_.Run(Seconds(60));
  EXPECT_EQ(cluster_.status(1).epoch, Epoch(2));
  EXPECT_EQ(cluster_.status(1).mode, replica::Mode::kVoting);
  ExpectEqualLedgers();
}

// The members have not signed the certificate of the block that their act names.
TEST_F(RestartTest, WhoLeavesTheCertificateOutOfAnActDeceivesNobody) {
  MakeFinal(0, 0);
  cluster_.Run(Seconds(5));
  cluster_.Kill(1);
  LoseTwo();
  cluster_.Run(Seconds(10));
  const v1::RestartAct act = Signed(Draft({0}), {0, 1, 2});
  ASSERT_FALSE(act.certificate().empty());
  v1::RestartAct stripped = act;
  stripped.clear_certificate();
  EXPECT_FALSE(Give(0, stripped).ok());
  ASSERT_TRUE(Give(0, act).ok());
  for (const std::size_t node : {2u, 3u}) ASSERT_TRUE(Give(node, act, true).ok());
  MakeFinal(2, 2);
  cluster_.Run(Seconds(5));
  cluster_.StripActs(2);
  cluster_.Restart(1);
  for (const std::size_t honest : {0u, 3u}) cluster_.Cut(1, honest);
  cluster_.Run(Seconds(60));
  EXPECT_EQ(cluster_.status(1).epoch, Epoch(1)) << "it takes no act that it could not show";
  cluster_.Heal();
  cluster_.Run(Seconds(60));
  EXPECT_EQ(cluster_.status(1).epoch, Epoch(2));
  EXPECT_EQ(cluster_.status(1).mode, replica::Mode::kVoting);
  ExpectEqualLedgers();
  ExpectProvable(1, 1);
}

// Without the operator's word a node that has lost its votes restores in the new epoch as well.
TEST_F(RestartTest, WithoutTheWordANodeGoesOnRestoring) {
  MakeFinal(0, 0);
  cluster_.Run(Seconds(5));
  LoseTwo();
  cluster_.Run(Seconds(10));
  const v1::RestartAct act = Signed(Draft({0, 1}), {0, 1, 2});
  for (std::size_t node = 0; node < 4; ++node) ASSERT_TRUE(Give(node, act).ok());
  const Outcome waits = Notify(0, 0);
  cluster_.Run(Seconds(120));
  EXPECT_FALSE(waits->has_value());
  EXPECT_EQ(cluster_.status(2).epoch, Epoch(2));
  EXPECT_EQ(cluster_.status(2).mode, replica::Mode::kRestoring);
  // One word is enough: then there are three who know what they voted, and the fourth asks them.
  ASSERT_TRUE(Give(2, act, true).ok());
  ASSERT_TRUE(cluster_.RunUntil(Seconds(120), [&] { return WasFiled(waits); }));
  EXPECT_TRUE(cluster_.RunUntil(Seconds(300),
                                [&] { return cluster_.status(3).mode == replica::Mode::kVoting; }));
  ExpectEqualLedgers();
}

// The word counts once: whoever loses its data again has voted in that epoch.
TEST_F(RestartTest, TheWordDoesNotHideAVoteThatPeersHold) {
  MakeFinal(0, 0);
  cluster_.Run(Seconds(5));
  LoseTwo();
  cluster_.Run(Seconds(10));
  const v1::RestartAct act = Signed(Draft({0, 1}), {0, 1, 2});
  ExpectGiven(act);
  MakeFinal(2, 2);
  cluster_.Run(Seconds(5));
  cluster_.Kill(2);
  cluster_.Restart(2, /*empty_store=*/true);
  cluster_.Run(Seconds(1));
  (void)Give(2, act, true);
  EXPECT_NE(cluster_.status(2).mode, replica::Mode::kVoting);
  const Outcome after = Notify(0, 0);
  ASSERT_TRUE(cluster_.RunUntil(Seconds(120), [&] { return WasFiled(after); }));
  ExpectEqualLedgers();
}

}  // namespace
}  // namespace assent
