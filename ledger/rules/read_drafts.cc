#include "ledger/rules/read_drafts.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>

#include "assent/v1/revision.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/comments.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

MemberCode CodeIn(std::string_view key, std::string_view text) {
  const auto code = MemberCode::From(text);
  if (!code) StopOnDamagedState(key);
  return *code;
}

// An entry that changed something, unless that came later.
std::optional<EntryIndex> Before(std::uint64_t tree_size, bool has, std::uint64_t index) {
  return has && index < tree_size ? std::optional(EntryIndex(index)) : std::nullopt;
}

void SortByIndex(std::vector<MemberEntry>& entries) {
  std::sort(entries.begin(), entries.end(),
            [](const MemberEntry& a, const MemberEntry& b) { return a.index < b.index; });
}

// Of the draft or summary `sent`.
CapitalReceipts ReceiptsOf(const StateView& state, EntryIndex sent, std::uint64_t tree_size) {
  CapitalReceipts receipts;
  const auto add = [&](const MemberCode& member, EntryIndex membership) {
    const auto stored = Load<v1::DraftReceiptState>(state, ReceivedKey(sent, member));
    if (stored && stored->index() < tree_size && stored->membership() == membership.value()) {
      receipts.received.push_back(
          {.member = member, .index = EntryIndex(stored->index()), .time = {stored->time_us()}});
    } else {
      receipts.missing.push_back(member);
    }
  };
  if (tree_size == kNewest) {
    for (const MemberIdentity& member : MembersOf(state)) add(member.code, member.membership);
  } else {
    for (const SubscriptionView& each : Subscriptions(state, kStatesEver, {}, tree_size)) {
      if (each.member) add(each.code, each.member->membership);
    }
  }
  SortByIndex(receipts.received);
  return receipts;
}

SummaryView ReadSummary(const StateView& state, EntryIndex index, std::uint64_t tree_size) {
  const std::string key = SummaryKey(index);
  const auto stored = LoadExisting<v1::SummaryState>(state, key);
  return {
      .by = {.member = CodeIn(key, stored.author()), .index = index, .time = {stored.time_us()}},
      .text_hash = DecodeFixed<Hash>(key, stored.text_hash()),
      .receipts = ReceiptsOf(state, index, tree_size)};
}

// The newest round below `tree_size` that was opened from the draft. Several are only where the
// ones before have ended without consent.
std::optional<EntryIndex> RoundOf(const StateView& state, EntryIndex draft,
                                  std::optional<std::uint64_t> newest, std::uint64_t tree_size) {
  while (newest) {
    const EntryIndex id(*newest);
    const auto round = LoadExisting<v1::RoundState>(state, RoundKey(id));
    const bool is_its = round.has_draft() && round.draft() == draft.value();
    if (id.value() < tree_size && is_its) return id;
    newest = round.has_previous_round() && round.previous_round() > draft.value()
                 ? std::optional(round.previous_round())
                 : std::nullopt;
  }
  return std::nullopt;
}

// True when a revision has come into force below `tree_size` that replaced what the draft was to
// replace.
bool IsOvertaken(const StateView& state, const DraftView& draft, std::uint64_t tree_size) {
  const auto round_id = RoundOfRevision(state, draft.replaces + 1);
  if (!round_id) return false;
  return LoadExisting<v1::RoundState>(state, RoundKey(*round_id)).ended_by() < tree_size;
}

DraftStatus StatusOf(const StateView& state, const DraftView& draft, std::uint64_t tree_size) {
  if (draft.withdrawn_by) return DraftStatus::kWithdrawn;
  if (draft.round) return DraftStatus::kOpened;
  if (IsOvertaken(state, draft, tree_size)) return DraftStatus::kOvertaken;
  if (draft.summary) return DraftStatus::kSummarised;
  return draft.circulated_by ? DraftStatus::kCirculated : DraftStatus::kDrafted;
}

}  // namespace

std::optional<DraftView> DraftAt(const StateView& state, EntryIndex id, std::uint64_t tree_size) {
  if (id.value() >= tree_size) return std::nullopt;
  const std::string key = DraftKey(id);
  const auto stored = Load<v1::DraftState>(state, key);
  if (!stored) return std::nullopt;
  DraftView draft;
  draft.id = id;
  draft.author = CodeIn(key, stored->author());
  draft.replaces = stored->replaces();
  draft.text_hash = DecodeFixed<Hash>(key, stored->text_hash());
  draft.drafted = {stored->drafted_us()};
  if (stored->has_previous_draft()) draft.previous = EntryIndex(stored->previous_draft());
  draft.circulated_by = Before(tree_size, stored->has_circulated_by(), stored->circulated_by());
  if (draft.circulated_by) {
    draft.circulated = {stored->circulated_us()};
    draft.comments_due = {stored->comments_due_us()};
    draft.receipts = ReceiptsOf(state, id, tree_size);
  }
  for (const NewestComment& comment : NewestComments(state, id, tree_size)) {
    if (!comment.holds) continue;
    draft.comments.push_back(
        {.member = comment.member, .index = comment.index, .time = comment.first_time});
  }
  SortByIndex(draft.comments);
  if (const auto summary = Before(tree_size, stored->has_summary(), stored->summary())) {
    draft.summary = ReadSummary(state, *summary, tree_size);
  }
  draft.round = RoundOf(
      state, id, stored->has_round() ? std::optional(stored->round()) : std::nullopt, tree_size);
  draft.withdrawn_by = Before(tree_size, stored->has_withdrawn_by(), stored->withdrawn_by());
  draft.status = StatusOf(state, draft, tree_size);
  return draft;
}

std::vector<EntryIndex> Drafts(const StateView& state, std::size_t limit, std::uint64_t below) {
  std::vector<EntryIndex> ids;
  std::optional<EntryIndex> at;
  if (const auto newest = Load<v1::PointerState>(state, kNewestDraftKey)) {
    at = EntryIndex(newest->index());
  }
  if (below != kNewest && Load<v1::DraftState>(state, DraftKey(EntryIndex(below)))) {
    at = EntryIndex(below);  // a listing that goes on need not begin at the newest
  }
  while (at && ids.size() < limit) {
    if (at->value() < below) ids.push_back(*at);
    const auto draft = LoadExisting<v1::DraftState>(state, DraftKey(*at));
    at = draft.has_draft_before() ? std::optional(EntryIndex(draft.draft_before())) : std::nullopt;
  }
  return ids;
}

}  // namespace assent::rules
