#include "ledger/rules/read.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "assent/v1/record.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/flags.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

constexpr std::string_view kRoundPrefix = "round/";

// The first round opened at `first` or later, and below `end`.
std::optional<EntryIndex> RoundIn(const StateView& state, std::uint64_t first, std::uint64_t end) {
  std::optional<EntryIndex> found;
  state.Scan(kRoundPrefix, RoundKey(EntryIndex(first)), [&](std::string_view key, auto) {
    const EntryIndex id = IndexAtEnd(key);
    if (id.value() < end) found = id;
    return false;
  });
  return found;
}

// The newest round opened below `below`. Keys are read forwards only: it is looked for ever farther
// below, and then halved in on, so that the rounds since then cost nothing.
std::optional<EntryIndex> NewestRoundBelow(const StateView& state, std::uint64_t below) {
  const auto ledger = LoadExisting<v1::LedgerState>(state, kLedgerKey);
  if (!ledger.has_newest_round()) return std::nullopt;
  if (ledger.newest_round() < below) return EntryIndex(ledger.newest_round());
  std::uint64_t first = below;
  std::optional<EntryIndex> found;
  for (std::uint64_t back = 1; !found && first > 0; back *= 2) {
    first = below - std::min(back, below);
    found = RoundIn(state, first, below);
  }
  std::uint64_t end = below;
  while (found && found->value() + 1 < end) {
    const std::uint64_t middle = found->value() + 1 + (end - found->value() - 1) / 2;
    if (const auto later = RoundIn(state, middle, end)) {
      found = later;
    } else {
      end = middle;
    }
  }
  return found;
}

// Why a record that was replaced is no longer current.
Standing ReplacedStanding(const v1::RecordState& stored) {
  if (stored.withdrawn()) return Standing::kWithdrawn;
  return stored.cancelled() ? Standing::kCancelled : Standing::kAmended;
}

// The newest signature of each state in a round below `tree_size`, valid or not.
std::map<MemberCode, v1::SignatureState> SignaturesOf(const StateView& state, EntryIndex round,
                                                      std::uint64_t tree_size) {
  std::map<MemberCode, v1::SignatureState> newest;
  const std::string voided = VoidSignaturePrefix(round);
  state.Scan(voided, voided, [&](std::string_view key, std::string_view value) {
    auto signature = Decode<v1::SignatureState>(key, value);
    const std::string_view rest = key.substr(voided.size());
    if (signature.index() < tree_size) {
      newest.insert_or_assign(DecodeCode(key, rest.substr(0, rest.find('/'))),
                              std::move(signature));
    }
    return true;
  });
  const std::string prefix = SignaturePrefix(round);
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    auto signature = Decode<v1::SignatureState>(key, value);
    if (signature.index() < tree_size) {
      newest.insert_or_assign(CodeOfKey(key, prefix), std::move(signature));
    }
    return true;
  });
  return newest;
}

// Whether a signature is of the membership that its author had then.
bool IsValid(const SubscriptionView& author, const v1::SignatureState& signature) {
  return author.member && signature.membership() == author.member->membership.value();
}

// Of an open round, who has signed and who is missing, as of `tree_size`. What a membership that
// has ended has signed is void, and not listed.
void ReadOpen(const StateView& state, std::uint64_t tree_size,
              std::map<MemberCode, v1::SignatureState>& signed_by, RoundView& round) {
  std::map<MemberCode, v1::SignatureState> valid;
  for (const SubscriptionView& each : Subscriptions(state, kStatesEver, {}, tree_size)) {
    if (!each.member) continue;
    const auto found = signed_by.find(each.code);
    if (found != signed_by.end() && IsValid(each, found->second)) {
      valid.insert(*found);
    } else {
      round.missing.push_back(each.code);
    }
  }
  signed_by = std::move(valid);
}

// Fills in who has signed a round, as of `tree_size`, and what follows from it. Only of an open one
// all members are read. A round that is final did not need what a membership that had ended by then
// has signed.
void ReadSignatures(const StateView& state, std::uint64_t tree_size, RoundView& round) {
  auto signed_by = SignaturesOf(state, round.id, tree_size);
  if (round.status == RoundStatus::kOpen) ReadOpen(state, tree_size, signed_by, round);
  for (const auto& [member, signature] : signed_by) {
    if (round.status == RoundStatus::kFinal && signature.endorsed()) {
      const auto author = SubscriptionOf(state, member, round.ended_by->value() + 1);
      if (author && IsValid(*author, signature)) round.status = RoundStatus::kFinalWithEndorsedKey;
    }
    round.signatures.push_back({.member = member,
                                .index = EntryIndex(signature.index()),
                                .time = {signature.time_us()},
                                .endorsed = signature.endorsed()});
  }
  std::sort(round.signatures.begin(), round.signatures.end(),
            [](const RoundSignature& a, const RoundSignature& b) { return a.index < b.index; });
}

// A round as it was before any entry ended it.
v1::RoundState AsOpened(v1::RoundState round) {
  round.set_status(static_cast<std::uint32_t>(RoundStatus::kOpen));
  round.clear_objected_by();
  round.clear_ended_by();
  round.clear_number();
  return round;
}

}  // namespace

std::optional<RecordStatus> RecordAt(const StateView& state, EntryIndex index,
                                     std::uint64_t tree_size) {
  if (index.value() >= tree_size) return std::nullopt;
  const std::string key = RecordKey(index);
  const auto stored = Load<v1::RecordState>(state, key);
  if (!stored) return std::nullopt;
  const RecordHandler* handler = FindHandler(stored->type());
  if (handler == nullptr) StopOnDamagedState(key);
  RecordStatus status;
  status.author = DecodeCode(key, stored->author());
  status.type = std::string(handler->name);
  status.audience = stored->visibility() == v1::PUBLIC ? Audience::kPublic : Audience::kMembers;
  status.first_index = EntryIndex(stored->first_index());
  status.first_time = {stored->first_time_us()};
  status.timeliness = static_cast<compliance::Timeliness>(stored->timeliness());
  status.counts_differ = (stored->flags() & kFlagCountsDiffer) != 0;
  status.more_reports = (stored->flags() & kFlagMoreReports) != 0;
  if (stored->has_replaced_by() && stored->replaced_by() < tree_size) {
    status.standing = ReplacedStanding(*stored);
    status.replaced_by = EntryIndex(stored->replaced_by());
  }
  return status;
}

std::optional<RoundView> RoundAt(const StateView& state, EntryIndex id, Time now,
                                 std::uint64_t tree_size) {
  if (id.value() >= tree_size) return std::nullopt;
  const std::string key = RoundKey(id);
  auto stored = Load<v1::RoundState>(state, key);
  if (!stored) return std::nullopt;
  if (!stored->has_ended_by() || stored->ended_by() >= tree_size) stored = AsOpened(*stored);
  RoundView round;
  round.id = id;
  round.proposer = DecodeCode(key, stored->proposer());
  round.replaces = stored->replaces();
  round.status = StatusAt(*stored, now);
  round.text_hash = DecodeFixed<Hash>(key, stored->text_hash());
  round.opened = {stored->opened_us()};
  round.deadline = {stored->deadline_us()};
  if (stored->has_number()) round.number = stored->number();
  if (!stored->objected_by().empty()) round.objected_by = DecodeCode(key, stored->objected_by());
  if (stored->has_ended_by()) {
    round.ended_by = EntryIndex(stored->ended_by());
    round.ended = Time{stored->ended_us()};
  } else if (round.status == RoundStatus::kLapsed) {
    round.ended = round.deadline;
  }
  if (stored->has_draft()) round.draft = EntryIndex(stored->draft());
  if (stored->has_presented_by() && stored->presented_by() < tree_size) {
    round.presented_by = EntryIndex(stored->presented_by());
    round.presented = Time{stored->presented_us()};
  }
  ReadSignatures(state, tree_size, round);
  return round;
}

std::vector<EntryIndex> Rounds(const StateView& state, std::size_t limit, std::uint64_t below) {
  std::vector<EntryIndex> ids;
  std::optional<EntryIndex> at = NewestRoundBelow(state, below);
  while (at && ids.size() < limit) {
    ids.push_back(*at);
    const auto round = LoadExisting<v1::RoundState>(state, RoundKey(*at));
    at = round.has_previous_round() ? std::optional(EntryIndex(round.previous_round()))
                                    : std::nullopt;
  }
  return ids;
}

std::optional<EntryIndex> RoundOfRevision(const StateView& state, std::uint32_t number) {
  const auto stored = Load<v1::PointerState>(state, RevisionKey(number));
  if (!stored) return std::nullopt;
  return EntryIndex(stored->index());
}

std::vector<LaunchClass> ClassList(const StateView& state) {
  std::map<std::uint32_t, LaunchClass> by_position;
  state.Scan(kClassPrefix, kClassPrefix, [&](std::string_view key, std::string_view value) {
    const auto stored = Decode<v1::ClassState>(key, value);
    by_position.emplace(
        stored.position(),
        LaunchClass{.id = std::string(key.substr(kClassPrefix.size())),
                    .kind = stored.kind() == v1::BALLISTIC_MISSILE ? ClassKind::kBallisticMissile
                                                                   : ClassKind::kSpaceLaunch,
                    .name = stored.name()});
    return true;
  });
  std::vector<LaunchClass> classes;
  classes.reserve(by_position.size());
  for (auto& [position, listed] : by_position) classes.push_back(std::move(listed));
  return classes;
}

std::map<std::string, std::uint64_t> NotifiedLaunches(const StateView& state,
                                                      const MemberCode& author, std::int64_t year) {
  std::map<std::string, std::uint64_t> launches;
  const std::string prefix = NotifiedPrefix(author, year);
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    launches.emplace(key.substr(prefix.size()), Decode<v1::CountState>(key, value).count());
    return true;
  });
  return launches;
}

std::optional<EntryIndex> DeclarationOf(const StateView& state, const MemberCode& author,
                                        std::int64_t year) {
  return PointerAt(state, DeclarationKey(author, year));
}

}  // namespace assent::rules
