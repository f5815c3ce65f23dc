// Incentive offers: where one stands, what it is for, and which pledge it holds. Used by all
// records that touch an offer.
#ifndef ASSENT_LEDGER_RULES_OFFERS_H_
#define ASSENT_LEDGER_RULES_OFFERS_H_

#include <optional>
#include <string>

#include "assent/v1/state.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/read_offers.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"

namespace assent::rules {

inline constexpr Rule kOfferMissing{"OFFER_MISSING", "The offer is named."};
inline constexpr Rule kOfferExpired{"OFFER_EXPIRED",
                                    "The offer has not expired without an answer."};
inline constexpr Rule kOfferRescinded{"OFFER_RESCINDED", "The offer has not been rescinded."};
inline constexpr Rule kOfferVisibility{"OFFER_VISIBILITY",
                                       "What is said to an offer has the visibility of the offer."};

// An offer in the state, with its place in the log.
struct StoredOffer {
  EntryIndex index;
  v1::OfferState state;
};
// Nothing for an index at which there is no offer.
std::optional<StoredOffer> FindOffer(const StateView& state, EntryIndex index);
void SaveOffer(StateOverlay& state, const StoredOffer& offer);

// Where an offer stands at `now`. That it has expired follows from block time.
OfferStatus StatusAt(const v1::OfferState& offer, Time now);

// Refusals by the rules above.
std::optional<Refusal> RefuseOtherVisibility(const Filing& filing, const StoredOffer& offer);
Refusal RefuseExpired(const StoredOffer& offer);
Refusal RefuseRescinded(const StoredOffer& offer);

// Keys under which a new offer is found, and the hold of an accepted one on its pledge.
void IndexOffer(StateOverlay& state, const StoredOffer& offer);
void HoldPledge(StateOverlay& state, const StoredOffer& offer);
void ReleasePledge(StateOverlay& state, const StoredOffer& offer);

// RecordHandler::held of pledges: by an offer that is accepted and neither delivered nor rescinded.
// A state that is no member any more can do neither, and holds nothing.
std::optional<std::string> HeldByOffer(const StateView& state, const StoredRecord& pledge);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_OFFERS_H_
