// What all members are asked for when a draft of a revision is circulated.
#ifndef ASSENT_LEDGER_QUESTIONS_DRAFT_DUES_H_
#define ASSENT_LEDGER_QUESTIONS_DRAFT_DUES_H_

#include <string>
#include <vector>

#include "assent/v1/questions.pb.h"
#include "ledger/questions/snapshot.h"
#include "ledger/types.h"

namespace assent::questions {

// One thing that members are asked for.
struct DraftDue {
  v1::DueKind what;                 // DUE_COMMENT, DUE_RECEIPT
  std::string order;                // among those of its kind: by due time, those without one last
  Time due;                         // 0 where no time is set: for receipts of a summary
  EntryIndex about;                 // the draft or the summary
  std::vector<EntryIndex> entries;  // that show it, in the order of the log
  std::vector<MemberCode> missing;  // who has not done it, in code order
};

// Of all circulated drafts that can still become a revision: comments, until the comment period is
// over, and receipts of the draft and of its summary. For readers who see all. Costs as much as
// there are drafts since the revision in force.
std::vector<DraftDue> DuesOfDrafts(const Snapshot& ledger);

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_DRAFT_DUES_H_
