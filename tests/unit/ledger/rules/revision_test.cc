// The life of a round of revision: only by consensus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assent/v1/state.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kArticle = "Article 1.\nAll is declared.\n";

std::vector<std::string> Codes(const std::vector<MemberCode>& codes) {
  std::vector<std::string> text;
  for (const MemberCode& code : codes) text.push_back(code.str());
  return text;
}

RoundView Round(const TestLedger& ledger, EntryIndex id) {
  return RoundAt(ledger.state(), id, ledger.now()).value();
}

TEST(Revision, IsFinalAtTheVeryEntryThatCompletesTheMembers) {
  TestLedger ledger;
  ledger.MustFile("FRA", Declaration(2025));  // so that the round's id is not 0
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  EXPECT_THAT(Codes(Round(ledger, round).missing), ElementsAre("DEU", "FRA", "NOR"));
  ledger.MustFile("NOR", SignRound(round, kArticle));
  ledger.MustFile("FRA", SignRound(round, kArticle));
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kOpen);
  EXPECT_THAT(Codes(Round(ledger, round).missing), ElementsAre("DEU"));
  EXPECT_EQ(ParametersOf(ledger.state()).revision, 0u);

  ledger.Pass(Days(3));
  const EntryIndex last = ledger.MustFile("DEU", SignRound(round, kArticle));
  const RoundView final_round = Round(ledger, round);
  EXPECT_EQ(final_round.status, RoundStatus::kFinal);
  EXPECT_EQ(final_round.number, 1u);
  EXPECT_EQ(final_round.ended_by, last);
  EXPECT_EQ(final_round.ended, ledger.now());
  EXPECT_THAT(final_round.missing, IsEmpty());
  ASSERT_EQ(final_round.signatures.size(), 3u);
  EXPECT_EQ(final_round.signatures[0].member, Code("NOR"));  // in the order of the log
  EXPECT_EQ(final_round.signatures[2].index, last);

  const LedgerParameters parameters = ParametersOf(ledger.state());
  EXPECT_EQ(parameters.revision, 1u);
  EXPECT_EQ(parameters.revision_text_hash, Sha256(kArticle));
  EXPECT_EQ(parameters.revision_round, round);
}

TEST(Revision, NextRoundReplacesTheRevisionInForce) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Proposing(0, kArticle));
  for (const char* member : {"DEU", "FRA", "NOR"})
    ledger.MustFile(member, SignRound(first, kArticle));
  EXPECT_EQ(ledger.Reason("NOR", Proposing(0, "Third.\n")), "REPLACES_NOT_IN_FORCE");
  EXPECT_EQ(ledger.Reason("NOR", Proposing(1, kArticle)), "TEXT_UNCHANGED");
  const EntryIndex second = ledger.MustFile("NOR", Proposing(1, ledger.act().text.code_text));
  EXPECT_EQ(ledger.Reason("DEU", SignRound(second, kArticle, 1)), "WRONG_TEXT");
  for (const char* member : {"DEU", "FRA", "NOR"}) {
    ledger.MustFile(member, SignRound(second, ledger.act().text.code_text, 1));
  }
  EXPECT_EQ(ParametersOf(ledger.state()).revision, 2u);
  EXPECT_THAT(Rounds(ledger.state(), 10), ElementsAre(second, first));
}

TEST(Revision, OneMissingSignatureIsEnoughToHoldItUp) {
  TestLedger ledger({"AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG"});
  const EntryIndex round = ledger.MustFile("AAA", Proposing(0, kArticle));
  for (const char* member : {"AAA", "BBB", "CCC", "EEE", "FFF", "GGG"}) {
    ledger.MustFile(member, SignRound(round, kArticle));
  }
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kOpen);
  EXPECT_THAT(Codes(Round(ledger, round).missing), ElementsAre("DDD"));
  EXPECT_EQ(ParametersOf(ledger.state()).revision, 0u);
}

TEST(Revision, LedgerOfOneMemberIsCompleteByItsSignatureNotByItsProposal) {
  TestLedger ledger(std::vector<std::string>{"FRA"});
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kOpen);
  ledger.MustFile("FRA", SignRound(round, kArticle));
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kFinal);
}

TEST(Revision, CanBeSignedAtTheDeadlineAndNotAMicrosecondLater) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  const Time deadline = ledger.now() + Days(180);
  EXPECT_EQ(Round(ledger, round).deadline, deadline);
  ledger.SetTime(deadline);
  EXPECT_EQ(ledger.Reason("NOR", SignRound(round, kArticle)), "");
  ledger.Pass(Microseconds(1));
  EXPECT_EQ(ledger.Reason("DEU", SignRound(round, kArticle)), "ROUND_LAPSED");
  EXPECT_EQ(ledger.Reason("DEU", ObjectTo(round)), "ROUND_LAPSED");
}

TEST(Revision, LapsesWithoutAnyEntryAndMakesRoomForTheNext) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  const Time deadline = ledger.now() + Days(180);
  ledger.SetTime(deadline);
  EXPECT_EQ(ledger.Reason("NOR", Proposing(0, "Other.\n")), "ANOTHER_ROUND_OPEN");
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kOpen);
  EXPECT_EQ(Round(ledger, round).ended, std::nullopt);
  ledger.Pass(Microseconds(1));
  const RoundView lapsed = Round(ledger, round);
  EXPECT_EQ(lapsed.status, RoundStatus::kLapsed);
  EXPECT_EQ(lapsed.ended, deadline);
  EXPECT_THAT(lapsed.missing, IsEmpty());

  const EntryIndex next = ledger.MustFile("NOR", Proposing(0, kArticle));
  EXPECT_EQ(Round(ledger, next).status, RoundStatus::kOpen);
  const RoundView still = Round(ledger, round);
  EXPECT_EQ(still.status, RoundStatus::kLapsed);
  EXPECT_EQ(still.ended, deadline);
  EXPECT_EQ(still.ended_by, std::nullopt);
  EXPECT_EQ(RoundAt(ledger.state(), round, deadline, next.value())->status, RoundStatus::kOpen);
}

TEST(Revision, ObjectionEndsTheRoundAlsoByOneThatHasSigned) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  ledger.MustFile("NOR", SignRound(round, kArticle));
  ledger.MustFile("FRA", SignRound(round, kArticle));
  const EntryIndex objection = ledger.MustFile("NOR", ObjectTo(round));
  const RoundView view = Round(ledger, round);
  EXPECT_EQ(view.status, RoundStatus::kObjected);
  EXPECT_EQ(view.objected_by, Code("NOR"));
  EXPECT_EQ(view.ended_by, objection);
  EXPECT_EQ(ledger.Reason("DEU", SignRound(round, kArticle)), "ROUND_OBJECTED");
  EXPECT_EQ(ledger.Reason("FRA", Proposing(0, "Other.\n")), "");
}

TEST(Revision, ProposerTakesItBackWhileOpen) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  ledger.MustFile("FRA", TakeBack(round));
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kWithdrawn);
  // The same text can be proposed again: a new round, with no signatures.
  const EntryIndex again = ledger.MustFile("FRA", Proposing(0, kArticle));
  EXPECT_THAT(Round(ledger, again).signatures, IsEmpty());
}

TEST(Revision, CannotBeAmendedNorWithdrawnAsARecord) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  EXPECT_EQ(ledger.Reason("FRA", Amending(Proposing(0, "Other.\n"), round)), "NOT_AMENDABLE");
  EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(round)), "TARGET_UNKNOWN");
  const EntryIndex signature = ledger.MustFile("FRA", SignRound(round, kArticle));
  EXPECT_EQ(ledger.Reason("FRA", WithdrawalOf(signature)), "TARGET_UNKNOWN");
}

TEST(Revision, TextOfTheLargestSizeIsTaken) {
  TestLedger ledger;
  EXPECT_EQ(ledger.Reason("FRA", Proposing(0, std::string(49'152, 'x'))), "");
}

TEST(Revision, LeavingAndJoiningAgainVoidsASignature) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  ledger.MustFile("NOR", SignRound(round, kArticle));
  ledger.MustFile("NOR", Leaving());
  const EntryIndex note = ledger.MustFile("FRA", NoteOf(StatementOf("NOR", "NOR/2"), "NOR/2"));
  const EntryIndex back = ledger.MustFile("DEU", EndorsementOf(note));
  ledger.SignWith("NOR", "NOR/2/authority");
  EXPECT_THAT(Codes(Round(ledger, round).missing), ElementsAre("DEU", "FRA", "NOR"));
  EXPECT_THAT(Round(ledger, round).signatures, IsEmpty());
  ledger.MustFile("DEU", SignRound(round, kArticle));
  ledger.MustFile("FRA", SignRound(round, kArticle));
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kOpen);

  v1::Body anew = SignRound(round, kArticle);
  EXPECT_EQ(ledger.Reason("NOR", anew), "WRONG_MEMBERSHIP");
  anew.mutable_revision_sign()->set_membership(back.value());
  ledger.MustFile("NOR", anew);
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kFinal);
}

TEST(Revision, WhoJoinedMeanwhileMustSignAndWhoLeftNeedNot) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  ledger.MustFile("FRA", SignRound(round, kArticle));
  Subscribe(ledger, "SWE");
  ledger.MustFile("NOR", Leaving());
  ledger.MustFile("DEU", SignRound(round, kArticle));
  EXPECT_THAT(Codes(Round(ledger, round).missing), ElementsAre("SWE"));
  ledger.MustFile("SWE", Leaving());
  EXPECT_EQ(Round(ledger, round).status, RoundStatus::kFinal);
}

// Two of a filing's writes to one key: the later keeps the earlier.
TEST(Revision, PutInForceKeepsWhatTheSameEntryWroteBefore) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  const MemberCode author = Code("FRA");
  const auto before = LoadExisting<v1::LedgerState>(ledger.state(), kLedgerKey);
  const auto member = LoadExisting<v1::MemberState>(ledger.state(), MemberKey(author));
  StateOverlay overlay(&ledger.state());
  const Filing filing{.author = author,
                      .body = v1::Body::default_instance(),
                      .position = {EntryIndex(1), Height(2), ledger.now()},
                      .ledger = before,
                      .member = member,
                      .amends = std::nullopt,
                      .state = overlay};
  auto changed = before;
  changed.set_report_due_us(Hours(1).us);
  Save(overlay, kLedgerKey, changed);
  PutInForce(filing, {round, LoadExisting<v1::RoundState>(ledger.state(), RoundKey(round))});
  EXPECT_EQ(ParametersOf(overlay).revision, 1u);
  EXPECT_EQ(ParametersOf(overlay).report_due, Hours(1));
}

TEST(Revision, EmptySetOfMembersIsNeverComplete) {
  EXPECT_FALSE(IsComplete(MemoryState(), EntryIndex(0)));
}

TEST(RoundAt, AnOlderTreeSizeShowsWhatHeldThen) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kArticle));
  const Time opened = ledger.now();
  ledger.MustFile("NOR", SignRound(round, kArticle));
  ledger.MustFile("DEU", ObjectTo(round));
  EXPECT_FALSE(RoundAt(ledger.state(), round, opened, 0));
  const auto before = RoundAt(ledger.state(), round, opened, 1);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->status, RoundStatus::kOpen);
  EXPECT_THAT(before->signatures, IsEmpty());
  EXPECT_EQ(before->objected_by, std::nullopt);
  EXPECT_EQ(RoundAt(ledger.state(), round, opened, 2)->signatures.size(), 1u);
  EXPECT_EQ(RoundAt(ledger.state(), round, opened, 2)->status, RoundStatus::kOpen);
  EXPECT_EQ(RoundAt(ledger.state(), round, opened, 3)->status, RoundStatus::kObjected);
}

TEST(Rounds, ArePagedNewestFirst) {
  TestLedger ledger;
  std::vector<EntryIndex> opened;
  for (int i = 0; i < 4; ++i) {
    opened.push_back(ledger.MustFile("FRA", Proposing(0, kArticle)));
    ledger.MustFile("FRA", TakeBack(opened.back()));
  }
  EXPECT_THAT(Rounds(ledger.state(), 2), ElementsAre(opened[3], opened[2]));
  EXPECT_THAT(Rounds(ledger.state(), 10, opened[2].value()), ElementsAre(opened[1], opened[0]));
  EXPECT_THAT(Rounds(ledger.state(), 0), IsEmpty());
  EXPECT_FALSE(RoundAt(ledger.state(), opened[0].next(), ledger.now()));
}

}  // namespace
}  // namespace assent::rules
