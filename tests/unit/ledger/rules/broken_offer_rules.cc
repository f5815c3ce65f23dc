// Each rule of incentives broken once.
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// NOR has pledged; FRA offers it something that is changed so.
BrokenRule SpoiledOffer(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"IncentiveOffer", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = OfferTo("NOR", ledger.MustFile("NOR", PledgeBy("2030-01-01")));
            change(body);
            return ledger.File("FRA", body);
          }};
}

// An offer of FRA for a pledge of NOR.
EntryIndex Offered(TestLedger& ledger) {
  return ledger.MustFile("FRA", OfferTo("NOR", ledger.MustFile("NOR", PledgeBy("2030-01-01"))));
}
EntryIndex Expired(TestLedger& ledger) {
  v1::Body body = OfferTo("NOR", ledger.MustFile("NOR", PledgeBy("2030-01-01")));
  body.mutable_incentive_offer()->set_expires_us((ledger.now() + Seconds(5)).us);
  const EntryIndex offer = ledger.MustFile("FRA", body);
  ledger.Pass(Seconds(6));
  return offer;
}
EntryIndex Accepted(TestLedger& ledger) {
  const EntryIndex offer = Offered(ledger);
  ledger.MustFile("NOR", AnswerTo(offer, v1::ACCEPT));
  return offer;
}

std::vector<BrokenRule> BrokenOfferRules() {
  return {
      SpoiledOffer("STATE_MISSING",
                   [](v1::Body& b) { b.mutable_incentive_offer()->clear_state(); }),
      SpoiledOffer("STATE_IS_AUTHOR",
                   [](v1::Body& b) { b.mutable_incentive_offer()->set_state("FRA"); }),
      SpoiledOffer("STATE_UNKNOWN",
                   [](v1::Body& b) { b.mutable_incentive_offer()->set_state("ZZZ"); }),
      SpoiledOffer("PLEDGE_MISSING",
                   [](v1::Body& b) { b.mutable_incentive_offer()->clear_pledge(); }),
      SpoiledOffer("PLEDGE_UNKNOWN",
                   [](v1::Body& b) { b.mutable_incentive_offer()->set_state("DEU"); }),
      {"IncentiveOffer", "PLEDGE_AMENDED",
       [](TestLedger& ledger) {
         const EntryIndex pledge = ledger.MustFile("NOR", PledgeBy("2030-01-01"));
         ledger.MustFile("NOR", Amending(PledgeBy("2031-01-01"), pledge));
         return ledger.File("FRA", OfferTo("NOR", pledge));
       }},
      {"IncentiveOffer", "PLEDGE_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex pledge = ledger.MustFile("NOR", PledgeBy("2030-01-01"));
         ledger.MustFile("NOR", WithdrawalOf(pledge));
         return ledger.File("FRA", OfferTo("NOR", pledge));
       }},
      SpoiledOffer("MEMBERS_ONLY", [](v1::Body& b) { b.set_visibility(v1::PUBLIC); }),
      SpoiledOffer("EXPIRY_INVALID",
                   [](v1::Body& b) { b.mutable_incentive_offer()->clear_expires_us(); }),
      SpoiledOffer(
          "EXPIRY_PASSED",
          [](v1::Body& b) { b.mutable_incentive_offer()->set_expires_us(At("2025-12-31").us); }),
      SpoiledOffer(
          "TEXT_INVALID",
          [](v1::Body& b) { b.mutable_incentive_offer()->set_text(std::string(16'385, 'x')); }),
  };
}

std::vector<BrokenRule> BrokenOfferAnswerRules() {
  return {
      {"IncentiveAnswer", "ANSWER_INVALID",
       [](TestLedger& ledger) {
         return ledger.File("NOR", AnswerTo(Offered(ledger), v1::ANSWER_UNSPECIFIED));
       }},
      {"IncentiveAnswer", "OFFER_MISSING",
       [](TestLedger& ledger) {
         v1::Body body = AnswerTo(Offered(ledger), v1::ACCEPT);
         body.mutable_incentive_answer()->clear_offer();
         return ledger.File("NOR", body);
       }},
      {"IncentiveAnswer", "OFFER_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("DEU", AnswerTo(Offered(ledger), v1::ACCEPT));
       }},
      {"IncentiveAnswer", "OFFER_ANSWERED",
       [](TestLedger& ledger) {
         return ledger.File("NOR", AnswerTo(Accepted(ledger), v1::DECLINE));
       }},
      {"IncentiveAnswer", "OFFER_EXPIRED",
       [](TestLedger& ledger) {
         return ledger.File("NOR", AnswerTo(Expired(ledger), v1::ACCEPT));
       }},
      {"IncentiveAnswer", "OFFER_RESCINDED",
       [](TestLedger& ledger) {
         const EntryIndex offer = Offered(ledger);
         ledger.MustFile("FRA", Ending(offer, v1::RESCINDED));
         return ledger.File("NOR", AnswerTo(offer, v1::ACCEPT));
       }},
      {"IncentiveAnswer", "OFFER_VISIBILITY",
       [](TestLedger& ledger) {
         return ledger.File("NOR", Public(AnswerTo(Offered(ledger), v1::ACCEPT)));
       }},
      {"IncentiveAnswer", "PLEDGE_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex pledge = ledger.MustFile("NOR", PledgeBy("2030-01-01"));
         const EntryIndex offer = ledger.MustFile("FRA", OfferTo("NOR", pledge));
         ledger.MustFile("NOR", WithdrawalOf(pledge));
         return ledger.File("NOR", AnswerTo(offer, v1::ACCEPT));
       }},
  };
}

std::vector<BrokenRule> BrokenOfferUpdateRules() {
  return {
      {"IncentiveUpdate", "OUTCOME_INVALID",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Ending(Offered(ledger), v1::INCENTIVE_OUTCOME_UNSPECIFIED));
       }},
      {"IncentiveUpdate", "TEXT_INVALID",
       [](TestLedger& ledger) {
         v1::Body body = Ending(Offered(ledger), v1::RESCINDED);
         body.mutable_incentive_update()->clear_text();
         return ledger.File("FRA", body);
       }},
      {"IncentiveUpdate", "OFFER_MISSING",
       [](TestLedger& ledger) {
         v1::Body body = Ending(Offered(ledger), v1::RESCINDED);
         body.mutable_incentive_update()->clear_offer();
         return ledger.File("FRA", body);
       }},
      {"IncentiveUpdate", "OFFER_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("NOR", Ending(Offered(ledger), v1::RESCINDED));
       }},
      {"IncentiveUpdate", "OFFER_OPEN",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Ending(Offered(ledger), v1::DELIVERED));
       }},
      {"IncentiveUpdate", "OFFER_DECLINED",
       [](TestLedger& ledger) {
         const EntryIndex offer = Offered(ledger);
         ledger.MustFile("NOR", AnswerTo(offer, v1::DECLINE));
         return ledger.File("FRA", Ending(offer, v1::RESCINDED));
       }},
      {"IncentiveUpdate", "OFFER_EXPIRED",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Ending(Expired(ledger), v1::RESCINDED));
       }},
      {"IncentiveUpdate", "OFFER_RESCINDED",
       [](TestLedger& ledger) {
         const EntryIndex offer = Accepted(ledger);
         ledger.MustFile("FRA", Ending(offer, v1::RESCINDED));
         return ledger.File("FRA", Ending(offer, v1::DELIVERED));
       }},
      {"IncentiveUpdate", "OFFER_DELIVERED",
       [](TestLedger& ledger) {
         const EntryIndex offer = Accepted(ledger);
         ledger.MustFile("FRA", Ending(offer, v1::DELIVERED));
         return ledger.File("FRA", Ending(offer, v1::RESCINDED));
       }},
      {"IncentiveUpdate", "OFFER_VISIBILITY",
       [](TestLedger& ledger) {
         const EntryIndex pledge = ledger.MustFile("NOR", Public(PledgeBy("2030-01-01")));
         const EntryIndex offer = ledger.MustFile("FRA", Public(OfferTo("NOR", pledge)));
         return ledger.File("FRA", Ending(offer, v1::RESCINDED));
       }},
  };
}

const AddBrokenRules offer_rules(BrokenOfferRules);
const AddBrokenRules offer_answers(BrokenOfferAnswerRules);
const AddBrokenRules offer_updates(BrokenOfferUpdateRules);

}  // namespace
}  // namespace assent::rules
