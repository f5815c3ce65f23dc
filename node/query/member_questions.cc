#include "node/query/member_questions.h"

#include <algorithm>
#include <vector>

#include "ledger/rules/read_questions.h"
#include "node/query/limits.h"
#include "node/query/page_start.h"
#include "node/query/page_token.h"

namespace assent::query {
namespace {

v1::QuestionStatus ToProto(rules::QuestionStatus status) {
  switch (status) {
    case rules::QuestionStatus::kOpen:
      return v1::QUESTION_OPEN;
    case rules::QuestionStatus::kDecided:
      return v1::QUESTION_DECIDED;
    case rules::QuestionStatus::kExpired:
      return v1::QUESTION_EXPIRED;
  }
  return v1::QUESTION_STATUS_UNSPECIFIED;
}

v1::MemberQuestion ToProto(const rules::QuestionView& question) {
  v1::MemberQuestion message;
  message.set_question(question.id.value());
  message.set_type(question.type);
  message.set_about(question.about.str());
  message.set_author(question.author.str());
  message.set_opened_us(question.opened.us);
  message.set_expires_us(question.expires.us);
  message.set_status(ToProto(question.status));
  for (const rules::QuestionEndorsement& endorsement : question.endorsements) {
    v1::QuestionEndorsement& added = *message.add_endorsements();
    added.set_member(endorsement.member.str());
    added.set_index(endorsement.index.value());
    added.set_time_us(endorsement.time.us);
  }
  message.set_needed(static_cast<std::uint32_t>(question.needed));
  if (question.decided_by) message.set_decided_by(question.decided_by->value());
  return message;
}

}  // namespace

absl::StatusOr<v1::ListMemberQuestionsResponse> ListMemberQuestions(
    const replica::ReadView& view, const v1::ListMemberQuestionsRequest& request) {
  const auto page_size = PageSize(request.page_size(), kQuestionsPageDefault, kQuestionsPageMax);
  if (!page_size.ok()) return page_size.status();
  const TokenScope scope{"member questions", ""};
  const auto start = StartPage(view, request.page_token(), scope);
  if (!start.ok()) return start.status();
  const BlockHeader& as_of = start->as_of;
  const std::uint64_t below = std::min(start->cursor.value_or(as_of.tree_size), as_of.tree_size);

  v1::ListMemberQuestionsResponse response;
  std::vector<EntryIndex> ids = rules::Questions(view.state(), *page_size + 1, below);
  const bool more = ids.size() > *page_size;
  if (more) ids.pop_back();
  for (const EntryIndex id : ids) {
    const auto question = rules::QuestionAt(view.state(), id, as_of.time, as_of.tree_size);
    if (!question) {
      return absl::DataLossError("the database is damaged: a question of the members is missing");
    }
    *response.add_questions() = ToProto(*question);
  }
  if (more) response.set_next_page_token(EncodePageToken(as_of.height, ids.back().value(), scope));
  response.set_as_of(as_of.height.value());
  return response;
}

}  // namespace assent::query
