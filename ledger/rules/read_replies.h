// What states have said to one another: answers to observed launches, and requests for
// clarification with their replies. As read.h: as of a tree size.
#ifndef ASSENT_LEDGER_RULES_READ_REPLIES_H_
#define ASSENT_LEDGER_RULES_READ_REPLIES_H_

#include <cstdint>
#include <optional>

#include "ledger/compliance/timeliness.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// What the attributed state says to an observed launch.
struct ObservationAnswerView {
  EntryIndex index;        // of the answer
  EntryIndex observation;  // that it names; amended since, when it is not the newest of its chain
  bool confirmed = false;  // or contested
  Audience audience = Audience::kMembers;
};
// The answer that counts for the chain of amendments that `observation` is in. Nothing when there
// is none, and when `observation` is no observed launch below `tree_size`.
std::optional<ObservationAnswerView> AnswerTo(const StateView& state, EntryIndex observation,
                                              std::uint64_t tree_size = kNewest);

// A reply to a request for clarification.
struct ClarificationReplyView {
  EntryIndex index;
  compliance::Timeliness timeliness = compliance::Timeliness::kNone;
  Audience audience = Audience::kMembers;
};

// A request for clarification.
struct ClarificationView {
  MemberCode requester;
  MemberCode respondent;  // who filed the record
  EntryIndex about;       // the record, as it was named
  Time asked;
  Time due;  // until then, inclusive, a reply is timely
  Audience audience = Audience::kMembers;
  std::optional<EntryIndex> closed_by;  // absent while it is open
  std::optional<ClarificationReplyView> reply;
};
// Nothing when `request` is no such request below `tree_size`.
std::optional<ClarificationView> ClarificationAt(const StateView& state, EntryIndex request,
                                                 std::uint64_t tree_size = kNewest);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_READ_REPLIES_H_
