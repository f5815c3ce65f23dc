// What is proposed to replace the revision in force, be it a draft or the text of a round: its
// rules are the same.
#ifndef ASSENT_LEDGER_RULES_PROPOSAL_H_
#define ASSENT_LEDGER_RULES_PROPOSAL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/rules/changes.h"
#include "ledger/rules/filing.h"

namespace assent::rules {

inline constexpr Rule kTitleInvalid{"TITLE_INVALID", "The title is 1 to 256 bytes on one line."};
inline constexpr Rule kRevisionTextInvalid{"TEXT_INVALID", "The text is 1 to 49,152 bytes."};
inline constexpr Rule kReplacesNotInForce{
    "REPLACES_NOT_IN_FORCE", "The revision to be replaced is given: the one in force."};
inline constexpr Rule kTextUnchanged{"TEXT_UNCHANGED",
                                     "The text, with its changes, differs from what is in force."};

// Of a record; it must outlive this.
struct Proposal {
  std::optional<std::uint32_t> replaces;
  const std::string& title;
  const std::string& text;
  bool has_changes;
  const v1::RevisionChanges& changes;
  Hash hash;
};

// Of a RevisionDraft or a RevisionOpen.
template <class Record>
Proposal ProposalOf(const Record& said) {
  return {.replaces = said.has_replaces() ? std::optional(said.replaces()) : std::nullopt,
          .title = said.title(),
          .text = said.text(),
          .has_changes = said.has_changes(),
          .changes = said.changes(),
          .hash = RevisionHash(said.text(), said.changes())};
}

// Refuses by kDraftPublic, by the rules above, and by those of changes.h.
std::optional<Refusal> RefuseBadProposal(const Filing& filing, const Proposal& proposal);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_PROPOSAL_H_
