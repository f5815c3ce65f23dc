// Annual declarations of one year: which are missing, which say that there is nothing, and whose
// counts are not those of the notified launches.
#include "ledger/questions/declarations.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/index.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/questions/answers.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/sets.h"
#include "ledger/rules/typed_state.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 1> kDeclarationTypes{"AnnualDeclaration"};

v1::AnswerRow RowOf(const MemberCode& state, std::int64_t year) {
  v1::AnswerRow row;
  v1::DeclarationRow& said = *row.mutable_declaration();
  said.set_state(state.str());
  said.set_year(static_cast<std::uint32_t>(year));
  said.set_due_us(compliance::DeclarationDue(year).us);
  return row;
}

v1::AnswerRow RowOf(const Snapshot& ledger, const MemberCode& state, std::int64_t year,
                    EntryIndex declaration) {
  v1::AnswerRow row = RowOf(state, year);
  row.add_entries(declaration.value());
  const auto record =
      rules::LoadExisting<v1::RecordState>(ledger.state, rules::RecordKey(declaration));
  row.mutable_declaration()->set_timeliness(static_cast<v1::Timeliness>(record.timeliness()));
  return row;
}

void AddDifferences(const Snapshot& ledger, EntryIndex declaration, v1::AnswerRow& row) {
  auto kept =
      rules::LoadExisting<v1::DifferencesState>(ledger.state, rules::DifferencesKey(declaration));
  row.mutable_declaration()->mutable_differences()->Swap(kept.mutable_classes());
}

// Answers with the declarations of a year that are in a set.
void AnswerFrom(const Asked& asked, std::string_view set, std::uint32_t year) {
  for (const auto& [author, head] : rules::AllHeads(asked.ledger.state)) {
    if (author.str() < asked.page.from()) continue;
    const auto found = DeclarationAt(asked.ledger, asked.sight, set, author, year);
    if (!found) continue;
    v1::AnswerRow row = RowOf(asked.ledger, author, year, *found);
    if (set == rules::kDiffering) AddDifferences(asked.ledger, *found, row);
    if (!asked.page.Add(author.str(), std::move(row))) return;
  }
}

}  // namespace

absl::Status CheckYear(std::int64_t year) {
  if (year >= compliance::kFirstYear && year <= kYearMax) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("year is ", year, ": ask for one from ",
                                                 compliance::kFirstYear, " to ", kYearMax));
}

std::optional<EntryIndex> DeclarationAt(const Snapshot& ledger, const Sight& sight,
                                        std::string_view set, const MemberCode& state,
                                        std::int64_t year) {
  const rules::SetName name{set, sight.Of(state, kDeclarationTypes)};
  const std::string prefix = rules::YearPrefix(year, state);
  std::optional<EntryIndex> found;
  // One is current at a time: few have left.
  std::size_t keys = std::numeric_limits<std::size_t>::max();
  rules::VisitSet(ledger.state,
                  {.set = name, .tree_size = ledger.tree_size, .prefix = prefix, .from = prefix},
                  keys, [&](std::string_view place) {
                    found = rules::IndexAtEnd(place);
                    return false;
                  });
  return found;
}

absl::Status Answer(const Asked& asked, const v1::MissingDeclarations& question) {
  if (auto status = CheckYear(question.year()); !status.ok()) return status;
  const std::int64_t year = question.year();
  if (compliance::DeclarationDue(year) >= asked.ledger.time) return absl::OkStatus();
  for (const rules::MemberView& member : MembersAt(asked.ledger)) {
    if (member.code.str() < asked.page.from()) continue;
    if (!compliance::DeclarationOwed(year, member.member_since)) continue;
    if (DeclarationAt(asked.ledger, asked.sight, rules::kDeclared, member.code, year)) continue;
    if (!asked.page.Add(member.code.str(), RowOf(member.code, year))) break;
  }
  return absl::OkStatus();
}

absl::Status Answer(const Asked& asked, const v1::NilFilers& question) {
  if (auto status = CheckYear(question.year()); !status.ok()) return status;
  AnswerFrom(asked, rules::kNil, question.year());
  return absl::OkStatus();
}

absl::Status Answer(const Asked& asked, const v1::Discrepancies& question) {
  if (auto status = CheckYear(question.year()); !status.ok()) return status;
  if (!asked.sight.sees_all()) {
    return absl::PermissionDeniedError(
        "what differs follows from notifications that are for members: ask with a key that sees "
        "all records");
  }
  AnswerFrom(asked, rules::kDiffering, question.year());
  return absl::OkStatus();
}

}  // namespace assent::questions
