#include "ledger/rules/read_offers.h"

#include <string>

#include "assent/v1/entry.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/offers.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

// An offer as it was when it had `tree_size` entries before it.
v1::OfferState AsOf(v1::OfferState offer, std::uint64_t tree_size) {
  if (offer.has_ended_by() && offer.ended_by() >= tree_size) offer.clear_ended_by();
  if (offer.has_answered_by() && offer.answered_by() >= tree_size) offer.clear_answered_by();
  return offer;
}

// Since when the offer has its status, and by which entry.
void TellChange(const v1::OfferState& offer, OfferView& view) {
  if (offer.has_ended_by()) {
    view.changed_by = EntryIndex(offer.ended_by());
    view.since = {offer.ended_us()};
  } else if (offer.has_answered_by()) {
    view.changed_by = EntryIndex(offer.answered_by());
    view.since = {offer.answered_us()};
  } else {
    view.since = view.status == OfferStatus::kExpired ? view.expires : view.offered;
  }
}

// The indices that keys with this prefix end in.
std::vector<EntryIndex> Indices(const StateView& state, const std::string& prefix,
                                const std::string& from, std::size_t limit) {
  std::vector<EntryIndex> indices;
  if (limit == 0) return indices;
  state.Scan(prefix, from, [&](std::string_view key, std::string_view value) {
    indices.emplace_back(Decode<v1::PointerState>(key, value).index());
    return indices.size() < limit;
  });
  return indices;
}

}  // namespace

std::optional<OfferView> OfferAt(const StateView& state, EntryIndex index, Time now,
                                 std::uint64_t tree_size) {
  if (index.value() >= tree_size) return std::nullopt;
  const std::string key = OfferKey(index);
  const auto stored = Load<v1::OfferState>(state, key);
  if (!stored) return std::nullopt;
  const v1::OfferState offer = AsOf(*stored, tree_size);
  OfferView view;
  view.index = index;
  view.author = DecodeCode(key, offer.author());
  view.state = DecodeCode(key, offer.state());
  view.pledge = EntryIndex(offer.pledge());
  view.pledge_first = EntryIndex(offer.pledge_first());
  view.audience = offer.visibility() == v1::PUBLIC ? Audience::kPublic : Audience::kMembers;
  view.offered = {offer.offered_us()};
  view.expires = {offer.expires_us()};
  view.status = StatusAt(offer, now);
  TellChange(offer, view);
  return view;
}

std::vector<EntryIndex> OffersForPledge(const StateView& state, EntryIndex pledge_first,
                                        std::size_t limit, EntryIndex from) {
  return Indices(state, OfferForPrefix(pledge_first), OfferForKey(pledge_first, from), limit);
}

std::vector<EntryIndex> OffersBy(const StateView& state, const MemberCode& author,
                                 std::size_t limit, EntryIndex from) {
  return Indices(state, OfferByPrefix(author), OfferByKey(author, from), limit);
}

std::vector<EntryIndex> OffersTo(const StateView& state, const MemberCode& state_offered_to,
                                 std::size_t limit, EntryIndex from) {
  return Indices(state, OfferToPrefix(state_offered_to), OfferToKey(state_offered_to, from), limit);
}

}  // namespace assent::rules
