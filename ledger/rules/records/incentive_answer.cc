// IncentiveAnswer: the state to which an incentive is offered accepts or declines it, once.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/offers.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace incentive_answer {

constexpr Rule kAnswerInvalid{"ANSWER_INVALID", "The answer is ACCEPT or DECLINE."};
constexpr Rule kOfferUnknown{"OFFER_UNKNOWN", "The offer is one to the author."};
constexpr Rule kOfferAnswered{"OFFER_ANSWERED", "The offer has not been answered before."};
constexpr Rule kPledgeWithdrawn{
    "PLEDGE_WITHDRAWN", "The pledge has not been withdrawn, when the offer for it is accepted."};

constexpr std::array kRules{kAnswerInvalid, kOfferMissing,   kOfferUnknown,    kOfferAnswered,
                            kOfferExpired,  kOfferRescinded, kOfferVisibility, kPledgeWithdrawn};

std::optional<Refusal> RefuseUnlessOpen(const StoredOffer& offer, Time now) {
  switch (StatusAt(offer.state, now)) {
    case OfferStatus::kOffered:
      return std::nullopt;
    case OfferStatus::kExpired:
      return RefuseExpired(offer);
    case OfferStatus::kRescinded:
      return RefuseRescinded(offer);
    case OfferStatus::kAccepted:
    case OfferStatus::kDeclined:
    case OfferStatus::kDelivered:
      break;
  }
  return Refuse(kOfferAnswered, "offer",
                absl::StrCat("offer ", offer.index.value(), " was ",
                             offer.state.accepted() ? "accepted" : "declined", " by entry ",
                             offer.state.answered_by(), " already: an offer is answered once"));
}

// Of an offer that is accepted.
std::optional<Refusal> RefuseWithoutPledge(const Filing& filing, const StoredOffer& offer) {
  const auto pledge = FindOwnRecord(filing.state, filing.author, EntryIndex(offer.state.pledge()));
  if (!pledge) return std::nullopt;
  const v1::RecordState newest = NewestOfChain(filing.state, *pledge).state;
  if (!newest.withdrawn()) return std::nullopt;
  return Refuse(kPledgeWithdrawn, "offer",
                absl::StrCat("pledge ", offer.state.pledge(), " was withdrawn by entry ",
                             newest.replaced_by(), ": the offer for it can only be declined"));
}

std::optional<Refusal> ApplyAnswer(const Filing& filing) {
  const v1::IncentiveAnswer& said = filing.body.incentive_answer();
  if (said.answer() != v1::ACCEPT && said.answer() != v1::DECLINE) {
    return Refuse(kAnswerInvalid, "answer", "the answer is missing or unknown: ACCEPT or DECLINE");
  }
  if (!said.has_offer()) {
    return Refuse(kOfferMissing, "offer", "the offer is missing: name the one that is answered");
  }
  auto offer = FindOffer(filing.state, EntryIndex(said.offer()));
  if (!offer || offer->state.state() != filing.author.str()) {
    return Refuse(kOfferUnknown, "offer",
                  absl::StrCat("entry ", said.offer(), " is no offer to ", filing.author.str(),
                               ": name one that was made to it"));
  }
  if (auto refusal = RefuseUnlessOpen(*offer, filing.position.time)) return refusal;
  if (auto refusal = RefuseOtherVisibility(filing, *offer)) return refusal;
  const bool accepted = said.answer() == v1::ACCEPT;
  if (accepted) {
    if (auto refusal = RefuseWithoutPledge(filing, *offer)) return refusal;
  }
  offer->state.set_answered_by(filing.position.index.value());
  offer->state.set_answered_us(filing.position.time.us);
  offer->state.set_accepted(accepted);
  SaveOffer(filing.state, *offer);
  if (accepted) HoldPledge(filing.state, *offer);
  return std::nullopt;
}

}  // namespace incentive_answer

extern const RecordHandler kIncentiveAnswer;
constinit const RecordHandler kIncentiveAnswer{
    .name = "IncentiveAnswer",
    .field = v1::Body::kIncentiveAnswer,
    .rules = incentive_answer::kRules,
    .apply = incentive_answer::ApplyAnswer,
};

}  // namespace assent::rules
