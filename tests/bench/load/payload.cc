#include "tests/bench/load/payload.h"

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "ledger/check.h"
#include "ledger/limits.h"

namespace assent::bench {
namespace {

constexpr std::size_t kReferenceBytesMin = 24;

// South-western coordinates all take the same 24 bytes.
v1::Body MakeBody(std::string reference, Time now, int points) {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(now.us);
  auto* notification = body.mutable_launch_notification();
  notification->set_reference(std::move(reference));
  notification->set_kind(v1::SPACE_LAUNCH);
  notification->set_class_id(kClassId);
  notification->set_window_start_us((now + Days(30)).us);
  notification->set_window_end_us((now + Days(30) + Hours(4)).us);
  auto* polygon = notification->mutable_area()->mutable_polygon();
  for (int i = 0; i < points; ++i) {
    auto* point = polygon->add_points();
    point->set_latitude_udeg(-10'000'000 - i * 100'000);
    point->set_longitude_udeg(-20'000'000 - i % 2 * 100'000);
  }
  notification->mutable_direction()->set_azimuth_deg(90);
  notification->set_count(1);
  return body;
}

std::size_t SizeWith(std::size_t reference_bytes, Time now, int points) {
  return MakeBody(std::string(reference_bytes, '0'), now, points).ByteSizeLong();
}

}  // namespace

PayloadMaker::PayloadMaker(std::size_t bytes, Time now)
    : bytes_(bytes), reference_bytes_(kReferenceBytesMin), now_(now), points_(kPolygonPointsMin) {
  while (points_ < kPolygonPointsMax && SizeWith(reference_bytes_, now_, points_ + 1) <= bytes_) {
    ++points_;
  }
  const std::size_t size = SizeWith(reference_bytes_, now_, points_);
  ASSENT_CHECK(size <= bytes_);
  reference_bytes_ += bytes_ - size;
  ASSENT_CHECK(reference_bytes_ <= kReferenceBytesMax);
  ASSENT_CHECK(SizeWith(reference_bytes_, now_, points_) == bytes_);
}

std::string PayloadMaker::Reference(std::uint64_t number) const {
  const std::string digits = absl::StrCat(number);
  return absl::StrCat("B", std::string(reference_bytes_ - 1 - digits.size(), '0'), digits);
}

std::string PayloadMaker::Body(std::uint64_t number) const {
  return MakeBody(Reference(number), now_, points_).SerializeAsString();
}

}  // namespace assent::bench
