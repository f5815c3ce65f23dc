#include "ledger/rules/read.h"

#include <algorithm>
#include <utility>

#include "assent/v1/record.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/flags.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/rounds.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

MemberCode DecodeCode(std::string_view key, std::string_view text) {
  const auto code = MemberCode::From(text);
  if (!code) StopOnDamagedState(key);
  return *code;
}

MemberView DecodeMember(const StateView& state, std::string_view key,
                        const v1::MemberState& stored) {
  const MemberCode code = CodeOfKey(key, kMemberPrefix);
  return {.code = code,
          .name = stored.name(),
          .authority_key = DecodeFixed<PublicKey>(key, stored.authority_key()),
          .vote_key = DecodeFixed<PublicKey>(key, stored.vote_key()),
          .checkpoint_key = DecodeFixed<PublicKey>(key, stored.checkpoint_key()),
          .transport_key = DecodeFixed<PublicKey>(key, stored.transport_key()),
          .reader_key = DecodeFixed<PublicKey>(key, stored.reader_key()),
          .peer_endpoint = stored.peer_endpoint(),
          .membership = EntryIndex(stored.membership()),
          .member_since = {stored.member_since_us()},
          .votes = stored.votes(),
          .entries = HeadOf(state, code).sequence.value()};
}

// Why a record that was replaced is no longer current.
Standing ReplacedStanding(const v1::RecordState& stored) {
  if (stored.withdrawn()) return Standing::kWithdrawn;
  return stored.cancelled() ? Standing::kCancelled : Standing::kAmended;
}

// The signatures of a round below `tree_size`. While it is open, `missing` gets the members without
// one, and what a membership that has ended has signed is void.
void ReadSignatures(const StateView& state, std::uint64_t tree_size, RoundView& round) {
  const std::string prefix = SignaturePrefix(round.id);
  std::map<MemberCode, v1::SignatureState> signed_by;
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    auto signature = Decode<v1::SignatureState>(key, value);
    if (signature.index() < tree_size) {
      signed_by.emplace(CodeOfKey(key, prefix), std::move(signature));
    }
    return true;
  });
  if (round.status == RoundStatus::kOpen) {
    std::map<MemberCode, v1::SignatureState> valid;
    for (const MemberIdentity& member : MembersOf(state)) {
      const auto found = signed_by.find(member.code);
      if (found != signed_by.end() && found->second.membership() == member.membership.value()) {
        valid.insert(*found);
      } else {
        round.missing.push_back(member.code);
      }
    }
    signed_by = std::move(valid);
  }
  for (const auto& [member, signature] : signed_by) {
    round.signatures.push_back(
        {.member = member, .index = EntryIndex(signature.index()), .time = {signature.time_us()}});
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
  const RecordHandler* handler = FindHandler(static_cast<v1::Body::RecordCase>(stored->type()));
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
  ReadSignatures(state, tree_size, round);
  return round;
}

std::vector<EntryIndex> Rounds(const StateView& state, std::size_t limit, std::uint64_t below) {
  std::vector<EntryIndex> ids;
  const auto ledger = LoadExisting<v1::LedgerState>(state, kLedgerKey);
  std::optional<EntryIndex> at;
  if (ledger.has_newest_round()) at = EntryIndex(ledger.newest_round());
  while (at && ids.size() < limit) {
    if (at->value() < below) ids.push_back(*at);
    const auto round = LoadExisting<v1::RoundState>(state, RoundKey(*at));
    at = round.has_previous_round() ? std::optional(EntryIndex(round.previous_round()))
                                    : std::nullopt;
  }
  return ids;
}

LedgerParameters ParametersOf(const StateView& state) {
  const auto stored = LoadExisting<v1::LedgerState>(state, kLedgerKey);
  LedgerParameters ledger;
  ledger.ledger_id = DecodeFixed<LedgerId>(kLedgerKey, stored.ledger_id());
  ledger.founded = {stored.founded_us()};
  ledger.notification_lead = {stored.notification_lead_us()};
  ledger.report_due = {stored.report_due_us()};
  ledger.comment_period = {stored.comment_period_us()};
  ledger.signature_period = {stored.signature_period_us()};
  ledger.heartbeat = {stored.heartbeat_us()};
  ledger.max_clock_skew = {stored.max_clock_skew_us()};
  ledger.entries_per_author_and_day = stored.entries_per_author_and_day();
  ledger.revision = stored.revision();
  ledger.revision_text_hash = DecodeFixed<Hash>(kLedgerKey, stored.revision_text_hash());
  if (stored.revision() > 0) ledger.revision_round = EntryIndex(stored.revision_round());
  return ledger;
}

std::vector<MemberView> Members(const StateView& state, std::size_t limit,
                                const MemberCode& after) {
  std::vector<MemberView> members;
  if (limit == 0) return members;
  const std::string after_key = MemberKey(after);
  state.Scan(kMemberPrefix, after_key, [&](std::string_view key, std::string_view value) {
    if (key == after_key) return true;
    members.push_back(DecodeMember(state, key, Decode<v1::MemberState>(key, value)));
    return members.size() < limit;
  });
  return members;
}

std::optional<MemberView> MemberOf(const StateView& state, const MemberCode& code) {
  const std::string key = MemberKey(code);
  const auto stored = Load<v1::MemberState>(state, key);
  if (!stored) return std::nullopt;
  return DecodeMember(state, key, *stored);
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
  const auto stored = Load<v1::PointerState>(state, DeclarationKey(author, year));
  if (!stored) return std::nullopt;
  return EntryIndex(stored->index());
}

}  // namespace assent::rules
