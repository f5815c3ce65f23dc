// RevisionPresent: the chair presents a revision that every member has signed. Until then its text
// was for members only; this record is PUBLIC and carries it.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/bytes.h"
#include "ledger/rules/changes.h"
#include "ledger/rules/drafts.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace revision_present {

constexpr Rule kPresentationNotPublic{"PRESENTATION_NOT_PUBLIC", "A presentation is PUBLIC."};
constexpr Rule kRoundNotFinal{"ROUND_NOT_FINAL", "Every member has signed the round."};
constexpr Rule kAlreadyPresented{"ALREADY_PRESENTED", "A revision is presented once."};
constexpr Rule kWrongTitle{"WRONG_TITLE", "The title is that of the round."};
constexpr Rule kWrongText{"WRONG_TEXT", "Text and changes are those that were signed."};

constexpr std::array kRules{kPresentationNotPublic, kNotChair,         kRoundMissing, kRoundUnknown,
                            kRoundNotFinal,         kAlreadyPresented, kWrongTitle,   kWrongText};

std::optional<Refusal> ApplyPresent(const Filing& filing) {
  const v1::RevisionPresent& said = filing.body.revision_present();
  if (filing.body.visibility() != v1::PUBLIC) {
    return Refuse(kPresentationNotPublic, "visibility",
                  "a presentation is for everybody: file it with visibility PUBLIC");
  }
  if (auto refusal = RefuseUnlessChair(filing)) return refusal;
  std::optional<StoredRound> round;
  if (auto refusal = FindRound(filing.state, said.has_round(), said.round(), round)) return refusal;
  const std::string name = absl::StrCat("round ", said.round());
  if (StatusAt(round->state, filing.position.time) != RoundStatus::kFinal) {
    return Refuse(kRoundNotFinal, name,
                  absl::StrCat(name,
                               " is not final: only what every member has signed is "
                               "presented"));
  }
  if (round->state.has_presented_by()) {
    return Refuse(
        kAlreadyPresented, name,
        absl::StrCat(name, " was presented by entry ", round->state.presented_by(), " already"));
  }
  if (said.title() != round->state.title()) {
    return Refuse(kWrongTitle, "title",
                  absl::StrCat("the title is not that of ", name, ": take it from there"));
  }
  if (RevisionHash(said.text(), said.changes()).view() != round->state.text_hash()) {
    return Refuse(kWrongText, "text",
                  absl::StrCat("text and changes are not those of ", name, ", whose hash is ",
                               ToHex(round->state.text_hash()), ": take them from there"));
  }
  round->state.set_presented_by(filing.position.index.value());
  round->state.set_presented_us(filing.position.time.us);
  Save(filing.state, RoundKey(round->id), round->state);
  return std::nullopt;
}

}  // namespace revision_present

extern const RecordHandler kRevisionPresent;
constinit const RecordHandler kRevisionPresent{
    .name = "RevisionPresent",
    .field = v1::Body::kRevisionPresent,
    .rules = revision_present::kRules,
    .apply = revision_present::ApplyPresent,
};

}  // namespace assent::rules
