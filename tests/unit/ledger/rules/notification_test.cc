// Launch notifications and reports that are accepted, and what the ledger says of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using compliance::Timeliness;

v1::LaunchNotification& Said(v1::Body& body) { return *body.mutable_launch_notification(); }

v1::Body WithWindow(std::string_view reference, std::string_view start, std::string_view end) {
  v1::Body body = Notification(reference);
  Said(body).set_window_start_us(At(start).us);
  Said(body).set_window_end_us(At(end).us);
  return body;
}

void AddPoint(v1::Body& body, std::int32_t latitude_udeg, std::int32_t longitude_udeg) {
  auto& point = *Said(body).mutable_area()->mutable_polygon()->add_points();
  point.set_latitude_udeg(latitude_udeg);
  point.set_longitude_udeg(longitude_udeg);
}

Timeliness TimelinessOf(const TestLedger& ledger, EntryIndex index) {
  return RecordAt(ledger.state(), index)->timeliness;
}

TEST(LaunchNotification, IsJudgedToTheMicrosecond) {
  TestLedger ledger;
  const Time start = At("2026-02-01T00:00:00Z");
  const auto judged = [&](Time filed, const std::string& reference) {
    ledger.SetTime(filed);
    return TimelinessOf(ledger, ledger.MustFile("FRA", Notification(reference)));
  };
  EXPECT_EQ(judged(start - Hours(24), "A-1"), Timeliness::kTimely);
  EXPECT_EQ(judged(start - Hours(24) + Microseconds(1), "A-2"), Timeliness::kLate);
  EXPECT_EQ(judged(start, "A-3"), Timeliness::kLate);
  EXPECT_EQ(judged(start + Microseconds(1), "A-4"), Timeliness::kPostFacto);
}

TEST(LaunchNotification, OfAWindowBeforeJoiningIsHistoric) {
  TestLedger ledger;
  const auto judged = [&](std::string_view reference, std::string_view start) {
    return TimelinessOf(
        ledger, ledger.MustFile("FRA", WithWindow(reference, start, "2026-01-01T01:00:00Z")));
  };
  EXPECT_EQ(judged("A-1", "2025-12-31T23:59:59.999999Z"), Timeliness::kHistoric);
  EXPECT_EQ(judged("A-2", "2026-01-01T00:00:00Z"), Timeliness::kPostFacto);
}

TEST(LaunchNotification, NarrowedWindowKeepsTheTimeOfFirstFiling) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  ledger.SetTime("2026-01-31T12:00:00Z");  // less than a day before
  const EntryIndex same = ledger.MustFile("FRA", Amending(Notification("A-1"), first));
  EXPECT_EQ(TimelinessOf(ledger, same), Timeliness::kTimely);
  const EntryIndex narrowed = ledger.MustFile(
      "FRA", Amending(WithWindow("A-1", "2026-02-01T01:00:00Z", "2026-02-01T05:00:00Z"), same));
  EXPECT_EQ(TimelinessOf(ledger, narrowed), Timeliness::kTimely);
}

TEST(LaunchNotification, MovedWindowIsJudgedByTheTimeOfTheAmendment) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  ledger.SetTime("2026-01-31T12:00:00Z");
  const EntryIndex moved = ledger.MustFile(
      "FRA", Amending(WithWindow("A-1", "2026-02-01T00:00:00Z", "2026-02-01T06:00:01Z"), first));
  EXPECT_EQ(TimelinessOf(ledger, moved), Timeliness::kLate);
  EXPECT_EQ(RecordAt(ledger.state(), moved)->first_time, At("2026-01-01T01:00:00Z"));
  const EntryIndex second = ledger.MustFile("FRA", Notification("A-2"));
  ledger.SetTime("2026-02-01T02:00:00Z");
  const EntryIndex earlier = ledger.MustFile(
      "FRA", Amending(WithWindow("A-2", "2026-01-31T23:59:59Z", "2026-02-01T06:00:00Z"), second));
  EXPECT_EQ(TimelinessOf(ledger, earlier), Timeliness::kPostFacto);
  // Narrowing what was moved does not bring the first filing back.
  const EntryIndex narrowed = ledger.MustFile("FRA", Amending(Notification("A-1"), moved));
  EXPECT_EQ(TimelinessOf(ledger, narrowed), Timeliness::kLate);
}

// What an amendment less than a day before the window makes of a timely notification.
struct Amended {
  std::string name;
  std::function<void(v1::LaunchNotification&)> change;
  Timeliness timeliness;
};

class AmendedNotificationTest : public testing::TestWithParam<Amended> {};

TEST_P(AmendedNotificationTest, IsJudgedAnewWhenItAnnouncesSomethingElse) {
  TestLedger ledger;
  v1::Body body = Notification("A-1");
  Said(body).set_count(2);
  const EntryIndex first = ledger.MustFile("FRA", body);
  ledger.SetTime("2026-01-31T12:00:00Z");
  GetParam().change(Said(body));
  const EntryIndex amended = ledger.MustFile("FRA", Amending(body, first));
  EXPECT_EQ(TimelinessOf(ledger, amended), GetParam().timeliness);
  // The time of what was judged anew stays, also when what it announces is taken back.
  v1::Body again = Notification("A-1");
  const EntryIndex back = ledger.MustFile("FRA", Amending(again, amended));
  EXPECT_EQ(TimelinessOf(ledger, back), GetParam().timeliness);
}

INSTANTIATE_TEST_SUITE_P(
    Changes, AmendedNotificationTest,
    testing::ValuesIn(std::vector<Amended>{
        {"Nothing", [](auto&) {}, Timeliness::kTimely},
        {"FewerLaunches", [](auto& said) { said.set_count(1); }, Timeliness::kTimely},
        {"MoreLaunches", [](auto& said) { said.set_count(3); }, Timeliness::kLate},
        {"Kind",
         [](auto& said) {
           said.set_kind(v1::BALLISTIC_MISSILE);
           said.set_class_id("BM_A");
         },
         Timeliness::kLate},
        {"Class", [](auto& said) { said.set_class_id("SLV_B"); }, Timeliness::kLate},
        {"Area",
         [](auto& said) {
           said.mutable_area()->mutable_site()->mutable_location()->set_latitude_udeg(5'200'001);
         },
         Timeliness::kLate},
        {"AreaForm", [](auto& said) { said.mutable_area()->set_sea_area("North Sea"); },
         Timeliness::kLate},
        {"Direction", [](auto& said) { said.mutable_direction()->set_azimuth_deg(91); },
         Timeliness::kLate},
        {"DirectionForm", [](auto& said) { said.mutable_direction()->set_compass_point("E"); },
         Timeliness::kLate},
        {"WindowStartsEarlier",
         [](auto& said) { said.set_window_start_us(said.window_start_us() - 1); },
         Timeliness::kLate},
        {"WindowEndsLater", [](auto& said) { said.set_window_end_us(said.window_end_us() + 1); },
         Timeliness::kLate},
    }),
    [](const auto& test) { return test.param.name; });

TEST(LaunchNotification, JudgedAnewInTimeIsTimely) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  v1::Body more = Notification("A-1");
  Said(more).set_count(3);
  ledger.SetTime("2026-01-31T00:00:00Z");
  EXPECT_EQ(TimelinessOf(ledger, ledger.MustFile("FRA", Amending(more, first))),
            Timeliness::kTimely);
}

TEST(LaunchNotification, ReferenceIsUniquePerAuthorForEver) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  EXPECT_EQ(ledger.Reason("NOR", Notification("A-1")), "");
  ledger.MustFile("FRA", WithdrawalOf(first));
  EXPECT_EQ(ledger.Reason("FRA", Notification("A-1")), "REFERENCE_TAKEN");
  EXPECT_EQ(ledger.Reason("FRA", Notification("A-1/2")), "");
  EXPECT_EQ(ledger.Reason("FRA", Notification(std::string(64, 'x'))), "");
  EXPECT_EQ(ledger.Reason("FRA", Notification(std::string(65, 'x'))), "REFERENCE_INVALID");
}

TEST(LaunchNotification, WindowsOfExactlySevenDaysAreTaken) {
  TestLedger ledger;
  EXPECT_EQ(ledger.Reason("FRA", WithWindow("A-1", "2026-02-01", "2026-02-08")), "");
}

TEST(LaunchNotification, WindowsFarFromOurTimeAreRefused) {
  TestLedger ledger;
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  for (const auto& [start, end] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {kMin, kMax}, {-1, 1}, {kMax - 1, kMax}, {kMax, kMin}, {0, 0}}) {
    v1::Body body = Notification("A-1");
    Said(body).set_window_start_us(start);
    Said(body).set_window_end_us(end);
    EXPECT_EQ(ledger.Reason("FRA", body), "WINDOW_INVALID") << start << " " << end;
  }
}

TEST(LaunchNotification, CountsFromOneToThirtyTwoAreTaken) {
  TestLedger ledger;
  for (const auto& [count, reason] : std::vector<std::pair<std::uint32_t, std::string>>{
           {0, "COUNT_OUT_OF_RANGE"}, {1, ""}, {32, ""}, {33, "COUNT_OUT_OF_RANGE"}}) {
    v1::Body body = Notification("A-" + std::to_string(count));
    Said(body).set_count(count);
    EXPECT_EQ(ledger.Reason("FRA", body), reason) << count;
  }
}

TEST(LaunchNotification, AreasOfEachFormAreTaken) {
  TestLedger ledger;
  v1::Body circle = Notification("circle");
  Said(circle).mutable_area()->mutable_circle()->set_radius_m(1'000'000);
  Said(circle).mutable_area()->mutable_circle()->mutable_center()->set_latitude_udeg(90'000'000);
  Said(circle).mutable_area()->mutable_circle()->mutable_center()->set_longitude_udeg(0);
  EXPECT_EQ(ledger.Reason("FRA", circle), "");

  v1::Body no_circle = circle;
  Said(no_circle).set_reference("no circle");
  Said(no_circle).mutable_area()->mutable_circle()->set_radius_m(0);
  EXPECT_EQ(ledger.Reason("FRA", no_circle), "RADIUS_OUT_OF_RANGE");

  v1::Body sea = Notification("sea");
  Said(sea).mutable_area()->set_sea_area("Norwegian Sea, off Andøya");
  EXPECT_EQ(ledger.Reason("FRA", sea), "");

  v1::Body polygon = Notification("across the antimeridian");
  AddPoint(polygon, 10'000'000, 179'000'000);
  AddPoint(polygon, 10'000'000, -179'000'000);
  AddPoint(polygon, -10'000'000, -179'000'000);
  AddPoint(polygon, -10'000'000, 180'000'000);
  EXPECT_EQ(ledger.Reason("FRA", polygon), "");
}

TEST(LaunchNotification, PolygonsHaveThreeToSixtyFourPoints) {
  TestLedger ledger;
  for (const auto& [points, reason] : std::vector<std::pair<int, std::string>>{
           {2, "POLYGON_SIZE"}, {3, ""}, {64, ""}, {65, "POLYGON_SIZE"}}) {
    v1::Body body = Notification("A-" + std::to_string(points));
    for (int i = 0; i < points; ++i) AddPoint(body, i * 1'000, i % 2);
    EXPECT_EQ(ledger.Reason("FRA", body), reason) << points;
  }
}

TEST(LaunchNotification, PoleIsOnePointOfAPolygon) {
  TestLedger ledger;
  for (const std::int32_t pole : {90'000'000, -90'000'000}) {
    v1::Body twice = Notification("twice at " + std::to_string(pole));
    AddPoint(twice, pole, 10);
    AddPoint(twice, pole, 20);
    AddPoint(twice, 0, 15);
    EXPECT_EQ(ledger.Reason("FRA", twice), "POLYGON_REPEATS");
    v1::Body once = Notification("once at " + std::to_string(pole));
    AddPoint(once, pole, 10);
    AddPoint(once, 0, 10);
    AddPoint(once, 0, 20);
    EXPECT_EQ(ledger.Reason("FRA", once), "");
  }
}

TEST(LaunchNotification, PointsLieOnTheEarth) {
  TestLedger ledger;
  const auto reason = [&](std::int32_t latitude, std::int32_t longitude) {
    static int number = 0;
    v1::Body body = Notification("A-" + std::to_string(++number));
    auto& location = *Said(body).mutable_area()->mutable_site()->mutable_location();
    location.set_latitude_udeg(latitude);
    location.set_longitude_udeg(longitude);
    return ledger.Reason("FRA", body);
  };
  EXPECT_EQ(reason(-90'000'000, 180'000'000), "");
  EXPECT_EQ(reason(90'000'000, -179'999'999), "");
  EXPECT_EQ(reason(0, 0), "");
  EXPECT_EQ(reason(90'000'001, 0), "COORDINATES_INVALID");
  EXPECT_EQ(reason(-90'000'001, 0), "COORDINATES_INVALID");
  EXPECT_EQ(reason(0, 180'000'001), "COORDINATES_INVALID");
  EXPECT_EQ(reason(0, -180'000'000), "COORDINATES_INVALID");
  EXPECT_EQ(reason(std::numeric_limits<std::int32_t>::min(), 0), "COORDINATES_INVALID");
}

TEST(LaunchNotification, DirectionsOfEachFormAreTaken) {
  TestLedger ledger;
  v1::Body sector = Notification("across north");
  Said(sector).mutable_direction()->mutable_sector()->set_from_deg(350);
  Said(sector).mutable_direction()->mutable_sector()->set_to_deg(10);
  EXPECT_EQ(ledger.Reason("FRA", sector), "");

  v1::Body compass = Notification("compass");
  Said(compass).mutable_direction()->set_compass_point("WSW");
  EXPECT_EQ(ledger.Reason("FRA", compass), "");

  v1::Body north = Notification("azimuth 0");
  Said(north).mutable_direction()->set_azimuth_deg(0);
  EXPECT_EQ(ledger.Reason("FRA", north), "");

  v1::Body outside = Notification("sector past 359");
  Said(outside).mutable_direction()->mutable_sector()->set_from_deg(0);
  Said(outside).mutable_direction()->mutable_sector()->set_to_deg(360);
  EXPECT_EQ(ledger.Reason("FRA", outside), "AZIMUTH_OUT_OF_RANGE");
}

TEST(LaunchNotification, EnumsOfALaterVersionAreRefused) {
  TestLedger ledger;
  v1::Body body = Notification("A-1");
  Said(body).set_kind(static_cast<v1::LaunchKind>(7));
  EXPECT_EQ(ledger.Reason("FRA", body), "KIND_INVALID");
}

TEST(LaunchNotification, CurrentLaunchesAreCountedByYearAndClass) {
  TestLedger ledger;
  using testing::ElementsAre;
  using testing::IsEmpty;
  using testing::Pair;
  const auto notified = [&](std::int64_t year) {
    return NotifiedLaunches(ledger.state(), Code("FRA"), year);
  };
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  ledger.MustFile("FRA", Notification("A-2"));
  EXPECT_THAT(notified(2026), ElementsAre(Pair("SLV_A", 2)));

  v1::Body moved = WithWindow("A-1", "2026-12-31T23:00:00Z", "2027-01-01T05:00:00Z");
  Said(moved).set_class_id("SLV_B");
  Said(moved).set_count(5);
  const EntryIndex second = ledger.MustFile("FRA", Amending(moved, first));
  EXPECT_THAT(notified(2026), ElementsAre(Pair("SLV_A", 1), Pair("SLV_B", 5)));

  Said(moved).set_window_start_us(At("2027-01-01T00:00:00Z").us);
  const EntryIndex third = ledger.MustFile("FRA", Amending(moved, second));
  EXPECT_THAT(notified(2026), ElementsAre(Pair("SLV_A", 1)));
  EXPECT_THAT(notified(2027), ElementsAre(Pair("SLV_B", 5)));

  ledger.MustFile("FRA", WithdrawalOf(third));
  EXPECT_THAT(notified(2027), IsEmpty());
  EXPECT_THAT(NotifiedLaunches(ledger.state(), Code("NOR"), 2026), IsEmpty());
}

TEST(LaunchReport, MayNameAnyNotificationOfAChain) {
  TestLedger ledger;
  const EntryIndex first = ledger.MustFile("FRA", Notification("A-1"));
  const EntryIndex second = ledger.MustFile("FRA", Amending(Notification("A-1"), first));
  EXPECT_EQ(ledger.Reason("FRA", Report(first)), "");
  EXPECT_EQ(ledger.Reason("FRA", Report(second)), "");
}

TEST(LaunchReport, NamesANotificationAndNoOtherRecord) {
  TestLedger ledger;
  EXPECT_EQ(ledger.Reason("FRA", Report(ledger.MustFile("FRA", Declaration(2025)))),
            "NOTIFICATION_UNKNOWN");
}

TEST(LaunchReport, MoreThanAnnouncedAreFlaggedAcrossTheChain) {
  TestLedger ledger;
  const auto flagged = [&](EntryIndex index) {
    return RecordAt(ledger.state(), index)->more_reports;
  };
  v1::Body two = Notification("A-1");
  Said(two).set_count(2);
  const EntryIndex first = ledger.MustFile("FRA", two);
  const EntryIndex report = ledger.MustFile("FRA", Report(first));
  EXPECT_FALSE(flagged(report));
  const EntryIndex second = ledger.MustFile("FRA", Amending(two, first));
  EXPECT_FALSE(flagged(ledger.MustFile("FRA", Report(second))));
  const EntryIndex third = ledger.MustFile("FRA", Report(first));
  EXPECT_TRUE(flagged(third));

  // An amended report counts once, a withdrawn one not at all.
  const EntryIndex amended = ledger.MustFile("FRA", Amending(Report(second), third));
  EXPECT_TRUE(flagged(amended));
  ledger.MustFile("FRA", WithdrawalOf(report));
  EXPECT_FALSE(flagged(ledger.MustFile("FRA", Amending(Report(first), amended))));

  // Announcing fewer than were reported is flagged at the amendment.
  EXPECT_TRUE(flagged(ledger.MustFile("FRA", Amending(Notification("A-1"), second))));
}

TEST(LaunchReport, AtBlockTimeAndWithoutNotificationIsTaken) {
  TestLedger ledger;
  v1::Body body = Report(EntryIndex(0));
  v1::LaunchReport& said = *body.mutable_launch_report();
  said.clear_notification();
  said.set_outcome(v1::FAILED);
  said.set_launched_at_us(ledger.now().us);
  said.set_kind(v1::BALLISTIC_MISSILE);
  said.set_class_id("BM_A");
  EXPECT_EQ(ledger.Reason("FRA", body), "");
  said.set_launched_at_us(ledger.now().us + 1);
  EXPECT_EQ(ledger.Reason("FRA", body), "LAUNCH_TIME_IN_FUTURE");
}

}  // namespace
}  // namespace assent::rules
