#include "ledger/rules/proposal.h"

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"

namespace assent::rules {

std::optional<Refusal> RefuseBadProposal(const Filing& filing, const Proposal& proposal) {
  const std::uint32_t in_force = filing.ledger.revision();
  if (auto refusal = RefusePublicDraft(filing)) return refusal;
  if (auto refusal =
          RefuseBadText(kTitleInvalid, "title", proposal.title, kNameBytesMax, Lines::kOne)) {
    return refusal;
  }
  if (auto refusal = RefuseBadText(kRevisionTextInvalid, "text", proposal.text,
                                   kRevisionTextBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (!proposal.replaces) {
    return Refuse(
        kReplacesNotInForce, "replaces",
        absl::StrCat("the revision to be replaced is missing: ", in_force, " is in force"));
  }
  if (*proposal.replaces != in_force) {
    return Refuse(kReplacesNotInForce, "replaces",
                  absl::StrCat("revision ", *proposal.replaces,
                               " is not in force: the text is to replace ", in_force));
  }
  if (proposal.has_changes) {
    if (auto refusal = RefuseBadChanges(filing.state, filing.ledger, proposal.changes)) {
      return refusal;
    }
  }
  if (proposal.hash.view() == filing.ledger.revision_text_hash()) {
    return Refuse(kTextUnchanged, "text",
                  absl::StrCat("the text is that of revision ", in_force,
                               ", which is in force: propose a change"));
  }
  return std::nullopt;
}

}  // namespace assent::rules
