// Observers invited to a launch site, and the places that they take.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/rules/read_invitations.h"
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using ::testing::ElementsAre;

TEST(Observers, AreInvitedToASiteUntilTheVisitEnds) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", InvitingObservers({"NOR", "DEU"}, 4));
  const EntryIndex second = ledger.MustFile("FRA", Amending(InvitingObservers({"NOR"}, 6), first));
  const InvitationView view = *InvitationAt(ledger.state(), first);
  EXPECT_EQ(view.index, second);
  EXPECT_EQ(view.first, first);
  EXPECT_EQ(view.host, Code("FRA"));
  EXPECT_EQ(view.until, At("2026-03-06"));
  EXPECT_EQ(view.places, 6u);
  EXPECT_THAT(view.invited, ElementsAre(Code("NOR")));
  EXPECT_FALSE(view.withdrawn);
  const InvitationView before = *InvitationAt(ledger.state(), first, second.value());
  EXPECT_EQ(before.index, first);
  EXPECT_THAT(before.invited, ElementsAre(Code("NOR"), Code("DEU")));
  EXPECT_FALSE(InvitationAt(ledger.state(), first, first.value()));

  const EntryIndex withdrawal = ledger.MustFile("FRA", WithdrawalOf(second));
  EXPECT_TRUE(InvitationAt(ledger.state(), first)->withdrawn);
  EXPECT_FALSE(InvitationAt(ledger.state(), first, withdrawal.value())->withdrawn);
  EXPECT_FALSE(InvitationAt(ledger.state(), ledger.MustFile("FRA", Declaration(2025))));
}

TEST(Observers, NeverTakeMorePlacesThanThereAre) {
  TestLedger ledger;
  const EntryIndex invitation = ledger.MustFile("FRA", InvitingObservers({"NOR", "DEU"}, 4));
  const EntryIndex of_nor = ledger.MustFile("NOR", ObserversCome(invitation, 3));
  EXPECT_EQ(ledger.Reason("DEU", ObserversCome(invitation, 2)), "PLACES_TAKEN");
  const EntryIndex of_deu = ledger.MustFile("DEU", ObserversCome(invitation, 1));
  EXPECT_EQ(ledger.Reason("NOR", Amending(ObserversCome(invitation, 4), of_nor)), "PLACES_TAKEN");
  // Its own places are free for an amendment.
  const EntryIndex fewer = ledger.MustFile("NOR", Amending(ObserversCome(invitation, 2), of_nor));
  EXPECT_EQ(ledger.Reason("DEU", Amending(ObserversCome(invitation, 3), of_deu)), "PLACES_TAKEN");
  const EntryIndex more = ledger.MustFile("DEU", Amending(ObserversCome(invitation, 2), of_deu));
  // Who declines after all, or withdraws its answer, gives its places back.
  const EntryIndex declined = ledger.MustFile("NOR", Amending(NoObserversCome(invitation), fewer));
  EXPECT_EQ(ledger.Reason("FRA", Amending(InvitingObservers({"NOR", "DEU"}, 1), invitation)),
            "PLACES_TAKEN");
  ledger.MustFile("DEU", WithdrawalOf(more));
  EXPECT_EQ(ledger.Reason("NOR", Amending(ObserversCome(invitation, 5), declined)), "PLACES_TAKEN");
  EXPECT_EQ(ledger.Reason("NOR", Amending(ObserversCome(invitation, 4), declined)), "");
}

TEST(Observers, PlacesThatAreMoreThanANumberHoldsAreRefused) {
  TestLedger ledger;
  const EntryIndex invitation = ledger.MustFile("FRA", InvitingObservers({"NOR"}, 1'000));
  EXPECT_EQ(ledger.Reason("NOR", ObserversCome(invitation, ~0u)), "PLACES_TAKEN");
  EXPECT_EQ(ledger.Reason("NOR", ObserversCome(invitation, 1'000)), "");
}

TEST(Observers, NewestAnswerCountsAndOlderOnesAreKnown) {
  TestLedger ledger;
  const EntryIndex invitation = ledger.MustFile("FRA", InvitingObservers({"NOR"}, 4));
  const auto answer = [&](std::uint64_t tree_size) {
    return InvitationAnswerAt(ledger.state(), invitation, Code("NOR"), tree_size);
  };
  EXPECT_FALSE(answer(kNewest));
  const EntryIndex first = ledger.MustFile("NOR", ObserversCome(invitation, 3));
  ledger.Pass(Days(1));
  const EntryIndex second = ledger.MustFile("NOR", Amending(NoObserversCome(invitation), first));
  const EntryIndex taken_back = ledger.MustFile("NOR", WithdrawalOf(second));
  const EntryIndex third = ledger.MustFile("NOR", ObserversCome(invitation, 1));

  EXPECT_EQ(answer(kNewest)->index, third);
  EXPECT_EQ(answer(kNewest)->places, 1u);
  EXPECT_EQ(answer(kNewest)->lodged_by, Code("NOR"));
  EXPECT_FALSE(answer(third.value())) << "taken back by then";
  EXPECT_EQ(answer(taken_back.value())->index, second);
  EXPECT_FALSE(answer(taken_back.value())->accepted);
  EXPECT_EQ(answer(taken_back.value())->time, ledger.now());
  EXPECT_EQ(answer(second.value())->index, first);
  EXPECT_EQ(answer(second.value())->places, 3u);
  EXPECT_FALSE(answer(first.value()));
}

TEST(Observers, AreAnsweredForUntilTheEndAndNotAMicrosecondLonger) {
  TestLedger ledger;
  const EntryIndex invitation = ledger.MustFile("FRA", InvitingObservers({"NOR"}, 4));
  ledger.SetTime("2026-03-06");
  const EntryIndex answer = ledger.MustFile("NOR", ObserversCome(invitation, 1));
  EXPECT_EQ(ledger.Reason("FRA", Amending(InvitingObservers({"NOR"}, 4), invitation)),
            "DATES_PASSED");
  ledger.Pass(Microseconds(1));
  EXPECT_EQ(ledger.Reason("NOR", Amending(NoObserversCome(invitation), answer)), "INVITATION_OVER");
}

TEST(Observers, OfAnInvitationThatIsAmendedStayAccepted) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", InvitingObservers({"NOR", "DEU"}, 4));
  const EntryIndex answer = ledger.MustFile("NOR", ObserversCome(first, 3));
  ledger.MustFile("DEU", NoObserversCome(first));
  // Who has declined need not be invited any more.
  const EntryIndex second = ledger.MustFile("FRA", Amending(InvitingObservers({"NOR"}, 3), first));
  EXPECT_EQ(ledger.Reason("NOR", ObserversCome(second, 1)), "ALREADY_ANSWERED");
  EXPECT_EQ(ledger.Reason("NOR", Amending(ObserversCome(first, 2), answer)), "INVITATION_AMENDED");
  EXPECT_EQ(ledger.Reason("NOR", Amending(ObserversCome(second, 2), answer)), "");
}

TEST(Observers, OfAPublicInvitationMayComeInPublicOrNot) {
  TestLedger ledger;
  v1::Body body = InvitingObservers({"NOR", "DEU"}, 4);
  body.set_visibility(v1::PUBLIC);
  const EntryIndex invitation = ledger.MustFile("FRA", body);
  v1::Body answer = ObserversCome(invitation, 1);
  EXPECT_EQ(ledger.Reason("DEU", answer), "");
  answer.set_visibility(v1::PUBLIC);
  EXPECT_EQ(ledger.Reason("NOR", answer), "");
  EXPECT_EQ(InvitationAnswerAt(ledger.state(), invitation, Code("NOR"))->audience,
            Audience::kPublic);
}

}  // namespace
}  // namespace assent::rules
