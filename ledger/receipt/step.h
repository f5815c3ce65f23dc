// How a proof that fails is refused.
#ifndef ASSENT_LEDGER_RECEIPT_STEP_H_
#define ASSENT_LEDGER_RECEIPT_STEP_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ledger/types.h"

namespace assent {

// INVALID_ARGUMENT.
inline absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(AbslView(what));
}
// INVALID_ARGUMENT, with the step in which it failed: "STEP: DETAIL".
inline absl::Status At(std::string_view step, std::string_view detail) {
  return absl::InvalidArgumentError(absl::StrCat(AbslView(step), ": ", AbslView(detail)));
}
inline absl::Status At(std::string_view step, const absl::Status& status) {
  return At(step, StdView(status.message()));
}

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_STEP_H_
