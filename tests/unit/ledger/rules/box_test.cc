// Boxes around the areas of launches.
#include "ledger/rules/box.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <ostream>
#include <random>
#include <utility>
#include <vector>

#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {

void PrintTo(const Box& box, std::ostream* out) {
  *out << "south " << box.south_udeg << " west " << box.west_udeg << " north " << box.north_udeg
       << " east " << box.east_udeg;
}

namespace {

constexpr std::int32_t kDegree = 1'000'000;
constexpr double kEarthRadiusM = 6'371'009;

Box Degrees(int south, int west, int north, int east) {
  return {.south_udeg = south * kDegree,
          .west_udeg = west * kDegree,
          .north_udeg = north * kDegree,
          .east_udeg = east * kDegree};
}

v1::LaunchArea PolygonOf(const std::vector<std::pair<int, int>>& points) {
  v1::LaunchArea area;
  for (const auto& [latitude, longitude] : points) {
    auto& point = *area.mutable_polygon()->add_points();
    point.set_latitude_udeg(latitude * kDegree);
    point.set_longitude_udeg(longitude * kDegree);
  }
  return area;
}

v1::LaunchArea CircleOf(std::int32_t latitude_udeg, std::int32_t longitude_udeg,
                        std::uint32_t radius_m) {
  v1::LaunchArea area;
  area.mutable_circle()->set_radius_m(radius_m);
  area.mutable_circle()->mutable_center()->set_latitude_udeg(latitude_udeg);
  area.mutable_circle()->mutable_center()->set_longitude_udeg(longitude_udeg);
  return area;
}

Box PointAt(double latitude_deg, double longitude_deg) {
  const auto latitude = static_cast<std::int32_t>(std::lround(latitude_deg * kDegree));
  const auto longitude = static_cast<std::int32_t>(std::lround(longitude_deg * kDegree));
  return {.south_udeg = latitude,
          .west_udeg = longitude,
          .north_udeg = latitude,
          .east_udeg = longitude};
}

TEST(Box, OfASiteIsAPointAndOfAPoleAllRound) {
  v1::LaunchArea area;
  area.mutable_site()->mutable_location()->set_latitude_udeg(5 * kDegree);
  area.mutable_site()->mutable_location()->set_longitude_udeg(180 * kDegree);
  EXPECT_EQ(BoxOf(area), Degrees(5, 180, 5, 180));
  area.mutable_site()->mutable_location()->set_latitude_udeg(-90 * kDegree);
  EXPECT_EQ(BoxOf(area), Degrees(-90, -180, -90, 180));
}

TEST(Box, OfANamedSeaAreaIsNone) {
  v1::LaunchArea area;
  area.set_sea_area("Barents Sea");
  EXPECT_EQ(BoxOf(area), std::nullopt);
}

TEST(Box, OfAPolygonGoesTheShorterWayRound) {
  EXPECT_EQ(BoxOf(PolygonOf({{1, 10}, {3, 20}, {-2, 15}})), Degrees(-2, 10, 3, 20));
  EXPECT_EQ(BoxOf(PolygonOf({{1, 179}, {3, -179}, {-2, -178}})), Degrees(-2, 179, 3, -178));
  EXPECT_EQ(BoxOf(PolygonOf({{1, -179}, {3, 179}, {-2, -178}})), Degrees(-2, 179, 3, -178));
  EXPECT_EQ(BoxOf(PolygonOf({{1, 180}, {3, 170}, {2, 171}})), Degrees(1, 170, 3, 180));
  // Farther than half round in several steps.
  EXPECT_EQ(BoxOf(PolygonOf({{1, -100}, {1, 0}, {1, 100}, {2, 0}})), Degrees(1, -100, 2, 100));
}

TEST(Box, OfAPolygonRoundThePoleEnclosesIt) {
  EXPECT_EQ(BoxOf(PolygonOf({{60, 0}, {70, 120}, {65, -120}})), Degrees(60, -180, 90, 180));
  EXPECT_EQ(BoxOf(PolygonOf({{-60, 0}, {-70, -120}, {-65, 120}})), Degrees(-90, -180, -60, 180));
  EXPECT_EQ(BoxOf(PolygonOf({{-1, 0}, {0, 120}, {1, -120}})), Degrees(-90, -180, 90, 180));
}

TEST(Box, OfAPolygonWithACornerAtThePoleMindsNoLongitudeThere) {
  EXPECT_EQ(BoxOf(PolygonOf({{80, 10}, {90, -77}, {80, 40}})), Degrees(80, 10, 90, 40));
}

TEST(Box, OfACircleIsAllRoundWhereItReachesAPole) {
  EXPECT_EQ(BoxOf(CircleOf(85 * kDegree, 10 * kDegree, 1'000'000))->north_udeg, 90 * kDegree);
  EXPECT_EQ(BoxOf(CircleOf(85 * kDegree, 10 * kDegree, 1'000'000))->west_udeg, -180 * kDegree);
  EXPECT_EQ(BoxOf(CircleOf(-90 * kDegree, 0, 1))->east_udeg, 180 * kDegree);
}

TEST(Box, OfASmallCircleIsTight) {
  // 111,320 m are a degree of longitude at the equator, half of one at 60 degrees.
  const Box equator = *BoxOf(CircleOf(0, 0, 111'320));
  EXPECT_NEAR(equator.east_udeg, kDegree, kDegree / 100);
  EXPECT_NEAR(equator.north_udeg, kDegree, kDegree / 100);
  const Box north = *BoxOf(CircleOf(60 * kDegree, 0, 11'132));
  EXPECT_NEAR(north.east_udeg, kDegree / 5, kDegree / 500);
  EXPECT_EQ(north.west_udeg, -north.east_udeg);
}

// Goes `distance_m` from a point on a sphere, by the formulas of spherical trigonometry.
TEST(Box, OfACircleEnclosesItsRim) {
  std::mt19937 random(2002);
  const auto between = [&](std::int32_t low, std::int32_t high) {
    return std::uniform_int_distribution<std::int32_t>(low, high)(random);
  };
  constexpr double kRadian = std::numbers::pi / 180;
  for (int round = 0; round < 2'000; ++round) {
    const std::int32_t latitude_udeg = between(-90 * kDegree, 90 * kDegree);
    const std::int32_t longitude_udeg = between(-180 * kDegree + 1, 180 * kDegree);
    const auto radius_m = static_cast<std::uint32_t>(between(1, 1'000'000));
    const Box box = *BoxOf(CircleOf(latitude_udeg, longitude_udeg, radius_m));
    const double latitude = latitude_udeg * kRadian / kDegree;
    const double angle = radius_m / kEarthRadiusM;
    for (int bearing_deg = 0; bearing_deg < 360; bearing_deg += 5) {
      const double bearing = bearing_deg * kRadian;
      const double rim = std::asin(std::sin(latitude) * std::cos(angle) +
                                   std::cos(latitude) * std::sin(angle) * std::cos(bearing));
      const double east = std::atan2(std::sin(bearing) * std::sin(angle) * std::cos(latitude),
                                     std::cos(angle) - std::sin(latitude) * std::sin(rim));
      const double longitude_deg =
          std::remainder(longitude_udeg / double{kDegree} + east / kRadian, 360);
      EXPECT_TRUE(Overlap(box, PointAt(rim / kRadian, longitude_deg)))
          << latitude_udeg << " " << longitude_udeg << " " << radius_m << " " << bearing_deg;
    }
  }
}

TEST(Boxes, OverlapWhereTheyShareAPoint) {
  const Box pacific = Degrees(-10, 170, 10, -170);
  EXPECT_TRUE(Overlap(pacific, Degrees(10, 150, 20, 170)));  // a corner
  EXPECT_FALSE(Overlap(pacific, Degrees(11, 150, 20, 175)));
  EXPECT_FALSE(Overlap(pacific, Degrees(0, -169, 1, 169)));
  EXPECT_TRUE(Overlap(pacific, Degrees(0, -180, 1, -175)));
  EXPECT_TRUE(Overlap(pacific, Degrees(0, 179, 1, -179)));  // within
  EXPECT_TRUE(Overlap(pacific, Degrees(-90, -180, 90, 180)));
  EXPECT_TRUE(Overlap(Degrees(0, 180, 1, 180), Degrees(0, -180, 1, -170)));  // one meridian
  EXPECT_FALSE(Overlap(Degrees(0, 0, 1, 10), Degrees(0, 11, 1, 20)));
  for (const Box& box : {pacific, Degrees(0, 0, 1, 10), Degrees(5, 5, 5, 5)}) {
    EXPECT_TRUE(Overlap(box, box));
  }
}

TEST(Boxes, OfNotificationsAreKept) {
  TestLedger ledger;
  v1::Body body = Notification("A-1");
  const auto box_of = [&](EntryIndex index) {
    return LoadExisting<v1::RecordState>(ledger.state(), RecordKey(index)).notification();
  };
  const v1::BoxState site = box_of(ledger.MustFile("FRA", body)).box();
  EXPECT_EQ(site.south_udeg(), 5'200'000);
  EXPECT_EQ(site.north_udeg(), 5'200'000);
  EXPECT_EQ(site.west_udeg(), -52'700'000);
  EXPECT_EQ(site.east_udeg(), -52'700'000);
  body = Notification("A-2");
  body.mutable_launch_notification()->mutable_area()->set_sea_area("Barents Sea");
  EXPECT_FALSE(box_of(ledger.MustFile("FRA", body)).has_box());
}

}  // namespace
}  // namespace assent::rules
