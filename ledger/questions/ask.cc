#include <string>

#include "ledger/questions/answers.h"
#include "ledger/questions/page.h"
#include "ledger/questions/questions.h"

namespace assent::questions {
namespace {

absl::Status Dispatch(const Asked& asked, const v1::AskRequest& request) {
  switch (request.question_case()) {
    case v1::AskRequest::kLaunchesWithoutTimelyNotification:
      return Answer(asked, request.launches_without_timely_notification());
    case v1::AskRequest::kMissingDeclarations:
      return Answer(asked, request.missing_declarations());
    case v1::AskRequest::kNilFilers:
      return Answer(asked, request.nil_filers());
    case v1::AskRequest::kDiscrepancies:
      return Answer(asked, request.discrepancies());
    case v1::AskRequest::kActiveNotifications:
      return Answer(asked, request.active_notifications());
    case v1::AskRequest::kExpiredUnresolved:
      return Answer(asked, request.expired_unresolved());
    case v1::AskRequest::kRevisionStatus:
      return Answer(asked, request.revision_status());
    case v1::AskRequest::kRecordHistory:
      return Answer(asked, request.record_history());
    case v1::AskRequest::kOpenClarifications:
      return Answer(asked, request.open_clarifications());
    case v1::AskRequest::kPledgesAndOffers:
      return Answer(asked, request.pledges_and_offers());
    case v1::AskRequest::kDue:
      return Answer(asked, request.due());
    case v1::AskRequest::kYearTotals:
      return Answer(asked, request.year_totals());
    default:
      return absl::UnimplementedError("there is no such question about the ledger");
  }
}

}  // namespace

std::string_view NameOf(const v1::AskRequest& request) {
  if (request.question_case() == v1::AskRequest::QUESTION_NOT_SET) return "";
  return v1::AskRequest::descriptor()->FindFieldByNumber(request.question_case())->name();
}

absl::Status Ask(const Snapshot& ledger, const Sight& sight, const v1::AskRequest& request,
                 std::size_t rows_max, std::string& cursor, v1::AskResponse& response) {
  Page page(rows_max, std::move(cursor), &response);
  absl::Status status = Dispatch({ledger, sight, page}, request);
  cursor = page.next();
  response.set_public_only(sight.is_public_only());
  return status;
}

}  // namespace assent::questions
