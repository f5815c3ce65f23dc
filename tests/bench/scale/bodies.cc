#include "tests/bench/scale/bodies.h"

#include "absl/strings/str_cat.h"
#include "tests/bench/scale/states.h"

namespace assent::bench {
namespace {

v1::Body NewBody(bool is_public) {
  v1::Body body;
  body.set_visibility(is_public ? v1::PUBLIC : v1::MEMBERS);
  return body;
}

bool IsMissile(const Launch& launch) { return launch.number % 3 == 0; }

}  // namespace

v1::Body NotificationBody(const Launch& launch) {
  v1::Body body = NewBody(launch.is_public);
  auto& said = *body.mutable_launch_notification();
  said.set_reference(absl::StrCat("L-", launch.number));
  said.set_kind(IsMissile(launch) ? v1::BALLISTIC_MISSILE : v1::SPACE_LAUNCH);
  said.set_class_id(std::string(IsMissile(launch) ? kMissileClass : kLightClass));
  said.set_window_start_us(launch.start.us);
  said.set_window_end_us(launch.end.us);
  auto& circle = *said.mutable_area()->mutable_circle();
  const auto place = static_cast<std::int32_t>(launch.number % 120);
  circle.mutable_center()->set_latitude_udeg((place - 60) * 1'000'000);
  circle.mutable_center()->set_longitude_udeg((place * 3 - 179) * 1'000'000);
  circle.set_radius_m(20'000);
  said.mutable_direction()->set_azimuth_deg(static_cast<std::uint32_t>(launch.number % 360));
  said.set_count(1);
  return body;
}

v1::Body ReportOf(EntryIndex notification, const Launch& launch) {
  v1::Body body = NewBody(launch.is_public);
  auto& said = *body.mutable_launch_report();
  said.set_notification(notification.value());
  said.set_launched_at_us((launch.start + Hours(1)).us);
  said.set_outcome(launch.number % 20 == 0 ? v1::FAILED : v1::LAUNCHED);
  return body;
}

v1::Body CancellationOf(EntryIndex notification, const Launch& launch) {
  v1::Body body = NewBody(launch.is_public);
  body.mutable_launch_cancellation()->set_notification(notification.value());
  body.mutable_launch_cancellation()->set_reason("The launch is put off until further notice.");
  return body;
}

v1::Body QuestionAbout(EntryIndex notification, const Launch& launch) {
  v1::Body body = NewBody(launch.is_public);
  body.mutable_clarification_request()->set_about(notification.value());
  body.mutable_clarification_request()->set_question(
      "Which vehicle is meant, and from which site?");
  return body;
}

v1::Body ReplyTo(EntryIndex request, const Launch& launch) {
  v1::Body body = NewBody(launch.is_public);
  body.mutable_clarification_reply()->set_request(request.value());
  body.mutable_clarification_reply()->set_text("The one that was declared last year.");
  return body;
}

v1::Body CloseOf(EntryIndex request, const Launch& launch) {
  v1::Body body = NewBody(launch.is_public);
  body.mutable_clarification_close()->set_request(request.value());
  body.mutable_clarification_close()->set_reason("That was the question.");
  return body;
}

v1::Body UnannouncedReport(Time now) {
  v1::Body body = NewBody(true);
  auto& said = *body.mutable_launch_report();
  said.set_launched_at_us((now - Days(1)).us);
  said.set_outcome(v1::LAUNCHED);
  said.set_kind(v1::SPACE_LAUNCH);
  said.set_class_id(std::string(kLightClass));
  return body;
}

v1::Body ObservationOf(const std::string& attributed, Time now) {
  v1::Body body = NewBody(true);
  auto& said = *body.mutable_observed_launch();
  said.set_attributed(attributed);
  said.set_launched_at_us((now - Days(1)).us);
  said.set_kind(v1::BALLISTIC_MISSILE);
  said.set_class_id(std::string(kMissileClass));
  said.set_source("radar");
  said.set_confidence(v1::HIGH);
  return body;
}

v1::Body DeclarationBody(std::int64_t year, bool nil) {
  v1::Body body = NewBody(false);
  auto& said = *body.mutable_annual_declaration();
  said.set_year(static_cast<std::uint32_t>(year));
  for (auto* part : {said.mutable_ballistic_missiles(), said.mutable_space_launch()}) {
    part->set_form(nil ? v1::NIL : v1::FULL);
    if (!nil) {
      part->set_policy_outline(
          "Vehicles of one class are built and launched by the state's own agency, from one site. "
          "No programme is shared with others, and none is planned to be.");
    }
  }
  return body;
}

v1::Body PledgeBody(Time target) {
  v1::Body body = NewBody(true);
  body.mutable_pledge()->set_target_date_us(target.us);
  body.mutable_pledge()->set_text("All ballistic missiles are eliminated by then.");
  return body;
}

v1::Body RoundBody(std::int64_t number) {
  v1::Body body = NewBody(false);
  auto& said = *body.mutable_revision_open();
  said.set_replaces(0);
  said.set_title("Another text");
  said.set_text(absl::StrCat("1. States declare.\n2. States notify ", number, " days before.\n"));
  return body;
}

v1::Body ObjectionTo(EntryIndex round) {
  v1::Body body = NewBody(false);
  body.mutable_revision_object()->set_round(round.value());
  body.mutable_revision_object()->set_reason("Not agreed.");
  return body;
}

v1::Body EndorsementOf(EntryIndex question) {
  v1::Body body = NewBody(true);
  body.mutable_endorsement()->set_question(question.value());
  return body;
}

}  // namespace assent::bench
