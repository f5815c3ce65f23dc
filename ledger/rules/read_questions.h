// Where the questions stand that the members decide, for those who answer questions.
#ifndef ASSENT_LEDGER_RULES_READ_QUESTIONS_H_
#define ASSENT_LEDGER_RULES_READ_QUESTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/rules/read.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

enum class QuestionStatus { kOpen, kDecided, kExpired };

struct QuestionEndorsement {
  MemberCode member;
  EntryIndex index;
  Time time;
};

// A question that the members decide.
struct QuestionView {
  EntryIndex id;     // of the entry that opened it
  std::string type;  // of the record that opened it: "ChairTerm"
  MemberCode about;
  MemberCode author;
  Time opened;
  Time expires;  // the last instant at which it can be endorsed
  QuestionStatus status = QuestionStatus::kOpen;
  // In the order of the log; while it is open, those of present memberships.
  std::vector<QuestionEndorsement> endorsements;
  std::size_t needed = 0;                // a quorum of the present members; 0 unless open
  std::optional<EntryIndex> decided_by;  // the entry that completed the quorum
};
// The question opened by entry `id`, at block time `now` and as of `tree_size`; nothing when there
// is none.
std::optional<QuestionView> QuestionAt(const StateView& state, EntryIndex id, Time now,
                                       std::uint64_t tree_size = kNewest);
// Ids of at most `limit` questions that were opened below `below`, newest first.
std::vector<EntryIndex> Questions(const StateView& state, std::size_t limit,
                                  std::uint64_t below = kNewest);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_READ_QUESTIONS_H_
