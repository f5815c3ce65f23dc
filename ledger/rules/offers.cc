#include "ledger/rules/offers.h"

#include "absl/strings/str_cat.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

void Point(StateOverlay& state, const std::string& key, EntryIndex index) {
  v1::PointerState pointer;
  pointer.set_index(index.value());
  Save(state, key, pointer);
}

std::string NameOf(const StoredOffer& offer) { return absl::StrCat("offer ", offer.index.value()); }

MemberCode CodeIn(const StoredOffer& offer, std::string_view text) {
  const auto code = MemberCode::From(text);
  if (!code) StopOnDamagedState(OfferKey(offer.index));
  return *code;
}

}  // namespace

std::optional<StoredOffer> FindOffer(const StateView& state, EntryIndex index) {
  if (index >= kFirstWaitingIndex) return std::nullopt;
  auto offer = Load<v1::OfferState>(state, OfferKey(index));
  if (!offer) return std::nullopt;
  return StoredOffer{.index = index, .state = *std::move(offer)};
}

void SaveOffer(StateOverlay& state, const StoredOffer& offer) {
  Save(state, OfferKey(offer.index), offer.state);
}

OfferStatus StatusAt(const v1::OfferState& offer, Time now) {
  if (offer.has_ended_by()) {
    return offer.delivered() ? OfferStatus::kDelivered : OfferStatus::kRescinded;
  }
  if (offer.has_answered_by()) {
    return offer.accepted() ? OfferStatus::kAccepted : OfferStatus::kDeclined;
  }
  return now.us > offer.expires_us() ? OfferStatus::kExpired : OfferStatus::kOffered;
}

std::optional<Refusal> RefuseOtherVisibility(const Filing& filing, const StoredOffer& offer) {
  const std::uint32_t visibility = offer.state.visibility();
  if (static_cast<std::uint32_t>(filing.body.visibility()) == visibility) return std::nullopt;
  const char* wanted = visibility == v1::PUBLIC ? "PUBLIC" : "MEMBERS";
  return Refuse(kOfferVisibility, "visibility",
                absl::StrCat(NameOf(offer), " is ", wanted, ": file this with visibility ", wanted,
                             " too, so that whoever can read the offer can read what became of "
                             "it, and nobody else"));
}

Refusal RefuseExpired(const StoredOffer& offer) {
  return Refuse(kOfferExpired, "offer",
                absl::StrCat(NameOf(offer), " expired at ", FormatTime({offer.state.expires_us()}),
                             " without an answer: it can be made anew"));
}

Refusal RefuseRescinded(const StoredOffer& offer) {
  return Refuse(kOfferRescinded, "offer",
                absl::StrCat(NameOf(offer), " was rescinded by entry ", offer.state.ended_by(),
                             ": nothing is offered by it any more"));
}

void IndexOffer(StateOverlay& state, const StoredOffer& offer) {
  const v1::OfferState& said = offer.state;
  Point(state, OfferForKey(EntryIndex(said.pledge_first()), offer.index), offer.index);
  Point(state, OfferByKey(CodeIn(offer, said.author()), offer.index), offer.index);
  Point(state, OfferToKey(CodeIn(offer, said.state()), offer.index), offer.index);
}

void HoldPledge(StateOverlay& state, const StoredOffer& offer) {
  Point(state, HoldKey(EntryIndex(offer.state.pledge_first()), offer.index), offer.index);
}

void ReleasePledge(StateOverlay& state, const StoredOffer& offer) {
  state.Remove(HoldKey(EntryIndex(offer.state.pledge_first()), offer.index));
}

std::optional<std::string> HeldByOffer(const StateView& state, const StoredRecord& pledge) {
  std::optional<std::string> holder;
  const std::string prefix = HoldPrefix(EntryIndex(pledge.state.first_index()));
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    const EntryIndex index(Decode<v1::PointerState>(key, value).index());
    const auto offer = Load<v1::OfferState>(state, OfferKey(index));
    if (!offer) return true;
    const auto author = MemberCode::From(offer->author());
    if (!author) StopOnDamagedState(OfferKey(index));
    if (!state.Get(MemberKey(*author))) return true;
    holder = absl::StrCat("offer ", index.value(), " of ", author->str(),
                          " for it is accepted: ", author->str(), " must deliver or rescind first");
    return false;
  });
  return holder;
}

}  // namespace assent::rules
