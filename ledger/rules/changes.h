// What a revision changes besides the text of the Code: parameters and the class list. It is signed
// together with the text, and takes force with it.
#ifndef ASSENT_LEDGER_RULES_CHANGES_H_
#define ASSENT_LEDGER_RULES_CHANGES_H_

#include <optional>
#include <string>
#include <string_view>

#include "assent/v1/revision.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/bytes.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"

namespace assent::rules {

inline constexpr Rule kChangesEmpty{"CHANGES_EMPTY",
                                    "Changes besides the text, where they are given, name one."};
inline constexpr Rule kParameterOutOfBounds{
    "PARAMETER_OUT_OF_BOUNDS", "A parameter is changed within the bounds that a founding act has."};
inline constexpr Rule kClassInvalid{"CLASS_INVALID",
                                    "A class that is added has a kind, a name on one line and an "
                                    "id that is new; a class list has at "
                                    "most 256."};

// What is signed: SHA-256 of the text, or, with changes, of text || 0x00 || the changes as lines
// (docs/formats.md).
Hash RevisionHash(std::string_view text, const v1::RevisionChanges& changes);
// The changes as lines like those of a founding act: parameters in its order, then classes. Empty
// without changes.
std::string FormatChanges(const v1::RevisionChanges& changes);

// Refuses by the rules above what could not take force now.
std::optional<Refusal> RefuseBadChanges(const StateView& state, const v1::LedgerState& ledger,
                                        const v1::RevisionChanges& changes);

// Puts them into the state, as brought by revision `number`. Those of parameters go to `ledger`,
// which the caller saves.
void PutChangesInForce(const v1::RevisionChanges& changes, std::uint32_t number,
                       v1::LedgerState& ledger, StateOverlay& state);

// Between the parameters in force and their place in the state.
ActParameters LoadParameters(const v1::LedgerState& ledger);
void StoreParameters(const ActParameters& parameters, v1::LedgerState& ledger);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_CHANGES_H_
