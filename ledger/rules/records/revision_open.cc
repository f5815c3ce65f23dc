// RevisionOpen: a member opens a round of signatures on a text that is to replace the revision in
// force.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/bytes.h"
#include "ledger/rules/drafts.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/proposal.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace revision_open {

constexpr Rule kAnotherRoundOpen{"ANOTHER_ROUND_OPEN", "No other round is open."};
constexpr Rule kDraftNotReady{
    "DRAFT_NOT_READY",
    "The draft, where one is named, has a summary, or follows a draft that has one."};
constexpr Rule kDraftDiffers{"DRAFT_DIFFERS", "Text and changes are those of the draft."};

constexpr std::array kRules{kDraftPublic,        kTitleInvalid,    kRevisionTextInvalid,
                            kReplacesNotInForce, kChangesEmpty,    kParameterOutOfBounds,
                            kClassInvalid,       kTextUnchanged,   kDraftUnknown,
                            kDraftWithdrawn,     kDraftOvertaken,  kDraftNotReady,
                            kDraftDiffers,       kAnotherRoundOpen};

// The draft that the text comes from, where one is named.
std::optional<Refusal> FindDraft(const Filing& filing, const Hash& hash,
                                 std::optional<StoredDraft>& draft) {
  const v1::RevisionOpen& said = filing.body.revision_open();
  if (!said.has_draft()) return std::nullopt;
  if (auto refusal = FindLiveDraft(filing, true, said.draft(), draft)) return refusal;
  const std::string name = absl::StrCat("draft ", said.draft());
  if (!draft->state.has_summary() && !draft->state.has_previous_draft()) {
    return Refuse(kDraftNotReady, name,
                  absl::StrCat(name,
                               " has no summary: the chair circulates it and sums up the "
                               "comments, or a next draft says what became of them"));
  }
  if (draft->state.text_hash() != hash.view()) {
    return Refuse(kDraftDiffers, "text",
                  absl::StrCat("text and changes are not those of ", name, ", whose hash is ",
                               ToHex(draft->state.text_hash()), ": take them from there"));
  }
  return std::nullopt;
}

// The newest round, when there is one. Only it can still be open.
std::optional<StoredRound> NewestRound(const Filing& filing) {
  if (!filing.ledger.has_newest_round()) return std::nullopt;
  const EntryIndex id(filing.ledger.newest_round());
  auto round = Load<v1::RoundState>(filing.state, RoundKey(id));
  if (!round) return std::nullopt;
  return StoredRound{.id = id, .state = *std::move(round)};
}

// That the round before has lapsed is known from its deadline; it is written down when the next one
// opens.
void WriteLapse(StateOverlay& state, StoredRound round) {
  if (round.state.status() != static_cast<std::uint32_t>(RoundStatus::kOpen)) return;
  round.state.set_status(static_cast<std::uint32_t>(RoundStatus::kLapsed));
  round.state.set_ended_us(round.state.deadline_us());
  Save(state, RoundKey(round.id), round.state);
}

std::optional<Refusal> ApplyOpen(const Filing& filing) {
  const v1::RevisionOpen& said = filing.body.revision_open();
  const Proposal proposal = ProposalOf(said);
  if (auto refusal = RefuseBadProposal(filing, proposal)) return refusal;
  std::optional<StoredDraft> draft;
  if (auto refusal = FindDraft(filing, proposal.hash, draft)) return refusal;
  const auto newest = NewestRound(filing);
  if (newest && StatusAt(newest->state, filing.position.time) == RoundStatus::kOpen) {
    return Refuse(kAnotherRoundOpen, absl::StrCat("round ", newest->id.value()),
                  absl::StrCat("round ", newest->id.value(), " of ", newest->state.proposer(),
                               " is open until ", FormatTime({newest->state.deadline_us()}),
                               ": sign it, object to it, or wait"));
  }

  v1::RoundState round;
  round.set_proposer(filing.author.str());
  round.set_membership(filing.member.membership());
  round.set_replaces(said.replaces());
  round.set_text_hash(proposal.hash.str());
  round.set_opened_us(filing.position.time.us);
  round.set_deadline_us(filing.position.time.us + filing.ledger.signature_period_us());
  round.set_status(static_cast<std::uint32_t>(RoundStatus::kOpen));
  round.set_title(said.title());
  if (said.has_changes()) *round.mutable_changes() = said.changes();
  if (draft) {
    round.set_draft(draft->id.value());
    draft->state.set_round(filing.position.index.value());
    SaveDraft(filing.state, *draft);
  }
  if (newest) {
    round.set_previous_round(newest->id.value());
    WriteLapse(filing.state, *newest);
  }
  Save(filing.state, RoundKey(filing.position.index), round);
  auto ledger = LoadExisting<v1::LedgerState>(filing.state, kLedgerKey);
  ledger.set_newest_round(filing.position.index.value());
  Save(filing.state, kLedgerKey, ledger);
  return std::nullopt;
}

}  // namespace revision_open

extern const RecordHandler kRevisionOpen;
constinit const RecordHandler kRevisionOpen{
    .name = "RevisionOpen",
    .field = v1::Body::kRevisionOpen,
    .rules = revision_open::kRules,
    .apply = revision_open::ApplyOpen,
};

}  // namespace assent::rules
