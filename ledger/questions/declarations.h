// Which declaration of a year held.
#ifndef ASSENT_LEDGER_QUESTIONS_DECLARATIONS_H_
#define ASSENT_LEDGER_QUESTIONS_DECLARATIONS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "ledger/questions/snapshot.h"
#include "ledger/types.h"

namespace assent::questions {

// The last year that can be asked for.
inline constexpr std::int64_t kYearMax = 9998;
// InvalidArgument: not from 2002 to kYearMax.
absl::Status CheckYear(std::int64_t year);

// The state's declaration for `year` in a set of declarations (rules::kDeclared, kNil, kDiffering),
// as the reader may see it; nothing when there is none.
std::optional<EntryIndex> DeclarationAt(const Snapshot& ledger, const Sight& sight,
                                        std::string_view set, const MemberCode& state,
                                        std::int64_t year);

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_DECLARATIONS_H_
