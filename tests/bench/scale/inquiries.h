// Everything that a node is asked, by name, so that the same is asked of ledgers of any size.
#ifndef ASSENT_TESTS_BENCH_SCALE_INQUIRIES_H_
#define ASSENT_TESTS_BENCH_SCALE_INQUIRIES_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/ledger.grpc.pb.h"
#include "tests/bench/scale/history.h"

namespace assent::bench {

inline constexpr std::size_t kPageRows = 50;

struct Answer {
  std::size_t rows = 0;
  std::string next_page_token;  // empty: there is no more
};

struct Inquiry {
  std::string name;  // "expired_unresolved, old height"
  bool as_member;    // with the reader key of a member, else with none
  // At most `rows` from `page_token` on; where there are no pages, all.
  std::function<absl::StatusOr<Answer>(v1::Ledger::Stub&, const std::string& page_token,
                                       std::size_t rows)>
      ask;
};

// All of them, of a ledger with these marks.
std::vector<Inquiry> AllInquiries(const Marks& marks);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_SCALE_INQUIRIES_H_
