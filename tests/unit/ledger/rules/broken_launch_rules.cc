// Each rule of launch notifications and reports broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// FRA files a notification that `change` spoils.
BrokenRule Spoiled(std::string_view reason, std::function<void(v1::LaunchNotification&)> change) {
  return {"LaunchNotification", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Notification("A-1");
            change(*body.mutable_launch_notification());
            return ledger.File("FRA", body);
          }};
}

// FRA notifies, and files a report that `change` spoils.
BrokenRule SpoiledReport(std::string_view reason, std::function<void(v1::LaunchReport&)> change) {
  return {"LaunchReport", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = Report(ledger.MustFile("FRA", Notification("A-1")));
            change(*body.mutable_launch_report());
            return ledger.File("FRA", body);
          }};
}

// A launch that nobody notified.
void SetUnannounced(v1::LaunchReport& said) {
  said.clear_notification();
  said.set_outcome(v1::LAUNCHED);
  said.set_launched_at_us(At("2025-12-01T00:00:00Z").us);
  said.set_kind(v1::SPACE_LAUNCH);
  said.set_class_id("SLV_A");
}

void AddPoint(v1::LaunchNotification& said, std::int32_t latitude_deg, std::int32_t longitude_deg) {
  auto& point = *said.mutable_area()->mutable_polygon()->add_points();
  point.set_latitude_udeg(latitude_deg * 1'000'000);
  point.set_longitude_udeg(longitude_deg * 1'000'000);
}

std::vector<BrokenRule> BrokenNotifications() {
  return {
      Spoiled("REFERENCE_INVALID", [](auto& said) { said.clear_reference(); }),
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
      Spoiled("KIND_INVALID", [](auto& said) { said.clear_kind(); }),
      Spoiled("CLASS_UNKNOWN", [](auto& said) { said.set_class_id("SLV_C"); }),
      Spoiled("CLASS_WRONG_KIND", [](auto& said) { said.set_class_id("BM_A"); }),
      Spoiled("WINDOW_INVALID", [](auto& said) { said.set_window_end_us(said.window_start_us()); }),
      Spoiled("WINDOW_TOO_LONG",
              [](auto& said) { said.set_window_end_us(said.window_start_us() + Days(7).us + 1); }),
      Spoiled("COUNT_OUT_OF_RANGE", [](auto& said) { said.set_count(33); }),
  };
}

std::vector<BrokenRule> BrokenPlaces() {
  return {
      Spoiled("AREA_MISSING", [](auto& said) { said.clear_area(); }),
      Spoiled("SITE_NAME_INVALID",
              [](auto& said) { said.mutable_area()->mutable_site()->clear_name(); }),
      Spoiled("COORDINATES_INVALID",
              [](auto& said) {
                said.mutable_area()->mutable_site()->mutable_location()->set_longitude_udeg(
                    -180'000'000);
              }),
      Spoiled("RADIUS_OUT_OF_RANGE",
              [](auto& said) {
                auto& circle = *said.mutable_area()->mutable_circle();
                circle.set_radius_m(1'000'001);
              }),
      Spoiled("POLYGON_SIZE",
              [](auto& said) {
                AddPoint(said, 0, 0);
                AddPoint(said, 0, 1);
              }),
      Spoiled("POLYGON_REPEATS",
              [](auto& said) {
                AddPoint(said, 0, 0);
                AddPoint(said, 0, 1);
                AddPoint(said, 1, 1);
                AddPoint(said, 0, 0);  // the first again
              }),
      Spoiled("SEA_AREA_INVALID",
              [](auto& said) { said.mutable_area()->set_sea_area(std::string(257, 'x')); }),
      Spoiled("DIRECTION_MISSING", [](auto& said) { said.clear_direction(); }),
      Spoiled("AZIMUTH_OUT_OF_RANGE",
              [](auto& said) { said.mutable_direction()->set_azimuth_deg(360); }),
      Spoiled("SECTOR_INCOMPLETE",
              [](auto& said) { said.mutable_direction()->mutable_sector()->set_to_deg(10); }),
      Spoiled("SECTOR_EMPTY",
              [](auto& said) {
                said.mutable_direction()->mutable_sector()->set_from_deg(10);
                said.mutable_direction()->mutable_sector()->set_to_deg(10);
              }),
      Spoiled("COMPASS_POINT_UNKNOWN",
              [](auto& said) { said.mutable_direction()->set_compass_point("NORTH"); }),
  };
}

std::vector<BrokenRule> BrokenReports() {
  return {
      SpoiledReport("OUTCOME_INVALID", [](auto& said) { said.clear_outcome(); }),
      SpoiledReport("LAUNCH_TIME_MISSING", [](auto& said) { said.set_outcome(v1::LAUNCHED); }),
      {"LaunchReport", "LAUNCH_TIME_IN_FUTURE",
       [](TestLedger& ledger) {
         v1::Body body = Report(ledger.MustFile("FRA", Notification("A-1")));
         body.mutable_launch_report()->set_outcome(v1::FAILED);
         body.mutable_launch_report()->set_launched_at_us(ledger.now().us + 1);
         return ledger.File("FRA", body);
       }},
      SpoiledReport("LAUNCH_TIME_MISPLACED",
                    [](auto& said) { said.set_launched_at_us(At("2026-01-01").us); }),
      {"LaunchReport", "NOTIFICATION_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Report(ledger.MustFile("NOR", Notification("A-1"))));
       }},
      {"LaunchReport", "NOTIFICATION_WITHDRAWN",
       [](TestLedger& ledger) {
         // The chain counts: its first record is amended, its newest withdrawn.
         const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
         const EntryIndex second = ledger.MustFile("FRA", Amending(Notification("A-1"), first));
         ledger.MustFile("FRA", WithdrawalOf(second));
         return ledger.File("FRA", Report(first));
       }},
      SpoiledReport("NOTIFICATION_MISSING", [](auto& said) { said.clear_notification(); }),
      SpoiledReport("KIND_MISPLACED", [](auto& said) { said.set_class_id("SLV_A"); }),
      SpoiledReport("KIND_INVALID",
                    [](auto& said) {
                      SetUnannounced(said);
                      said.clear_kind();
                    }),
      SpoiledReport("CLASS_UNKNOWN",
                    [](auto& said) {
                      SetUnannounced(said);
                      said.clear_class_id();
                    }),
      SpoiledReport("CLASS_WRONG_KIND",
                    [](auto& said) {
                      SetUnannounced(said);
                      said.set_kind(v1::BALLISTIC_MISSILE);
                    }),
  };
}

}  // namespace

std::vector<BrokenRule> BrokenLaunchRules() {
  std::vector<BrokenRule> all = BrokenNotifications();
  for (const auto& part : {BrokenPlaces(), BrokenReports()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace assent::rules
