#include "ledger/rules/read_invitations.h"

#include <string>

#include "assent/v1/entry.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/invitations.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

Audience AudienceOf(const StoredRecord& record) {
  return record.state.visibility() == v1::PUBLIC ? Audience::kPublic : Audience::kMembers;
}

template <class Codes>
std::vector<MemberCode> DecodeCodes(const StoredRecord& record, const Codes& stored) {
  std::vector<MemberCode> codes;
  for (const std::string& text : stored) {
    const auto code = MemberCode::From(text);
    if (!code) StopOnDamagedState(RecordKey(record.index));
    codes.push_back(*code);
  }
  return codes;
}

// The newest record below `tree_size` of those that the pointer `value` leads back to, if it has
// not been withdrawn by then. `previous_of` gives the one before a record.
template <class PreviousOf>
std::optional<StoredRecord> LastBelow(const StateView& state, std::string_view key,
                                      std::string_view value, std::uint64_t tree_size,
                                      PreviousOf previous_of) {
  auto record = FindRecord(state, EntryIndex(Decode<v1::PointerState>(key, value).index()));
  while (record && record->index.value() >= tree_size) {
    const auto& kept = previous_of(record->state);
    record = kept.has_previous() ? FindRecord(state, EntryIndex(kept.previous())) : std::nullopt;
  }
  if (!record) return std::nullopt;
  const v1::RecordState& found = record->state;
  const bool withdrawn =
      found.withdrawn() && found.has_replaced_by() && found.replaced_by() < tree_size;
  return withdrawn ? std::nullopt : record;
}

}  // namespace

std::optional<InvitationView> InvitationAt(const StateView& state, EntryIndex index,
                                           std::uint64_t tree_size) {
  if (index.value() >= tree_size) return std::nullopt;
  auto record = FindRecord(state, index);
  if (!record || !IsInvitation(*record)) return std::nullopt;
  InvitationView view;
  while (record->state.has_replaced_by() && record->state.replaced_by() < tree_size) {
    view.withdrawn = record->state.withdrawn();
    if (view.withdrawn) break;
    auto next = FindRecord(state, EntryIndex(record->state.replaced_by()));
    if (!next) break;
    record = std::move(next);
  }
  view.index = record->index;
  view.first = EntryIndex(record->state.first_index());
  view.host = AuthorOf(*record);
  view.audience = AudienceOf(*record);
  view.until = UntilOf(*record);
  view.places = record->state.observer_invitation().places();
  view.invited = DecodeCodes(*record, InvitedBy(*record));
  return view;
}

std::optional<InvitationAnswerView> InvitationAnswerAt(const StateView& state, EntryIndex first,
                                                       const MemberCode& invited,
                                                       std::uint64_t tree_size, Audience audience) {
  std::optional<StoredRecord> newest;
  const std::string prefix = InvitationAnswerPrefix(first, invited);
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    auto answer = LastBelow(state, key, value, tree_size, AnswerOf);
    const bool seen =
        answer && (audience == Audience::kMembers || AudienceOf(*answer) == Audience::kPublic);
    if (seen && (!newest || newest->index < answer->index)) newest = std::move(answer);
    return true;
  });
  if (!newest) return std::nullopt;
  const v1::InvitationAnswerState& kept = AnswerOf(newest->state);
  return InvitationAnswerView{.index = newest->index,
                              .state = invited,
                              .lodged_by = AuthorOf(*newest),
                              .audience = AudienceOf(*newest),
                              .accepted = kept.accepted(),
                              .places = kept.places(),
                              .time = {kept.time_us()}};
}

std::optional<AttendanceView> AttendanceAt(const StateView& state, EntryIndex first,
                                           std::uint64_t tree_size) {
  const std::string key = AttendanceKey(first);
  const auto value = state.Get(key);
  if (!value) return std::nullopt;
  const auto attendance =
      LastBelow(state, key, *value, tree_size,
                [](const v1::RecordState& record) -> const v1::AttendanceState& {
                  return record.conference_attendance();
                });
  if (!attendance) return std::nullopt;
  return AttendanceView{
      .index = attendance->index,
      .audience = AudienceOf(*attendance),
      .attended = DecodeCodes(*attendance, attendance->state.conference_attendance().attended())};
}

}  // namespace assent::rules
