#include "client/checkpoint_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/log/merkle.h"
#include "tests/support/test_ledger.h"

namespace assent::client {
namespace {

using assent::testing::TestLedger;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class CheckNoteTest : public ::testing::Test {
 protected:
  CheckNoteTest() { note_.checkpoint = {ledger_.act.text.origin, 3, MerkleEmptyRoot()}; }

  void Sign(std::string_view code) {
    const auto& key = ledger_.state(code).node.checkpoint;
    note_.signatures.push_back({NoteKeyId(note_.checkpoint.origin, key.public_key()),
                                SignCheckpoint(note_.checkpoint, key)});
  }
  absl::StatusOr<CheckedNote> Check() const {
    return CheckNote(FormatNote(note_), ledger_.act.text.origin, ledger_.act.voters());
  }
  std::string Fault() const { return std::string(Check().status().message()); }

  const TestLedger ledger_{4};
  SignedCheckpoint note_;
};

TEST_F(CheckNoteTest, AQuorumMakesItGood) {
  Sign("CCC");
  Sign("AAA");
  EXPECT_THAT(Fault(), HasSubstr("2 of 4 voters have signed, 3 are needed"));
  Sign("DDD");
  const auto note = Check();
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->checkpoint.tree_size, 3u);
  ASSERT_EQ(note->signers.size(), 3u);
  EXPECT_EQ(note->signers[0].str(), "AAA");
}

TEST_F(CheckNoteTest, OneVoterCountsOnce) {
  Sign("AAA");
  Sign("BBB");
  Sign("BBB");
  EXPECT_FALSE(Check().ok());
}

TEST_F(CheckNoteTest, LinesOfOthersDoNotCount) {
  Sign("AAA");
  Sign("BBB");
  const SigningKey stranger(SecretSeed::Random());
  note_.signatures.push_back({NoteKeyId(note_.checkpoint.origin, stranger.public_key()),
                              SignCheckpoint(note_.checkpoint, stranger)});
  EXPECT_THAT(Fault(), HasSubstr("2 of 4"));
}

TEST_F(CheckNoteTest, ABadSignatureOfAVoterIsAnError) {
  Sign("AAA");
  Sign("BBB");
  Sign("CCC");
  Sign("DDD");
  note_.signatures[1].signature.data()[0] ^= 1;
  EXPECT_THAT(Fault(), HasSubstr("the signature of BBB is not good"));
}

TEST_F(CheckNoteTest, ANoteOfAnotherLedgerIsAnError) {
  note_.checkpoint.origin = "other.example/log";
  Sign("AAA");
  Sign("BBB");
  Sign("CCC");
  EXPECT_THAT(Fault(), HasSubstr("it is of other.example/log"));
  EXPECT_FALSE(CheckNote("no note", "x", ledger_.act.voters()).ok());
}

// 101 of 150 must sign: one more than stock readers take.
TEST(CheckNoteOfManyTest, AQuorumOfManyVotersMakesItGood) {
  const TestLedger ledger(150);
  const VoterSet voters = ledger.act.voters();
  SignedCheckpoint note{{ledger.act.text.origin, 3, MerkleEmptyRoot()}, {}};
  for (std::size_t i = 0; i < voters.quorum(); ++i) {
    const SigningKey& key = ledger.states[i].node.checkpoint;
    note.signatures.push_back({NoteKeyId(note.checkpoint.origin, key.public_key()),
                               SignCheckpoint(note.checkpoint, key)});
  }
  const std::string whole = FormatNote(note);
  const auto checked = CheckNote(whole, ledger.act.text.origin, voters);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_THAT(checked->signers, SizeIs(101));
  EXPECT_THAT(
      std::string(
          CheckNote(ForStockReaders(whole), ledger.act.text.origin, voters).status().message()),
      HasSubstr("100 of 150 voters have signed, 101 are needed"));
}

}  // namespace
}  // namespace assent::client
