// What members owe or are asked for, and by when.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/questions/answers.h"
#include "ledger/questions/by_state.h"
#include "ledger/questions/declarations.h"
#include "ledger/questions/draft_dues.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read_invitations.h"
#include "ledger/rules/read_parameters.h"
#include "ledger/rules/read_replies.h"
#include "ledger/rules/sets.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 3> kReportTypes{"LaunchNotification", "LaunchReport",
                                                       "LaunchCancellation"};

constexpr std::array<std::string_view, 2> kRoundTypes{"RevisionOpen", "RevisionSign"};

// What is the same for all states.
struct Common {
  Duration report_due;           // as it was at the height
  std::vector<DraftDue> drafts;  // by kind and order; none where the reader is not told of drafts
  std::optional<rules::RoundView> round;  // that is open, where the reader is told of it
};

// At most one is open, and none that was opened before the newest.
std::optional<rules::RoundView> OpenRound(const Asked& asked) {
  const Snapshot& ledger = asked.ledger;
  const std::vector<EntryIndex> newest = rules::Rounds(ledger.state, 1, ledger.tree_size);
  if (newest.empty()) return std::nullopt;
  auto round = rules::RoundAt(ledger.state, newest.front(), ledger.time, ledger.tree_size);
  const bool told = round && round->status == rules::RoundStatus::kOpen &&
                    asked.sight.Of(round->proposer, kRoundTypes) == rules::Audience::kMembers;
  return told ? round : std::nullopt;
}

// The dues of one state, one kind after the other. Their places are <code>/<what>/<order>.
class DuesOfState {
 public:
  DuesOfState(const Asked& asked, const Common& common, const rules::MemberView& member)
      : asked_(asked), common_(common), member_(member) {}

  // False when the page has ended.
  bool Add() {
    return AddDeclarations() && AddReports() && AddReplies() && AddSignature() &&
           AddOfDrafts(v1::DUE_COMMENT) && AddOfDrafts(v1::DUE_RECEIPT) && AddAnswers();
  }

 private:
  std::string Prefix(v1::DueKind what) const {
    return absl::StrCat(member_.code.str(), "/", static_cast<int>(what), "/");
  }

  // The order at which this page begins among dues of this kind; nothing when they were all before.
  std::optional<std::string> From(v1::DueKind what) const {
    const std::string prefix = Prefix(what);
    const std::string& from = asked_.page.from();
    if (from.starts_with(prefix)) return from.substr(prefix.size());
    if (prefix < from) return std::nullopt;
    return "";
  }

  bool AddRow(v1::DueKind what, std::string_view order, Time due, v1::AnswerRow row) {
    v1::DueRow& said = *row.mutable_due();
    said.set_state(member_.code.str());
    said.set_what(what);
    said.set_due_us(due.us);
    said.set_overdue(due.us != 0 && due < asked_.ledger.time);
    return asked_.page.Add(absl::StrCat(Prefix(what), AbslView(order)), std::move(row));
  }

  static v1::AnswerRow About(EntryIndex entry) {
    v1::AnswerRow row;
    row.add_entries(entry.value());
    row.mutable_due()->set_about(entry.value());
    return row;
  }

  // Of the years that have ended.
  bool AddDeclarations() {
    const auto from = From(v1::DUE_DECLARATION);
    const auto years = compliance::YearsOwed(member_.member_since, asked_.ledger.time);
    if (!from || !years) return true;
    for (std::int64_t year = years->first; year <= years->last; ++year) {
      const std::string order = rules::YearDigits(year);
      if (order < *from) continue;
      if (DeclarationAt(asked_.ledger, asked_.sight, rules::kDeclared, member_.code, year))
        continue;
      v1::AnswerRow row;
      row.mutable_due()->set_year(static_cast<std::uint32_t>(year));
      if (!AddRow(v1::DUE_DECLARATION, order, compliance::DeclarationDue(year), std::move(row))) {
        return false;
      }
    }
    return true;
  }

  // Of windows that have ended.
  bool AddReports() {
    const auto from = From(v1::DUE_REPORT);
    if (!from) return true;
    const std::string prefix = absl::StrCat(member_.code.str(), "/");
    bool room = true;
    const auto stopped = rules::VisitSet(
        asked_.ledger.state,
        {.set = {rules::kUnresolved, asked_.sight.Of(member_.code, kReportTypes)},
         .tree_size = asked_.ledger.tree_size,
         .prefix = prefix,
         .from = absl::StrCat(prefix, *from)},
        asked_.page.keys(), [&](std::string_view place) {
          const StateTime at = ParseStateTime(place);
          if (at.time >= asked_.ledger.time) return false;
          room = AddRow(v1::DUE_REPORT, place.substr(prefix.size()),
                        compliance::ReportDue(at.time, common_.report_due), About(at.index));
          return room;
        });
    if (!stopped) return room;
    asked_.page.EndAt(absl::StrCat(Prefix(v1::DUE_REPORT), stopped->substr(prefix.size())));
    return false;
  }

  // To requests that are open and have none. They are other members': see OpenClarifications.
  bool AddReplies() {
    const auto from = From(v1::DUE_REPLY);
    if (!from) return true;
    const bool sees_all = asked_.sight.sees_all();
    const std::string prefix = absl::StrCat(member_.code.str(), "/");
    bool room = true;
    const auto stopped = rules::VisitSet(
        asked_.ledger.state,
        {.set = {rules::kClarifications,
                 sees_all ? rules::Audience::kMembers : rules::Audience::kPublic},
         .tree_size = asked_.ledger.tree_size,
         .prefix = prefix,
         .from = absl::StrCat(prefix, *from)},
        asked_.page.keys(), [&](std::string_view place) {
          const EntryIndex request = ParseStateTime(place).index;
          const auto asked =
              rules::ClarificationAt(asked_.ledger.state, request, asked_.ledger.tree_size);
          if (!asked) return true;
          const bool replied =
              asked->reply && (sees_all || asked->reply->audience == rules::Audience::kPublic);
          if (replied) return true;
          room = AddRow(v1::DUE_REPLY, place.substr(prefix.size()), asked->due, About(request));
          return room;
        });
    if (!stopped) return room;
    asked_.page.EndAt(absl::StrCat(Prefix(v1::DUE_REPLY), stopped->substr(prefix.size())));
    return false;
  }

  // In the open round, which members only are told of.
  bool AddSignature() {
    if (!From(v1::DUE_SIGNATURE)) return true;
    if (asked_.sight.Of(member_.code, kRoundTypes) != rules::Audience::kMembers) return true;
    const auto& round = common_.round;
    if (!round || !std::binary_search(round->missing.begin(), round->missing.end(), member_.code)) {
      return true;
    }
    return AddRow(v1::DUE_SIGNATURE, rules::IndexDigits(round->id), round->deadline,
                  About(round->id));
  }

  bool AddOfDrafts(v1::DueKind what) {
    const auto from = From(what);
    if (!from) return true;
    for (const DraftDue& due : common_.drafts) {
      if (due.what != what || due.order < *from) continue;
      if (!std::binary_search(due.missing.begin(), due.missing.end(), member_.code)) continue;
      v1::AnswerRow row = About(due.about);
      row.clear_entries();
      for (const EntryIndex entry : due.entries) row.add_entries(entry.value());
      if (!AddRow(what, due.order, due.due, std::move(row))) return false;
    }
    return true;
  }

  // To invitations that can still be answered. An invitation is its host's, and the answer the
  // state's: who sees the records of some states only is answered from the PUBLIC ones.
  bool AddAnswers() {
    const auto from = From(v1::DUE_ANSWER);
    if (!from) return true;
    const rules::Audience audience =
        asked_.sight.sees_all() ? rules::Audience::kMembers : rules::Audience::kPublic;
    const std::string prefix = absl::StrCat(member_.code.str(), "/");
    const std::string first = std::max(*from, rules::TimeDigits(asked_.ledger.time));
    bool room = true;
    const auto stopped = rules::VisitSet(
        asked_.ledger.state,
        {.set = {rules::kInvitations, audience},
         .tree_size = asked_.ledger.tree_size,
         .prefix = prefix,
         .from = absl::StrCat(prefix, first)},
        asked_.page.keys(), [&](std::string_view place) {
          const StateTime at = ParseStateTime(place);
          if (IsAnswered(at.index, audience)) return true;
          room = AddRow(v1::DUE_ANSWER, place.substr(prefix.size()), at.time, About(at.index));
          return room;
        });
    if (!stopped) return room;
    asked_.page.EndAt(absl::StrCat(Prefix(v1::DUE_ANSWER), stopped->substr(prefix.size())));
    return false;
  }

  bool IsAnswered(EntryIndex invitation, rules::Audience audience) const {
    const Snapshot& ledger = asked_.ledger;
    const auto invited = rules::RecordAt(ledger.state, invitation, ledger.tree_size);
    return invited && rules::InvitationAnswerAt(ledger.state, invited->first_index, member_.code,
                                                ledger.tree_size, audience);
  }

  const Asked& asked_;
  const Common& common_;
  const rules::MemberView& member_;
};

}  // namespace

absl::Status Answer(const Asked& asked, const v1::Due& question) {
  const auto state = StateOf(question.state());
  if (!state.ok()) return state.status();
  const Common common{
      .report_due = rules::ParametersAt(asked.ledger.state, asked.ledger.tree_size).report_due,
      .drafts = asked.sight.sees_all() ? DuesOfDrafts(asked.ledger) : std::vector<DraftDue>(),
      .round = OpenRound(asked)};
  for (const rules::MemberView& member : MembersAt(asked.ledger)) {
    if (*state && member.code != **state) continue;
    if (rules::After(member.code.str()) <= asked.page.from()) continue;
    if (!DuesOfState(asked, common, member).Add()) break;
  }
  return absl::OkStatus();
}

}  // namespace assent::questions
