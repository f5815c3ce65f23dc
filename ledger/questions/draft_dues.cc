#include "ledger/questions/draft_dues.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read_drafts.h"
#include "ledger/rules/read_parameters.h"

namespace assent::questions {
namespace {

DraftDue Make(v1::DueKind what, Time due, EntryIndex about, std::vector<EntryIndex> entries,
              std::vector<MemberCode> missing) {
  const Time sorted_as{due.us == 0 ? kTimeMaxUs : due.us};
  return {.what = what,
          .order = absl::StrCat(rules::TimeDigits(sorted_as), "/", rules::IndexDigits(about)),
          .due = due,
          .about = about,
          .entries = std::move(entries),
          .missing = std::move(missing)};
}

// Members whose comment on the draft does not stand.
std::vector<MemberCode> WithoutComment(const rules::DraftView& draft,
                                       const std::vector<MemberCode>& members) {
  std::set<MemberCode> commented;
  for (const rules::MemberEntry& comment : draft.comments) commented.insert(comment.member);
  std::vector<MemberCode> missing;
  for (const MemberCode& member : members) {
    if (!commented.contains(member)) missing.push_back(member);
  }
  return missing;
}

void AddDues(const rules::DraftView& draft, Time now, const std::vector<MemberCode>& members,
             std::vector<DraftDue>& dues) {
  const std::vector<EntryIndex> circulation{draft.id, *draft.circulated_by};
  if (now <= draft.comments_due) {
    dues.push_back(Make(v1::DUE_COMMENT, draft.comments_due, draft.id, circulation,
                        WithoutComment(draft, members)));
  }
  dues.push_back(
      Make(v1::DUE_RECEIPT, draft.comments_due, draft.id, circulation, draft.receipts.missing));
  if (!draft.summary) return;
  const EntryIndex summary = draft.summary->by.index;
  dues.push_back(
      Make(v1::DUE_RECEIPT, Time{0}, summary, {summary}, draft.summary->receipts.missing));
}

}  // namespace

std::vector<DraftDue> DuesOfDrafts(const Snapshot& ledger) {
  const std::uint32_t in_force = rules::ParametersAt(ledger.state, ledger.tree_size).revision;
  std::vector<MemberCode> members;
  for (const rules::MemberView& member : MembersAt(ledger)) members.push_back(member.code);
  std::vector<DraftDue> dues;
  std::uint64_t below = ledger.tree_size;
  for (;;) {
    const auto next = rules::Drafts(ledger.state, 1, below);
    if (next.empty()) break;
    below = next[0].value();
    const auto draft = rules::DraftAt(ledger.state, next[0], ledger.tree_size);
    if (!draft) continue;
    if (draft->replaces != in_force) break;  // this and all before it were overtaken
    if (draft->circulated_by && !draft->withdrawn_by) {
      AddDues(*draft, ledger.time, members, dues);
    }
  }
  std::sort(dues.begin(), dues.end(), [](const DraftDue& a, const DraftDue& b) {
    return std::tie(a.what, a.order) < std::tie(b.what, b.order);
  });
  return dues;
}

}  // namespace assent::questions
