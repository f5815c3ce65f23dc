// Totals of a year, a row for each member.
#include <string_view>

#include "assent/v1/state.pb.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/questions/answers.h"
#include "ledger/questions/declarations.h"
#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/tallies.h"
#include "ledger/rules/typed_state.h"

namespace assent::questions {
namespace {

using compliance::Timeliness;
using rules::Announced;

void AddDeclaration(const Asked& asked, const rules::MemberView& member, v1::AnswerRow& row) {
  v1::TotalsRow& said = *row.mutable_totals();
  const std::int64_t year = said.year();
  said.set_declaration_owed(compliance::DeclarationOwed(year, member.member_since));
  const auto found = DeclarationAt(asked.ledger, asked.sight, rules::kDeclared, member.code, year);
  if (!found) return;
  const auto record =
      rules::LoadExisting<v1::RecordState>(asked.ledger.state, rules::RecordKey(*found));
  row.add_entries(found->value());
  said.set_declaration(found->value());
  said.set_declaration_timeliness(static_cast<v1::Timeliness>(record.timeliness()));
  said.set_declared_nil(record.declaration().ballistic_form() == v1::NIL &&
                        record.declaration().space_form() == v1::NIL);
}

void AddLaunches(const Asked& asked, const MemberCode& state, v1::TotalsRow& said) {
  const rules::Audience audience = asked.sight.Of(state, kLaunchTypes);
  const auto value = [&](const rules::TallyName& tally) {
    return rules::ValueAt(asked.ledger.state, tally, asked.ledger.tree_size);
  };
  const auto announced = [&](Timeliness timeliness) {
    return value(rules::AnnouncedTally(audience, state, said.year(), timeliness));
  };
  const auto launched = [&](Announced how) {
    return value(rules::LaunchedTally(audience, state, said.year(), how));
  };
  said.set_announced_timely(announced(Timeliness::kTimely));
  said.set_announced_late(announced(Timeliness::kLate));
  said.set_announced_post_facto(announced(Timeliness::kPostFacto));
  said.set_announced_historic(announced(Timeliness::kHistoric));
  said.set_launched_timely(launched(Announced::kTimely));
  said.set_launched_late(launched(Announced::kLate));
  said.set_launched_unannounced(launched(Announced::kNot));
  said.set_launched_historic(launched(Announced::kOfTimeBefore));
  // They are other states': see LaunchesWithoutTimelyNotification.
  said.set_observed(value(rules::ObservedTally(
      asked.sight.sees_all() ? rules::Audience::kMembers : rules::Audience::kPublic, state,
      said.year())));
}

}  // namespace

absl::Status Answer(const Asked& asked, const v1::YearTotals& question) {
  if (auto status = CheckYear(question.year()); !status.ok()) return status;
  for (const rules::MemberView& member : MembersAt(asked.ledger)) {
    if (member.code.str() < asked.page.from()) continue;
    v1::AnswerRow row;
    row.mutable_totals()->set_state(member.code.str());
    row.mutable_totals()->set_year(question.year());
    AddDeclaration(asked, member, row);
    AddLaunches(asked, member.code, *row.mutable_totals());
    if (!asked.page.Add(member.code.str(), std::move(row))) break;
  }
  return absl::OkStatus();
}

}  // namespace assent::questions
