#include "tests/unit/ledger/rules/cooperation_bodies.h"

#include <string>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

constexpr std::string_view kFrom = "2026-03-02";
constexpr std::string_view kUntil = "2026-03-06";

}  // namespace

v1::Body OfferTo(std::string_view state, EntryIndex pledge) {
  v1::Body body = NewBody();
  v1::IncentiveOffer& said = *body.mutable_incentive_offer();
  said.set_state(std::string(state));
  said.set_pledge(pledge.value());
  said.set_expires_us(At("2026-06-01").us);
  said.set_text("Three launches at cost.");
  return body;
}

v1::Body AnswerTo(EntryIndex offer, v1::Answer answer) {
  v1::Body body = NewBody();
  body.mutable_incentive_answer()->set_offer(offer.value());
  body.mutable_incentive_answer()->set_answer(answer);
  return body;
}

v1::Body Ending(EntryIndex offer, v1::IncentiveOutcome outcome) {
  v1::Body body = NewBody();
  body.mutable_incentive_update()->set_offer(offer.value());
  body.mutable_incentive_update()->set_outcome(outcome);
  body.mutable_incentive_update()->set_text("The third satellite is in orbit.");
  return body;
}

v1::Body AssistanceTo(std::string_view state) {
  v1::Body body = NewBody();
  v1::AssistanceNotice& said = *body.mutable_assistance_notice();
  said.set_state(std::string(state));
  said.set_text("Training in range safety.");
  said.set_reviewed_us(At("2025-12-01").us);
  said.set_review("Nothing in it serves missiles.");
  return body;
}

v1::Body InvitingObservers(const Codes& invited, std::uint32_t places) {
  v1::Body body = NewBody();
  v1::ObserverInvitation& said = *body.mutable_observer_invitation();
  said.mutable_site()->set_name("Range");
  said.mutable_site()->mutable_location()->set_latitude_udeg(5'200'000);
  said.mutable_site()->mutable_location()->set_longitude_udeg(-52'700'000);
  said.set_from_us(At(kFrom).us);
  said.set_until_us(At(kUntil).us);
  said.set_access("The control room.");
  said.set_places(places);
  for (const std::string_view code : invited) said.add_invited(std::string(code));
  return body;
}

v1::Body ObserversCome(EntryIndex invitation, std::uint32_t places) {
  v1::Body body = NewBody();
  body.mutable_observer_invitation_answer()->set_invitation(invitation.value());
  body.mutable_observer_invitation_answer()->set_answer(v1::ACCEPT);
  body.mutable_observer_invitation_answer()->set_places(places);
  return body;
}

v1::Body NoObserversCome(EntryIndex invitation) {
  v1::Body body = NewBody();
  body.mutable_observer_invitation_answer()->set_invitation(invitation.value());
  body.mutable_observer_invitation_answer()->set_answer(v1::DECLINE);
  return body;
}

v1::Body ConferenceWith(const Codes& invited) {
  v1::Body body = NewBody();
  v1::Conference& said = *body.mutable_conference();
  said.set_title("The first meeting");
  said.set_venue("Paris");
  said.set_from_us(At(kFrom).us);
  said.set_until_us(At(kUntil).us);
  for (const std::string_view code : invited) {
    v1::Invitee& invitee = *said.add_invited();
    invitee.set_code(std::string(code));
    invitee.set_name("State " + std::string(code));
  }
  return body;
}

v1::Body ConferenceAnswerOf(std::string_view state, EntryIndex conference, v1::Answer answer) {
  v1::Body body = NewBody();
  body.mutable_conference_answer()->set_conference(conference.value());
  body.mutable_conference_answer()->set_state(std::string(state));
  body.mutable_conference_answer()->set_answer(answer);
  return body;
}

v1::Body AttendanceOf(EntryIndex conference, const Codes& attended) {
  v1::Body body = NewBody();
  body.mutable_conference_attendance()->set_conference(conference.value());
  for (const std::string_view code : attended) {
    body.mutable_conference_attendance()->add_attended(std::string(code));
  }
  return body;
}

}  // namespace assent::rules
