#include "ledger/rules/read_replies.h"

#include <string>

#include "absl/functional/function_ref.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

Audience AudienceOf(std::uint32_t visibility) {
  return visibility == v1::PUBLIC ? Audience::kPublic : Audience::kMembers;
}

using Previous = absl::FunctionRef<std::optional<EntryIndex>(const v1::RecordState&)>;

// Goes back from the newest record that was ever filed to the one below `tree_size` that was newest
// then; nothing when that had been withdrawn.
std::optional<StoredRecord> CurrentAt(const StateView& state, std::optional<EntryIndex> newest,
                                      Previous previous, std::uint64_t tree_size) {
  while (newest) {
    const std::string key = RecordKey(*newest);
    auto record = LoadExisting<v1::RecordState>(state, key);
    if (newest->value() < tree_size) {
      if (record.has_replaced_by() && record.replaced_by() < tree_size) return std::nullopt;
      return StoredRecord{.index = *newest, .state = std::move(record)};
    }
    newest = previous(record);
  }
  return std::nullopt;
}

std::optional<ClarificationReplyView> ReplyTo(const StateView& state, EntryIndex request,
                                              std::uint64_t tree_size) {
  const auto reply = CurrentAt(
      state, PointerAt(state, ReplyKey(request)),
      [](const v1::RecordState& record) -> std::optional<EntryIndex> {
        if (!record.clarification_reply().has_previous()) return std::nullopt;
        return EntryIndex(record.clarification_reply().previous());
      },
      tree_size);
  if (!reply) return std::nullopt;
  return ClarificationReplyView{
      .index = reply->index,
      .timeliness = static_cast<compliance::Timeliness>(reply->state.timeliness()),
      .audience = AudienceOf(reply->state.visibility())};
}

}  // namespace

std::optional<ObservationAnswerView> AnswerTo(const StateView& state, EntryIndex observation,
                                              std::uint64_t tree_size) {
  if (observation.value() >= tree_size) return std::nullopt;
  const auto observed = FindRecord(state, observation);
  if (!observed || observed->state.type() != v1::Body::kObservedLaunch) return std::nullopt;
  const auto answer = CurrentAt(
      state, PointerAt(state, AnswerKey(EntryIndex(observed->state.first_index()))),
      [](const v1::RecordState& record) -> std::optional<EntryIndex> {
        if (!record.observed_launch_answer().has_previous()) return std::nullopt;
        return EntryIndex(record.observed_launch_answer().previous());
      },
      tree_size);
  if (!answer) return std::nullopt;
  const v1::ObservedLaunchAnswerState& kept = answer->state.observed_launch_answer();
  return ObservationAnswerView{.index = answer->index,
                               .observation = EntryIndex(kept.observation()),
                               .confirmed = kept.answer() == v1::CONFIRMED,
                               .audience = AudienceOf(answer->state.visibility())};
}

std::optional<ClarificationView> ClarificationAt(const StateView& state, EntryIndex request,
                                                 std::uint64_t tree_size) {
  if (request.value() >= tree_size) return std::nullopt;
  const std::string key = ClarificationKey(request);
  const auto stored = Load<v1::ClarificationState>(state, key);
  if (!stored) return std::nullopt;
  ClarificationView view;
  view.requester = DecodeCode(key, stored->requester());
  view.respondent = DecodeCode(key, stored->respondent());
  view.about = EntryIndex(stored->about());
  view.asked = {stored->asked_us()};
  view.due = {stored->due_us()};
  view.audience = AudienceOf(stored->visibility());
  if (stored->has_closed_by() && stored->closed_by() < tree_size) {
    view.closed_by = EntryIndex(stored->closed_by());
  }
  view.reply = ReplyTo(state, request, tree_size);
  return view;
}

}  // namespace assent::rules
