// ClarificationRequest: a member asks another one about a record. Requests are neither amended nor
// withdrawn: who has no more question closes it.
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
namespace clarification_request {

constexpr Rule kAboutMissing{"ABOUT_MISSING", "The record that is asked about is named."};
constexpr Rule kAboutUnknown{"ABOUT_UNKNOWN",
                             "What is asked about is a record of a type that can be amended."};
constexpr Rule kAboutOwn{"ABOUT_OWN", "What is asked about is a record of another member."};
constexpr Rule kAuthorLeft{"AUTHOR_LEFT",
                           "Who filed the record is an active member, so that it can reply."};
constexpr Rule kQuestionInvalid{"QUESTION_INVALID", "The question is 1 to 4,096 bytes."};

constexpr std::array kRules{kAboutMissing, kAboutUnknown, kAboutOwn,
                            kAuthorLeft,   kMembersOnly,  kQuestionInvalid};

// Finds the record that is asked about, and who can be asked.
std::optional<Refusal> FindSubject(const Filing& filing, std::optional<StoredRecord>& subject) {
  const v1::ClarificationRequest& said = filing.body.clarification_request();
  if (!said.has_about()) {
    return Refuse(kAboutMissing, "about", "name the record that the question is about");
  }
  subject = FindRecord(filing.state, EntryIndex(said.about()));
  if (!subject) {
    return Refuse(kAboutUnknown, "about",
                  absl::StrCat("entry ", said.about(), " is no record of a type that can be ",
                               "amended: name one of type ", AmendableTypes()));
  }
  const MemberCode author = AuthorOf(*subject);
  if (author == filing.author) {
    return Refuse(kAboutOwn, "about",
                  absl::StrCat("record ", said.about(), " is ", author.str(),
                               "'s own: ask about another member's"));
  }
  if (!filing.state.Get(MemberKey(author))) {
    return Refuse(kAuthorLeft, "about",
                  absl::StrCat(author.str(), ", which filed record ", said.about(),
                               ", is no member any more, and cannot reply"));
  }
  return RefuseWiderAudience(filing, subject->state.visibility(),
                             absl::StrCat("record ", said.about()));
}

std::optional<Refusal> ApplyRequest(const Filing& filing) {
  const v1::ClarificationRequest& said = filing.body.clarification_request();
  std::optional<StoredRecord> subject;
  if (auto refusal = FindSubject(filing, subject)) return refusal;
  if (auto refusal = RefuseBadText(kQuestionInvalid, "question", said.question(),
                                   kClarificationQuestionBytesMax, Lines::kMany)) {
    return refusal;
  }
  const Time now = filing.position.time;
  const EntryIndex request = filing.position.index;
  v1::ClarificationState asked;
  asked.set_requester(filing.author.str());
  asked.set_about(said.about());
  asked.set_respondent(subject->state.author());
  asked.set_asked_us(now.us);
  asked.set_due_us(compliance::ClarificationDue(now).us);
  asked.set_visibility(static_cast<std::uint32_t>(filing.body.visibility()));
  Save(filing.state, ClarificationKey(request), asked);
  EnterOpen(filing.state, {.request = request, .state = asked});
  SavePointer(filing.state, AskedKey(EntryIndex(subject->state.first_index()), request), request);
  return std::nullopt;
}

}  // namespace clarification_request

extern const RecordHandler kClarificationRequest;
constinit const RecordHandler kClarificationRequest{
    .name = "ClarificationRequest",
    .field = v1::Body::kClarificationRequest,
    .rules = clarification_request::kRules,
    .apply = clarification_request::ApplyRequest,
};

}  // namespace assent::rules
