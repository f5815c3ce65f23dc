#include "ledger/membership/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using sample::HashNamed;
using sample::MakeVoters;
using sample::MemberKey;
using ::testing::HasSubstr;

const LedgerId kLedger = *LedgerId::From(sample::HashNamed("ledger").view());

std::string Message(const absl::Status& status) { return std::string(status.message()); }

Statement FinalizeOf(const Hash& block) { return {VoteKind::kFinalize, Epoch(1), View(7), block}; }

Certificate CertificateBy(const Statement& statement, const std::vector<std::size_t>& positions) {
  Certificate certificate{statement, {}};
  for (const std::size_t i : positions) {
    certificate.votes.emplace_back(i,
                                   SignStatement(statement, kLedger, MemberKey(i, KeyRole::kVote)));
  }
  return certificate;
}

TEST(Statement, IsSignedUnderItsTag) {
  const SigningKey key = MemberKey(0, KeyRole::kVote);
  const Hash block = HashNamed("block");
  const std::string numbers("\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x07", 16);
  EXPECT_TRUE(Verify(key.public_key(), "assent/finalize/v1", kLedger.str() + numbers + block.str(),
                     SignStatement(FinalizeOf(block), kLedger, key)));
  const Statement skip{VoteKind::kSkip, Epoch(1), View(7), Hash()};
  EXPECT_TRUE(Verify(key.public_key(), "assent/skip/v1", kLedger.str() + numbers,
                     SignStatement(skip, kLedger, key)));
}

TEST(Statement, CannotBePassedForAnother) {
  const SigningKey key = MemberKey(0, KeyRole::kVote);
  const Statement good = FinalizeOf(HashNamed("block"));
  const Signature signature = SignStatement(good, kLedger, key);
  EXPECT_TRUE(VerifyStatement(good, kLedger, key.public_key(), signature));

  Statement other = good;
  other.kind = VoteKind::kNotarize;
  EXPECT_FALSE(VerifyStatement(other, kLedger, key.public_key(), signature));
  other = good;
  other.epoch = Epoch(2);
  EXPECT_FALSE(VerifyStatement(other, kLedger, key.public_key(), signature));
  other = good;
  other.view = View(8);
  EXPECT_FALSE(VerifyStatement(other, kLedger, key.public_key(), signature));
  other = good;
  other.block_hash = HashNamed("other");
  EXPECT_FALSE(VerifyStatement(other, kLedger, key.public_key(), signature));
  EXPECT_FALSE(VerifyStatement(good, LedgerId(), key.public_key(), signature));
  EXPECT_FALSE(
      VerifyStatement(good, kLedger, MemberKey(1, KeyRole::kVote).public_key(), signature));
}

TEST(Proposal, IsNoVote) {
  const SigningKey key = MemberKey(0, KeyRole::kVote);
  const Hash block = HashNamed("block");
  const Signature signature = SignProposal(Epoch(1), View(7), block, kLedger, key);
  EXPECT_TRUE(VerifyProposal(Epoch(1), View(7), block, kLedger, key.public_key(), signature));
  EXPECT_FALSE(VerifyProposal(Epoch(1), View(8), block, kLedger, key.public_key(), signature));
  for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kSkip, VoteKind::kFinalize}) {
    const Statement vote{kind, Epoch(1), View(7), block};
    EXPECT_FALSE(VerifyStatement(vote, kLedger, key.public_key(), signature));
  }
}

TEST(Certificate, RoundTripsForEverySetOfVoters) {
  for (const std::size_t n : {1u, 2u, 7u, 8u, 9u, 16u, 17u}) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < n; ++i) all.push_back(i);
    const Certificate certificate = CertificateBy(FinalizeOf(HashNamed("block")), all);
    const std::string bytes = EncodeCertificate(certificate, n);
    const auto parsed = ParseCertificate(bytes, n);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, certificate);
    EXPECT_TRUE(VerifyCertificate(*parsed, kLedger, MakeVoters(n)).ok());
  }
}

TEST(Certificate, HasItsBytesWhereTheFormatSays) {
  const Certificate certificate = CertificateBy(FinalizeOf(HashNamed("block")), {0, 2, 9});
  const std::string bytes = EncodeCertificate(certificate, 10);
  EXPECT_EQ(ToHex(bytes.substr(0, 17)), "0300000000000000010000000000000007");
  EXPECT_EQ(bytes.substr(17, 32), HashNamed("block").view());
  EXPECT_EQ(ToHex(bytes.substr(49, 2)), "000a");
  EXPECT_EQ(ToHex(bytes.substr(51, 2)), "a040") << "the first voter has the highest bit";
  EXPECT_EQ(bytes.substr(53, 64), certificate.votes[0].second.view());
  EXPECT_EQ(bytes.size(), 53u + 3 * 64);
}

TEST(Certificate, NeedsAQuorum) {
  const VoterSet voters = MakeVoters(4);
  const Statement statement = FinalizeOf(HashNamed("block"));
  EXPECT_TRUE(VerifyCertificate(CertificateBy(statement, {0, 1, 3}), kLedger, voters).ok());
  EXPECT_THAT(Message(VerifyCertificate(CertificateBy(statement, {0, 3}), kLedger, voters)),
              HasSubstr("2 votes; a quorum of 4 voters needs 3"));
}

TEST(Certificate, CountsNoVoterTwiceAndNoneThatDoesNotExist) {
  const VoterSet voters = MakeVoters(4);
  const Statement statement = FinalizeOf(HashNamed("block"));
  EXPECT_FALSE(VerifyCertificate(CertificateBy(statement, {0, 1, 1}), kLedger, voters).ok());
  EXPECT_FALSE(VerifyCertificate(CertificateBy(statement, {1, 0, 2}), kLedger, voters).ok());
  EXPECT_FALSE(VerifyCertificate(CertificateBy(statement, {0, 1, 4}), kLedger, voters).ok());
}

TEST(Certificate, NamesTheVoterWhoseSignatureIsBad) {
  Certificate certificate = CertificateBy(FinalizeOf(HashNamed("block")), {0, 1, 2, 3});
  certificate.votes[2].second.data()[5] ^= 1;
  EXPECT_THAT(Message(VerifyCertificate(certificate, kLedger, MakeVoters(4))),
              HasSubstr("the signature of AAC"));
}

TEST(Certificate, RefusesEveryFlippedBit) {
  const VoterSet voters = MakeVoters(4);
  const std::string good =
      EncodeCertificate(CertificateBy(FinalizeOf(HashNamed("block")), {0, 1, 3}), 4);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    const auto parsed = ParseCertificate(sample::WithBitFlipped(good, bit), 4);
    EXPECT_FALSE(parsed.ok() && VerifyCertificate(*parsed, kLedger, voters).ok()) << "bit " << bit;
  }
}

TEST(Certificate, RefusesEveryOtherLength) {
  const std::string good =
      EncodeCertificate(CertificateBy(FinalizeOf(HashNamed("block")), {0, 1, 3}), 4);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseCertificate(good.substr(0, size), 4).ok()) << size;
  }
  EXPECT_FALSE(ParseCertificate(good + '\0', 4).ok());
  EXPECT_THAT(Message(ParseCertificate(good, 5).status()),
              HasSubstr("for 4 voters, the epoch has 5"));
}

TEST(Certificate, OfASkipNamesNoBlock) {
  const Statement skip{VoteKind::kSkip, Epoch(1), View(7), Hash()};
  std::string bytes = EncodeCertificate(CertificateBy(skip, {0, 1, 2}), 4);
  EXPECT_TRUE(ParseCertificate(bytes, 4).ok());
  bytes[20] = 1;
  EXPECT_THAT(Message(ParseCertificate(bytes, 4).status()), HasSubstr("a skip names a block"));
}

}  // namespace
}  // namespace assent
