// Each rule of conferences, of answers to them and of attendance broken once.
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

BrokenRule SpoiledConference(std::string_view reason, std::function<void(v1::Conference&)> change) {
  return {"Conference", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = ConferenceWith({"NOR", "MEX"});
            change(*body.mutable_conference());
            return ledger.File("FRA", body);
          }};
}

// A conference of FRA with NOR, a member, and MEX, which is none.
EntryIndex InvitedToConference(TestLedger& ledger) {
  return ledger.MustFile("FRA", ConferenceWith({"NOR", "MEX"}));
}
EntryIndex Begun(TestLedger& ledger) {
  v1::Body body = ConferenceWith({"NOR", "MEX"});
  body.mutable_conference()->set_from_us((ledger.now() - Hours(1)).us);
  return ledger.MustFile("FRA", body);
}
EntryIndex Over(TestLedger& ledger) {
  v1::Body body = ConferenceWith({"NOR", "MEX"});
  body.mutable_conference()->set_from_us((ledger.now() - Hours(1)).us);
  body.mutable_conference()->set_until_us((ledger.now() + Seconds(5)).us);
  const EntryIndex conference = ledger.MustFile("FRA", body);
  ledger.Pass(Seconds(6));
  return conference;
}

// NOR answers it, but with this changed.
BrokenRule SpoiledAnswer(std::string_view reason,
                         std::function<void(v1::ConferenceAnswer&)> change) {
  return {"ConferenceAnswer", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = ConferenceAnswerOf("NOR", InvitedToConference(ledger), v1::ACCEPT);
            change(*body.mutable_conference_answer());
            return ledger.File("NOR", body);
          }};
}

// FRA says who attended it, but with this changed.
BrokenRule SpoiledAttendance(std::string_view reason,
                             std::function<void(v1::ConferenceAttendance&)> change) {
  return {"ConferenceAttendance", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = AttendanceOf(Begun(ledger), {"MEX"});
            change(*body.mutable_conference_attendance());
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenConferenceRules() {
  return {
      SpoiledConference("TITLE_INVALID",
                        [](v1::Conference& said) { said.set_title("Two\nlines"); }),
      SpoiledConference("VENUE_INVALID", [](v1::Conference& said) { said.clear_venue(); }),
      SpoiledConference("DATES_INVALID", [](v1::Conference& said) { said.clear_from_us(); }),
      SpoiledConference("DATES_PASSED",
                        [](v1::Conference& said) {
                          said.set_from_us(At("2025-12-01").us);
                          said.set_until_us(At("2025-12-02").us);
                        }),
      SpoiledConference("CODE_INVALID",
                        [](v1::Conference& said) { said.mutable_invited(0)->set_code("Norway"); }),
      SpoiledConference("NAME_INVALID",
                        [](v1::Conference& said) { said.mutable_invited(0)->clear_name(); }),
      SpoiledConference("INVITED_COUNT", [](v1::Conference& said) { said.clear_invited(); }),
      SpoiledConference("INVITED_TWICE",
                        [](v1::Conference& said) { *said.add_invited() = said.invited(0); }),
      SpoiledConference("HOST_INVITED",
                        [](v1::Conference& said) { said.mutable_invited(0)->set_code("FRA"); }),
      {"Conference", "ACCEPTED_DROPPED",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToConference(ledger);
         ledger.MustFile("DEU", ConferenceAnswerOf("MEX", first, v1::ACCEPT));
         return ledger.File("FRA", Amending(ConferenceWith({"NOR"}), first));
       }},
  };
}

std::vector<BrokenRule> BrokenConferenceAnswerRules() {
  return {
      SpoiledAnswer("ANSWER_INVALID", [](v1::ConferenceAnswer& said) { said.clear_answer(); }),
      SpoiledAnswer("INVITATION_MISSING",
                    [](v1::ConferenceAnswer& said) { said.clear_conference(); }),
      {"ConferenceAnswer", "CONFERENCE_UNKNOWN",
       [](TestLedger& ledger) {
         const EntryIndex observers = ledger.MustFile("FRA", InvitingObservers({"NOR"}, 4));
         return ledger.File("NOR", ConferenceAnswerOf("NOR", observers, v1::ACCEPT));
       }},
      {"ConferenceAnswer", "INVITATION_AMENDED",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToConference(ledger);
         ledger.MustFile("FRA", Amending(ConferenceWith({"NOR"}), first));
         return ledger.File("NOR", ConferenceAnswerOf("NOR", first, v1::ACCEPT));
       }},
      {"ConferenceAnswer", "INVITATION_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToConference(ledger);
         ledger.MustFile("FRA", WithdrawalOf(first));
         return ledger.File("NOR", ConferenceAnswerOf("NOR", first, v1::ACCEPT));
       }},
      {"ConferenceAnswer", "INVITATION_OVER",
       [](TestLedger& ledger) {
         return ledger.File("NOR", ConferenceAnswerOf("NOR", Over(ledger), v1::ACCEPT));
       }},
      {"ConferenceAnswer", "NOT_INVITED",
       [](TestLedger& ledger) {
         return ledger.File("DEU",
                            ConferenceAnswerOf("DEU", InvitedToConference(ledger), v1::ACCEPT));
       }},
      {"ConferenceAnswer", "MEMBERS_ONLY",
       [](TestLedger& ledger) {
         return ledger.File(
             "NOR", Public(ConferenceAnswerOf("NOR", InvitedToConference(ledger), v1::ACCEPT)));
       }},
      {"ConferenceAnswer", "ANSWER_MOVED",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToConference(ledger);
         const EntryIndex answer =
             ledger.MustFile("NOR", ConferenceAnswerOf("NOR", first, v1::ACCEPT));
         return ledger.File("NOR", Amending(ConferenceAnswerOf("MEX", first, v1::ACCEPT), answer));
       }},
      {"ConferenceAnswer", "ALREADY_ANSWERED",
       [](TestLedger& ledger) {
         const EntryIndex first = InvitedToConference(ledger);
         ledger.MustFile("NOR", ConferenceAnswerOf("NOR", first, v1::ACCEPT));
         return ledger.File("NOR", ConferenceAnswerOf("NOR", first, v1::DECLINE));
       }},
      {"ConferenceAnswer", "ANSWERS_ITSELF",
       [](TestLedger& ledger) {
         return ledger.File("DEU",
                            ConferenceAnswerOf("NOR", InvitedToConference(ledger), v1::ACCEPT));
       }},
  };
}

std::vector<BrokenRule> BrokenAttendanceRules() {
  return {
      SpoiledAttendance("CONFERENCE_MISSING",
                        [](v1::ConferenceAttendance& said) { said.clear_conference(); }),
      {"ConferenceAttendance", "CONFERENCE_UNKNOWN",
       [](TestLedger& ledger) { return ledger.File("NOR", AttendanceOf(Begun(ledger), {"MEX"})); }},
      {"ConferenceAttendance", "CONFERENCE_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex conference = Begun(ledger);
         ledger.MustFile("FRA", WithdrawalOf(conference));
         return ledger.File("FRA", AttendanceOf(conference, {"MEX"}));
       }},
      {"ConferenceAttendance", "MEMBERS_ONLY",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Public(AttendanceOf(Begun(ledger), {"MEX"})));
       }},
      {"ConferenceAttendance", "CONFERENCE_AHEAD",
       [](TestLedger& ledger) {
         return ledger.File("FRA", AttendanceOf(InvitedToConference(ledger), {"MEX"}));
       }},
      {"ConferenceAttendance", "ATTENDANCE_MOVED",
       [](TestLedger& ledger) {
         const EntryIndex other = Begun(ledger);
         const EntryIndex attendance = ledger.MustFile("FRA", AttendanceOf(Begun(ledger), {"MEX"}));
         return ledger.File("FRA", Amending(AttendanceOf(other, {"MEX"}), attendance));
       }},
      {"ConferenceAttendance", "ALREADY_RECORDED",
       [](TestLedger& ledger) {
         const EntryIndex conference = Begun(ledger);
         ledger.MustFile("FRA", AttendanceOf(conference, {"MEX"}));
         return ledger.File("FRA", AttendanceOf(conference, {"NOR"}));
       }},
      SpoiledAttendance("ATTENDED_COUNT",
                        [](v1::ConferenceAttendance& said) { said.clear_attended(); }),
      SpoiledAttendance("ATTENDED_TWICE",
                        [](v1::ConferenceAttendance& said) { said.add_attended("MEX"); }),
      SpoiledAttendance("ATTENDED_UNINVITED",
                        [](v1::ConferenceAttendance& said) { said.add_attended("DEU"); }),
  };
}

const AddBrokenRules conference_rules(BrokenConferenceRules);
const AddBrokenRules conference_answers(BrokenConferenceAnswerRules);
const AddBrokenRules conference_attendance(BrokenAttendanceRules);

}  // namespace
}  // namespace assent::rules
