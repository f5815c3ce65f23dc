// Good bodies of what comes before and after a round of signatures, and the way to a draft in each
// state.
#ifndef ASSENT_TESTS_UNIT_LEDGER_RULES_DRAFT_BODIES_H_
#define ASSENT_TESTS_UNIT_LEDGER_RULES_DRAFT_BODIES_H_

#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "ledger/types.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {

inline constexpr std::string_view kDraftText = "A text to be discussed.\n";
inline constexpr std::string_view kSummaryText = "Two members ask for a period.\n";

v1::Body Drafting(std::string_view text = kDraftText, std::uint32_t replaces = 0);
// A draft that follows `previous`, and answers each of `comments`.
v1::Body NextDraft(EntryIndex previous, const std::vector<EntryIndex>& comments,
                   std::string_view text = "A better text.\n");
v1::Body Circulating(EntryIndex draft);
v1::Body DraftReceived(EntryIndex draft, std::string_view text = kDraftText);
v1::Body SummaryReceived(EntryIndex summary);
v1::Body CommentOn(EntryIndex draft, std::string_view text = "Name a period.");
v1::Body SummingUp(EntryIndex draft);
v1::Body Presenting(EntryIndex round, std::string_view text);  // titled as Proposing is
// The same text as `draft`, to be signed.
v1::Body OpeningFrom(EntryIndex draft, std::string_view text = kDraftText);
v1::Body TakeBackDraft(EntryIndex draft);

// Makes NOR the chair, from three seconds later on, when it returns, for a year. Founders are DEU, FRA and NOR.
void AppointChair(TestLedger& ledger);
// A draft of FRA, circulated by the chair, which is appointed for it.
EntryIndex CirculatedDraft(TestLedger& ledger);
// The same, summed up after its comment period: the index of the draft.
EntryIndex SummarisedDraft(TestLedger& ledger);
// A round on the text that all founders have signed.
EntryIndex FinalRound(TestLedger& ledger, std::string_view text);

}  // namespace assent::rules

#endif  // ASSENT_TESTS_UNIT_LEDGER_RULES_DRAFT_BODIES_H_
