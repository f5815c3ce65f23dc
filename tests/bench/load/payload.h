// The payload of a benchmark: a launch notification of an exact size, the same for every target.
#ifndef ASSENT_TESTS_BENCH_LOAD_PAYLOAD_H_
#define ASSENT_TESTS_BENCH_LOAD_PAYLOAD_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "ledger/types.h"

namespace assent::bench {

// What a notification can be filled up to, with a polygon of points and a long reference.
inline constexpr std::size_t kPayloadBytesMin = 200;
inline constexpr std::size_t kPayloadBytesMax = 1'600;
inline constexpr char kClassId[] = "SLV_MEDIUM";

// Notifications that the rules accept. Immutable: any thread.
class PayloadMaker {
 public:
  // `bytes` from kPayloadBytesMin to kPayloadBytesMax. Windows open 30 days after `now`.
  PayloadMaker(std::size_t bytes, Time now);

  // The author's own name of its notification `number`.
  std::string Reference(std::uint64_t number) const;
  // A serialized assent.v1.Body of exactly `bytes`.
  std::string Body(std::uint64_t number) const;
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_;
  std::size_t reference_bytes_;
  Time now_;
  int points_;
};

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_LOAD_PAYLOAD_H_
