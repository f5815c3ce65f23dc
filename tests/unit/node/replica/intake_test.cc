// Nothing that is not signed by whom it says gets past the intake.
#include "node/replica/intake.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>

#include "ledger/crypto/hash.h"
#include "tests/support/test_ledger.h"

namespace assent::replica {
namespace {

namespace cs = consensus;
using testing::MakeEntry;
using testing::NotificationBody;
using testing::TestLedger;

class IntakeTest : public ::testing::Test {
 protected:
  IntakeTest()
      : ledger_(4),
        intake_(ledger_.id(), ledger_.act.text.origin, Code(0)),
        codec_(Epoch(1), ledger_.act.voters()) {
    intake_.Enter(std::make_shared<EpochContext>(ledger_.id(), Epoch(1), ledger_.act.voters()));
    auto keys = std::make_shared<KeyDirectory::Keys>();
    for (const auto& state : ledger_.states) {
      keys->emplace(std::pair(state.code, KeyIdOf(state.authority.public_key())),
                    state.authority.public_key());
    }
    intake_.keys().Set(keys);
  }

  MemberCode Code(std::size_t state) const { return ledger_.states[state].code; }
  absl::StatusOr<PeerInput> Take(std::size_t from, const PeerMessage& message) {
    return intake_.CheckMessage(Code(from), codec_.Encode(message));
  }
  cs::Vote VoteOf(std::size_t voter, std::size_t signer) const {
    cs::Vote vote;
    vote.statement = {VoteKind::kSkip, Epoch(1), View(1), Hash()};
    vote.voter = voter;
    vote.signature = SignStatement(vote.statement, ledger_.id(), ledger_.states[signer].node.vote);
    return vote;
  }
  SignedTree TreeOf(std::size_t voter, std::size_t signer) const {
    const Checkpoint checkpoint{ledger_.act.text.origin, 5, Sha256("root")};
    return {Height(3), 5, Sha256("root"), Code(voter),
            SignCheckpoint(checkpoint, ledger_.states[signer].node.checkpoint)};
  }
  Entry EntryOf(std::size_t author) const {
    return MakeEntry(ledger_, ledger_.states[author], AuthorHead(), NotificationBody("R"));
  }

  TestLedger ledger_;
  Intake intake_;
  const Codec codec_;
};

TEST_F(IntakeTest, NothingIsTakenBeforeAnEpochIsEntered) {
  Intake early(ledger_.id(), ledger_.act.text.origin, Code(0));
  const std::string bytes = codec_.Encode(PeerMessage(VoteOf(1, 1)));
  EXPECT_TRUE(absl::IsUnavailable(early.CheckMessage(Code(1), bytes).status()));
  EXPECT_TRUE(absl::IsUnavailable(early.CheckBlock("").status()));
}

TEST_F(IntakeTest, TheVotersBeforeMayStillSignTheTreeThatClosedTheirEpoch) {
  TestLedger larger(5);
  // Everybody but the last voter is in the epoch before; the keys of the two ledgers are the same.
  intake_.Enter(std::make_shared<EpochContext>(ledger_.id(), Epoch(2), larger.act.voters(),
                                               ledger_.act.voters(), Height(3)));
  EXPECT_TRUE(Take(1, TreeOf(1, 1)).ok());
  EXPECT_FALSE(Take(1, TreeOf(1, 2)).ok());
}

TEST_F(IntakeTest, AVoteMustBeByItsVoter) {
  EXPECT_TRUE(Take(1, VoteOf(1, 1)).ok());
  EXPECT_TRUE(Take(2, VoteOf(1, 1)).ok()) << "who passes it on does not matter";
  EXPECT_FALSE(Take(1, VoteOf(1, 2)).ok());
}

TEST_F(IntakeTest, ACheckpointSignatureMustBeItsSenders) {
  EXPECT_TRUE(Take(1, TreeOf(1, 1)).ok());
  EXPECT_FALSE(Take(1, TreeOf(1, 2)).ok());
  EXPECT_FALSE(Take(2, TreeOf(1, 1)).ok());
}

TEST_F(IntakeTest, OfANoteOnlyGoodSignaturesByVotersAreTaken) {
  const std::string origin = ledger_.act.text.origin;
  SignedCheckpoint note{{origin, 5, Sha256("root")}, {}};
  for (const std::size_t signer : {1u, 2u}) {
    const NodeKeys& keys = ledger_.states[signer].node;
    note.signatures.push_back({NoteKeyId(origin, keys.checkpoint.public_key()),
                               SignCheckpoint(note.checkpoint, keys.checkpoint)});
  }
  const auto good = intake_.CheckNote(Height(3), FormatNote(note));
  ASSERT_EQ(good.size(), 2u);
  EXPECT_EQ(good[0].voter, Code(1));
  EXPECT_EQ(good[1].voter, Code(2));
  EXPECT_EQ(good[0].height, Height(3));
  EXPECT_EQ(good[0].tree_size, 5u);
  EXPECT_EQ(good[0].root, Sha256("root"));

  note.signatures[0].signature = note.signatures[1].signature;
  EXPECT_EQ(intake_.CheckNote(Height(3), FormatNote(note)).size(), 1u);
  note.checkpoint.tree_size = 6;
  EXPECT_TRUE(intake_.CheckNote(Height(3), FormatNote(note)).empty());
  EXPECT_TRUE(intake_.CheckNote(Height(3), "").empty());

  TestLedger larger(5);
  SignedCheckpoint stranger{{origin, 5, Sha256("root")}, {}};
  const NodeKeys& keys = larger.states[4].node;
  stranger.signatures.push_back({NoteKeyId(origin, keys.checkpoint.public_key()),
                                 SignCheckpoint(stranger.checkpoint, keys.checkpoint)});
  EXPECT_TRUE(intake_.CheckNote(Height(3), FormatNote(stranger)).empty());
  intake_.Enter(std::make_shared<EpochContext>(ledger_.id(), Epoch(2), ledger_.act.voters(),
                                               larger.act.voters(), Height(3)));
  EXPECT_EQ(intake_.CheckNote(Height(3), FormatNote(stranger)).size(), 1u);

  SignedCheckpoint elsewhere{{"other.example", 5, Sha256("root")}, {}};
  const NodeKeys& own = ledger_.states[1].node;
  elsewhere.signatures.push_back({NoteKeyId("other.example", own.checkpoint.public_key()),
                                  SignCheckpoint(elsewhere.checkpoint, own.checkpoint)});
  EXPECT_TRUE(intake_.CheckNote(Height(3), FormatNote(elsewhere)).empty());
}

TEST_F(IntakeTest, AGreetingMustFitTheLedgerAndTheSender) {
  Hello hello{ledger_.id(), Code(1), Height(4), std::nullopt, false};
  EXPECT_TRUE(Take(1, hello).ok());
  EXPECT_FALSE(Take(2, hello).ok());
  hello.newest_vote_of_yours = VoteOf(0, 0);
  EXPECT_TRUE(Take(1, hello).ok());
  hello.newest_vote_of_yours = VoteOf(2, 2);
  EXPECT_FALSE(Take(1, hello).ok()) << "not a vote of ours";
  hello.newest_vote_of_yours.reset();
  hello.ledger_id = LedgerId();
  EXPECT_FALSE(Take(1, hello).ok());
}

TEST_F(IntakeTest, StrangersAreNotHeard) {
  const std::string bytes = codec_.Encode(PeerMessage(VoteOf(1, 1)));
  EXPECT_FALSE(intake_.CheckMessage(*MemberCode::From("ZZZ"), bytes).ok());
}

TEST_F(IntakeTest, EntriesMustBeSignedByTheirAuthors) {
  EXPECT_FALSE(intake_.CheckEntry(EntryOf(2)));

  const auto& author = ledger_.states[1];
  EntryHeader header = EntryOf(1).header();
  const Entry forged = SignEntry(header, "body", RandomSalt(), ledger_.states[2].authority).value();
  EXPECT_EQ(intake_.CheckEntry(forged)->reason, "KEY_NOT_IN_FORCE");
  header.author = *MemberCode::From("ZZZ");
  const Entry unknown = SignEntry(header, "body", RandomSalt(), author.authority).value();
  EXPECT_EQ(intake_.CheckEntry(unknown)->reason, "UNKNOWN_AUTHOR");
  header.author = author.code;
  header.ledger_id = LedgerId();
  const Entry elsewhere = SignEntry(header, "body", RandomSalt(), author.authority).value();
  EXPECT_EQ(intake_.CheckEntry(elsewhere)->reason, "WRONG_LEDGER");

  const Entry good = EntryOf(1);
  const Entry bad =
      Entry::Parse({good.header_bytes(), Signature(), good.body(), good.salt()}).value();
  EXPECT_EQ(intake_.CheckEntry(bad)->reason, "BAD_SIGNATURE");
  EXPECT_EQ(intake_.CheckEntry(bad)->reason, "BAD_SIGNATURE") << "and is not remembered as good";
}

TEST_F(IntakeTest, OneBadEntrySpoilsTheMessage) {
  const Entry good = EntryOf(1);
  const Entry bad =
      Entry::Parse({good.header_bytes(), Signature(), good.body(), good.salt()}).value();
  EXPECT_TRUE(Take(1, WaitingEntries{{std::make_shared<const Entry>(good)}}).ok());
  EXPECT_FALSE(Take(1, WaitingEntries{{std::make_shared<const Entry>(good),
                                       std::make_shared<const Entry>(bad)}})
                   .ok());
}

TEST_F(IntakeTest, WhatIsOfAnotherEpochIsTold) {
  Codec later(Epoch(2), ledger_.act.voters());
  cs::Vote vote = VoteOf(1, 1);
  vote.statement.epoch = Epoch(2);
  const auto input = intake_.CheckMessage(Code(1), later.Encode(PeerMessage(vote)));
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(std::get<OtherEpochSeen>(*input).epoch, Epoch(2));
}

}  // namespace
}  // namespace assent::replica
