// Pledges that hold, by state and target date, each with what was offered for it.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/questions/answers.h"
#include "ledger/questions/by_state.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read_offers.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 1> kPledgeTypes{"Pledge"};
constexpr std::array<std::string_view, 2> kOfferTypes{"IncentiveOffer", "IncentiveUpdate"};
constexpr std::array<std::string_view, 1> kAnswerTypes{"IncentiveAnswer"};
constexpr std::size_t kOffersAtOnce = 64;

std::string StatusName(rules::OfferStatus status) {
  switch (status) {
    case rules::OfferStatus::kOffered:
      return "OFFERED";
    case rules::OfferStatus::kAccepted:
      return "ACCEPTED";
    case rules::OfferStatus::kDeclined:
      return "DECLINED";
    case rules::OfferStatus::kExpired:
      return "EXPIRED";
    case rules::OfferStatus::kRescinded:
      return "RESCINDED";
    case rules::OfferStatus::kDelivered:
      return "DELIVERED";
  }
  return "";
}

v1::AnswerRow PledgeRowOf(const StateTime& at) {
  v1::AnswerRow row;
  row.add_entries(at.index.value());
  v1::PledgeRow& said = *row.mutable_pledge();
  said.set_state(at.state.str());
  said.set_pledge(at.index.value());
  said.set_target_date_us(at.time.us);
  return row;
}

v1::AnswerRow OfferRowOf(const rules::OfferView& offer) {
  v1::AnswerRow row;
  row.add_entries(offer.index.value());
  if (offer.changed_by) row.add_entries(offer.changed_by->value());
  v1::OfferRow& said = *row.mutable_offer();
  said.set_from(offer.author.str());
  said.set_to(offer.state.str());
  said.set_offer(offer.index.value());
  said.set_pledge(offer.pledge.value());
  said.set_status(StatusName(offer.status));
  said.set_expires_us(offer.expires.us);
  return row;
}

// Answers and updates have the visibility of their offer.
bool Sees(const Asked& asked, const rules::OfferView& offer) {
  return offer.audience == rules::Audience::kPublic ||
         (asked.sight.Of(offer.author, kOfferTypes) == rules::Audience::kMembers &&
          asked.sight.Of(offer.state, kAnswerTypes) == rules::Audience::kMembers);
}

// The offers for a pledge, from `from` on: their places are its place, '/' and their index. False
// when the page has ended.
bool AddOffers(const Asked& asked, const StateTime& pledge, EntryIndex from) {
  const Snapshot& ledger = asked.ledger;
  const auto record = rules::RecordAt(ledger.state, pledge.index, ledger.tree_size);
  if (!record) return true;
  for (;;) {
    const auto offers =
        rules::OffersForPledge(ledger.state, record->first_index, kOffersAtOnce, from);
    for (const EntryIndex index : offers) {
      const std::string place =
          absl::StrCat(AbslView(pledge.place), "/", rules::IndexDigits(index));
      if (asked.page.keys() == 0) {
        asked.page.EndAt(place);
        return false;
      }
      --asked.page.keys();
      const auto offer = rules::OfferAt(ledger.state, index, ledger.time, ledger.tree_size);
      if (!offer || !Sees(asked, *offer)) continue;
      if (!asked.page.Add(place, OfferRowOf(*offer))) return false;
    }
    if (offers.size() < kOffersAtOnce) return true;
    from = offers.back().next();
  }
}

// The rest of the offers for the pledge at which the page before has ended, if it did so among
// them. The cursor comes from outside: one that names no pledge begins with none.
bool AddRest(const Asked& asked) {
  const std::string& from = asked.page.from();
  const std::size_t end = from.rfind('/');
  std::uint64_t offer = 0;
  if (std::count(from.begin(), from.end(), '/') != 3 ||
      !absl::SimpleAtoi(from.substr(end + 1), &offer)) {
    return true;
  }
  const auto state = MemberCode::From(from.substr(0, from.find('/')));
  if (!state) return true;
  const std::string place = from.substr(0, end);
  std::optional<StateTime> pledge;
  rules::VisitSet(asked.ledger.state,
                  {.set = {rules::kPledges, asked.sight.Of(*state, kPledgeTypes)},
                   .tree_size = asked.ledger.tree_size,
                   .prefix = place,
                   .from = place},
                  asked.page.keys(), [&](std::string_view at) {
                    if (at == place) pledge = ParseStateTime(place);
                    return false;
                  });
  return !pledge || AddOffers(asked, *pledge, EntryIndex(offer));
}

}  // namespace

absl::Status Answer(const Asked& asked, const v1::PledgesAndOffers& question) {
  auto state = StateOf(question.state());
  if (!state.ok()) return state.status();
  if (!AddRest(asked)) return absl::OkStatus();
  const StateTimeRange range{.set = rules::kPledges,
                             .types = kPledgeTypes,
                             .state = *std::move(state),
                             .first = Time{0},
                             .end = std::nullopt};
  VisitByState(asked.ledger, asked.sight, range, asked.page, [&](const StateTime& at) {
    return asked.page.Add(at.place, PledgeRowOf(at)) && AddOffers(asked, at, EntryIndex(0));
  });
  return absl::OkStatus();
}

}  // namespace assent::questions
