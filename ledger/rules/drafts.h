// Drafts of a revision on their way to a round of signatures. Used by all records that touch a
// draft.
#ifndef ASSENT_LEDGER_RULES_DRAFTS_H_
#define ASSENT_LEDGER_RULES_DRAFTS_H_

#include <cstdint>
#include <optional>

#include "assent/v1/revision.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/types.h"

namespace assent::rules {

inline constexpr Rule kDraftMissing{"DRAFT_MISSING", "The draft is named."};
inline constexpr Rule kDraftUnknown{"DRAFT_UNKNOWN", "The draft is one that is on the ledger."};
inline constexpr Rule kDraftWithdrawn{"DRAFT_WITHDRAWN",
                                      "The draft's author has not taken it back."};
inline constexpr Rule kDraftOvertaken{"DRAFT_OVERTAKEN",
                                      "The revision that the draft is to replace is in force."};
inline constexpr Rule kDraftNotCirculated{"DRAFT_NOT_CIRCULATED",
                                          "The chair has circulated the draft."};

inline constexpr Rule kNotChair{"NOT_CHAIR", "The author is the chair in office."};

// A draft with its place in the log.
struct StoredDraft {
  EntryIndex id;
  v1::DraftState state;
};

// The draft filed by entry `index`.
std::optional<StoredDraft> LoadDraft(const StateView& state, std::uint64_t index);

// Refuses by the first four rules above unless the draft that a record names, if `has_draft`, can
// still become a revision; else it is in `draft`.
std::optional<Refusal> FindLiveDraft(const Filing& filing, bool has_draft, std::uint64_t index,
                                     std::optional<StoredDraft>& draft);
// The same, and by kDraftNotCirculated.
std::optional<Refusal> FindCirculatedDraft(const Filing& filing, bool has_draft,
                                           std::uint64_t index, std::optional<StoredDraft>& draft);

// The summary filed by entry `index`.
std::optional<v1::SummaryState> LoadSummary(const StateView& state, std::uint64_t index);

// Refuses by kNotChair.
std::optional<Refusal> RefuseUnlessChair(const Filing& filing);

void SaveDraft(StateOverlay& state, const StoredDraft& draft);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_DRAFTS_H_
