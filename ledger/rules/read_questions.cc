#include "ledger/rules/read_questions.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "assent/v1/membership.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/questions.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

// The members as of `tree_size`, with their memberships.
std::map<MemberCode, EntryIndex> MembershipsAt(const StateView& state, std::uint64_t tree_size) {
  std::map<MemberCode, EntryIndex> memberships;
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  for (const SubscriptionView& each : Subscriptions(state, kAll, {}, tree_size)) {
    if (each.member) memberships.emplace(each.code, each.member->membership);
  }
  return memberships;
}

// `memberships` says whose endorsements count; null: all do.
void ReadEndorsements(const StateView& state, std::uint64_t tree_size,
                      const std::map<MemberCode, EntryIndex>* memberships, QuestionView& question) {
  const std::string prefix = EndorsementPrefix(question.id);
  state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    const auto stored = Decode<v1::EndorsementState>(key, value);
    if (stored.index() >= tree_size) return true;
    const std::string_view rest = key.substr(prefix.size());
    const MemberCode member = DecodeCode(key, rest.substr(0, rest.find('/')));
    if (memberships != nullptr) {
      const auto found = memberships->find(member);
      if (found == memberships->end() ||
          key != EndorsementKey(question.id, member, found->second)) {
        return true;
      }
    }
    question.endorsements.push_back(
        {.member = member, .index = EntryIndex(stored.index()), .time = {stored.time_us()}});
    return true;
  });
  std::sort(question.endorsements.begin(), question.endorsements.end(),
            [](const auto& a, const auto& b) { return a.index < b.index; });
}

}  // namespace

std::optional<QuestionView> QuestionAt(const StateView& state, EntryIndex id, Time now,
                                       std::uint64_t tree_size) {
  if (id.value() >= tree_size) return std::nullopt;
  const std::string key = QuestionKey(id);
  const auto stored = Load<v1::QuestionState>(state, key);
  if (!stored) return std::nullopt;
  const RecordHandler& opened_by = OpenedBy(id, *stored);
  QuestionView question;
  question.id = id;
  question.type = std::string(opened_by.name);
  question.about = DecodeCode(key, opened_by.question->about(*stored));
  question.author = DecodeCode(key, stored->author());
  question.opened = {stored->opened_us()};
  question.expires = {stored->expires_us()};
  if (stored->has_decided_by() && stored->decided_by() < tree_size) {
    question.status = QuestionStatus::kDecided;
    question.decided_by = EntryIndex(stored->decided_by());
  } else if (question.expires < now) {
    question.status = QuestionStatus::kExpired;
  }
  if (question.status == QuestionStatus::kOpen) {
    const auto memberships = MembershipsAt(state, tree_size);
    question.needed = MembersQuorum(memberships.size());
    ReadEndorsements(state, tree_size, &memberships, question);
  } else {
    ReadEndorsements(state, tree_size, nullptr, question);
  }
  return question;
}

std::vector<EntryIndex> Questions(const StateView& state, std::size_t limit, std::uint64_t below) {
  std::vector<EntryIndex> ids;
  const auto newest = Load<v1::PointerState>(state, kNewestQuestionKey);
  std::optional<std::uint64_t> at;
  if (newest) at = newest->index();
  while (at && ids.size() < limit) {
    if (*at < below) ids.emplace_back(*at);
    const auto question = LoadExisting<v1::QuestionState>(state, QuestionKey(EntryIndex(*at)));
    at = question.has_previous() ? std::optional(question.previous()) : std::nullopt;
  }
  return ids;
}

}  // namespace assent::rules
