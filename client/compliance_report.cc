#include "client/compliance_report.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/answer_rows.h"
#include "client/table.h"
#include "ledger/questions/coverage.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

using Rows = std::vector<v1::AnswerRow>;

absl::Status Fetch(const AskPage& ask, v1::AskRequest request, ComplianceReport& report, Rows& rows,
                   std::optional<std::uint64_t> as_of) {
  if (as_of) request.set_as_of(*as_of);
  const auto end =
      FetchAnswer(ask, std::move(request), kReportRowsMax, [&](const v1::AnswerRow& row) {
        rows.push_back(row);
        return absl::OkStatus();
      });
  if (!end.ok()) return end.status();
  if (end->more) return absl::DataLossError("the node sends more rows than a report can hold");
  report.end = *end;
  return absl::OkStatus();
}

bool EndedIn(const v1::AnswerRow& row, std::uint32_t year) {
  return ToCivil({row.notification().window_end_us()}).year == year;
}

// "on time", "late", "none owed", "missing", "not due yet".
std::string DeclarationText(const v1::TotalsRow& totals, const ComplianceReport& report) {
  if (totals.has_declaration()) {
    const std::string nil = totals.declared_nil() ? ", nil" : "";
    switch (totals.declaration_timeliness()) {
      case v1::TIMELY:
        return "on time" + nil;
      case v1::LATE:
        return "late" + nil;
      default:
        return "not owed" + nil;
    }
  }
  if (!totals.declaration_owed()) return "none owed";
  for (const v1::AnswerRow& row : report.missing) {
    if (row.declaration().state() == totals.state()) return "MISSING";
  }
  return "not due yet";
}

std::string Number(std::uint64_t number) { return number == 0 ? "-" : absl::StrCat(number); }

std::string Declarations(const ComplianceReport& report) {
  Table table({{"STATE"}, {"DECLARATION"}, {"ENTRY", Align::kRight}});
  for (const v1::AnswerRow& row : report.totals) {
    const v1::TotalsRow& totals = row.totals();
    table.AddRow({totals.state(), DeclarationText(totals, report),
                  totals.has_declaration() ? absl::StrCat(totals.declaration()) : ""});
  }
  return table.Format(false);
}

v1::TotalsRow SumOf(const Rows& rows) {
  v1::TotalsRow sum;
  sum.set_state("all");
  for (const v1::AnswerRow& row : rows) questions::AddTotals(row.totals(), sum);
  return sum;
}

std::string CoverageText(const v1::TotalsRow& totals) {
  const auto percent = questions::CoveragePercent(totals);
  return percent ? absl::StrCat(*percent, "%") : "n/a";
}

std::vector<std::string> LaunchCells(const v1::TotalsRow& totals) {
  return {totals.state(),
          Number(totals.announced_timely()),
          Number(totals.announced_late()),
          Number(totals.announced_post_facto()),
          Number(totals.launched_timely()),
          Number(totals.launched_late()),
          Number(totals.launched_unannounced()),
          Number(totals.observed()),
          Number(totals.announced_historic() + totals.launched_historic()),
          CoverageText(totals)};
}

std::string Launches(const ComplianceReport& report) {
  Table table({{"STATE"},
               {"TIMELY", Align::kRight},
               {"LATE", Align::kRight},
               {"POST FACTO", Align::kRight},
               {"LAUNCHED", Align::kRight},
               {"OF LATE", Align::kRight},
               {"OF NONE", Align::kRight},
               {"OBSERVED", Align::kRight},
               {"HISTORIC", Align::kRight},
               {"COVERAGE", Align::kRight}});
  for (const v1::AnswerRow& row : report.totals) table.AddRow(LaunchCells(row.totals()));
  table.AddRow(LaunchCells(SumOf(report.totals)));
  return table.Format(false);
}

std::string LaunchList(const Rows& rows) {
  Table table({{"STATE"}, {"TIME"}, {"WHY"}, {"CLASS"}, {"COUNT", Align::kRight}, {"ENTRY"}});
  for (const v1::AnswerRow& row : rows) {
    const v1::LaunchRow& launch = row.launch();
    std::string why = launch.basis() == v1::LAUNCH_REPORTED   ? "reported, not notified"
                      : launch.basis() == v1::LAUNCH_OBSERVED ? "observed, not notified"
                      : launch.timeliness() == v1::LATE       ? "notified late"
                      : launch.timeliness() == v1::POST_FACTO ? "notified after the fact"
                                                              : "notified";
    table.AddRow({launch.state(), FormatTime({launch.at_us()}), std::move(why), launch.class_id(),
                  absl::StrCat(launch.count()),
                  row.entries().empty() ? "" : absl::StrCat(row.entries(0))});
  }
  return table.Format(false);
}

std::string NotificationList(const Rows& rows) {
  Table table({{"STATE"}, {"WINDOW ENDED"}, {"REFERENCE"}, {"CLASS"}, {"ENTRY", Align::kRight}});
  for (const v1::AnswerRow& row : rows) {
    const v1::NotificationRow& notified = row.notification();
    table.AddRow({notified.state(), FormatTime({notified.window_end_us()}), notified.reference(),
                  notified.class_id(), absl::StrCat(notified.index())});
  }
  return table.Format(false);
}

std::string DifferenceList(const Rows& rows) {
  Table table({{"STATE"},
               {"CLASS"},
               {"DECLARED", Align::kRight},
               {"NOTIFIED", Align::kRight},
               {"ENTRY", Align::kRight}});
  for (const v1::AnswerRow& row : rows) {
    for (const v1::ClassDifference& differs : row.declaration().differences()) {
      table.AddRow({row.declaration().state(), differs.class_id(), absl::StrCat(differs.declared()),
                    absl::StrCat(differs.notified()),
                    row.entries().empty() ? "" : absl::StrCat(row.entries(0))});
    }
  }
  return table.Format(false);
}

// A numbered section; "none" where it has no rows.
void AddSection(std::string& text, int number, std::string_view title, const Rows& rows,
                std::string (*format)(const Rows&)) {
  absl::StrAppend(&text, "\n", number, ". ", AbslView(title), "\n\n",
                  rows.empty() ? "none\n" : format(rows));
}

Tree TreeOf(const Rows& rows) {
  Tree::List list;
  for (const v1::AnswerRow& row : rows) list.push_back(RowTree(row));
  return Tree{std::move(list), 0};
}

}  // namespace

absl::StatusOr<ComplianceReport> FetchReport(const AskPage& ask, std::uint32_t year,
                                             std::optional<std::uint64_t> as_of) {
  ComplianceReport report;
  report.year = year;
  v1::AskRequest request;
  request.mutable_year_totals()->set_year(year);
  if (auto status = Fetch(ask, request, report, report.totals, as_of); !status.ok()) return status;
  const std::uint64_t height = report.end.as_of.value();
  request.mutable_missing_declarations()->set_year(year);
  if (auto status = Fetch(ask, request, report, report.missing, height); !status.ok()) {
    return status;
  }
  request.mutable_discrepancies()->set_year(year);
  const absl::Status differs = Fetch(ask, request, report, report.discrepancies, height);
  if (!differs.ok() && !absl::IsPermissionDenied(differs)) return differs;
  report.for_members = differs.ok();
  auto& launches = *request.mutable_launches_without_timely_notification();
  launches.set_year(year);
  if (auto status = Fetch(ask, request, report, report.untimely, height); !status.ok()) {
    return status;
  }
  launches.set_historic(true);
  if (auto status = Fetch(ask, request, report, report.historic, height); !status.ok()) {
    return status;
  }
  request.mutable_expired_unresolved();
  if (auto status = Fetch(ask, request, report, report.unresolved, height); !status.ok()) {
    return status;
  }
  std::erase_if(report.unresolved, [&](const v1::AnswerRow& row) { return !EndedIn(row, year); });
  return report;
}

std::string ReportText(const ComplianceReport& report, const std::string& origin) {
  std::string text = absl::StrCat(
      "COMPLIANCE REPORT FOR ", report.year, "\n\nledger ", origin, ", as of height ",
      report.end.as_of.value(), ", ", FormatTime(report.end.as_of_time), "\n",
      report.for_members
          ? "from all records\n"
          : "from what this reader may see: what is for others counts as not filed\n",
      "\n1. Annual declarations\n\n", Declarations(report),
      "\n2. Launches: announced by when they were notified; launched in time, of a late "
      "notification,\n"
      "   of none; observed by others; of a time before membership; timely of all launched\n\n",
      Launches(report));
  AddSection(text, 3, "Launches without timely notification", report.untimely, LaunchList);
  AddSection(text, 4, "Launches of a time before membership, counted apart", report.historic,
             LaunchList);
  AddSection(text, 5, "Windows that ended without a report or a cancellation", report.unresolved,
             NotificationList);
  if (report.for_members) {
    AddSection(text, 6, "Declarations whose counts are not those of the notified launches",
               report.discrepancies, DifferenceList);
  }
  return text;
}

Tree ReportTree(const ComplianceReport& report, const std::string& origin) {
  Tree tree = Tree::OfMap();
  tree.Add("year", Tree::Of(std::uint64_t{report.year}));
  tree.Add("origin", Tree::Of(origin));
  tree.Add("as_of", Tree::Of(report.end.as_of.value()));
  tree.Add("as_of_time", Tree::Of(report.end.as_of_time));
  tree.Add("for_members", Tree::Of(report.for_members));
  tree.Add("totals", TreeOf(report.totals));
  tree.Add("missing_declarations", TreeOf(report.missing));
  tree.Add("discrepancies", TreeOf(report.discrepancies));
  tree.Add("launches_without_timely_notification", TreeOf(report.untimely));
  tree.Add("historic_launches", TreeOf(report.historic));
  tree.Add("expired_unresolved", TreeOf(report.unresolved));
  return tree;
}

}  // namespace assent::client
