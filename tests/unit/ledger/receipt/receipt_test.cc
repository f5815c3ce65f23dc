#include "ledger/receipt/receipt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "ledger/entry/release.h"
#include "ledger/limits.h"
#include "ledger/receipt/receipt_file.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Five entries in two blocks; the receipt is for entry 3, in the second.
class ReceiptTest : public ::testing::Test {
 protected:
  ReceiptTest() {
    ledger_.AddBlock({ledger_.Sign(0, "a"), ledger_.Sign(1, "b")});
    const Entry entry = ledger_.Sign(2, "d");
    ledger_.AddBlock({ledger_.Sign(0, "c"), entry, ledger_.Sign(3, "e")});
    receipt_ = ledger_.Receipt(entry, 3);
    receipt_.set_certificate(ledger_.Certify({0, 1, 3}));
  }

  absl::StatusOr<ReceiptProof> Verify(const v1::Receipt& receipt) const {
    return VerifyReceipt(FormatReceiptFile(receipt), ledger_.act());
  }
  std::string Refusal(const v1::Receipt& receipt) const {
    return std::string(Verify(receipt).status().message());
  }
  std::string Refusal(const std::function<void(v1::Receipt&)>& change) const {
    v1::Receipt receipt = receipt_;
    change(receipt);
    return Refusal(receipt);
  }

  SmallLedger ledger_;
  v1::Receipt receipt_;
};

TEST_F(ReceiptTest, ProvesWhoFiledWhatWhereAndWhen) {
  const auto proof = Verify(receipt_);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->index, EntryIndex(3));
  EXPECT_EQ(proof->header, ledger_.newest());
  EXPECT_EQ(proof->entry.body(), "d");
  EXPECT_THAT(proof->proved, Contains(HasSubstr("AAC signed this entry, its number 1")));
  EXPECT_THAT(proof->proved,
              Contains("it is entry 3 of ledger code.example/assent, in block 2, filed at "
                       "2026-01-01T00:00:02Z"));
  EXPECT_THAT(proof->proved,
              Contains("the block is final: 3 of 4 voters signed it (AAA, AAB, AAD), 3 are "
                       "needed"));
  EXPECT_THAT(proof->proved, Contains("the text shown is the one that AAC signed"));
  EXPECT_THAT(proof->not_shown, Contains(HasSubstr("amended or withdrawn")));
  EXPECT_THAT(proof->not_shown, Contains(HasSubstr("whether more than 1 of the 4 voters")));
}

TEST_F(ReceiptTest, SaysThatTheBodyIsNotShown) {
  receipt_.mutable_entry()->clear_body();
  receipt_.mutable_entry()->clear_salt();
  const auto proof = Verify(receipt_);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_FALSE(proof->entry.has_body());
  EXPECT_THAT(proof->not_shown, Contains(HasSubstr("its text is not in this receipt")));
  EXPECT_THAT(proof->proved, Not(Contains(HasSubstr("text shown"))));
}

// The first entry of AAA, released by the key "head" under a name; `spoil` changes the release.
v1::Receipt ReceiptOfReleased(SmallLedger& ledger, const std::function<void(v1::Release&)>& spoil) {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(1);
  body.mutable_withdrawal()->set_target(1);
  EntryHeader header;
  header.ledger_id = ledger.act().ledger_id;
  header.author = sample::CodeAt(0);
  header.sequence = Sequence(1);
  header.not_after = FromCivil({2027, 1, 1});  // as SmallLedger signs
  const std::string statement = ReleaseStatement(header, body.SerializeAsString());
  const SigningKey head = sample::KeyNamed("head");
  v1::Release& release = *body.mutable_release();
  release.set_name("Head of Division");
  release.set_public_key(head.public_key().str());
  release.set_signature(head.Sign(tag::kRelease, statement).str());
  spoil(release);
  const Entry entry = ledger.Sign(0, body.SerializeAsString());
  ledger.AddBlock({entry});
  v1::Receipt receipt = ledger.Receipt(entry, 0);
  receipt.set_certificate(ledger.Certify({0, 1, 3}));
  return receipt;
}

TEST(ReleasedReceiptTest, SaysWhoReleased) {
  SmallLedger ledger;
  const v1::Receipt receipt = ReceiptOfReleased(ledger, [](v1::Release&) {});
  const auto proof = VerifyReceipt(FormatReceiptFile(receipt), ledger.act());
  ASSERT_TRUE(proof.ok()) << proof.status();
  ASSERT_TRUE(proof->released_by.has_value());
  EXPECT_EQ(proof->released_by->name, "Head of Division");
  EXPECT_EQ(proof->released_by->key, sample::KeyNamed("head").public_key());
  EXPECT_THAT(proof->proved, Contains(HasSubstr("\"Head of Division\" released it")));
  EXPECT_THAT(proof->not_shown, Contains(HasSubstr("that AAA had named this releaser")));
}

TEST(ReleasedReceiptTest, RefusesAReleaseThatIsNotSigned) {
  SmallLedger ledger;
  const v1::Receipt receipt = ReceiptOfReleased(ledger, [](v1::Release& release) {
    release.set_public_key(sample::KeyNamed("other").public_key().str());
  });
  const auto proof = VerifyReceipt(FormatReceiptFile(receipt), ledger.act());
  EXPECT_THAT(std::string(proof.status().message()), StartsWith("release: "));
}

TEST_F(ReceiptTest, WithoutItsTextCannotSayWhoReleased) {
  EXPECT_FALSE(Verify(receipt_)->released_by.has_value());
  receipt_.mutable_entry()->clear_body();
  receipt_.mutable_entry()->clear_salt();
  EXPECT_THAT(Verify(receipt_)->not_shown, Contains(HasSubstr("who released it")));
}

TEST_F(ReceiptTest, TakesTheCertificateOfADescendant) {
  receipt_.add_descendants(ledger_.AddBlock({}));
  receipt_.add_descendants(ledger_.AddBlock({ledger_.Sign(0)}));
  receipt_.set_certificate(ledger_.Certify({0, 1, 2, 3}));
  EXPECT_TRUE(Verify(receipt_).ok()) << Verify(receipt_).status();
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_descendants()->RemoveLast(); }),
              StartsWith("certificate: "));
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_descendants()->SwapElements(0, 1); }),
              StartsWith("descendants: header 1"));
}

// Whoever alters a receipt by one bit has none.
TEST_F(ReceiptTest, RefusesEveryFlippedBit) {
  const std::string good = FormatReceiptFile(receipt_);
  ASSERT_TRUE(VerifyReceipt(good, ledger_.act()).ok());
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    const auto proof = VerifyReceipt(sample::WithBitFlipped(good, bit), ledger_.act());
    ASSERT_FALSE(proof.ok()) << "bit " << bit % 8 << " of byte " << bit / 8;
  }
}

TEST_F(ReceiptTest, RefusesEveryBeginningOfItself) {
  const std::string good = FormatReceiptFile(receipt_);
  for (std::size_t size = 0; size < good.size(); ++size) {
    ASSERT_FALSE(VerifyReceipt(good.substr(0, size), ledger_.act()).ok()) << size;
  }
  EXPECT_FALSE(VerifyReceipt(good + "x", ledger_.act()).ok());
}

TEST_F(ReceiptTest, NamesTheStepThatFailed) {
  EXPECT_THAT(std::string(VerifyReceipt("hello", ledger_.act()).status().message()),
              StartsWith("file: it does not begin with"));
  EXPECT_THAT(
      std::string(
          VerifyReceipt(std::string(kReceiptMagic) + "\xff", ledger_.act()).status().message()),
      StartsWith("file: "));
  const std::string too_long = std::string(kReceiptMagic) + std::string(kReceiptBytesMax, '\0');
  EXPECT_THAT(std::string(VerifyReceipt(too_long, ledger_.act()).status().message()),
              HasSubstr("the limit is"));
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_entry()->set_body("x"); }), StartsWith("entry: "));
  EXPECT_THAT(Refusal([](auto& r) { r.clear_entry(); }), StartsWith("entry: "));
  EXPECT_THAT(Refusal([](auto& r) { r.set_header("x"); }), StartsWith("block header: "));
  EXPECT_THAT(Refusal([](auto& r) { r.set_index(5); }),
              StartsWith("place: entry 5 is not among those of block 2 (2 to 5"));
  EXPECT_THAT(Refusal([](auto& r) { r.set_index(2); }), StartsWith("inclusion: "));
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_inclusion_proof()->RemoveLast(); }),
              StartsWith("inclusion: "));
  EXPECT_THAT(Refusal([](auto& r) { r.add_inclusion_proof("x"); }),
              StartsWith("inclusion: a hash of it is not 32 bytes"));
  EXPECT_THAT(Refusal([](auto& r) {
                for (int i = 0; i < 65; ++i) r.add_inclusion_proof(std::string(32, 'x'));
              }),
              StartsWith("inclusion: it has more than 64"));
  EXPECT_THAT(Refusal([](auto& r) { r.add_descendants("x"); }), StartsWith("descendants: "));
  EXPECT_THAT(Refusal([](auto& r) { r.clear_certificate(); }), StartsWith("certificate: "));
}

// A later header proves inclusion as well, but would give a later time of filing.
TEST_F(ReceiptTest, RefusesALaterHeaderThanThatOfTheEntrysBlock) {
  ledger_.AddBlock({ledger_.Sign(0)});
  v1::Receipt later = ledger_.Receipt(*FromProto(receipt_.entry()), 3);
  later.set_certificate(ledger_.Certify({0, 1, 3}));
  EXPECT_THAT(Refusal(later), StartsWith("place: "));
}

TEST_F(ReceiptTest, RefusesACertificateThatIsTooSmallOrNotFinal) {
  EXPECT_THAT(Refusal([&](auto& r) {
                r.set_certificate(ledger_.Certify({0, 1}));
              }),
              HasSubstr("2 votes; a quorum of 4 voters needs 3"));
  EXPECT_THAT(Refusal([&](auto& r) {
                r.set_certificate(ledger_.Certify({0, 1, 2}, VoteKind::kNotarize));
              }),
              HasSubstr("only finalize"));
}

TEST_F(ReceiptTest, RefusesAnEntryThatIsNotItsAuthors) {
  // AAD signs in the name of AAC; even a quorum that lets it through cannot make a receipt of it.
  EntryHeader header;
  header.ledger_id = ledger_.act().ledger_id;
  header.author = sample::CodeAt(2);
  header.sequence = Sequence(2);
  const Salt salt;
  const Entry forged =
      SignEntry(header, "forged", salt, sample::MemberKey(3, KeyRole::kAuthority)).value();
  ledger_.AddBlock({forged});
  v1::Receipt receipt = ledger_.Receipt(forged, 5);
  receipt.set_certificate(ledger_.Certify({0, 1, 2, 3}));
  EXPECT_THAT(Refusal(receipt),
              StartsWith("author: the founding act does not give AAC the key of this entry"));

  header.authority_key_id = KeyIdOf(sample::MemberKey(2, KeyRole::kAuthority).public_key());
  header.body_commitment = BodyCommitment(salt, "forged");
  RawEntry raw;
  raw.header = EncodeEntryHeader(header);
  raw.signature = sample::MemberKey(3, KeyRole::kAuthority).Sign(tag::kEntry, raw.header);
  const Entry unsigned_entry = Entry::Parse(raw).value();
  ledger_.AddBlock({unsigned_entry});
  receipt = ledger_.Receipt(unsigned_entry, 6);
  receipt.set_certificate(ledger_.Certify({0, 1, 2, 3}));
  EXPECT_THAT(Refusal(receipt), StartsWith("author: the signature is not by"));
}

TEST_F(ReceiptTest, RefusesAnAuthorThatTheActDoesNotName) {
  EntryHeader header;
  header.ledger_id = ledger_.act().ledger_id;
  header.author = sample::CodeAt(9);
  header.sequence = Sequence(1);
  const Entry entry =
      SignEntry(header, "x", Salt(), sample::MemberKey(9, KeyRole::kAuthority)).value();
  ledger_.AddBlock({entry});
  v1::Receipt receipt = ledger_.Receipt(entry, 5);
  receipt.set_certificate(ledger_.Certify({0, 1, 2}));
  EXPECT_THAT(Refusal(receipt),
              StartsWith("author: the founding act does not give AAJ the key of this entry"));
}

TEST_F(ReceiptTest, OfAnotherLedgerIsRefused) {
  const auto proof = VerifyReceipt(FormatReceiptFile(receipt_), sample::MakeAct(3));
  EXPECT_THAT(std::string(proof.status().message()),
              StartsWith("entry: it was signed for another"));
}

// The founders hand over to five voters in epoch 2; the entry is filed in epoch 2.
class EpochReceiptTest : public ReceiptTest {
 protected:
  EpochReceiptTest() {
    v1::EpochChange& change = *receipt_.add_epochs();
    change.set_header(ledger_.AddClosingBlock({ledger_.Sign(1)}, 5));
    change.add_tail(ledger_.AddBlock({}, BlockKind::kTail));
    change.add_tail(ledger_.AddBlock({}, BlockKind::kTail));
    change.set_certificate(ledger_.Certify({1, 2, 3}));
    AddVoters(5, change);
    ledger_.BeginEpoch(5);
    const Entry entry = ledger_.Sign(0);
    ledger_.AddBlock({entry});
    v1::Receipt receipt = ledger_.Receipt(entry, 6);
    receipt.set_certificate(ledger_.Certify({0, 1, 2, 4}));
    *receipt.mutable_epochs() = receipt_.epochs();
    receipt_ = receipt;
  }
};

TEST_F(EpochReceiptTest, LeadsFromTheFoundersToTheVotersOfTheTime) {
  const auto proof = Verify(receipt_);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_THAT(proof->proved, Contains(HasSubstr("4 of 5 voters signed it (AAA, AAB, AAC, AAE)")));
}

TEST_F(EpochReceiptTest, RefusesEveryFlippedBitOfTheChange) {
  const std::string good = FormatReceiptFile(receipt_);
  const std::size_t begin = good.find(receipt_.epochs(0).header());
  ASSERT_NE(begin, std::string::npos);
  for (std::size_t at = begin; at < good.size(); ++at) {
    const auto proof = VerifyReceipt(sample::WithBitFlipped(good, 8 * at + at % 8), ledger_.act());
    ASSERT_FALSE(proof.ok()) << "byte " << at;
  }
}

TEST_F(EpochReceiptTest, RefusesAWayThatIsTooShortOrTooLong) {
  EXPECT_THAT(Refusal([](auto& r) { r.clear_epochs(); }),
              StartsWith("voters: the block is of epoch 2"));
  EXPECT_THAT(Refusal([](auto& r) { *r.add_epochs() = r.epochs(0); }),
              StartsWith("voters: end of epoch 2: "));
}

// A quorum of an epoch can sign what it likes; the epochs before it bind it all the same.
class LyingQuorumTest : public EpochReceiptTest {
 protected:
  // The receipt with its block as `change` has it, certified by the same quorum.
  std::string WithBlock(const std::function<void(BlockHeader&)>& change) {
    v1::Receipt receipt = receipt_;
    SmallLedger lying = ledger_;
    receipt.set_header(lying.Alter(change));
    receipt.set_certificate(lying.Certify({0, 1, 2, 4}));
    return Refusal(receipt);
  }
  // The receipt with a second change of epochs, whose closing block is as `change` has it.
  std::string WithSecondChange(const std::function<void(BlockHeader&)>& change) {
    v1::Receipt receipt = receipt_;
    SmallLedger lying = ledger_;
    lying.AddClosingBlock({}, 4);
    v1::EpochChange& second = *receipt.add_epochs();
    second.set_header(lying.Alter(change));
    second.set_certificate(lying.Certify({0, 1, 2, 4}));
    AddVoters(4, second);
    return Refusal(receipt);
  }

  static constexpr Height kClosed{3};  // of the block that closed epoch 1
};

TEST_F(LyingQuorumTest, CannotEndAnEpochBeforeItBegan) {
  for (const Height height : {kClosed, Height(kClosed.value() - 1)}) {
    EXPECT_EQ(WithSecondChange([&](BlockHeader& header) { header.height = height; }),
              "voters: end of epoch 2: the epoch ends before it begins");
  }
  EXPECT_EQ(WithSecondChange([](BlockHeader& header) { header.height = kClosed.next(); }),
            "voters: the block is of epoch 2, the proof leads from the founding act to epoch 3");
}

TEST_F(LyingQuorumTest, CannotFileBeforeItsEpochBegan) {
  for (const Height height : {kClosed, Height(kClosed.value() - 1)}) {
    EXPECT_EQ(WithBlock([&](BlockHeader& header) { header.height = height; }),
              "voters: the block is older than its epoch");
  }
  EXPECT_EQ(WithBlock([](BlockHeader& header) { header.height = kClosed.next(); }), "");
}

TEST_F(LyingQuorumTest, CannotNameOtherVotersInABlockThatClosesNothing) {
  EXPECT_EQ(
      WithBlock([](BlockHeader& header) { header.voters_hash = sample::MakeVoters(4).hash(); }),
      "voters: the block names other voters than its epoch has");
}

TEST_F(EpochReceiptTest, RefusesOtherVotersThanTheClosingBlockNames) {
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_epochs(0)->mutable_voters()->RemoveLast(); }),
              StartsWith("voters: end of epoch 1: the voters are not those"));
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_epochs(0)->clear_voters(); }),
              StartsWith("voters: end of epoch 1: "));
  EXPECT_THAT(
      Refusal([](auto& r) { r.mutable_epochs(0)->mutable_voters(0)->set_vote_key("short"); }),
      HasSubstr("not 32 bytes"));
}

TEST_F(EpochReceiptTest, RefusesAChangeThatTheVotersBeforeItDidNotMakeFinal) {
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_epochs(0)->mutable_tail()->RemoveLast(); }),
              HasSubstr("another block"));
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_epochs(0)->clear_certificate(); }),
              StartsWith("voters: end of epoch 1: malformed certificate"));
  EXPECT_THAT(Refusal([](auto& r) { r.mutable_epochs(0)->set_header(r.header()); }),
              HasSubstr("not that of the epoch's closing block"));
}

// An entry of the closing block itself becomes final by a TAIL block.
TEST_F(ReceiptTest, OfAClosingBlockEndsInATail) {
  const Entry entry = ledger_.Sign(1, "closing");
  ledger_.AddClosingBlock({entry}, 3);
  v1::Receipt receipt = ledger_.Receipt(entry, 5);
  receipt.add_descendants(ledger_.AddBlock({}, BlockKind::kTail));
  receipt.set_certificate(ledger_.Certify({0, 1, 2}));
  EXPECT_TRUE(Verify(receipt).ok()) << Verify(receipt).status();

  v1::Receipt in_tail = receipt;
  in_tail.set_header(receipt.descendants(0));
  in_tail.clear_descendants();
  EXPECT_THAT(Refusal(in_tail), StartsWith("place: the block is of a kind that holds no entries"));
}

}  // namespace
}  // namespace assent
