#include "ledger/rules/places.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace {

constexpr std::uint32_t kFullCircleDeg = 360;
constexpr std::array<std::string_view, 16> kCompassPoints{"N",  "NNE", "NE", "ENE", "E",  "ESE",
                                                          "SE", "SSE", "S",  "SSW", "SW", "WSW",
                                                          "W",  "WNW", "NW", "NNW"};

// A message that is left out has neither latitude nor longitude.
std::optional<Refusal> RefuseBadPoint(std::string_view field, const v1::Coordinates& point) {
  if (!point.has_latitude_udeg() || !point.has_longitude_udeg()) {
    return Refuse(kCoordinatesInvalid, std::string(field),
                  absl::StrCat(AbslView(field), " is incomplete: give latitude and longitude"));
  }
  const std::int32_t latitude = point.latitude_udeg();
  if (latitude < -kLatitudeMaxUdeg || latitude > kLatitudeMaxUdeg) {
    return Refuse(kCoordinatesInvalid, std::string(field),
                  absl::StrCat(AbslView(field), ": latitude ", latitude,
                               " is not from -90,000,000 to 90,000,000 millionths of a degree"));
  }
  const std::int32_t longitude = point.longitude_udeg();
  if (longitude <= -kLongitudeMaxUdeg || longitude > kLongitudeMaxUdeg) {
    return Refuse(kCoordinatesInvalid, std::string(field),
                  absl::StrCat(AbslView(field), ": longitude ", longitude,
                               " is not above -180,000,000 and up to 180,000,000 millionths of a "
                               "degree (the antimeridian is 180,000,000)"));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadCircle(std::string_view field, const v1::Circle& circle) {
  if (circle.radius_m() < 1 || circle.radius_m() > kRadiusMaxM) {
    return Refuse(kRadiusOutOfRange, absl::StrCat(AbslView(field), ".radius_m"),
                  absl::StrCat("radius ", circle.radius_m(), " m is not from 1 to ", kRadiusMaxM,
                               " m: take a polygon or a sea area for what is larger"));
  }
  return RefuseBadPoint(absl::StrCat(AbslView(field), ".center"), circle.center());
}

// At a pole all longitudes are one point.
bool SamePoint(const v1::Coordinates& a, const v1::Coordinates& b) {
  if (a.latitude_udeg() != b.latitude_udeg()) return false;
  const bool pole = a.latitude_udeg() == kLatitudeMaxUdeg || a.latitude_udeg() == -kLatitudeMaxUdeg;
  return pole || a.longitude_udeg() == b.longitude_udeg();
}

std::optional<Refusal> RefuseBadPolygon(std::string_view field, const v1::Polygon& polygon) {
  const int size = polygon.points_size();
  if (size < kPolygonPointsMin || size > kPolygonPointsMax) {
    return Refuse(kPolygonSize, std::string(field),
                  absl::StrCat("the polygon has ", size, " points: give ", kPolygonPointsMin,
                               " to ", kPolygonPointsMax));
  }
  for (int i = 0; i < size; ++i) {
    const auto& point = polygon.points(i);
    const std::string point_field = absl::StrCat(AbslView(field), ".points[", i, "]");
    if (auto refusal = RefuseBadPoint(point_field, point)) return refusal;
    const int next = (i + 1) % size;
    if (SamePoint(point, polygon.points(next))) {
      return Refuse(kPolygonRepeats, point_field,
                    absl::StrCat("points ", i, " and ", next,
                                 " of the polygon are the same: leave one out (the last joins the "
                                 "first by itself)"));
    }
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadAzimuth(std::string_view field, std::uint32_t azimuth_deg) {
  if (azimuth_deg < kFullCircleDeg) return std::nullopt;
  return Refuse(kAzimuthOutOfRange, std::string(field),
                absl::StrCat(AbslView(field), " ", azimuth_deg,
                             " is not from 0 to 359 degrees (north is 0)"));
}

std::optional<Refusal> RefuseBadSector(std::string_view field, const v1::Sector& sector) {
  if (!sector.has_from_deg() || !sector.has_to_deg()) {
    return Refuse(kSectorIncomplete, std::string(field),
                  "the sector is incomplete: give from_deg and to_deg (north is 0)");
  }
  if (auto refusal =
          RefuseBadAzimuth(absl::StrCat(AbslView(field), ".from_deg"), sector.from_deg())) {
    return refusal;
  }
  if (auto refusal = RefuseBadAzimuth(absl::StrCat(AbslView(field), ".to_deg"), sector.to_deg())) {
    return refusal;
  }
  if (sector.from_deg() != sector.to_deg()) return std::nullopt;
  return Refuse(kSectorEmpty, std::string(field),
                absl::StrCat("the sector begins and ends at ", sector.from_deg(),
                             " degrees: give an azimuth for one direction"));
}

}  // namespace

std::optional<Refusal> RefuseBadSite(std::string_view field, const v1::Site& site) {
  if (auto refusal = RefuseBadText(kSiteNameInvalid, absl::StrCat(AbslView(field), ".name"),
                                   site.name(), kNameBytesMax, Lines::kOne)) {
    return refusal;
  }
  return RefuseBadPoint(absl::StrCat(AbslView(field), ".location"), site.location());
}

std::optional<Refusal> RefuseBadArea(std::string_view field, const v1::LaunchArea& area) {
  switch (area.form_case()) {
    case v1::LaunchArea::kSite:
      return RefuseBadSite(absl::StrCat(AbslView(field), ".site"), area.site());
    case v1::LaunchArea::kCircle:
      return RefuseBadCircle(absl::StrCat(AbslView(field), ".circle"), area.circle());
    case v1::LaunchArea::kPolygon:
      return RefuseBadPolygon(absl::StrCat(AbslView(field), ".polygon"), area.polygon());
    case v1::LaunchArea::kSeaArea:
      return RefuseBadText(kSeaAreaInvalid, absl::StrCat(AbslView(field), ".sea_area"),
                           area.sea_area(), kNameBytesMax, Lines::kOne);
    case v1::LaunchArea::FORM_NOT_SET:
      break;
  }
  return Refuse(kAreaMissing, std::string(field),
                "the area is missing: give a site, a circle, a polygon or a sea area");
}

v1::BoxState ToState(const Box& box) {
  v1::BoxState stored;
  stored.set_south_udeg(box.south_udeg);
  stored.set_west_udeg(box.west_udeg);
  stored.set_north_udeg(box.north_udeg);
  stored.set_east_udeg(box.east_udeg);
  return stored;
}

std::optional<Refusal> RefuseBadDirection(std::string_view field,
                                          const v1::LaunchDirection& direction) {
  switch (direction.form_case()) {
    case v1::LaunchDirection::kAzimuthDeg:
      return RefuseBadAzimuth(absl::StrCat(AbslView(field), ".azimuth_deg"),
                              direction.azimuth_deg());
    case v1::LaunchDirection::kSector:
      return RefuseBadSector(absl::StrCat(AbslView(field), ".sector"), direction.sector());
    case v1::LaunchDirection::kCompassPoint: {
      const std::string_view point = direction.compass_point();
      if (std::find(kCompassPoints.begin(), kCompassPoints.end(), point) != kCompassPoints.end()) {
        return std::nullopt;
      }
      return Refuse(
          kCompassPointUnknown, absl::StrCat(AbslView(field), ".compass_point"),
          "the compass point is none of N, NNE, NE, ENE, E, ESE, SE, SSE, S, SSW, SW, WSW, "
          "W, WNW, NW, NNW");
    }
    case v1::LaunchDirection::FORM_NOT_SET:
      break;
  }
  return Refuse(kDirectionMissing, std::string(field),
                "the direction is missing: give an azimuth, a sector or a compass point");
}

}  // namespace assent::rules
