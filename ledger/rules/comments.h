// Comments on a draft: each member has at most one that holds.
#ifndef ASSENT_LEDGER_RULES_COMMENTS_H_
#define ASSENT_LEDGER_RULES_COMMENTS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/rules/read.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// A member's newest comment on a draft, with all its amendments.
struct NewestComment {
  MemberCode member;
  EntryIndex index;
  Time first_time;     // when the first of its amendments was filed
  bool holds = false;  // not withdrawn
};

// Of each member that has commented, in code order; as of `tree_size`.
std::vector<NewestComment> NewestComments(const StateView& state, EntryIndex draft,
                                          std::uint64_t tree_size = kNewest);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_COMMENTS_H_
