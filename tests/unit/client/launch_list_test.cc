// Lists of launches, and the records that are made of them.
#include "client/launch_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/limits.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kHeader =
    "launch_time_utc,state,site,latitude_deg,longitude_deg,vehicle,outcome\n";

std::vector<Launch> Parsed(const std::string& rows) {
  const auto launches = ParseLaunches(std::string(kHeader) + rows, "l.csv");
  EXPECT_TRUE(launches.ok()) << launches.status();
  return launches.value_or(std::vector<Launch>{});
}

std::string Fault(const std::string& rows) {
  return std::string(ParseLaunches(std::string(kHeader) + rows, "l.csv").status().message());
}

Time At(std::string_view text) { return ParseTime(text).value(); }

// Once it took time by the square of their number.
TEST(LaunchListTest, ManyLaunchesOfTheSameMinuteAreReadInGoodTime) {
  constexpr int kLaunches = 50'000;
  std::string rows;
  for (int i = 0; i < kLaunches; ++i) rows += "2002-01-23T23:46:00Z,FRA,Kourou,,,Ariane,launched\n";
  EXPECT_EQ(Parsed(rows).back().reference, "2002-01-23T23:46:00Z Ariane #50000");
}

TEST(LaunchListTest, RowsAreLaunches) {
  const auto launches = Parsed(
      "2002-01-23T23:46:00Z,FRA,Guiana Space Centre,5.24,-52.77,Ariane 42L,launched\n"
      "2005-06-21T19:46:00Z,RUS,BLA,,,Volna,failed\n");
  ASSERT_EQ(launches.size(), 2u);
  EXPECT_EQ(launches[0].line, 2);
  EXPECT_EQ(launches[0].state.str(), "FRA");
  EXPECT_EQ(launches[0].time, At("2002-01-23T23:46:00Z"));
  EXPECT_EQ(launches[0].site, "Guiana Space Centre");
  ASSERT_TRUE(launches[0].place);
  EXPECT_EQ(launches[0].place->latitude_udeg, 5'240'000);
  EXPECT_EQ(launches[0].place->longitude_udeg, -52'770'000);
  EXPECT_EQ(launches[0].vehicle, "Ariane 42L");
  EXPECT_FALSE(launches[0].failed);
  EXPECT_EQ(launches[0].reference, "2002-01-23T23:46:00Z Ariane 42L");
  EXPECT_FALSE(launches[1].place);
  EXPECT_TRUE(launches[1].failed);
}

TEST(LaunchListTest, ColumnsMayStandInAnyOrderAndBesideOthers) {
  const auto launches = ParseLaunches(
      "note,vehicle,outcome,state,site,latitude_deg,longitude_deg,launch_time_utc\n"
      "x,Ariane 42L,launched,FRA,Kourou,5.24,-52.77,2002-01-23T23:46:00Z\n",
      "l.csv");
  ASSERT_TRUE(launches.ok()) << launches.status();
  EXPECT_EQ(launches->front().site, "Kourou");
  EXPECT_EQ(ParseLaunches("state,site\n", "l.csv").status().message(),
            "l.csv:1: column launch_time_utc is missing");
}

TEST(LaunchListTest, AStateUsesNoReferenceTwice) {
  const std::string row = "2002-01-23T23:46:00Z,FRA,Kourou,,,Ariane,launched\n";
  const std::string other = "2002-01-23T23:46:00Z,USA,Kourou,,,Ariane,launched\n";
  const auto launches = Parsed(row + other + row + row);
  ASSERT_EQ(launches.size(), 4u);
  EXPECT_EQ(launches[1].reference, "2002-01-23T23:46:00Z Ariane");
  EXPECT_EQ(launches[2].reference, "2002-01-23T23:46:00Z Ariane #2");
  EXPECT_EQ(launches[3].reference, "2002-01-23T23:46:00Z Ariane #3");
}

TEST(LaunchListTest, LongNamesGiveReferencesWithinTheLimit) {
  std::string name;
  for (int i = 0; i < 40; ++i) name += "é";
  const auto launches = Parsed("2002-01-23T23:46:00Z,FRA,Kourou,,," + name + ",launched\n");
  ASSERT_EQ(launches.size(), 1u);
  EXPECT_LE(launches[0].reference.size(), kReferenceBytesMax);
  EXPECT_TRUE(launches[0].reference.ends_with("é")) << "no character is cut in two";
}

TEST(LaunchListTest, FaultsAreToldWithTheirLine) {
  EXPECT_THAT(Fault("2002-01-23,FR,Kourou,,,Ariane,launched\n"),
              HasSubstr("l.csv:2: state \"FR\" is no code of a state"));
  EXPECT_THAT(Fault("yesterday,FRA,Kourou,,,Ariane,launched\n"),
              HasSubstr("l.csv:2: launch_time_utc \"yesterday\" "));
  EXPECT_THAT(Fault("2002-01-23,FRA,,,,Ariane,launched\n"), HasSubstr("site \"\" is empty"));
  EXPECT_THAT(Fault("2002-01-23,FRA,Kourou,,,,launched\n"), HasSubstr("vehicle \"\" is empty"));
  EXPECT_THAT(Fault("2002-01-23,FRA,Kourou,,,Ariane,exploded\n"),
              HasSubstr("outcome \"exploded\" is neither launched nor failed"));
  EXPECT_THAT(Fault("2002-01-23,FRA,Kourou,91,0,Ariane,launched\n"),
              HasSubstr("latitude_deg \"91\" is not from -90 to 90"));
  EXPECT_THAT(Fault("2002-01-23,FRA,Kourou,5,,Ariane,launched\n"),
              HasSubstr("longitude_deg \"\" is not from -180 to 180"));
  EXPECT_THAT(Fault("2002-01-23,FRA,Kourou,nan,0,Ariane,launched\n"), HasSubstr("latitude_deg"));
}

TEST(LaunchListTest, TheAntimeridianIsEast) {
  EXPECT_EQ(Parsed("2002-01-23,FRA,Taveuni,-16.8,-180,Ariane,launched\n")[0].place->longitude_udeg,
            180'000'000);
}

TEST(VehicleClassesTest, TheLongestBeginningCounts) {
  const auto classes = VehicleClasses::Parse(
      "[classes]\n\"Ariane\" = \"SLV_MEDIUM\"\n\"Ariane 5\" = \"SLV_HEAVY\"\n", "c.toml");
  ASSERT_TRUE(classes.ok()) << classes.status();
  EXPECT_EQ(*classes->Find("Ariane 5ECA"), "SLV_HEAVY");
  EXPECT_EQ(*classes->Find("Ariane 5"), "SLV_HEAVY");
  EXPECT_EQ(*classes->Find("Ariane 42L"), "SLV_MEDIUM");
  EXPECT_EQ(classes->Find("Arian"), nullptr);
  const auto all = VehicleClasses::Parse("[classes]\n\"\" = \"SLV_OTHER\"\n", "c.toml");
  EXPECT_EQ(*all->Find("Volna"), "SLV_OTHER");
  EXPECT_EQ(*all->Find(""), "SLV_OTHER");
}

TEST(VehicleClassesTest, IsOneTableOfStrings) {
  const auto fault = [](std::string_view text) {
    return std::string(VehicleClasses::Parse(text, "c.toml").status().message());
  };
  EXPECT_THAT(fault("\"Ariane\" = \"SLV_MEDIUM\"\n"), HasSubstr("c.toml:1: one table [classes]"));
  EXPECT_THAT(fault("other = 1\n[classes]\n"), HasSubstr("c.toml:1: one table [classes]"));
  EXPECT_THAT(fault("[classes]\n\"Ariane\" = 5\n"), HasSubstr("c.toml:2: \"Ariane\" must be"));
}

TEST(LaunchRecordsTest, NotificationAnnouncesTheLaunchInTheMiddleOfItsWindow) {
  const Launch launch =
      Parsed("2002-01-23T23:46:00Z,FRA,Guiana Space Centre,5.24,-52.77,Ariane 42L,launched\n")[0];
  const ImportTerms terms{
      .shift = Days(365), .visibility = v1::PUBLIC, .issued_at = At("2026-01-01")};
  const v1::Body body = NotificationOf(launch, "SLV_MEDIUM", {}, terms);
  EXPECT_EQ(body.visibility(), v1::PUBLIC);
  EXPECT_EQ(body.issued_at_us(), At("2026-01-01").us);
  const v1::LaunchNotification& said = body.launch_notification();
  EXPECT_EQ(said.reference(), launch.reference) << "the time of the list, not the moved one";
  EXPECT_EQ(said.kind(), v1::SPACE_LAUNCH);
  EXPECT_EQ(said.class_id(), "SLV_MEDIUM");
  EXPECT_EQ(said.window_start_us(), At("2003-01-23T22:46:00Z").us);
  EXPECT_EQ(said.window_end_us(), At("2003-01-24T00:46:00Z").us);
  EXPECT_EQ(said.area().site().name(), "Guiana Space Centre");
  EXPECT_EQ(said.area().site().location().longitude_udeg(), -52'770'000);
  EXPECT_EQ(said.direction().compass_point(), "E");
  EXPECT_EQ(said.count(), 1u);
}

TEST(LaunchRecordsTest, KindFollowsFromTheClassList) {
  const Launch launch = Parsed("2002-01-23,FRA,BLA,,,Volna,failed\n")[0];
  const std::vector<LaunchClass> classes = {
      {"BM_SUBMARINE", ClassKind::kBallisticMissile, "from a submarine"}};
  const auto said = NotificationOf(launch, "BM_SUBMARINE", classes, {}).launch_notification();
  EXPECT_EQ(said.kind(), v1::BALLISTIC_MISSILE);
  EXPECT_EQ(said.area().sea_area(), "BLA") << "without coordinates, the name alone";
}

TEST(LaunchRecordsTest, ReportNamesTheNotification) {
  const Launch launch = Parsed("2002-01-23,FRA,BLA,,,Volna,failed\n")[0];
  const ImportTerms terms{.shift = Days(1)};
  const v1::LaunchReport said = ReportOf(launch, EntryIndex(7), terms).launch_report();
  EXPECT_EQ(said.notification(), 7u);
  EXPECT_EQ(said.outcome(), v1::FAILED);
  EXPECT_EQ(said.launched_at_us(), At("2002-01-24").us);
  EXPECT_EQ(said.kind(), v1::LAUNCH_KIND_UNSPECIFIED);
}

}  // namespace
}  // namespace assent::client
