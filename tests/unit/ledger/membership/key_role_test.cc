// What keys sign to show that their holders have them, and where nodes listen.
#include "ledger/membership/key_role.h"

#include <gtest/gtest.h>

#include "ledger/membership/endpoint.h"
#include "ledger/membership/voting_proof.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

LedgerId SomeLedger() { return *LedgerId::From(sample::HashNamed("ledger").view()); }

TEST(Possession, IsOfOneKeyOneRoleOneStateAndOneLedger) {
  const SigningKey key = sample::KeyNamed("key");
  const MemberCode owner = sample::CodeAt(0);
  const Signature proof = SignPossession(SomeLedger(), owner, KeyRole::kVote, key);
  const PublicKey& shown = key.public_key();
  EXPECT_TRUE(VerifyPossession(SomeLedger(), owner, KeyRole::kVote, shown, proof));
  EXPECT_FALSE(VerifyPossession(SomeLedger(), owner, KeyRole::kReader, shown, proof));
  EXPECT_FALSE(VerifyPossession(SomeLedger(), sample::CodeAt(1), KeyRole::kVote, shown, proof));
  EXPECT_FALSE(VerifyPossession(LedgerId(), owner, KeyRole::kVote, shown, proof));
  EXPECT_FALSE(VerifyPossession(SomeLedger(), owner, KeyRole::kVote,
                                sample::KeyNamed("other").public_key(), proof));
}

TEST(Possession, SignsLedgerCodeAndNameOfTheRole) {
  const SigningKey key = sample::KeyNamed("key");
  std::string statement = SomeLedger().str();
  statement +=
      "\x03"
      "AAA"
      "checkpoint";
  EXPECT_EQ(SignPossession(SomeLedger(), sample::CodeAt(0), KeyRole::kCheckpoint, key),
            key.Sign("assent/possession/v1", statement));
}

TEST(VotingProof, IsOfOneBlockOfOneLedger) {
  const SigningKey key = sample::KeyNamed("vote");
  const Hash block = sample::HashNamed("block");
  const Signature proof = SignVotingProof(SomeLedger(), Height(7), block, key);
  const PublicKey& shown = key.public_key();
  EXPECT_TRUE(VerifyVotingProof(SomeLedger(), Height(7), block, shown, proof));
  EXPECT_FALSE(VerifyVotingProof(SomeLedger(), Height(8), block, shown, proof));
  EXPECT_FALSE(VerifyVotingProof(SomeLedger(), Height(7), Hash(), shown, proof));
  EXPECT_FALSE(VerifyVotingProof(LedgerId(), Height(7), block, shown, proof));
  std::string statement = SomeLedger().str();
  statement += std::string_view("\0\0\0\0\0\0\0\x07", 8);
  statement += block.view();
  EXPECT_EQ(proof, key.Sign("assent/voting/v1", statement));
}

TEST(Endpoint, IsHostAndPort) {
  for (const char* good : {"a:1", "node.example:7401", "[2001:db8::1]:65535"}) {
    EXPECT_TRUE(IsEndpoint(good)) << good;
  }
  for (const char* bad : {"", ":", ":7401", "node", "node:", "node:0", "node:07401", "node:65536",
                          "node:7401 ", "no de:7401", "node:+1",
                          "n\xC3\xB6"
                          "de:1"}) {
    EXPECT_FALSE(IsEndpoint(bad)) << bad;
  }
  std::string longest(254, 'x');
  longest += ":1";
  EXPECT_TRUE(IsEndpoint(longest));
  longest.insert(0, "x");
  EXPECT_FALSE(IsEndpoint(longest));
}

}  // namespace
}  // namespace assent
