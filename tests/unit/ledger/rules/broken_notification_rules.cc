// Each rule of launch notifications broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// FRA files a notification that `change` spoils.
BrokenRule SpoiledNotification(std::string_view reason,
                               std::function<void(v1::LaunchNotification&)> change) {
  return {"LaunchNotification", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Notification("A-1");
            change(*body.mutable_launch_notification());
            return ledger.File("FRA", body);
          }};
}

void AddPoint(v1::LaunchNotification& said, std::int32_t latitude_deg, std::int32_t longitude_deg) {
  auto& point = *said.mutable_area()->mutable_polygon()->add_points();
  point.set_latitude_udeg(latitude_deg * 1'000'000);
  point.set_longitude_udeg(longitude_deg * 1'000'000);
}

std::vector<BrokenRule> BrokenNotifications() {
  return {
      SpoiledNotification("REFERENCE_INVALID", [](auto& said) { said.clear_reference(); }),
      {"LaunchNotification", "REFERENCE_TAKEN",
       [](TestLedger& ledger) {
         ledger.MustFile("FRA", Notification("A-1"));
         return ledger.File("FRA", Notification("A-1"));
       }},
      {"LaunchNotification", "REFERENCE_CHANGED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         return ledger.File("FRA", Amending(Notification("A-2"), first));
       }},
      SpoiledNotification("KIND_INVALID", [](auto& said) { said.clear_kind(); }),
      SpoiledNotification("CLASS_UNKNOWN", [](auto& said) { said.set_class_id("SLV_C"); }),
      SpoiledNotification("CLASS_WRONG_KIND", [](auto& said) { said.set_class_id("BM_A"); }),
      SpoiledNotification("WINDOW_INVALID",
                          [](auto& said) { said.set_window_end_us(said.window_start_us()); }),
      SpoiledNotification(
          "WINDOW_TOO_LONG",
          [](auto& said) { said.set_window_end_us(said.window_start_us() + Days(7).us + 1); }),
      SpoiledNotification("COUNT_OUT_OF_RANGE", [](auto& said) { said.set_count(33); }),
  };
}

std::vector<BrokenRule> BrokenPlaces() {
  return {
      SpoiledNotification("AREA_MISSING", [](auto& said) { said.clear_area(); }),
      SpoiledNotification("SITE_NAME_INVALID",
                          [](auto& said) { said.mutable_area()->mutable_site()->clear_name(); }),
      SpoiledNotification(
          "COORDINATES_INVALID",
          [](auto& said) {
            said.mutable_area()->mutable_site()->mutable_location()->set_longitude_udeg(
                -180'000'000);
          }),
      SpoiledNotification("RADIUS_OUT_OF_RANGE",
                          [](auto& said) {
                            auto& circle = *said.mutable_area()->mutable_circle();
                            circle.set_radius_m(1'000'001);
                          }),
      SpoiledNotification("POLYGON_SIZE",
                          [](auto& said) {
                            AddPoint(said, 0, 0);
                            AddPoint(said, 0, 1);
                          }),
      SpoiledNotification("POLYGON_REPEATS",
                          [](auto& said) {
                            AddPoint(said, 0, 0);
                            AddPoint(said, 0, 1);
                            AddPoint(said, 1, 1);
                            AddPoint(said, 0, 0);  // the first again
                          }),
      SpoiledNotification(
          "SEA_AREA_INVALID",
          [](auto& said) { said.mutable_area()->set_sea_area(std::string(257, 'x')); }),
      SpoiledNotification("DIRECTION_MISSING", [](auto& said) { said.clear_direction(); }),
      SpoiledNotification("AZIMUTH_OUT_OF_RANGE",
                          [](auto& said) { said.mutable_direction()->set_azimuth_deg(360); }),
      SpoiledNotification(
          "SECTOR_INCOMPLETE",
          [](auto& said) { said.mutable_direction()->mutable_sector()->set_to_deg(10); }),
      SpoiledNotification("SECTOR_EMPTY",
                          [](auto& said) {
                            said.mutable_direction()->mutable_sector()->set_from_deg(10);
                            said.mutable_direction()->mutable_sector()->set_to_deg(10);
                          }),
      SpoiledNotification("COMPASS_POINT_UNKNOWN",
                          [](auto& said) { said.mutable_direction()->set_compass_point("NORTH"); }),
  };
}

std::vector<BrokenRule> BrokenNotificationRules() {
  std::vector<BrokenRule> all = BrokenNotifications();
  const std::vector<BrokenRule> places = BrokenPlaces();
  all.insert(all.end(), places.begin(), places.end());
  return all;
}

const AddBrokenRules notification_rules(BrokenNotificationRules);

}  // namespace
}  // namespace assent::rules
