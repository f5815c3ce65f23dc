#include "client/consistency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "ledger/log/checkpoint.h"
#include "ledger/log/merkle.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ConsistencyTest : public ::testing::Test {
 protected:
  ConsistencyTest() {
    ledger_.AddBlock({ledger_.Sign(0, "a"), ledger_.Sign(1, "b")});
    ledger_.AddBlock({ledger_.Sign(2, "c"), ledger_.Sign(0, "d"), ledger_.Sign(1, "e")});
  }
  std::string Note(std::uint64_t size, const Hash& root,
                   const std::vector<std::size_t>& signers = {0, 1, 3}) const {
    SignedCheckpoint note{{ledger_.act().text.origin, size, root}, {}};
    for (const std::size_t i : signers) {
      const SigningKey key = sample::MemberKey(i, KeyRole::kCheckpoint);
      note.signatures.push_back({NoteKeyId(note.checkpoint.origin, key.public_key()),
                                 SignCheckpoint(note.checkpoint, key)});
    }
    return FormatNote(note);
  }
  v1::CheckpointConsistency Proof(std::uint64_t older) const {
    v1::CheckpointConsistency proof;
    proof.set_older(Note(older, ledger_.RootOf(older)));
    proof.mutable_newer()->set_note(Note(5, ledger_.RootOf(5)));
    for (const Hash& hash : ledger_.ConsistencyFrom(older)) proof.add_hashes(hash.str());
    return proof;
  }
  std::string Fault(const v1::CheckpointConsistency& proof) const {
    return std::string(CheckConsistency(proof, ledger_.act()).status().message());
  }

  SmallLedger ledger_;
};

TEST_F(ConsistencyTest, AGoodProofSaysWhichTreesAndWhoSigned) {
  for (const std::uint64_t size : {1u, 2u, 5u}) {
    const auto checked = VerifyConsistencyFile(FormatConsistencyFile(Proof(size)), ledger_.act());
    ASSERT_TRUE(checked.ok()) << checked.status();
    EXPECT_EQ(checked->older.checkpoint.tree_size, size);
    EXPECT_EQ(checked->newer.checkpoint.tree_size, 5u);
    EXPECT_EQ(checked->newer.checkpoint.root, ledger_.RootOf(5));
    EXPECT_THAT(checked->older.signers, SizeIs(3));
  }
}

TEST_F(ConsistencyTest, AnotherHistoryIsFoundOut) {
  v1::CheckpointConsistency proof = Proof(2);
  proof.set_older(Note(2, ledger_.RootOf(1)));
  EXPECT_THAT(Fault(proof), HasSubstr("consistency: "));
  proof = Proof(2);
  proof.set_older(Note(3, ledger_.RootOf(2)));
  EXPECT_THAT(Fault(proof), HasSubstr("consistency: "));
  proof = Proof(2);
  proof.mutable_newer()->set_note(Note(5, ledger_.RootOf(4)));
  EXPECT_THAT(Fault(proof), HasSubstr("consistency: "));
  proof = Proof(5);
  proof.mutable_newer()->set_note(Note(2, ledger_.RootOf(2)));
  EXPECT_THAT(Fault(proof), HasSubstr("consistency: ")) << "the older has more entries";
}

TEST_F(ConsistencyTest, BothCheckpointsNeedAQuorum) {
  v1::CheckpointConsistency proof = Proof(2);
  proof.set_older(Note(2, ledger_.RootOf(2), {0, 1}));
  EXPECT_THAT(Fault(proof), HasSubstr("older: checkpoint: 2 of 4 voters have signed"));
  proof = Proof(2);
  proof.mutable_newer()->set_note(Note(5, ledger_.RootOf(5), {0, 1}));
  EXPECT_THAT(Fault(proof), HasSubstr("newer: checkpoint: 2 of 4 voters have signed"));
  proof.mutable_newer()->set_note("no note");
  EXPECT_THAT(Fault(proof), HasSubstr("newer: "));
}

TEST_F(ConsistencyTest, OfNoEntriesOnlyTheRootIsChecked) {
  v1::CheckpointConsistency proof;
  proof.set_older(Note(0, MerkleEmptyRoot()));
  proof.mutable_newer()->set_note(Note(5, ledger_.RootOf(5)));
  EXPECT_EQ(Fault(proof), "");
  proof.add_hashes(std::string(32, 'x'));
  EXPECT_THAT(Fault(proof), HasSubstr("hashes where none are needed"));
  proof.clear_hashes();
  proof.set_older(Note(0, ledger_.RootOf(1)));
  EXPECT_THAT(Fault(proof), HasSubstr("a root without having entries"));
}

// The older one is by the founders, the newer by five voters.
TEST_F(ConsistencyTest, EachIsByTheVotersOfItsEpoch) {
  v1::CheckpointConsistency proof;
  proof.set_older(Note(5, ledger_.RootOf(5), {0, 1, 2}));
  v1::EpochChange& change = *proof.mutable_newer()->add_epochs();
  change.set_header(ledger_.AddClosingBlock({}, 5));
  change.set_certificate(ledger_.Certify({0, 1, 2}));
  AddVoters(5, change);
  proof.mutable_newer()->set_note(Note(5, ledger_.RootOf(5), {0, 1, 2, 4}));
  EXPECT_EQ(Fault(proof), "");
  proof.mutable_newer()->set_note(Note(5, ledger_.RootOf(5), {1, 2, 4}));
  EXPECT_THAT(Fault(proof), HasSubstr("newer: checkpoint: 3 of 5 voters have signed"));
  change.set_certificate(ledger_.Certify({0, 1}));
  EXPECT_THAT(Fault(proof), HasSubstr("older: checkpoint: voters: end of epoch 1"));
}

TEST_F(ConsistencyTest, AFileIsReadStrictly) {
  const auto fault = [&](const std::string& file) {
    return std::string(VerifyConsistencyFile(file, ledger_.act()).status().message());
  };
  EXPECT_THAT(fault("something else"), HasSubstr("it does not begin with"));
  EXPECT_THAT(fault(std::string(kConsistencyMagic) + "x"), HasSubstr("file: "));
  EXPECT_THAT(fault(std::string(kConsistencyMagic) + std::string(kConsistencyBytesMax, 'x')),
              HasSubstr("it has more than"));
}

}  // namespace
}  // namespace assent::client
