// ClarificationReply: what the author of a record answers to a request about it. A reply may also
// come after the request was closed: who asks cannot cut off the answer.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/audience.h"
#include "ledger/rules/clarifications.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace clarification_reply {

constexpr Rule kNotAsked{"NOT_ASKED", "Only the member that is asked replies."};
constexpr Rule kRequestChanged{"REQUEST_CHANGED",
                               "An amendment replies to the same request as what it amends."};
constexpr Rule kAlreadyReplied{"ALREADY_REPLIED",
                               "A request has one current reply; what is more is an amendment."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 16,384 bytes."};

constexpr std::array kRules{kRequestMissing, kRequestUnknown, kNotAsked,   kMembersOnly,
                            kRequestChanged, kAlreadyReplied, kTextInvalid};

// One reply to a request is current; `newest` is the newest of any.
std::optional<Refusal> RefuseSecondReply(const Filing& filing, EntryIndex request,
                                         std::optional<EntryIndex> newest) {
  if (filing.amends) {
    const std::uint64_t before = filing.amends->state.clarification_reply().request();
    if (before == request.value()) return std::nullopt;
    return Refuse(kRequestChanged, "request",
                  absl::StrCat("entry ", filing.amends->index.value(), " replies to request ",
                               before, ": reply to ", request.value(), " by an entry of its own"));
  }
  if (!newest) return std::nullopt;
  const auto given = Load<v1::RecordState>(filing.state, RecordKey(*newest));
  if (!given || given->has_replaced_by()) return std::nullopt;
  return Refuse(kAlreadyReplied, "request",
                absl::StrCat("request ", request.value(), " was replied to in entry ",
                             newest->value(), ": amend that (supersedes ", newest->value(), ")"));
}

std::optional<Refusal> ApplyReply(const Filing& filing) {
  const v1::ClarificationReply& said = filing.body.clarification_reply();
  std::optional<StoredClarification> asked;
  if (auto refusal = FindRequest(filing, said.has_request(), said.request(), asked)) {
    return refusal;
  }
  if (asked->state.respondent() != filing.author.str()) {
    return Refuse(kNotAsked, "request",
                  absl::StrCat("request ", said.request(), " asks ", asked->state.respondent(),
                               ": only that member replies"));
  }
  if (auto refusal = RefuseWiderAudience(filing, asked->state.visibility(),
                                         absl::StrCat("request ", said.request()))) {
    return refusal;
  }
  const auto newest = PointerAt(filing.state, ReplyKey(asked->request));
  if (auto refusal = RefuseSecondReply(filing, asked->request, newest)) return refusal;
  if (auto refusal = RefuseBadText(kTextInvalid, "text", said.text(), kClarificationReplyBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }

  v1::RecordState record = NewRecord(filing);
  record.set_timeliness(static_cast<std::uint32_t>(
      compliance::JudgeClarification({record.first_time_us()}, {asked->state.due_us()})));
  v1::ClarificationReplyState& kept = *record.mutable_clarification_reply();
  kept.set_request(said.request());
  if (newest) kept.set_previous(newest->value());
  SaveRecord(filing, record);
  SavePointer(filing.state, ReplyKey(asked->request), filing.position.index);
  return std::nullopt;
}

}  // namespace clarification_reply

extern const RecordHandler kClarificationReply;
constinit const RecordHandler kClarificationReply{
    .name = "ClarificationReply",
    .field = v1::Body::kClarificationReply,
    .rules = clarification_reply::kRules,
    .apply = clarification_reply::ApplyReply,
    .retire = RetireNothing,
};

}  // namespace assent::rules
