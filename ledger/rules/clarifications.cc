#include "ledger/rules/clarifications.h"

#include "absl/strings/str_cat.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::optional<Refusal> FindRequest(const Filing& filing, bool has_request, std::uint64_t request,
                                   std::optional<StoredClarification>& found) {
  if (!has_request) {
    return Refuse(kRequestMissing, "request",
                  "the request is missing: name the entry that asks for clarification");
  }
  const EntryIndex index(request);
  if (index < kFirstWaitingIndex) {
    if (auto state = Load<v1::ClarificationState>(filing.state, ClarificationKey(index))) {
      found = StoredClarification{.request = index, .state = *std::move(state)};
      return std::nullopt;
    }
  }
  return Refuse(kRequestUnknown, "request",
                absl::StrCat("entry ", request, " is no request for clarification: name one"));
}

}  // namespace assent::rules
