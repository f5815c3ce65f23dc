// Members and other states, for those who answer questions (read.h).
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "assent/v1/membership.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

std::optional<MemberNode> DecodeNode(std::string_view key, const v1::MemberState& stored) {
  if (stored.vote_key().empty()) return std::nullopt;
  return MemberNode{.vote_key = DecodeFixed<PublicKey>(key, stored.vote_key()),
                    .checkpoint_key = DecodeFixed<PublicKey>(key, stored.checkpoint_key()),
                    .transport_key = DecodeFixed<PublicKey>(key, stored.transport_key())};
}

MemberView DecodeMember(const StateView& state, const MemberCode& code, std::string_view key,
                        const v1::MemberState& stored) {
  MemberView member{.code = code,
                    .name = stored.name(),
                    .authority_key = std::nullopt,
                    .endorsed_key = stored.has_endorsed_since(),
                    .node = DecodeNode(key, stored),
                    .reader_key = DecodeFixed<PublicKey>(key, stored.reader_key()),
                    .peer_endpoint = stored.peer_endpoint(),
                    .contact = stored.contact(),
                    .membership = EntryIndex(stored.membership()),
                    .member_since = {stored.member_since_us()},
                    .votes = stored.votes(),
                    .entries = HeadOf(state, code).sequence.value(),
                    .releasers = {}};
  if (!stored.authority_key().empty()) {
    member.authority_key = DecodeFixed<PublicKey>(key, stored.authority_key());
  }
  for (const v1::ReleaserState& releaser : stored.releasers()) {
    member.releasers.push_back(
        {releaser.name(), DecodeFixed<PublicKey>(key, releaser.public_key())});
  }
  return member;
}

SubscriptionView DecodeSubscription(const StateView& state, std::string_view key,
                                    std::string_view value) {
  const SubscriptionPlace place = PlaceOfSubscription(key);
  const auto stored = Decode<v1::SubscriptionState>(key, value);
  SubscriptionView view{.code = place.code,
                        .name = stored.name(),
                        .status = static_cast<SubscriptionStatus>(stored.status()),
                        .since_index = place.since,
                        .since = {stored.since_us()},
                        .question = std::nullopt,
                        .member = std::nullopt};
  if (stored.has_question()) view.question = EntryIndex(stored.question());
  if (stored.has_member()) view.member = DecodeMember(state, place.code, key, stored.member());
  return view;
}

// What begins with a block counts from the next entry on: trees of this size are also those of the
// blocks before.
bool HoldsAt(const SubscriptionPlace& place, std::uint64_t tree_size) {
  return place.since.value() < tree_size || (place.since.value() == tree_size && !place.with_block);
}

// The newest value that holds of each state of which one does.
std::vector<SubscriptionView> NewestOfEach(
    const StateView& state, std::size_t limit, const MemberCode& after,
    absl::FunctionRef<bool(std::string_view key, std::string_view value)> holds) {
  std::vector<SubscriptionView> states;
  // All values of a state stand together, the newest last.
  state.Scan(kSubscriptionPrefix, SubscriptionPrefix(after),
             [&](std::string_view key, std::string_view value) {
               const MemberCode code = PlaceOfSubscription(key).code;
               if (code == after || !holds(key, value)) return true;
               if (!states.empty() && states.back().code == code) {
                 states.back() = DecodeSubscription(state, key, value);
                 return true;
               }
               if (states.size() == limit) return false;
               states.push_back(DecodeSubscription(state, key, value));
               return true;
             });
  return states;
}

}  // namespace

std::vector<MemberView> Members(const StateView& state, std::size_t limit,
                                const MemberCode& after) {
  std::vector<MemberView> members;
  if (limit == 0) return members;
  const std::string after_key = MemberKey(after);
  state.Scan(kMemberPrefix, after_key, [&](std::string_view key, std::string_view value) {
    if (key == after_key) return true;
    members.push_back(DecodeMember(state, CodeOfKey(key, kMemberPrefix), key,
                                   Decode<v1::MemberState>(key, value)));
    return members.size() < limit;
  });
  return members;
}

std::optional<MemberView> MemberOf(const StateView& state, const MemberCode& code) {
  const std::string key = MemberKey(code);
  const auto stored = Load<v1::MemberState>(state, key);
  if (!stored) return std::nullopt;
  return DecodeMember(state, code, key, *stored);
}

std::vector<SubscriptionView> Subscriptions(const StateView& state, std::size_t limit,
                                            const MemberCode& after, std::uint64_t tree_size) {
  return NewestOfEach(state, limit, after, [=](std::string_view key, std::string_view /*value*/) {
    return HoldsAt(PlaceOfSubscription(key), tree_size);
  });
}

std::vector<SubscriptionView> SubscriptionsAfter(const StateView& state, std::size_t limit,
                                                 const MemberCode& after, Time block_time) {
  return NewestOfEach(state, limit, after, [=](std::string_view key, std::string_view value) {
    return Decode<v1::SubscriptionState>(key, value).since_us() <= block_time.us;
  });
}

std::optional<SubscriptionView> SubscriptionOf(const StateView& state, const MemberCode& code,
                                               std::uint64_t tree_size) {
  std::optional<SubscriptionView> newest;
  const std::string prefix = SubscriptionPrefix(code);
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    if (!HoldsAt(PlaceOfSubscription(key), tree_size)) return false;
    newest = DecodeSubscription(state, key, value);
    return true;
  });
  return newest;
}

std::vector<SubscriptionView> HistoryOf(const StateView& state, const MemberCode& code) {
  std::vector<SubscriptionView> history;
  const std::string prefix = SubscriptionPrefix(code);
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    history.push_back(DecodeSubscription(state, key, value));
    return true;
  });
  return history;
}

}  // namespace assent::rules
