// ClarificationClose: who asked for clarification asks no more.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/audience.h"
#include "ledger/rules/clarifications.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace clarification_close {

constexpr Rule kNotRequester{"NOT_REQUESTER", "Only the member that made a request closes it."};
constexpr Rule kRequestClosed{"REQUEST_CLOSED", "The request has not been closed before."};
constexpr Rule kRequestPublic{"REQUEST_PUBLIC", "What closes a PUBLIC request is PUBLIC."};
constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};

constexpr std::array kRules{kRequestMissing, kRequestUnknown, kNotRequester, kRequestClosed,
                            kMembersOnly,    kRequestPublic,  kReasonInvalid};

// A close has the audience of its request: who can read that it was asked can read why no more.
std::optional<Refusal> RefuseOtherAudience(const Filing& filing, const StoredClarification& asked) {
  const std::string name = absl::StrCat("request ", asked.request.value());
  if (auto refusal = RefuseWiderAudience(filing, asked.state.visibility(), name)) return refusal;
  if (static_cast<std::uint32_t>(filing.body.visibility()) == asked.state.visibility()) {
    return std::nullopt;
  }
  return Refuse(kRequestPublic, "visibility",
                absl::StrCat(name, " is PUBLIC: close it with visibility PUBLIC"));
}

std::optional<Refusal> ApplyClose(const Filing& filing) {
  const v1::ClarificationClose& said = filing.body.clarification_close();
  std::optional<StoredClarification> asked;
  if (auto refusal = FindRequest(filing, said.has_request(), said.request(), asked)) {
    return refusal;
  }
  if (asked->state.requester() != filing.author.str()) {
    return Refuse(kNotRequester, "request",
                  absl::StrCat("request ", said.request(), " was made by ",
                               asked->state.requester(), ": only that member closes it"));
  }
  if (asked->state.has_closed_by()) {
    return Refuse(kRequestClosed, "request",
                  absl::StrCat("request ", said.request(), " was closed by entry ",
                               asked->state.closed_by(), " already"));
  }
  if (auto refusal = RefuseOtherAudience(filing, *asked)) return refusal;
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(),
                                   kClarificationReasonBytesMax, Lines::kMany)) {
    return refusal;
  }
  asked->state.set_closed_by(filing.position.index.value());
  asked->state.set_closed_us(filing.position.time.us);
  Save(filing.state, ClarificationKey(asked->request), asked->state);
  LeaveOpen(filing.state, *asked, filing.position.index);
  return std::nullopt;
}

}  // namespace clarification_close

extern const RecordHandler kClarificationClose;
constinit const RecordHandler kClarificationClose{
    .name = "ClarificationClose",
    .field = v1::Body::kClarificationClose,
    .rules = clarification_close::kRules,
    .apply = clarification_close::ApplyClose,
};

}  // namespace assent::rules
