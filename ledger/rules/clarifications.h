// What the rules of requests for clarification, of replies and of closing have in common.
#ifndef ASSENT_LEDGER_RULES_CLARIFICATIONS_H_
#define ASSENT_LEDGER_RULES_CLARIFICATIONS_H_

#include <cstdint>
#include <optional>

#include "ledger/rules/filing.h"

namespace assent::rules {

inline constexpr Rule kRequestMissing{"REQUEST_MISSING", "The request is named."};
inline constexpr Rule kRequestUnknown{"REQUEST_UNKNOWN",
                                      "The request is one for clarification that an entry made."};

// A request that was found.
struct StoredClarification {
  EntryIndex request;
  v1::ClarificationState state;
};

// Puts a request into the sets of those that are open, or takes it out.
void EnterOpen(StateOverlay& state, const StoredClarification& asked);
void LeaveOpen(StateOverlay& state, const StoredClarification& asked, EntryIndex closed_by);

// Finds the request that a record names, if `has_request`. By the rules above.
std::optional<Refusal> FindRequest(const Filing& filing, bool has_request, std::uint64_t request,
                                   std::optional<StoredClarification>& found);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_CLARIFICATIONS_H_
