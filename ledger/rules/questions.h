// Questions that the members decide: one way for all of them. A record opens a question, and takes
// effect at the entry with which a members' quorum has endorsed it; there is nothing by which a
// member could stop one.
#ifndef ASSENT_LEDGER_RULES_QUESTIONS_H_
#define ASSENT_LEDGER_RULES_QUESTIONS_H_

#include <cstddef>
#include <optional>
#include <string>

#include "assent/v1/membership.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// How many members must endorse, of `members` that are ACTIVE: floor(2m/3) + 1.
std::size_t MembersQuorum(std::size_t members);

// What a type of record that opens questions must provide (RecordHandler::question).
struct QuestionRules {
  v1::QuestionState::AskedCase asked;
  // Refuses by a rule of the record what cannot be done now. Asked when the question is opened and
  // at every endorsement.
  std::optional<Refusal> (*check)(const Filing& filing, const v1::QuestionState& question);
  // Does what is asked, from the entry after the one being filed on. `check` holds.
  void (*take_effect)(const Filing& filing, EntryIndex id, const v1::QuestionState& question);
  // Code of the state that the question is about.
  std::string (*about)(const v1::QuestionState& question);
};

// The record type that opened it.
const RecordHandler& OpenedBy(EntryIndex id, const v1::QuestionState& question);

// Opens the question that `asked` says, for which `check` holds, by the entry being filed.
void OpenQuestion(const Filing& filing, v1::QuestionState asked);

// True when the present endorsements are those of a quorum of the present members.
bool IsEndorsed(const StateView& state, EntryIndex id);
// Marks the question as decided by the entry being filed, and does what it asks.
void DecideQuestion(const Filing& filing, EntryIndex id, v1::QuestionState question);
// Writes the author's endorsement.
void Endorse(const Filing& filing, EntryIndex id);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_QUESTIONS_H_
