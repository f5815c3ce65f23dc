// IncentiveUpdate: the author of an offer rescinds it, or says that it is delivered. For good.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/offers.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace incentive_update {

constexpr Rule kOutcomeInvalid{"OUTCOME_INVALID", "The outcome is RESCINDED or DELIVERED."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 16,384 bytes."};
constexpr Rule kOfferUnknown{"OFFER_UNKNOWN", "The offer is one of the author's own."};
constexpr Rule kOfferOpen{"OFFER_OPEN", "What is delivered has been accepted."};
constexpr Rule kOfferDeclined{"OFFER_DECLINED", "The offer has not been declined."};
constexpr Rule kOfferDelivered{"OFFER_DELIVERED", "The offer has not been delivered before."};

constexpr std::array kRules{kOutcomeInvalid, kTextInvalid,    kOfferMissing, kOfferUnknown,
                            kOfferOpen,      kOfferDeclined,  kOfferExpired, kOfferRescinded,
                            kOfferDelivered, kOfferVisibility};

std::optional<Refusal> RefuseUnlessItCanEnd(const StoredOffer& offer, v1::IncentiveOutcome outcome,
                                            Time now) {
  const std::string name = absl::StrCat("offer ", offer.index.value());
  switch (StatusAt(offer.state, now)) {
    case OfferStatus::kAccepted:
      return std::nullopt;
    case OfferStatus::kOffered:
      if (outcome == v1::RESCINDED) return std::nullopt;
      return Refuse(kOfferOpen, "offer",
                    absl::StrCat(name, " has not been accepted by ", offer.state.state(),
                                 ": it is delivered only after that"));
    case OfferStatus::kDeclined:
      return Refuse(kOfferDeclined, "offer",
                    absl::StrCat(name, " was declined by entry ", offer.state.answered_by(),
                                 ": there is nothing to rescind or deliver"));
    case OfferStatus::kExpired:
      return RefuseExpired(offer);
    case OfferStatus::kRescinded:
      return RefuseRescinded(offer);
    case OfferStatus::kDelivered:
      break;
  }
  return Refuse(kOfferDelivered, "offer",
                absl::StrCat(name, " was delivered by entry ", offer.state.ended_by(),
                             ": nothing changes it any more"));
}

std::optional<Refusal> ApplyUpdate(const Filing& filing) {
  const v1::IncentiveUpdate& said = filing.body.incentive_update();
  if (said.outcome() != v1::RESCINDED && said.outcome() != v1::DELIVERED) {
    return Refuse(kOutcomeInvalid, "outcome",
                  "the outcome is missing or unknown: RESCINDED or DELIVERED");
  }
  if (auto refusal = RefuseBadText(kTextInvalid, "text", said.text(), kCooperationTextBytesMax,
                                   Lines::kMany)) {
    return refusal;
  }
  if (!said.has_offer()) {
    return Refuse(kOfferMissing, "offer", "the offer is missing: name the one that ends");
  }
  auto offer = FindOffer(filing.state, EntryIndex(said.offer()));
  if (!offer || offer->state.author() != filing.author.str()) {
    return Refuse(kOfferUnknown, "offer",
                  absl::StrCat("entry ", said.offer(), " is no offer of ", filing.author.str(),
                               ": name one of its own"));
  }
  if (auto refusal = RefuseUnlessItCanEnd(*offer, said.outcome(), filing.position.time)) {
    return refusal;
  }
  if (auto refusal = RefuseOtherVisibility(filing, *offer)) return refusal;
  offer->state.set_ended_by(filing.position.index.value());
  offer->state.set_ended_us(filing.position.time.us);
  offer->state.set_delivered(said.outcome() == v1::DELIVERED);
  SaveOffer(filing.state, *offer);
  if (offer->state.has_answered_by()) ReleasePledge(filing.state, *offer);
  return std::nullopt;
}

}  // namespace incentive_update

extern const RecordHandler kIncentiveUpdate;
constinit const RecordHandler kIncentiveUpdate{
    .name = "IncentiveUpdate",
    .field = v1::Body::kIncentiveUpdate,
    .rules = incentive_update::kRules,
    .apply = incentive_update::ApplyUpdate,
};

}  // namespace assent::rules
