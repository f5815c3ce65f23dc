// Incentives offered for a pledge, and what becomes of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/rules/keys.h"
#include "ledger/rules/read_offers.h"
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OffersTest : public testing::Test {
 protected:
  OffersTest() : pledge_(ledger_.MustFile("NOR", PledgeBy("2030-01-01"))) {}

  EntryIndex Offer() { return ledger_.MustFile("FRA", OfferTo("NOR", pledge_)); }
  OfferView View(EntryIndex offer) const { return *OfferAt(ledger_.state(), offer, ledger_.now()); }

  TestLedger ledger_;
  const EntryIndex pledge_;
};

TEST_F(OffersTest, IsOfferedUntilItIsAnswered) {
  const EntryIndex offer = Offer();
  const OfferView view = View(offer);
  EXPECT_EQ(view.author, Code("FRA"));
  EXPECT_EQ(view.state, Code("NOR"));
  EXPECT_EQ(view.pledge, pledge_);
  EXPECT_EQ(view.audience, Audience::kMembers);
  EXPECT_EQ(view.status, OfferStatus::kOffered);
  EXPECT_EQ(view.offered, ledger_.now());
  EXPECT_EQ(view.since, ledger_.now());
  EXPECT_EQ(view.expires, At("2026-06-01"));
  EXPECT_EQ(view.changed_by, std::nullopt);
}

TEST_F(OffersTest, SaysByWhichEntryAndWhenItWasAcceptedAndDelivered) {
  const EntryIndex offer = Offer();
  ledger_.Pass(Days(1));
  const EntryIndex answer = ledger_.MustFile("NOR", AnswerTo(offer, v1::ACCEPT));
  const Time answered = ledger_.now();
  ledger_.Pass(Days(365));  // what is accepted does not expire
  EXPECT_EQ(View(offer).status, OfferStatus::kAccepted);
  EXPECT_EQ(View(offer).changed_by, answer);
  EXPECT_EQ(View(offer).since, answered);
  const EntryIndex update = ledger_.MustFile("FRA", Ending(offer, v1::DELIVERED));
  EXPECT_EQ(View(offer).status, OfferStatus::kDelivered);
  EXPECT_EQ(View(offer).changed_by, update);
  EXPECT_EQ(View(offer).since, ledger_.now());

  // As it was at each height before.
  const auto status = [&](EntryIndex below) {
    return OfferAt(ledger_.state(), offer, answered, below.value())->status;
  };
  EXPECT_FALSE(OfferAt(ledger_.state(), offer, answered, offer.value()));
  EXPECT_EQ(status(answer), OfferStatus::kOffered);
  EXPECT_EQ(status(update), OfferStatus::kAccepted);
  EXPECT_EQ(OfferAt(ledger_.state(), offer, answered, update.value())->changed_by, answer);
}

TEST_F(OffersTest, IsDeclined) {
  const EntryIndex offer = Offer();
  const EntryIndex answer = ledger_.MustFile("NOR", AnswerTo(offer, v1::DECLINE));
  EXPECT_EQ(View(offer).status, OfferStatus::kDeclined);
  EXPECT_EQ(View(offer).changed_by, answer);
  EXPECT_EQ(ledger_.Reason("NOR", WithdrawalOf(pledge_)), "") << "a declined offer holds nothing";
}

TEST_F(OffersTest, CanBeAnsweredAtItsExpiryAndNotAMicrosecondLater) {
  const EntryIndex first = Offer();
  const EntryIndex second = Offer();
  ledger_.SetTime("2026-06-01");
  EXPECT_EQ(View(second).status, OfferStatus::kOffered);
  EXPECT_EQ(ledger_.Reason("NOR", AnswerTo(first, v1::ACCEPT)), "");
  ledger_.Pass(Microseconds(1));
  EXPECT_EQ(View(second).status, OfferStatus::kExpired);
  EXPECT_EQ(View(second).since, At("2026-06-01"));
  EXPECT_EQ(View(second).changed_by, std::nullopt);
  EXPECT_EQ(ledger_.Reason("NOR", AnswerTo(second, v1::DECLINE)), "OFFER_EXPIRED");
  EXPECT_EQ(View(first).status, OfferStatus::kAccepted);
}

TEST_F(OffersTest, ExpiryIsAheadByAMicrosecondAtLeast) {
  v1::Body body = OfferTo("NOR", pledge_);
  body.mutable_incentive_offer()->set_expires_us(ledger_.now().us);
  EXPECT_EQ(ledger_.Reason("FRA", body), "EXPIRY_PASSED");
  body.mutable_incentive_offer()->set_expires_us(ledger_.now().us + 1);
  EXPECT_EQ(ledger_.Reason("FRA", body), "");
  body.mutable_incentive_offer()->set_expires_us(At("9999-12-31T23:59:59.999999Z").us);
  EXPECT_EQ(ledger_.Reason("FRA", body), "");
  body.mutable_incentive_offer()->set_expires_us(body.incentive_offer().expires_us() + 1);
  EXPECT_EQ(ledger_.Reason("FRA", body), "EXPIRY_INVALID");
}

TEST_F(OffersTest, AcceptedHoldsThePledgeUntilItIsDeliveredOrRescinded) {
  const EntryIndex first = Offer();
  EXPECT_EQ(ledger_.Reason("NOR", Amending(PledgeBy("2031-01-01"), pledge_)), "")
      << "an amended pledge is still the pledge";
  const EntryIndex amended(ledger_.size() - 1);
  const EntryIndex second = ledger_.MustFile("DEU", OfferTo("NOR", amended));
  ledger_.MustFile("NOR", AnswerTo(first, v1::ACCEPT));
  ledger_.MustFile("NOR", AnswerTo(second, v1::ACCEPT));

  const Outcome held = ledger_.File("NOR", WithdrawalOf(amended));
  ASSERT_TRUE(held.refusal);
  EXPECT_EQ(held.refusal->reason, "TARGET_HELD");
  EXPECT_THAT(held.refusal->message, HasSubstr("FRA must deliver or rescind first"));
  ledger_.MustFile("FRA", Ending(first, v1::DELIVERED));
  EXPECT_EQ(ledger_.Reason("NOR", WithdrawalOf(amended)), "TARGET_HELD");
  ledger_.MustFile("DEU", Ending(second, v1::RESCINDED));
  EXPECT_EQ(ledger_.Reason("NOR", WithdrawalOf(amended)), "");
}

TEST_F(OffersTest, OfAStateThatHasLeftHoldsNothing) {
  ledger_.MustFile("NOR", AnswerTo(Offer(), v1::ACCEPT));
  EXPECT_EQ(ledger_.Reason("NOR", WithdrawalOf(pledge_)), "TARGET_HELD");
  ledger_.Write({{MemberKey(Code("FRA")), std::nullopt}});
  EXPECT_EQ(ledger_.Reason("NOR", WithdrawalOf(pledge_)), "");
}

TEST_F(OffersTest, ForAPledgeThatWasWithdrawnCanOnlyBeDeclinedOrRescinded) {
  const EntryIndex first = Offer();
  const EntryIndex second = Offer();
  ledger_.MustFile("NOR", WithdrawalOf(pledge_));
  EXPECT_EQ(ledger_.Reason("NOR", AnswerTo(first, v1::ACCEPT)), "PLEDGE_WITHDRAWN");
  EXPECT_EQ(ledger_.Reason("NOR", AnswerTo(first, v1::DECLINE)), "");
  EXPECT_EQ(ledger_.Reason("FRA", Ending(second, v1::RESCINDED)), "");
}

TEST_F(OffersTest, IsNeitherAmendedNorWithdrawn) {
  const EntryIndex offer = Offer();
  EXPECT_EQ(ledger_.Reason("FRA", Amending(OfferTo("NOR", pledge_), offer)), "NOT_AMENDABLE");
  EXPECT_EQ(ledger_.Reason("FRA", WithdrawalOf(offer)), "TARGET_UNKNOWN");
}

TEST_F(OffersTest, TellsNoOtherStatesOfferFromNone) {
  const EntryIndex offer = Offer();
  for (const EntryIndex named :
       {offer, pledge_, EntryIndex(1'000), kFirstWaitingIndex, EntryIndex(~0ull)}) {
    EXPECT_EQ(ledger_.Reason("DEU", AnswerTo(named, v1::ACCEPT)), "OFFER_UNKNOWN");
    EXPECT_EQ(ledger_.Reason("DEU", Ending(named, v1::RESCINDED)), "OFFER_UNKNOWN");
  }
  EXPECT_EQ(ledger_.Reason("FRA", AnswerTo(offer, v1::ACCEPT)), "OFFER_UNKNOWN");
  EXPECT_EQ(ledger_.Reason("NOR", Ending(offer, v1::RESCINDED)), "OFFER_UNKNOWN");
}

TEST_F(OffersTest, IsForAPledgeOfTheStateItNames) {
  const EntryIndex declaration = ledger_.MustFile("NOR", Declaration(2025));
  const EntryIndex of_deu = ledger_.MustFile("DEU", PledgeBy("2030-01-01"));
  for (const EntryIndex named : {declaration, of_deu, EntryIndex(1'000), kFirstWaitingIndex}) {
    EXPECT_EQ(ledger_.Reason("FRA", OfferTo("NOR", named)), "PLEDGE_UNKNOWN");
  }
}

TEST_F(OffersTest, AreFoundByPledgeAndByState) {
  const EntryIndex first = Offer();
  const EntryIndex amended = ledger_.MustFile("NOR", Amending(PledgeBy("2031-01-01"), pledge_));
  const EntryIndex second = ledger_.MustFile("DEU", OfferTo("NOR", amended));
  const EntryIndex of_deu = ledger_.MustFile("DEU", PledgeBy("2032-01-01"));
  const EntryIndex third = ledger_.MustFile("FRA", OfferTo("DEU", of_deu));

  const StateView& state = ledger_.state();
  EXPECT_THAT(OffersForPledge(state, pledge_, 10), ElementsAre(first, second));
  EXPECT_THAT(OffersForPledge(state, amended, 10), IsEmpty()) << "the chain begins with the first";
  EXPECT_EQ(View(second).pledge, amended);
  EXPECT_EQ(View(second).pledge_first, pledge_);
  EXPECT_THAT(OffersForPledge(state, of_deu, 10), ElementsAre(third));
  EXPECT_THAT(OffersBy(state, Code("FRA"), 10), ElementsAre(first, third));
  EXPECT_THAT(OffersTo(state, Code("NOR"), 10), ElementsAre(first, second));
  EXPECT_THAT(OffersTo(state, Code("FRA"), 10), IsEmpty());
  EXPECT_THAT(OffersBy(state, Code("FRA"), 1), ElementsAre(first));
  EXPECT_THAT(OffersBy(state, Code("FRA"), 10, first.next()), ElementsAre(third));
  EXPECT_THAT(OffersBy(state, Code("FRA"), 0), IsEmpty());
}

TEST_F(OffersTest, ForAPublicPledgeMayBePublicAndSoIsWhatBecomesOfIt) {
  v1::Body pledge = PledgeBy("2031-01-01");
  pledge.set_visibility(v1::PUBLIC);
  const EntryIndex open = ledger_.MustFile("NOR", Amending(pledge, pledge_));
  EXPECT_EQ(ledger_.Reason("FRA", OfferTo("NOR", open)), "")
      << "it may be for members all the same";
  v1::Body body = OfferTo("NOR", open);
  body.set_visibility(v1::PUBLIC);
  const EntryIndex offer = ledger_.MustFile("FRA", body);
  EXPECT_EQ(View(offer).audience, Audience::kPublic);
  v1::Body answer = AnswerTo(offer, v1::ACCEPT);
  EXPECT_EQ(ledger_.Reason("NOR", answer), "OFFER_VISIBILITY");
  answer.set_visibility(v1::PUBLIC);
  EXPECT_EQ(ledger_.Reason("NOR", answer), "");
}

}  // namespace
}  // namespace assent::rules
