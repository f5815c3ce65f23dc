// Whose node votes: by its state's own word and proof, until it steps back or the members suspend
// it.
#include <gtest/gtest.h>

#include "ledger/limits.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

bool Votes(const TestLedger& ledger, std::string_view code) {
  return VotersOf(ledger.state()).Find(Code(code)).has_value();
}

TEST(Voting, StepsBackAndComesBackWithAProof) {
  TestLedger ledger;
  const Hash before = VotersOf(ledger.state()).hash();
  ledger.MustFile("NOR", StepBack());
  EXPECT_FALSE(Votes(ledger, "NOR"));
  EXPECT_NE(VotersOf(ledger.state()).hash(), before);
  EXPECT_TRUE(MemberOf(ledger.state(), Code("NOR"))) << "it is a member all the same";
  ledger.MustFile("NOR", VotingFrom(ledger, "NOR"));
  EXPECT_EQ(VotersOf(ledger.state()).hash(), before);
}

TEST(Voting, TakesAnyOfTheRecentBlocksAndNoOlderOne) {
  TestLedger ledger;
  ledger.MustFile("NOR", StepBack());
  const v1::Body body = VotingFrom(ledger, "NOR");  // of block 1
  // Each block remembers its parent: the block after so many more is the first that does not know it.
  for (std::uint64_t i = 0; i < kRecentBlocks; ++i) ledger.PutEmptyBlock();
  EXPECT_EQ(ledger.Reason("NOR", body), "BLOCK_NOT_RECENT");
  TestLedger other;
  other.MustFile("NOR", StepBack());
  for (std::uint64_t i = 1; i < kRecentBlocks; ++i) other.PutEmptyBlock();
  EXPECT_EQ(other.Reason("NOR", body), "");
}

TEST(Voting, IsNotProvedByABlockOfAnotherLedgerOrByAnotherKey) {
  TestLedger ledger;
  ledger.MustFile("NOR", StepBack());
  v1::Body body = VotingFrom(ledger, "NOR");
  body.mutable_voting_status()->mutable_proof()->mutable_block_hash()->front() ^= 1;
  EXPECT_EQ(ledger.Reason("NOR", body), "BLOCK_NOT_RECENT");
  EXPECT_EQ(ledger.Reason("NOR", VotingFrom(ledger, "FRA")), "PROOF_INVALID");
}

TEST(Voting, OfANewMemberBeginsWithItsKeysAndItsProof) {
  TestLedger ledger;
  Subscribe(ledger, "SWE");
  EXPECT_FALSE(Votes(ledger, "SWE"));
  EXPECT_FALSE(MemberOf(ledger.state(), Code("SWE"))->node);
  const Hash before = VotersOf(ledger.state()).hash();
  ledger.MustFile("SWE", NodeKeysOf("SWE", "SWE"));
  EXPECT_EQ(VotersOf(ledger.state()).hash(), before) << "keys alone change no voter";
  ledger.MustFile("SWE", VotingFrom(ledger, "SWE"));
  EXPECT_TRUE(Votes(ledger, "SWE"));
  EXPECT_EQ(MemberOf(ledger.state(), Code("SWE"))->peer_endpoint, "new.example:7401");
}

TEST(NodeKeys, OfAVoterChangeTheVoters) {
  TestLedger ledger;
  const Hash before = VotersOf(ledger.state()).hash();
  ledger.MustFile("NOR", NodeKeysOf("NOR", "NOR/2"));
  const VoterSet voters = VotersOf(ledger.state());
  EXPECT_NE(voters.hash(), before);
  EXPECT_EQ(voters.at(*voters.Find(Code("NOR"))).vote_key, TestKey("NOR/2/vote").public_key());
}

TEST(NodeKeys, OnceRegisteredAreNeverTakenAgain) {
  TestLedger ledger;
  ledger.MustFile("NOR", NodeKeysOf("NOR", "NOR/2"));
  EXPECT_EQ(ledger.Reason("NOR", NodeKeysOf("NOR", "NOR")), "KEY_REGISTERED");
  EXPECT_EQ(ledger.Reason("NOR", NodeKeysOf("NOR", "NOR/2")), "KEY_REGISTERED");
  v1::Body twice = NodeKeysOf("NOR", "NOR/3");
  twice.mutable_node_keys()->set_vote_key(twice.node_keys().transport_key());
  EXPECT_EQ(ledger.Reason("NOR", twice), "KEY_REGISTERED");
}

TEST(Suspension, TakesTheVoteAndNothingElse) {
  TestLedger ledger({"DEU", "FRA", "ITA", "NOR"});
  Decide(ledger, SuspensionOf("ITA"));
  EXPECT_FALSE(Votes(ledger, "ITA"));
  ledger.MustFile("ITA", Notification("A-1"));
  ledger.MustFile("ITA", VotingFrom(ledger, "ITA"));
  EXPECT_TRUE(Votes(ledger, "ITA"));
}

TEST(Suspension, IsMootWhenTheStateHasSteppedBackItself) {
  TestLedger ledger({"DEU", "FRA", "ITA", "NOR"});
  const EntryIndex question = ledger.MustFile("FRA", SuspensionOf("ITA"));
  ledger.MustFile("ITA", StepBack());
  EXPECT_EQ(ledger.Reason("DEU", EndorsementOf(question)), "QUESTION_MOOT");
}

}  // namespace
}  // namespace assent::rules
