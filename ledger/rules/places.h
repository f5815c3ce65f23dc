// Where a launch takes place and which way it goes: the forms of areas and directions.
#ifndef ASSENT_LEDGER_RULES_PLACES_H_
#define ASSENT_LEDGER_RULES_PLACES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "assent/v1/record.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/box.h"
#include "ledger/rules/rules.h"

namespace assent::rules {

inline constexpr Rule kCoordinatesInvalid{"COORDINATES_INVALID",
                                          "Points have a latitude from -90 to 90 degrees and a "
                                          "longitude above -180 to 180 degrees."};
inline constexpr Rule kSiteNameInvalid{"SITE_NAME_INVALID",
                                       "A site has a name of 1 to 256 bytes on one line."};
inline constexpr Rule kAreaMissing{"AREA_MISSING",
                                   "The area is a site, a circle, a polygon or a named sea area."};
inline constexpr Rule kRadiusOutOfRange{"RADIUS_OUT_OF_RANGE",
                                        "A circle has a radius of 1 m to 1,000 km."};
inline constexpr Rule kPolygonSize{"POLYGON_SIZE", "A polygon has 3 to 64 points."};
inline constexpr Rule kPolygonRepeats{
    "POLYGON_REPEATS",
    "No point of a polygon is the same as the next one, the last is not the first again; a pole is "
    "one point."};
inline constexpr Rule kSeaAreaInvalid{"SEA_AREA_INVALID",
                                      "A sea area has a name of 1 to 256 bytes on one line."};
inline constexpr Rule kDirectionMissing{
    "DIRECTION_MISSING", "The direction is an azimuth, a sector or a compass point."};
inline constexpr Rule kAzimuthOutOfRange{
    "AZIMUTH_OUT_OF_RANGE",
    "Azimuths, also those of a sector, are 0 to 359 degrees from true north."};
inline constexpr Rule kSectorIncomplete{"SECTOR_INCOMPLETE", "A sector has both its azimuths."};
inline constexpr Rule kSectorEmpty{"SECTOR_EMPTY",
                                   "A sector runs clockwise between two different azimuths."};
inline constexpr Rule kCompassPointUnknown{
    "COMPASS_POINT_UNKNOWN", "A compass point is one of the sixteen from N, NNE, NE to NNW."};

// A site's name and location. By kSiteNameInvalid, kCoordinatesInvalid.
std::optional<Refusal> RefuseBadSite(std::string_view field, const v1::Site& site);
// `field` is "area". By the rules above, from kCoordinatesInvalid to kSeaAreaInvalid.
std::optional<Refusal> RefuseBadArea(std::string_view field, const v1::LaunchArea& area);
// The stored form of a box.
v1::BoxState ToState(const Box& box);
// `field` is "direction". By the rules above, from kDirectionMissing on.
std::optional<Refusal> RefuseBadDirection(std::string_view field,
                                          const v1::LaunchDirection& direction);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_PLACES_H_
