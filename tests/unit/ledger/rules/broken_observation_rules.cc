// Each rule of observed launches and of their answers broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// FRA files an observation about NOR that `change` spoils.
BrokenRule SpoiledObservation(std::string_view reason,
                              std::function<void(v1::ObservedLaunch&)> change) {
  return {"ObservedLaunch", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = ObservationOf("NOR");
            change(*body.mutable_observed_launch());
            return ledger.File("FRA", body);
          }};
}

void AddPoint(v1::ObservedLaunch& said, std::int32_t latitude_deg, std::int32_t longitude_deg) {
  auto& point = *said.mutable_place()->mutable_polygon()->add_points();
  point.set_latitude_udeg(latitude_deg * 1'000'000);
  point.set_longitude_udeg(longitude_deg * 1'000'000);
}

std::vector<BrokenRule> BrokenObservations() {
  return {
      SpoiledObservation("ATTRIBUTED_UNKNOWN", [](auto& said) { said.set_attributed("QQQ"); }),
      SpoiledObservation("ATTRIBUTED_SELF", [](auto& said) { said.set_attributed("FRA"); }),
      {"ObservedLaunch", "ATTRIBUTED_CHANGED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", ObservationOf("NOR"));
         return ledger.File("FRA", Amending(ObservationOf("DEU"), first));
       }},
      SpoiledObservation("LAUNCH_TIME_MISSING", [](auto& said) { said.clear_launched_at_us(); }),
      {"ObservedLaunch", "LAUNCH_TIME_IN_FUTURE",
       [](TestLedger& ledger) {
         v1::Body body = ObservationOf("NOR");
         body.mutable_observed_launch()->set_launched_at_us((ledger.now() + Hours(1)).us);
         return ledger.File("FRA", body);
       }},
      SpoiledObservation("KIND_INVALID", [](auto& said) { said.clear_kind(); }),
      SpoiledObservation("CLASS_UNKNOWN", [](auto& said) { said.clear_class_id(); }),
      SpoiledObservation("CLASS_WRONG_KIND", [](auto& said) { said.set_class_id("BM_A"); }),
      SpoiledObservation("SOURCE_INVALID",
                         [](auto& said) { said.set_source(std::string(1'025, 'x')); }),
      SpoiledObservation("CONFIDENCE_INVALID", [](auto& said) { said.clear_confidence(); }),
  };
}

std::vector<BrokenRule> BrokenObservedPlaces() {
  return {
      SpoiledObservation("AREA_MISSING", [](auto& said) { said.mutable_place(); }),
      SpoiledObservation("SITE_NAME_INVALID",
                         [](auto& said) { said.mutable_place()->mutable_site(); }),
      SpoiledObservation(
          "COORDINATES_INVALID",
          [](auto& said) { said.mutable_place()->mutable_circle()->set_radius_m(1); }),
      SpoiledObservation("RADIUS_OUT_OF_RANGE",
                         [](auto& said) { said.mutable_place()->mutable_circle(); }),
      SpoiledObservation("POLYGON_SIZE",
                         [](auto& said) { said.mutable_place()->mutable_polygon(); }),
      SpoiledObservation("POLYGON_REPEATS",
                         [](auto& said) {
                           AddPoint(said, 1, 1);
                           AddPoint(said, 1, 1);
                           AddPoint(said, 2, 1);
                         }),
      SpoiledObservation("SEA_AREA_INVALID",
                         [](auto& said) { said.mutable_place()->set_sea_area(""); }),
  };
}

// FRA has observed a launch of NOR, which answers in a way that `change` spoils.
BrokenRule SpoiledAnswer(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"ObservedLaunchAnswer", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = ContestOf(ledger.MustFile("FRA", ObservationOf("NOR")));
            change(body);
            return ledger.File("NOR", body);
          }};
}

std::vector<BrokenRule> BrokenAnswers() {
  return {
      SpoiledAnswer("OBSERVATION_MISSING",
                    [](auto& body) { body.mutable_observed_launch_answer()->clear_observation(); }),
      {"ObservedLaunchAnswer", "OBSERVATION_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("NOR", ContestOf(ledger.MustFile("FRA", Declaration(2025))));
       }},
      {"ObservedLaunchAnswer", "NOT_ATTRIBUTED",
       [](TestLedger& ledger) {
         return ledger.File("DEU", ContestOf(ledger.MustFile("FRA", ObservationOf("NOR"))));
       }},
      {"ObservedLaunchAnswer", "OBSERVATION_AMENDED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", ObservationOf("NOR"));
         ledger.MustFile("FRA", Amending(ObservationOf("NOR"), first));
         return ledger.File("NOR", ContestOf(first));
       }},
      {"ObservedLaunchAnswer", "OBSERVATION_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex observation = ledger.MustFile("FRA", ObservationOf("NOR"));
         ledger.MustFile("FRA", WithdrawalOf(observation));
         return ledger.File("NOR", ContestOf(observation));
       }},
      SpoiledAnswer("MEMBERS_ONLY", [](auto& body) { body = Public(body); }),
      {"ObservedLaunchAnswer", "OBSERVATION_CHANGED",
       [](TestLedger& ledger) {
         const EntryIndex one = ledger.MustFile("FRA", ObservationOf("NOR"));
         const EntryIndex other = ledger.MustFile("DEU", ObservationOf("NOR"));
         const EntryIndex answer = ledger.MustFile("NOR", ContestOf(one));
         return ledger.File("NOR", Amending(ContestOf(other), answer));
       }},
      {"ObservedLaunchAnswer", "ALREADY_ANSWERED",
       [](TestLedger& ledger) {
         const EntryIndex observation = ledger.MustFile("FRA", ObservationOf("NOR"));
         ledger.MustFile("NOR", ContestOf(observation));
         return ledger.File("NOR", ConfirmationOf(observation));
       }},
      SpoiledAnswer("ANSWER_INVALID",
                    [](auto& body) { body.mutable_observed_launch_answer()->clear_answer(); }),
      SpoiledAnswer("TEXT_INVALID",
                    [](auto& body) { body.mutable_observed_launch_answer()->clear_text(); }),
  };
}

const AddBrokenRules observation_rules(BrokenObservations);
const AddBrokenRules observation_places(BrokenObservedPlaces);
const AddBrokenRules observation_answers(BrokenAnswers);

}  // namespace
}  // namespace assent::rules
