// IncentiveOffer: a state offers something to one other state for one pledge of that one,
// voluntarily and case by case. The offer stands as it is: its author may rescind it and make
// another.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/audience.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/offers.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace incentive_offer {

constexpr Rule kStateMissing{"STATE_MISSING",
                             "The offer names one state: there is no offer to all."};
constexpr Rule kStateIsAuthor{"STATE_IS_AUTHOR", "The offer is to another state."};
constexpr Rule kStateUnknown{"STATE_UNKNOWN", "The state is an active member."};
constexpr Rule kPledgeMissing{"PLEDGE_MISSING",
                              "The offer names one pledge: nothing is offered without one."};
constexpr Rule kPledgeUnknown{"PLEDGE_UNKNOWN", "The pledge is one of the state's."};
constexpr Rule kPledgeAmended{"PLEDGE_AMENDED", "The pledge has not been amended."};
constexpr Rule kPledgeWithdrawn{"PLEDGE_WITHDRAWN", "The pledge has not been withdrawn."};
constexpr Rule kExpiryInvalid{"EXPIRY_INVALID", "The expiry is given, in the years 1970 to 9999."};
constexpr Rule kExpiryPassed{"EXPIRY_PASSED", "The expiry is after block time."};
constexpr Rule kTextInvalid{"TEXT_INVALID", "The text is 1 to 16,384 bytes."};

constexpr std::array kRules{kStateMissing,  kStateIsAuthor, kStateUnknown,    kPledgeMissing,
                            kPledgeUnknown, kPledgeAmended, kPledgeWithdrawn, kMembersOnly,
                            kExpiryInvalid, kExpiryPassed,  kTextInvalid};

std::optional<Refusal> RefuseBadState(const Filing& filing, const std::string& state) {
  if (state.empty()) {
    return Refuse(kStateMissing, "state",
                  "the state is missing: name the one whose pledge the offer is for");
  }
  if (state == filing.author.str()) {
    return Refuse(kStateIsAuthor, "state",
                  absl::StrCat(state, " cannot make an offer to itself: name another state"));
  }
  const auto code = MemberCode::From(state);
  if (code && filing.state.Get(MemberKey(*code))) return std::nullopt;
  return Refuse(kStateUnknown, "state",
                "there is no active member with the code that state gives: name one");
}

// Finds the current pledge of `state` that the offer is for.
std::optional<Refusal> FindPledge(const Filing& filing, const v1::IncentiveOffer& said,
                                  std::optional<StoredRecord>& pledge) {
  if (!said.has_pledge()) {
    return Refuse(kPledgeMissing, "pledge",
                  absl::StrCat("the pledge is missing: name the one of ", said.state(),
                               " that the offer is for"));
  }
  const std::string name = absl::StrCat("pledge ", said.pledge());
  pledge = FindOwnRecord(filing.state, *MemberCode::From(said.state()), EntryIndex(said.pledge()));
  if (!pledge || pledge->state.type() != v1::Body::kPledge) {
    return Refuse(kPledgeUnknown, "pledge",
                  absl::StrCat("entry ", said.pledge(), " is no pledge of ", said.state(),
                               ": name one that it has made"));
  }
  if (IsCurrent(*pledge)) return std::nullopt;
  if (pledge->state.withdrawn()) {
    return Refuse(kPledgeWithdrawn, "pledge",
                  absl::StrCat(name, " was withdrawn by entry ", pledge->state.replaced_by(),
                               ": there is nothing to make an offer for"));
  }
  return Refuse(kPledgeAmended, "pledge",
                absl::StrCat(name, " was amended by entry ", pledge->state.replaced_by(),
                             ": name the newest amendment, ",
                             NewestOfChain(filing.state, *pledge).index.value()));
}

std::optional<Refusal> RefuseBadTerms(const Filing& filing, const v1::IncentiveOffer& said) {
  const Time expires{said.expires_us()};
  if (expires.us <= 0 || expires.us > kTimeMaxUs) {
    return Refuse(
        kExpiryInvalid, "expires_us",
        "the expiry is missing or not in the years 1970 to 9999: say until when the offer "
        "can be answered");
  }
  if (expires <= filing.position.time) {
    return Refuse(kExpiryPassed, "expires_us",
                  absl::StrCat("the expiry ", FormatTime(expires), " is not ahead: block time is ",
                               FormatTime(filing.position.time)));
  }
  return RefuseBadText(kTextInvalid, "text", said.text(), kCooperationTextBytesMax, Lines::kMany);
}

std::optional<Refusal> ApplyOffer(const Filing& filing) {
  const v1::IncentiveOffer& said = filing.body.incentive_offer();
  if (auto refusal = RefuseBadState(filing, said.state())) return refusal;
  std::optional<StoredRecord> pledge;
  if (auto refusal = FindPledge(filing, said, pledge)) return refusal;
  if (auto refusal = RefuseWiderAudience(filing, pledge->state.visibility(),
                                         absl::StrCat("pledge ", said.pledge()))) {
    return refusal;
  }
  if (auto refusal = RefuseBadTerms(filing, said)) return refusal;

  StoredOffer offer{.index = filing.position.index, .state = {}};
  offer.state.set_author(filing.author.str());
  offer.state.set_state(said.state());
  offer.state.set_pledge(said.pledge());
  offer.state.set_pledge_first(pledge->state.first_index());
  offer.state.set_offered_us(filing.position.time.us);
  offer.state.set_expires_us(said.expires_us());
  offer.state.set_visibility(static_cast<std::uint32_t>(filing.body.visibility()));
  SaveOffer(filing.state, offer);
  IndexOffer(filing.state, offer);
  return std::nullopt;
}

}  // namespace incentive_offer

extern const RecordHandler kIncentiveOffer;
constinit const RecordHandler kIncentiveOffer{
    .name = "IncentiveOffer",
    .field = v1::Body::kIncentiveOffer,
    .rules = incentive_offer::kRules,
    .apply = incentive_offer::ApplyOffer,
};

}  // namespace assent::rules
