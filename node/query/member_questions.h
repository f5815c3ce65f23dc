// The questions that the members decide.
#ifndef ASSENT_NODE_QUERY_MEMBER_QUESTIONS_H_
#define ASSENT_NODE_QUERY_MEMBER_QUESTIONS_H_

#include "absl/status/statusor.h"
#include "assent/v1/membership.pb.h"
#include "node/replica/store.h"

namespace assent::query {

// Newest first; all pages hold at the height of the first, the newest. Any thread. InvalidArgument:
// page size or token. OutOfRange: the token's height is not final here.
absl::StatusOr<v1::ListMemberQuestionsResponse> ListMemberQuestions(
    const replica::ReadView& view, const v1::ListMemberQuestionsRequest& request);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_MEMBER_QUESTIONS_H_
