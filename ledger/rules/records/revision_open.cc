// RevisionOpen: a member opens a round of signatures on a text that is to replace the revision in
// force.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

constexpr Rule kTitleInvalid{"TITLE_INVALID", "The title is 1 to 256 bytes on one line."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 49,152 bytes."};
constexpr Rule kReplacesNotInForce{"REPLACES_NOT_IN_FORCE",
                                   "The revision to be replaced is given: the one in force."};
constexpr Rule kTextUnchanged{"TEXT_UNCHANGED", "The text differs from the one in force."};
constexpr Rule kAnotherRoundOpen{"ANOTHER_ROUND_OPEN", "No other round is open."};

constexpr std::array kRules{kDraftPublic,        kTitleInvalid,  kTextInvalid,
                            kReplacesNotInForce, kTextUnchanged, kAnotherRoundOpen};

std::optional<Refusal> RefuseBadProposal(const Filing& filing, const v1::RevisionOpen& said,
                                         const Hash& text_hash) {
  if (auto refusal = RefusePublicDraft(filing)) return refusal;
  if (auto refusal =
          RefuseBadText(kTitleInvalid, "title", said.title(), kNameBytesMax, Lines::kOne)) {
    return refusal;
  }
  if (auto refusal =
          RefuseBadText(kTextInvalid, "text", said.text(), kRevisionTextBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (!said.has_replaces()) {
    return Refuse(kReplacesNotInForce, "replaces",
                  absl::StrCat("the revision to be replaced is missing: ", filing.ledger.revision(),
                               " is in force"));
  }
  if (said.replaces() != filing.ledger.revision()) {
    return Refuse(
        kReplacesNotInForce, "replaces",
        absl::StrCat("revision ", said.replaces(), " is not in force: the text is to replace ",
                     filing.ledger.revision()));
  }
  if (text_hash.view() == filing.ledger.revision_text_hash()) {
    return Refuse(kTextUnchanged, "text",
                  absl::StrCat("the text is that of revision ", filing.ledger.revision(),
                               ", which is in force: propose a change"));
  }
  return std::nullopt;
}

// The newest round, when there is one. Only it can still be open.
std::optional<OpenRound> NewestRound(const Filing& filing) {
  if (!filing.ledger.has_newest_round()) return std::nullopt;
  const EntryIndex id(filing.ledger.newest_round());
  auto round = Load<v1::RoundState>(filing.state, RoundKey(id));
  if (!round) return std::nullopt;
  return OpenRound{.id = id, .state = *std::move(round)};
}

// That the round before has lapsed is known from its deadline; it is written down when the next one
// opens.
void WriteLapse(StateOverlay& state, OpenRound round) {
  if (round.state.status() != static_cast<std::uint32_t>(RoundStatus::kOpen)) return;
  round.state.set_status(static_cast<std::uint32_t>(RoundStatus::kLapsed));
  round.state.set_ended_us(round.state.deadline_us());
  Save(state, RoundKey(round.id), round.state);
}

std::optional<Refusal> ApplyOpen(const Filing& filing) {
  const v1::RevisionOpen& said = filing.body.revision_open();
  const Hash text_hash = Sha256(said.text());
  if (auto refusal = RefuseBadProposal(filing, said, text_hash)) return refusal;
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
  round.set_text_hash(text_hash.str());
  round.set_opened_us(filing.position.time.us);
  round.set_deadline_us(filing.position.time.us + filing.ledger.signature_period_us());
  round.set_status(static_cast<std::uint32_t>(RoundStatus::kOpen));
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

}  // namespace

extern const RecordHandler kRevisionOpen;
constinit const RecordHandler kRevisionOpen{
    .name = "RevisionOpen",
    .field = v1::Body::kRevisionOpen,
    .rules = kRules,
    .apply = ApplyOpen,
};

}  // namespace assent::rules
