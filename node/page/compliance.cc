// What each member has filed of what the Code asks for in a year, by what is shown.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/compliance/timeliness.h"
#include "ledger/questions/coverage.h"
#include "node/page/limits.h"
#include "node/page/views.h"
#include "node/query/ask.h"
#include "node/query/members.h"

namespace assent::page {
namespace {

v1::DeclarationStanding StandingOf(const v1::TotalsRow& totals, Time due, Time now) {
  if (totals.has_declaration()) {
    switch (totals.declaration_timeliness()) {
      case v1::TIMELY:
        return v1::DECLARED_ON_TIME;
      case v1::LATE:
        return v1::DECLARED_LATE;
      default:
        return v1::DECLARED_UNASKED;
    }
  }
  if (!totals.declaration_owed()) return v1::DECLARATION_NOT_OWED;
  return due >= now ? v1::DECLARATION_NOT_YET_DUE : v1::DECLARATION_NOT_SEEN;
}

// Of a declaration that is due. Unless the page is complete, it may have been filed for others.
std::string_view Missing(const v1::CompliancePage& page) {
  return page.complete() ? "\u2715 missing" : "\u2715 missing from what is shown";
}

void ShowDeclaration(const v1::CompliancePage& page, const v1::StateYear& state, Html& html) {
  const v1::TotalsRow& totals = state.totals();
  const bool nil = totals.declared_nil();
  switch (state.declaration()) {
    case v1::DECLARED_ON_TIME:
      html.Raw("<td class=\"good\">").Text(nil ? "\u2205 nil, on time" : "\u2713 on time");
      break;
    case v1::DECLARED_LATE:
      html.Raw("<td class=\"late\">").Text(nil ? "\u25B2 nil, late" : "\u25B2 late");
      break;
    case v1::DECLARED_UNASKED:
      html.Raw("<td>").Text(nil ? "\u25CB nil, not asked for" : "\u25CB not asked for");
      break;
    case v1::DECLARATION_NOT_SEEN:
      html.Raw("<td class=\"bad\">").Text(Missing(page));
      break;
    case v1::DECLARATION_NOT_YET_DUE:
      html.Raw("<td class=\"quiet\">\u2026 not yet owed");
      break;
    default:
      html.Raw("<td class=\"quiet\">\u2013 not owed");
  }
  if (totals.has_declaration()) {
    html.Raw(" (entry ").Entry(totals.declaration()).Raw(")");
  }
  html.Raw("</td>");
}

void CountDeclaration(const v1::StateYear& state, v1::DeclarationTotals& count) {
  switch (state.declaration()) {
    case v1::DECLARED_ON_TIME:
    case v1::DECLARED_LATE:
      if (state.totals().declared_nil()) {
        count.set_nil(count.nil() + 1);
      } else if (state.declaration() == v1::DECLARED_ON_TIME) {
        count.set_on_time(count.on_time() + 1);
      } else {
        count.set_late(count.late() + 1);
      }
      break;
    case v1::DECLARATION_NOT_SEEN:
      count.set_missing(count.missing() + 1);
      break;
    case v1::DECLARATION_NOT_YET_DUE:
      count.set_not_yet_due(count.not_yet_due() + 1);
      break;
    default:
      break;
  }
}

void AddSums(v1::CompliancePage& page) {
  v1::TotalsRow& all = *page.mutable_all();
  all.set_year(page.year());
  for (v1::StateYear& state : *page.mutable_states()) {
    questions::AddTotals(state.totals(), all);
    CountDeclaration(state, *page.mutable_declarations());
    if (const auto percent = questions::CoveragePercent(state.totals())) {
      state.set_coverage_percent(*percent);
    }
  }
  if (const auto percent = questions::CoveragePercent(all)) {
    page.set_coverage_percent(*percent);
  }
}

// A number; a mark beside it where none is what the Code asks for.
void ShowCount(std::uint64_t count, bool fault, Html& html) {
  if (count == 0) {
    html.Raw("<td class=\"number quiet\">0</td>");
  } else if (fault) {
    html.Raw("<td class=\"number late\">\u25B2 ").Number(count).Raw("</td>");
  } else {
    html.Cell(count);
  }
}

void ShowLaunches(const v1::TotalsRow& totals, std::optional<std::uint32_t> coverage, Html& html) {
  ShowCount(totals.announced_timely(), false, html);
  ShowCount(totals.announced_late(), true, html);
  ShowCount(totals.announced_post_facto(), true, html);
  ShowCount(totals.launched_timely(), false, html);
  ShowCount(totals.launched_late(), true, html);
  ShowCount(totals.launched_unannounced(), true, html);
  ShowCount(totals.observed(), true, html);
  if (coverage) {
    html.Raw("<td class=\"number\">").Number(*coverage).Raw("%</td>");
  } else {
    html.Raw("<td class=\"number quiet\">n/a</td>");
  }
}

std::optional<std::uint32_t> Percent(const auto& has) {
  if (!has.has_coverage_percent()) return std::nullopt;
  return has.coverage_percent();
}

void ShowState(const v1::CompliancePage& page, const v1::StateYear& state, Html& html) {
  const v1::TotalsRow& totals = state.totals();
  html.Raw("<tr><th scope=\"row\"><abbr title=\"")
      .Text(state.name())
      .Raw("\"><a href=\"/entries?author=");
  html.Text(totals.state()).Raw("\">").Text(totals.state()).Raw("</a></abbr></th>");
  ShowDeclaration(page, state, html);
  ShowLaunches(totals, Percent(state), html);
  html.Raw("</tr>");
}

void ShowAll(const v1::CompliancePage& page, Html& html) {
  const v1::DeclarationTotals& count = page.declarations();
  html.Raw("<tfoot><tr><th scope=\"row\">all</th><td>\u2713\u00A0").Number(count.on_time());
  html.Raw(" on time, \u2205\u00A0")
      .Number(count.nil())
      .Raw(" nil, \u25B2\u00A0")
      .Number(count.late());
  html.Raw(" late, \u2715\u00A0").Number(count.missing()).Raw(" missing, \u2026\u00A0");
  html.Number(count.not_yet_due()).Raw(" not yet owed</td>");
  ShowLaunches(page.all(), Percent(page), html);
  html.Raw("</tr></tfoot>");
}

void ShowKey(const v1::CompliancePage& page, Html& html) {
  html.Raw(
      "<p class=\"key\">Declarations: <span class=\"good\">\u2713 on time</span>, <span "
      "class=\"good\">\u2205 nil</span> (both "
      "parts say that there is nothing), <span class=\"late\">\u25B2 late</span>, <span "
      "class=\"bad\">");
  html.Text(Missing(page)).Raw("</span> (due, and not filed");
  html.Text(page.complete() ? "" : ", or filed for others than who asks");
  html.Raw(
      "), <span class=\"quiet\">\u2026 not yet owed</span>, <span "
      "class=\"quiet\">\u2013 not owed</span> (no member then). \u25B2 before a number: not as the "
      "Code asks. Coverage: launches announced on time, of those that were reported, or seen by "
      "others and not contested.</p>");
}

}  // namespace

absl::StatusOr<v1::CompliancePage> ReadCompliance(const Asked& asked) {
  const BlockHeader& tip = asked.view.tip().header;
  const auto year = YearAsked(asked.request, ToCivil(tip.time).year - 1);
  if (!year.ok()) return year.status();
  v1::CompliancePage page;
  const Time due = compliance::DeclarationDue(*year);
  page.set_year(*year);
  page.set_complete(asked.reader.SeesAll());
  page.set_due_us(due.us);

  v1::ListMembersRequest members;
  members.set_page_size(kRowsShown);
  std::map<std::string, std::string> names;
  for (int i = 0; i < kPagesMax; ++i) {
    const auto some = query::ListMembers(asked.view, members);
    if (!some.ok()) return some.status();
    for (const v1::Member& member : some->members()) names[member.code()] = member.name();
    if (some->next_page_token().empty()) break;
    members.set_page_token(some->next_page_token());
  }
  v1::AskRequest totals;
  totals.mutable_year_totals()->set_year(*year);
  totals.set_page_size(kRowsShown);
  for (int i = 0; i < kPagesMax; ++i) {
    auto some = query::Ask(asked.view, asked.reader, totals);
    if (!some.ok()) return some.status();
    for (v1::AnswerRow& row : *some->mutable_rows()) {
      v1::StateYear& state = *page.add_states();
      state.set_name(names[row.totals().state()]);
      state.set_declaration(StandingOf(row.totals(), due, Time{some->as_of_us()}));
      state.mutable_totals()->Swap(row.mutable_totals());
    }
    page.set_as_of(some->as_of());
    page.set_as_of_us(some->as_of_us());
    if (some->next_page_token().empty()) break;
    totals.set_page_token(some->next_page_token());
  }
  AddSums(page);
  return page;
}

Html ShowCompliance(const v1::CompliancePage& page) {
  Html html;
  html.Raw("<p>");
  if (!page.complete()) {
    html.Raw(
        "By what is shown alone: what a state has filed for others is here as if it had not been "
        "filed. ");
  }
  html.Raw("Declarations for ");
  html.Number(page.year()).Raw(" are due by ").Time(page.due_us()).Raw(".</p>");
  ShowYears("/compliance", page.year(),
            static_cast<std::uint32_t>(ToCivil(Time{page.as_of_us()}).year), html);
  ShowKey(page, html);
  html.Raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"States and "
      "duties\"><table class=\"matrix\"><caption>States and duties, ");
  html.Number(page.year());
  html.Raw(
      ", in the order of codes</caption><thead><tr><th scope=\"col\" rowspan=\"2\">State</th><th "
      "scope=\"col\" rowspan=\"2\">Declaration</th>"
      "<th scope=\"colgroup\" colspan=\"3\">Launches announced</th><th scope=\"colgroup\" "
      "colspan=\"4\">Launches reported or seen</th><th scope=\"col\" rowspan=\"2\" "
      "class=\"number\">Coverage</th></tr><tr>"
      "<th scope=\"col\" class=\"number\">on time</th><th scope=\"col\" "
      "class=\"number\">late</th><th scope=\"col\" class=\"number\">after the fact</th>"
      "<th scope=\"col\" class=\"number\">announced on time</th><th scope=\"col\" "
      "class=\"number\">announced late</th><th scope=\"col\" class=\"number\">not announced</th>"
      "<th scope=\"col\" class=\"number\">seen by others</th></tr></thead><tbody>");
  for (const v1::StateYear& state : page.states()) ShowState(page, state, html);
  html.Raw("</tbody>");
  ShowAll(page, html);
  html.Raw("</table></div>");
  return html;
}

}  // namespace assent::page
