#include "ledger/membership/voters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using sample::CodeAt;
using sample::HashNamed;
using sample::MakeVoter;
using sample::MakeVoters;
using ::testing::HasSubstr;

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(Quorum, IsMoreThanTwoThirds) {
  const std::pair<std::size_t, std::size_t> quorums[] = {{1, 1},   {2, 2},    {3, 3},    {4, 3},
                                                         {5, 4},   {6, 5},    {7, 5},    {10, 7},
                                                         {99, 67}, {100, 67}, {150, 101}};
  for (const auto& [n, q] : quorums) EXPECT_EQ(QuorumOf(n), q) << n;
  EXPECT_EQ(FaultsOf(0), 0u);
  EXPECT_EQ(FaultsOf(3), 0u);
  EXPECT_EQ(FaultsOf(4), 1u);
  EXPECT_EQ(FaultsOf(7), 2u);
}

// What the safety proof needs: two quorums share an honest voter, and the honest ones alone make a
// quorum.
TEST(Quorum, IntersectsInAnHonestVoterAndCanBeReached) {
  for (std::size_t n = 1; n <= kVotersMax; ++n) {
    ASSERT_GT(2 * QuorumOf(n), n + FaultsOf(n)) << n;
    ASSERT_LE(QuorumOf(n), n - FaultsOf(n)) << n;
  }
}

TEST(VoterSet, IsInCodeOrderWhateverItIsMadeFrom) {
  const auto set = VoterSet::Make({MakeVoter(2), MakeVoter(0), MakeVoter(1)});
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->hash(), MakeVoters(3).hash());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(set->at(i).code, CodeAt(i));
    EXPECT_EQ(set->Find(CodeAt(i)), i);
    EXPECT_EQ(set->FindTransportKey(MakeVoter(i).transport_key), i);
  }
  EXPECT_EQ(set->Find(CodeAt(3)), std::nullopt);
  EXPECT_EQ(set->FindTransportKey(MakeVoter(3).transport_key), std::nullopt);
  EXPECT_EQ(set->FindTransportKey(MakeVoter(0).vote_key), std::nullopt);
}

TEST(VoterSet, RefusesWhatIsNoSet) {
  EXPECT_THAT(Message(VoterSet::Make({}).status()), HasSubstr("empty"));
  EXPECT_THAT(Message(VoterSet::Make({MakeVoter(0), MakeVoter(0)}).status()),
              HasSubstr("AAA is listed twice"));
  EXPECT_THAT(Message(VoterSet::Make({Voter{}}).status()), HasSubstr("no code"));
  std::vector<Voter> many(kVotersMax + 1, MakeVoter(0));
  EXPECT_THAT(Message(VoterSet::Make(many).status()), HasSubstr("limit"));
}

TEST(VoterSet, RefusesAnyKeyThatIsUsedTwice) {
  PublicKey Voter::*const keys[] = {&Voter::vote_key, &Voter::checkpoint_key,
                                    &Voter::transport_key};
  for (const auto here : keys) {
    for (const auto there : keys) {
      Voter other = MakeVoter(1);
      other.*there = MakeVoter(0).*here;
      EXPECT_THAT(Message(VoterSet::Make({MakeVoter(0), other}).status()), HasSubstr("used twice"));
    }
  }
}

TEST(VoterSet, HashIsOverCountCodesAndKeys) {
  std::string bytes("\x06\x00\x02", 3);
  for (std::size_t i = 0; i < 2; ++i) {
    const Voter voter = MakeVoter(i);
    bytes += "\x03" + voter.code.str() + voter.vote_key.str() + voter.checkpoint_key.str() +
             voter.transport_key.str();
  }
  EXPECT_EQ(MakeVoters(2).hash(), Sha256(bytes));
}

TEST(VoterSet, HashChangesWithEveryField) {
  const Hash before = MakeVoters(1).hash();
  for (const auto key : {&Voter::vote_key, &Voter::checkpoint_key, &Voter::transport_key}) {
    Voter voter = MakeVoter(0);
    voter.*key = MakeVoter(1).*key;
    EXPECT_NE(VoterSet::Make({voter})->hash(), before);
  }
  Voter renamed = MakeVoter(0);
  renamed.code = CodeAt(1);
  EXPECT_NE(VoterSet::Make({renamed})->hash(), before);
}

TEST(VoterSet, LeadersTakeTurns) {
  const VoterSet set = MakeVoters(4);
  EXPECT_EQ(set.Leader(Epoch(1), View(1)), 2u);
  EXPECT_EQ(set.Leader(Epoch(1), View(2)), 3u);
  EXPECT_EQ(set.Leader(Epoch(1), View(3)), 0u);
  EXPECT_EQ(set.Leader(Epoch(2), View(3)), 1u);
}

TEST(VoterSet, LeaderOfHugeNumbersDoesNotWrap) {
  const VoterSet set = MakeVoters(3);
  const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();  // 0 mod 3
  EXPECT_EQ(set.Leader(Epoch(huge), View(huge)), 0u);
  EXPECT_EQ(set.Leader(Epoch(huge), View(1)), 1u);
}

TEST(MembersHash, IsOverCodesKeysAndMembershipsInCodeOrder) {
  const MemberIdentity first{CodeAt(0), MakeVoter(0).vote_key, EntryIndex(0)};
  const MemberIdentity second{CodeAt(1), MakeVoter(1).vote_key, EntryIndex(0x0102)};
  const std::string bytes = std::string("\x07\x00\x02", 3) + "\x03" + "AAA" +
                            first.authority_key.str() + std::string(8, '\0') + "\x03" + "AAB" +
                            second.authority_key.str() + std::string("\0\0\0\0\0\0\x01\x02", 8);
  EXPECT_EQ(MembersHash({first, second}), Sha256(bytes));
  EXPECT_EQ(MembersHash({second, first}), Sha256(bytes));
  EXPECT_NE(MembersHash({first}), MembersHash({second}));
}

}  // namespace
}  // namespace assent
