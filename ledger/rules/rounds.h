// Rounds of revision: when one is over, and when it is complete. Used by all records that touch a
// round.
#ifndef ASSENT_LEDGER_RULES_ROUNDS_H_
#define ASSENT_LEDGER_RULES_ROUNDS_H_

#include <optional>

#include "assent/v1/state.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"

namespace assent::rules {

inline constexpr Rule kDraftPublic{
    "DRAFT_PUBLIC", "A draft, and what is said of it, is for members only until it is presented."};
inline constexpr Rule kRoundMissing{"ROUND_MISSING", "The round is named."};
inline constexpr Rule kRoundUnknown{"ROUND_UNKNOWN", "The round is one that an entry has opened."};
inline constexpr Rule kRoundFinal{"ROUND_FINAL", "The round is not final."};
inline constexpr Rule kRoundObjected{"ROUND_OBJECTED", "No member has objected in the round."};
inline constexpr Rule kRoundLapsed{"ROUND_LAPSED", "The round's deadline has not passed."};
inline constexpr Rule kRoundWithdrawn{"ROUND_WITHDRAWN",
                                      "The proposer has not taken the round's text back."};

// A round with its place in the log.
struct StoredRound {
  EntryIndex id;
  v1::RoundState state;
};

// Where a round stands at `now`. That a deadline has passed follows from block time, also when
// nothing was written.
RoundStatus StatusAt(const v1::RoundState& round, Time now);

// Refuses by kDraftPublic what everybody could read: a text, or its hash or parts of it.
std::optional<Refusal> RefusePublicDraft(const Filing& filing);

// Refuses by kRoundMissing and kRoundUnknown unless a record names a round, if `has_round`; else it
// is in `found`, open or not.
std::optional<Refusal> FindRound(const StateView& state, bool has_round, std::uint64_t round,
                                 std::optional<StoredRound>& found);

// Refuses by the rules above unless the round that a record names, if `has_round`, is open at the
// time of the filing; else it is in `open`.
std::optional<Refusal> FindOpenRound(const Filing& filing, bool has_round, std::uint64_t round,
                                     std::optional<StoredRound>& open);

// True when every ACTIVE member has a signature of its present membership in the round, and there
// is a member.
bool IsComplete(const StateView& state, EntryIndex round);

// Ends a round by the entry being filed, and writes it.
void EndRound(const Filing& filing, StoredRound round, RoundStatus status);
// Ends a complete round: its text is the revision in force from this entry on, and so are its
// changes.
void PutInForce(const Filing& filing, StoredRound round);

// After a withdrawal: ends the open round where the author's was the last signature missing.
void CompleteWithoutSigner(const Filing& filing);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_ROUNDS_H_
