// Boxes of latitude and longitude that enclose the area of a launch, so that areas can be looked up
// by where they are. Integers only: a box is part of the state, and the same on every node.
#ifndef ASSENT_LEDGER_RULES_BOX_H_
#define ASSENT_LEDGER_RULES_BOX_H_

#include <cstdint>
#include <optional>

#include "assent/v1/record.pb.h"

namespace assent::rules {

// From south to north and from west eastward to east, in millionths of a degree, all inclusive. It
// crosses the antimeridian when west is above east, and goes all the way round from -180,000,000 to
// 180,000,000.
struct Box {
  std::int32_t south_udeg = 0;
  std::int32_t west_udeg = 0;
  std::int32_t north_udeg = 0;
  std::int32_t east_udeg = 0;
  bool operator==(const Box&) const = default;
};

// True when they have a point in common.
bool Overlap(const Box& a, const Box& b);

// A box that encloses an area in which RefuseBadArea finds no fault; it may be larger than need be
// where a circle comes near to a pole. The sides of a polygon are straight in latitude and
// longitude, the shorter way round; one that runs round the earth encloses the pole that is nearer
// to most of it. Nothing for a named sea area, which has no bounds.
std::optional<Box> BoxOf(const v1::LaunchArea& area);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_BOX_H_
