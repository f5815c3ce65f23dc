// Requests for clarification that are not closed.
#include <array>
#include <string_view>
#include <utility>

#include "ledger/questions/answers.h"
#include "ledger/questions/by_state.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/read_replies.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 2> kClarificationTypes{"ClarificationRequest",
                                                              "ClarificationReply"};

v1::AnswerRow RowOf(EntryIndex request, const rules::ClarificationView& asked, bool sees_all) {
  v1::AnswerRow row;
  row.add_entries(request.value());
  v1::ClarificationRow& said = *row.mutable_clarification();
  said.set_state(asked.respondent.str());
  said.set_asked_by(asked.requester.str());
  said.set_request(request.value());
  said.set_about(asked.about.value());
  said.set_due_us(asked.due.us);
  if (asked.reply && (sees_all || asked.reply->audience == rules::Audience::kPublic)) {
    row.add_entries(asked.reply->index.value());
    said.set_reply(asked.reply->index.value());
  }
  return row;
}

}  // namespace

// By two authors: who sees the records of some states only is answered from the PUBLIC ones.
absl::Status Answer(const Asked& asked, const v1::OpenClarifications& question) {
  auto state = StateOf(question.state());
  if (!state.ok()) return state.status();
  // By the time at which they were made: none is later than the height.
  const StateTimeRange range{.set = rules::kClarifications,
                             .types = kClarificationTypes,
                             .state = *std::move(state),
                             .first = Time{0},
                             .end = asked.ledger.time + Microseconds(1)};
  const bool sees_all = asked.sight.sees_all();
  const Sight sight = sees_all ? asked.sight : Sight::Public();
  VisitByState(asked.ledger, sight, range, asked.page, [&](const StateTime& at) {
    const auto request =
        rules::ClarificationAt(asked.ledger.state, at.index, asked.ledger.tree_size);
    return !request || asked.page.Add(at.place, RowOf(at.index, *request, sees_all));
  });
  return absl::OkStatus();
}

}  // namespace assent::questions
