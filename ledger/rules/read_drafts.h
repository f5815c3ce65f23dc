// What the rules have concluded about drafts of a revision, for those who answer questions (read.h
// says how to ask for an older height).
#ifndef ASSENT_LEDGER_RULES_READ_DRAFTS_H_
#define ASSENT_LEDGER_RULES_READ_DRAFTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/bytes.h"
#include "ledger/rules/read.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

enum class DraftStatus { kDrafted, kCirculated, kSummarised, kOpened, kWithdrawn, kOvertaken };

// What a member has filed.
struct MemberEntry {
  MemberCode member;
  EntryIndex index;
  Time time;
};

// Who has received what was sent to all capitals.
struct CapitalReceipts {
  std::vector<MemberEntry> received;  // in the order of the log; of memberships that last
  std::vector<MemberCode> missing;    // in code order
};

// The chair's summary of the comments on a draft. Its text is in its entry.
struct SummaryView {
  MemberEntry by;
  Hash text_hash;
  CapitalReceipts receipts;
};

// A draft. Its title, text and answers are in its entry.
struct DraftView {
  EntryIndex id;
  MemberCode author;
  std::uint32_t replaces = 0;
  DraftStatus status = DraftStatus::kDrafted;
  Hash text_hash;
  Time drafted;
  std::optional<EntryIndex> previous;
  std::optional<EntryIndex> circulated_by;
  Time circulated;                    // once circulated
  Time comments_due;                  // the last instant for comments; once circulated
  CapitalReceipts receipts;           // once circulated
  std::vector<MemberEntry> comments;  // those that hold, in the order of the log; first filed when
  std::optional<SummaryView> summary;
  std::optional<EntryIndex> round;  // the newest that was opened from it
  std::optional<EntryIndex> withdrawn_by;
};
// The draft filed by entry `id`, as of `tree_size`; nothing when there is none.
std::optional<DraftView> DraftAt(const StateView& state, EntryIndex id,
                                 std::uint64_t tree_size = kNewest);
// Ids of at most `limit` drafts that were filed below `below`, newest first.
std::vector<EntryIndex> Drafts(const StateView& state, std::size_t limit,
                               std::uint64_t below = kNewest);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_READ_DRAFTS_H_
