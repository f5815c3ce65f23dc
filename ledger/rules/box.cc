#include "ledger/rules/box.h"

#include <algorithm>
#include <array>

#include "ledger/limits.h"

namespace assent::rules {
namespace {

constexpr std::int64_t kDegreeUdeg = 1'000'000;
constexpr std::int64_t kHalfCircleUdeg = kLongitudeMaxUdeg;
constexpr std::int64_t kFullCircleUdeg = 2 * kHalfCircleUdeg;
// A degree of latitude is nowhere shorter (WGS 84, at the equator).
constexpr std::int64_t kDegreeMetersMin = 110'574;
constexpr std::int64_t kUnit = 1'000'000'000;

// Cosines of 0, 1, ... 90 degrees in units of 1 / kUnit, rounded down.
constexpr std::array<std::int64_t, 91> kCosines{
    1'000'000'000, 999'847'695, 999'390'827, 998'629'534, 997'564'050, 996'194'698, 994'521'895,
    992'546'151,   990'268'068, 987'688'340, 984'807'753, 981'627'183, 978'147'600, 974'370'064,
    970'295'726,   965'925'826, 961'261'695, 956'304'755, 951'056'516, 945'518'575, 939'692'620,
    933'580'426,   927'183'854, 920'504'853, 913'545'457, 906'307'787, 898'794'046, 891'006'524,
    882'947'592,   874'619'707, 866'025'403, 857'167'300, 848'048'096, 838'670'567, 829'037'572,
    819'152'044,   809'016'994, 798'635'510, 788'010'753, 777'145'961, 766'044'443, 754'709'580,
    743'144'825,   731'353'701, 719'339'800, 707'106'781, 694'658'370, 681'998'360, 669'130'606,
    656'059'028,   642'787'609, 629'320'391, 615'661'475, 601'815'023, 587'785'252, 573'576'436,
    559'192'903,   544'639'035, 529'919'264, 515'038'074, 500'000'000, 484'809'620, 469'471'562,
    453'990'499,   438'371'146, 422'618'261, 406'736'643, 390'731'128, 374'606'593, 358'367'949,
    342'020'143,   325'568'154, 309'016'994, 292'371'704, 275'637'355, 258'819'045, 241'921'895,
    224'951'054,   207'911'690, 190'808'995, 173'648'177, 156'434'465, 139'173'100, 121'869'343,
    104'528'463,   87'155'742,  69'756'473,  52'335'956,  34'899'496,  17'452'406,  0,
};

// Not above the cosine of `angle_udeg`, 0 to 90 degrees: a chord of the curve lies below it.
std::int64_t CosineBelow(std::int64_t angle_udeg) {
  const std::int64_t at = kCosines[static_cast<std::size_t>(angle_udeg / kDegreeUdeg)];
  const std::int64_t beyond = angle_udeg % kDegreeUdeg;
  if (beyond == 0) return at;
  const std::int64_t next = kCosines[static_cast<std::size_t>(angle_udeg / kDegreeUdeg + 1)];
  return next + (at - next) * (kDegreeUdeg - beyond) / kDegreeUdeg;
}

// The quotient of what is not negative, rounded up.
constexpr std::int64_t Above(std::int64_t dividend, std::int64_t divisor) {
  return (dividend + divisor - 1) / divisor;
}

// How far east of `from` `to` is: 0 to less than a full circle.
std::int64_t Eastward(std::int64_t from, std::int64_t to) {
  return ((to - from) % kFullCircleUdeg + kFullCircleUdeg) % kFullCircleUdeg;
}

// A longitude above -180 to 180 degrees.
std::int32_t Wrapped(std::int64_t longitude_udeg) {
  const std::int64_t east = Eastward(-kHalfCircleUdeg, longitude_udeg);
  return static_cast<std::int32_t>((east == 0 ? kFullCircleUdeg : east) - kHalfCircleUdeg);
}

std::int64_t Width(const Box& box) {
  const bool all_round = std::int64_t{box.east_udeg} - box.west_udeg == kFullCircleUdeg;
  return all_round ? kFullCircleUdeg : Eastward(box.west_udeg, box.east_udeg);
}

// Longitudes from `west` eastward to `east`, which may lie beyond 180 degrees.
void SetLongitudes(Box& box, std::int64_t west_udeg, std::int64_t east_udeg) {
  const bool all_round = east_udeg - west_udeg >= kFullCircleUdeg;
  box.west_udeg = all_round ? -kLongitudeMaxUdeg : Wrapped(west_udeg);
  box.east_udeg = all_round ? kLongitudeMaxUdeg : Wrapped(east_udeg);
}

void SetLatitudes(Box& box, std::int64_t south_udeg, std::int64_t north_udeg) {
  box.south_udeg = static_cast<std::int32_t>(std::max<std::int64_t>(south_udeg, -kLatitudeMaxUdeg));
  box.north_udeg = static_cast<std::int32_t>(std::min<std::int64_t>(north_udeg, kLatitudeMaxUdeg));
}

bool IsPole(const v1::Coordinates& point) {
  return point.latitude_udeg() == kLatitudeMaxUdeg || point.latitude_udeg() == -kLatitudeMaxUdeg;
}

Box BoxOfPoint(const v1::Coordinates& point) {
  Box box;
  SetLatitudes(box, point.latitude_udeg(), point.latitude_udeg());
  SetLongitudes(box, point.longitude_udeg(),
                point.longitude_udeg() + (IsPole(point) ? kFullCircleUdeg : 0));
  return box;
}

// No point of a circle is farther from the equator than its middle and radius together; where all
// parallels are at least as long as the one there, its radius spans at most so many degrees of
// longitude.
Box BoxOfCircle(const v1::Circle& circle) {
  const std::int64_t latitude = circle.center().latitude_udeg();
  const std::int64_t longitude = circle.center().longitude_udeg();
  const std::int64_t reach = Above(circle.radius_m() * kDegreeUdeg, kDegreeMetersMin);
  const std::int64_t farthest = std::max(latitude, -latitude) + reach;
  const std::int64_t cosine = farthest < kLatitudeMaxUdeg ? CosineBelow(farthest) : 0;
  const std::int64_t half = cosine == 0 ? kHalfCircleUdeg : Above(reach * kUnit, cosine);
  Box box;
  SetLatitudes(box, latitude - reach, latitude + reach);
  SetLongitudes(box, longitude - half, longitude + half);
  return box;
}

// Goes along the sides and keeps how far west and east of the first point they lead.
Box BoxOfPolygon(const v1::Polygon& polygon) {
  std::int64_t south = kLatitudeMaxUdeg;
  std::int64_t north = -kLatitudeMaxUdeg;
  std::int64_t latitudes = 0;
  std::int64_t west = 0;
  std::int64_t east = 0;
  std::int64_t at = 0;
  const v1::Coordinates* first = nullptr;  // that is no pole, whose longitude means nothing
  const v1::Coordinates* last = nullptr;
  bool all_round = false;
  const auto go_to = [&](const v1::Coordinates& point) {
    const std::int64_t step = Eastward(last->longitude_udeg(), point.longitude_udeg());
    if (step == kHalfCircleUdeg) all_round = true;  // neither way is the shorter one
    at += step > kHalfCircleUdeg ? step - kFullCircleUdeg : step;
    west = std::min(west, at);
    east = std::max(east, at);
  };
  for (const v1::Coordinates& point : polygon.points()) {
    south = std::min<std::int64_t>(south, point.latitude_udeg());
    north = std::max<std::int64_t>(north, point.latitude_udeg());
    latitudes += point.latitude_udeg();
    if (IsPole(point)) continue;
    if (first == nullptr) first = &point;
    if (last != nullptr) go_to(point);
    last = &point;
  }
  if (first != nullptr) go_to(*first);
  all_round |= first == nullptr || at != 0;
  if (all_round) {
    if (latitudes >= 0) north = kLatitudeMaxUdeg;
    if (latitudes <= 0) south = -kLatitudeMaxUdeg;
  }
  Box box;
  SetLatitudes(box, south, north);
  const std::int64_t origin = first == nullptr ? 0 : first->longitude_udeg();
  SetLongitudes(box, origin + west, origin + (all_round ? west + kFullCircleUdeg : east));
  return box;
}

}  // namespace

bool Overlap(const Box& a, const Box& b) {
  if (a.north_udeg < b.south_udeg || b.north_udeg < a.south_udeg) return false;
  return Eastward(a.west_udeg, b.west_udeg) <= Width(a) ||
         Eastward(b.west_udeg, a.west_udeg) <= Width(b);
}

std::optional<Box> BoxOf(const v1::LaunchArea& area) {
  switch (area.form_case()) {
    case v1::LaunchArea::kSite:
      return BoxOfPoint(area.site().location());
    case v1::LaunchArea::kCircle:
      return BoxOfCircle(area.circle());
    case v1::LaunchArea::kPolygon:
      return BoxOfPolygon(area.polygon());
    case v1::LaunchArea::kSeaArea:
    case v1::LaunchArea::FORM_NOT_SET:
      break;
  }
  return std::nullopt;
}

}  // namespace assent::rules
