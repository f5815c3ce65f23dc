#include "ledger/rules/inspectors.h"

#include <algorithm>
#include <utility>

#include "assent/v1/entry.pb.h"
#include "assent/v1/inspection.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/accreditations.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

// The membership of the state when the log had `tree_size` entries; nothing when it was no member.
std::optional<EntryIndex> MembershipAt(const StateView& state, const MemberCode& code,
                                       std::uint64_t tree_size) {
  if (tree_size == kNewest) {
    const auto member = Load<v1::MemberState>(state, MemberKey(code));
    if (!member) return std::nullopt;
    return EntryIndex(member->membership());
  }
  const auto was = SubscriptionOf(state, code, tree_size);
  if (!was || !was->member) return std::nullopt;
  return was->member->membership;
}

// As it was before any entry ended it.
v1::AccreditationState AsGiven(v1::AccreditationState stored) {
  stored.clear_ended_by();
  stored.clear_ended_us();
  return stored;
}

}  // namespace

bool InspectionScope::Covers(const MemberCode& author, std::string_view type) const {
  const auto has = [](const auto& list, const auto& item) {
    return list.empty() || std::find(list.begin(), list.end(), item) != list.end();
  };
  if (all_bodies) return true;
  if (authors.empty() && types.empty()) return false;
  return has(authors, author) && has(types, type);
}

AccreditationStanding StandingAt(const StateView& state, const v1::AccreditationState& stored,
                                 Time now, std::uint64_t tree_size) {
  if (stored.has_ended_by()) return AccreditationStanding::kEnded;
  if (now.us >= stored.until_us()) return AccreditationStanding::kExpired;
  const auto code = MemberCode::From(stored.member());
  const auto membership = code ? MembershipAt(state, *code, tree_size) : std::nullopt;
  if (!membership || membership->value() != stored.membership()) {
    return AccreditationStanding::kLapsed;
  }
  return now.us < stored.from_us() ? AccreditationStanding::kAhead
                                   : AccreditationStanding::kInForce;
}

bool IsOver(const StateView& state, const v1::AccreditationState& stored, Time now) {
  const AccreditationStanding standing = StandingAt(state, stored, now);
  return standing != AccreditationStanding::kAhead && standing != AccreditationStanding::kInForce;
}

std::optional<AccreditationView> AccreditationAt(const StateView& state, EntryIndex index, Time now,
                                                 std::uint64_t tree_size) {
  if (index.value() >= tree_size) return std::nullopt;
  const std::string key = AccreditationKey(index);
  auto stored = Load<v1::AccreditationState>(state, key);
  if (!stored) return std::nullopt;
  if (stored->has_ended_by() && stored->ended_by() >= tree_size) stored = AsGiven(*stored);
  AccreditationView view;
  view.index = index;
  view.member = DecodeCode(key, stored->member());
  view.key = DecodeFixed<PublicKey>(key, stored->public_key());
  view.name = stored->name();
  view.from = {stored->from_us()};
  view.until = {stored->until_us()};
  view.scope.all_bodies = stored->all_bodies();
  for (const std::string& author : stored->authors()) {
    view.scope.authors.push_back(DecodeCode(key, author));
  }
  view.scope.types = {stored->types().begin(), stored->types().end()};
  view.audience = stored->visibility() == v1::PUBLIC ? Audience::kPublic : Audience::kMembers;
  view.standing = StandingAt(state, *stored, now, tree_size);
  if (stored->has_ended_by()) {
    view.ended_by = EntryIndex(stored->ended_by());
    view.ended = Time{stored->ended_us()};
  }
  return view;
}

std::vector<AccreditationView> AccreditationsInForce(const StateView& state, const PublicKey& key,
                                                     Time now) {
  std::vector<AccreditationView> in_force;
  const std::string prefix = InspectorPrefix(key);
  state.Scan(prefix, prefix, [&](std::string_view at, std::string_view) {
    auto view = AccreditationAt(state, IndexOfKey(at, prefix), now);
    if (view && view->standing == AccreditationStanding::kInForce) {
      in_force.push_back(*std::move(view));
    }
    return true;
  });
  return in_force;
}

void ScanAccreditations(const StateView& state, EntryIndex from, bool only_public,
                        absl::FunctionRef<bool(EntryIndex)> visit) {
  const std::string_view prefix = only_public ? kPublicAccreditationPrefix : kAccreditationPrefix;
  state.Scan(
      prefix, only_public ? PublicAccreditationKey(from) : AccreditationKey(from),
      [&](std::string_view key, std::string_view) { return visit(IndexOfKey(key, prefix)); });
}

std::set<PublicKey> KeysInForce(const StateView& state, Time now, std::size_t limit) {
  std::set<PublicKey> keys;
  if (limit == 0) return keys;
  state.Scan(kInspectorPrefix, kInspectorPrefix, [&](std::string_view at, std::string_view value) {
    const EntryIndex index(Decode<v1::PointerState>(at, value).index());
    const auto stored = Load<v1::AccreditationState>(state, AccreditationKey(index));
    if (stored && StandingAt(state, *stored, now) == AccreditationStanding::kInForce) {
      keys.insert(InspectorOfKey(at));
    }
    return keys.size() < limit;
  });
  return keys;
}

}  // namespace assent::rules
