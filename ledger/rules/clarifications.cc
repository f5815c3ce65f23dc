#include "ledger/rules/clarifications.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/sets.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

std::string PlaceOf(const StoredClarification& asked) {
  const auto respondent = MemberCode::From(asked.state.respondent());
  if (!respondent) StopOnDamagedState(ClarificationKey(asked.request));
  return StatePlace(*respondent, {asked.state.asked_us()}, asked.request);
}

bool IsPublic(const StoredClarification& asked) { return asked.state.visibility() == v1::PUBLIC; }

}  // namespace

void EnterOpen(StateOverlay& state, const StoredClarification& asked) {
  Enter(state, {kClarifications, Audience::kMembers}, PlaceOf(asked), asked.request);
  if (!IsPublic(asked)) return;
  Enter(state, {kClarifications, Audience::kPublic}, PlaceOf(asked), asked.request);
}

void LeaveOpen(StateOverlay& state, const StoredClarification& asked, EntryIndex closed_by) {
  Leave(state, {kClarifications, Audience::kMembers}, PlaceOf(asked), closed_by);
  if (!IsPublic(asked)) return;
  Leave(state, {kClarifications, Audience::kPublic}, PlaceOf(asked), closed_by);
}

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
