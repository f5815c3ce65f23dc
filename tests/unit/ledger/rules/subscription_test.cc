// How a state comes, goes, and comes again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

SubscriptionStatus StatusOf(const TestLedger& ledger, std::string_view code,
                            std::uint64_t tree_size = kNewest) {
  return SubscriptionOf(ledger.state(), Code(code), tree_size).value().status;
}

TEST(Subscription, GoesFromInvitationToMembership) {
  TestLedger ledger;
  EXPECT_FALSE(SubscriptionOf(ledger.state(), Code("SWE")));
  ledger.MustFile("FRA", Inviting("SWE"));
  EXPECT_EQ(StatusOf(ledger, "SWE"), SubscriptionStatus::kInvited);
  ledger.MustFile("FRA", DeclineOf("SWE"));
  EXPECT_EQ(StatusOf(ledger, "SWE"), SubscriptionStatus::kDeclined);
  ledger.MustFile("NOR", Inviting("SWE"));
  const EntryIndex note = ledger.MustFile("DEU", NoteOf("SWE"));
  EXPECT_EQ(StatusOf(ledger, "SWE"), SubscriptionStatus::kNoted);
  EXPECT_EQ(SubscriptionOf(ledger.state(), Code("SWE"))->question, note);
  EXPECT_FALSE(MemberOf(ledger.state(), Code("SWE")));
  ledger.MustFile("FRA", EndorsementOf(note));
  const EntryIndex last = ledger.MustFile("NOR", EndorsementOf(note));
  EXPECT_EQ(StatusOf(ledger, "SWE"), SubscriptionStatus::kActive);

  const MemberView member = MemberOf(ledger.state(), Code("SWE")).value();
  EXPECT_EQ(member.name, "State SWE");
  EXPECT_EQ(member.membership, last);
  EXPECT_EQ(member.member_since, ledger.now());
  EXPECT_EQ(member.authority_key, TestKey("SWE/authority").public_key());
  EXPECT_EQ(member.reader_key, TestKey("SWE/reader").public_key());
  EXPECT_EQ(member.contact, "Ministry of Foreign Affairs");
  EXPECT_FALSE(member.votes);
  EXPECT_EQ(MembersOf(ledger.state()).size(), 4u);

  ledger.SignWith("SWE", "SWE/authority");
  ledger.MustFile("SWE", Notification("S-1"));
}

TEST(Subscription, NeedsNoInvitation) {
  TestLedger ledger;
  Subscribe(ledger, "SWE");
  EXPECT_EQ(StatusOf(ledger, "SWE"), SubscriptionStatus::kActive);
}

TEST(Subscription, IsNotStoppedByAFalseNote) {
  TestLedger ledger;
  const EntryIndex false_note = ledger.MustFile("DEU", NoteOf(StatementOf("SWE", "fake"), "fake"));
  ledger.MustFile("DEU", NoteOf(StatementOf("SWE", "fake"), "fake"));  // again, and again
  Subscribe(ledger, "SWE");
  EXPECT_EQ(MemberOf(ledger.state(), Code("SWE"))->authority_key,
            TestKey("SWE/authority").public_key());
  EXPECT_EQ(ledger.Reason("FRA", EndorsementOf(false_note)), "QUESTION_MOOT");
}

TEST(Subscription, NoteIsGoodForItsLedgerItsStateAndItsKeys) {
  TestLedger ledger;
  v1::Body body = NoteOf("SWE");
  v1::SubscriptionStatement said = StatementOf("SWE", "SWE");
  said.set_name("Another name");
  body.mutable_subscription_note()->set_statement(said.SerializeAsString());
  EXPECT_EQ(ledger.Reason("FRA", body), "SIGNATURE_INVALID");
  said = StatementOf("SWE", "SWE");
  said.set_code("ITA");  // the reader key was shown for SWE
  EXPECT_EQ(ledger.Reason("FRA", NoteOf(said, "SWE")), "POSSESSION_INVALID");
  said = StatementOf("SWE", "SWE");
  said.set_reader_key(said.authority_key());
  EXPECT_EQ(ledger.Reason("FRA", NoteOf(said, "SWE")), "KEY_REGISTERED");
}

TEST(Withdrawal, EndsWhatAMemberMayDo) {
  TestLedger ledger;
  ledger.MustFile("NOR", Notification("A-1"));
  ledger.MustFile("NOR", Leaving());
  EXPECT_EQ(StatusOf(ledger, "NOR"), SubscriptionStatus::kWithdrawn);
  EXPECT_EQ(ledger.Reason("NOR", Notification("A-2")), "UNKNOWN_AUTHOR");
  EXPECT_FALSE(VotersOf(ledger.state()).Find(Code("NOR")));
  EXPECT_EQ(MembersOf(ledger.state()).size(), 2u);
  EXPECT_EQ(RecordAt(ledger.state(), EntryIndex(0))->standing, Standing::kCurrent);
}

TEST(Withdrawal, OfTheLastMissingSignerMakesTheRoundFinal) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, "New.\n"));
  ledger.MustFile("FRA", SignRound(round, "New.\n"));
  ledger.MustFile("DEU", SignRound(round, "New.\n"));
  const EntryIndex last = ledger.MustFile("NOR", Leaving());
  const RoundView view = RoundAt(ledger.state(), round, ledger.now()).value();
  EXPECT_EQ(view.status, RoundStatus::kFinal);
  EXPECT_EQ(view.ended_by, last);
  EXPECT_EQ(ParametersOf(ledger.state()).revision, 1u);
  const RoundView before = RoundAt(ledger.state(), round, ledger.now(), last.value()).value();
  EXPECT_EQ(before.status, RoundStatus::kOpen);
  EXPECT_THAT(before.missing, testing::ElementsAre(Code("NOR")));
}

TEST(Withdrawal, OfAnotherSignerLeavesTheRoundOpen) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, "New.\n"));
  ledger.MustFile("FRA", SignRound(round, "New.\n"));
  ledger.MustFile("FRA", Leaving());
  const RoundView view = RoundAt(ledger.state(), round, ledger.now()).value();
  EXPECT_EQ(view.status, RoundStatus::kOpen);
  EXPECT_THAT(view.missing, testing::ElementsAre(Code("DEU"), Code("NOR")));
  EXPECT_TRUE(view.signatures.empty());
}

TEST(Withdrawal, EndsNoRoundThatHasLapsed) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, "New.\n"));
  ledger.MustFile("FRA", SignRound(round, "New.\n"));
  ledger.MustFile("DEU", SignRound(round, "New.\n"));
  ledger.Pass(Days(181));
  ledger.MustFile("NOR", Leaving());
  EXPECT_EQ(RoundAt(ledger.state(), round, ledger.now())->status, RoundStatus::kLapsed);
}

TEST(Subscription, AgainIsAnotherMembershipWithNewKeys) {
  TestLedger ledger({"DEU", "FRA", "ITA", "NOR"});
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, "New.\n"));
  const EntryIndex first = ledger.MustFile("ITA", SignRound(round, "New.\n"));
  ledger.MustFile("ITA", Leaving());
  const std::uint64_t gone = ledger.size();
  EXPECT_EQ(ledger.Reason("FRA", NoteOf("ITA")), "KEY_REGISTERED") << "its old keys";
  Decide(ledger, NoteOf(StatementOf("ITA", "ITA/2"), "ITA/2"));
  ledger.SignWith("ITA", "ITA/2/authority");
  const MemberView member = MemberOf(ledger.state(), Code("ITA")).value();
  EXPECT_EQ(member.membership, EntryIndex(ledger.size() - 1));
  EXPECT_EQ(member.entries, 2u) << "its sequence goes on";

  v1::Body sign = SignRound(round, "New.\n");
  EXPECT_EQ(ledger.Reason("ITA", sign), "WRONG_MEMBERSHIP");
  sign.mutable_revision_sign()->set_membership(member.membership.value());
  const std::uint64_t back = ledger.size();
  const EntryIndex second = ledger.MustFile("ITA", sign);
  const auto signatures = [&](std::uint64_t tree_size) {
    std::vector<EntryIndex> indices;
    const auto view = RoundAt(ledger.state(), round, ledger.now(), tree_size);
    for (const RoundSignature& each : view->signatures) indices.push_back(each.index);
    return indices;
  };
  EXPECT_THAT(signatures(first.value() + 1), testing::ElementsAre(first));
  EXPECT_THAT(signatures(gone), testing::IsEmpty()) << "of no member";
  EXPECT_THAT(signatures(back), testing::IsEmpty()) << "of another membership";
  EXPECT_THAT(signatures(kNewest), testing::ElementsAre(second));
}

TEST(Subscriptions, AreListedAsTheyWereAtAnyHeight) {
  TestLedger ledger;
  ledger.MustFile("FRA", Inviting("ITA"));
  Subscribe(ledger, "SWE");
  ledger.MustFile("NOR", Leaving());
  const auto listed = [&](std::size_t limit, const MemberCode& after, std::uint64_t tree_size) {
    std::string text;
    for (const auto& each : Subscriptions(ledger.state(), limit, after, tree_size)) {
      text += each.code.str() + std::to_string(static_cast<int>(each.status)) + " ";
    }
    return text;
  };
  EXPECT_EQ(listed(9, {}, 0), "DEU4 FRA4 NOR4 ");
  EXPECT_EQ(listed(9, {}, 1), "DEU4 FRA4 ITA1 NOR4 ");
  EXPECT_EQ(listed(9, {}, 2), "DEU4 FRA4 ITA1 NOR4 SWE3 ");
  EXPECT_EQ(listed(9, {}, kNewest), "DEU4 FRA4 ITA1 NOR5 SWE4 ");
  EXPECT_EQ(listed(2, {}, kNewest), "DEU4 FRA4 ");
  EXPECT_EQ(listed(2, Code("FRA"), kNewest), "ITA1 NOR5 ");
  EXPECT_EQ(listed(2, Code("NOR"), kNewest), "SWE4 ");
}

}  // namespace
}  // namespace assent::rules
