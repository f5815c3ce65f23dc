// Launch notifications. The drawings are made from the JSON by a script; the table needs
// none.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/entry/strict.h"
#include "node/page/limits.h"
#include "node/page/views.h"
#include "node/query/ask.h"

namespace assent::page {
namespace {

constexpr std::int64_t kYearMax = 9998;

// Totals while they are summed, by kind and class.
struct ClassSum {
  v1::ClassTotals totals;
  std::vector<std::int64_t> leads_us;
};
using ClassSums = std::map<std::pair<v1::LaunchKind, std::string>, ClassSum>;

std::int64_t LeadOf(const v1::LedgerEntry& entry, const v1::LaunchNotification& launch) {
  const std::int64_t filed_us = entry.has_first_index() ? entry.first_time_us() : entry.time_us();
  return launch.window_start_us() - filed_us;
}

// What holds: neither amended nor taken back.
void AddToSums(const v1::LedgerEntry& entry, const v1::LaunchNotification& launch,
               ClassSums& sums) {
  if (entry.status() != v1::CURRENT) return;
  ClassSum& sum = sums[{launch.kind(), launch.class_id()}];
  v1::ClassTotals& totals = sum.totals;
  switch (entry.timeliness()) {
    case v1::TIMELY:
      totals.set_timely(totals.timely() + 1);
      break;
    case v1::LATE:
      totals.set_late(totals.late() + 1);
      break;
    case v1::POST_FACTO:
      totals.set_post_facto(totals.post_facto() + 1);
      break;
    case v1::HISTORIC:
      totals.set_historic(totals.historic() + 1);
      break;
    default:
      break;
  }
  totals.set_launches(totals.launches() + launch.count());
  if (entry.timeliness() != v1::HISTORIC) sum.leads_us.push_back(LeadOf(entry, launch));
}

absl::StatusOr<v1::LaunchNotification> LaunchIn(const v1::LedgerEntry& entry) {
  v1::Body body;
  if (!ParseStrict(entry.entry().body(), body).ok()) {
    return absl::DataLossError("the database is damaged: a body cannot be read");
  }
  return std::move(*body.mutable_launch_notification());
}

// The rest of the year, for the totals alone.
absl::Status SumTheRest(const Asked& asked, v1::ListEntriesRequest request, ClassSums& sums,
                        v1::NotificationsPage& page) {
  request.set_page_token(page.next_page_token());
  for (int i = 1; i < kSummedPages && !request.page_token().empty(); ++i) {
    const auto listed = ListFull(asked, request);
    if (!listed.ok()) return listed.status();
    for (const v1::LedgerEntry& entry : listed->entries()) {
      const auto launch = LaunchIn(entry);
      if (!launch.ok()) return launch.status();
      AddToSums(entry, *launch, sums);
    }
    request.set_page_token(listed->next_page_token());
  }
  page.set_totals_cut(!request.page_token().empty());
  for (auto& [key, sum] : sums) {
    sum.totals.set_kind(key.first);
    sum.totals.set_class_id(key.second);
    if (!sum.leads_us.empty()) {
      const auto middle =
          sum.leads_us.begin() + static_cast<std::ptrdiff_t>(sum.leads_us.size() - 1) / 2;
      std::nth_element(sum.leads_us.begin(), middle, sum.leads_us.end());
      sum.totals.set_lead_us(*middle);
    }
    *page.add_totals() = std::move(sum.totals);
  }
  return absl::OkStatus();
}

void ShowLead(std::int64_t lead_us, Html& html) {
  html.Raw("<td>");
  html.Text(SpanText(std::abs(lead_us))).Text(lead_us < 0 ? " after" : " before").Raw("</td>");
}

void ShowTotals(const v1::NotificationsPage& page, Html& html) {
  if (page.totals().empty()) return;
  html.Raw(
      "<section aria-labelledby=\"totals\"><h2 id=\"totals\">By kind and class</h2><div "
      "class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-labelledby=\"totals\"><table><caption>Notifications filed in ");
  html.Number(page.year()).Text(page.totals_cut() ? ", the first of them," : "");
  html.Raw(
      " that hold, by when they were filed</caption><thead><tr><th scope=\"col\">Kind</th><th "
      "scope=\"col\">Class</th><th scope=\"col\" class=\"number\">\u2713 on time</th><th "
      "scope=\"col\" class=\"number\">\u25B2 late</th><th scope=\"col\" "
      "class=\"number\">\u2715 after the fact</th><th scope=\"col\" class=\"number\">\u25CB "
      "before membership</th><th scope=\"col\" class=\"number\">Launches</th><th "
      "scope=\"col\">Median time to the window</th></tr></thead><tbody>");
  for (const v1::ClassTotals& each : page.totals()) {
    html.Raw("<tr><th scope=\"row\">").Text(Words(v1::LaunchKind_Name(each.kind()))).Raw("</th>");
    html.Cell(each.class_id()).Cell(each.timely()).Cell(each.late()).Cell(each.post_facto());
    html.Cell(each.historic()).Cell(each.launches());
    if (each.has_lead_us()) {
      ShowLead(each.lead_us(), html);
    } else {
      html.Raw("<td class=\"quiet\">n/a</td>");
    }
    html.Raw("</tr>");
  }
  html.Raw("</tbody></table></div></section>\n");
}

void ShowCoordinates(const v1::Coordinates& at, Html& html) {
  const auto degrees = [](std::int32_t udeg, char positive, char negative) {
    return absl::StrFormat("%.2f\u00B0 %c", std::abs(udeg) / 1e6, udeg < 0 ? negative : positive);
  };
  html.Text(degrees(at.latitude_udeg(), 'N', 'S')).Raw(", ");
  html.Text(degrees(at.longitude_udeg(), 'E', 'W'));
}

void ShowArea(const v1::LaunchArea& area, Html& html) {
  switch (area.form_case()) {
    case v1::LaunchArea::kSite:
      html.Text(area.site().name()).Raw(" (");
      ShowCoordinates(area.site().location(), html);
      html.Raw(")");
      break;
    case v1::LaunchArea::kCircle:
      html.Text(absl::StrFormat("%.1f km round ", area.circle().radius_m() / 1e3));
      ShowCoordinates(area.circle().center(), html);
      break;
    case v1::LaunchArea::kPolygon:
      html.Raw("polygon of ").Number(static_cast<std::uint64_t>(area.polygon().points_size()));
      html.Raw(" points");
      break;
    case v1::LaunchArea::kSeaArea:
      html.Text(area.sea_area());
      break;
    default:
      break;
  }
}

void ShowRow(const v1::NotificationEntry& each, Html& html) {
  const v1::LedgerEntry& entry = each.row().entry();
  const v1::LaunchNotification& launch = each.notification();
  html.Raw("<tr><th scope=\"row\" class=\"number\">").Entry(entry.index()).Raw("</th>");
  html.Cell(each.row().author()).Cell(launch.reference());
  html.Cell(Words(v1::LaunchKind_Name(launch.kind()))).Cell(launch.class_id());
  html.Cell(launch.count()).Raw("<td>").Time(launch.window_start_us()).Raw("</td><td>");
  html.Time(launch.window_end_us()).Raw("</td><td>");
  ShowArea(launch.area(), html);
  html.Raw("</td><td>");
  ShowTimeliness(entry.timeliness(), html);
  html.Raw("</td>");
  ShowLead(each.lead_us(), html);
  html.Cell(Words(v1::EntryStatus_Name(entry.status()))).Raw("</tr>");
}

void ShowOpen(const v1::NotificationsPage& page, Html& html) {
  html.Raw("<section aria-labelledby=\"open\"><h2 id=\"open\">Open now</h2>");
  if (page.open().empty()) {
    html.Raw("<p>No window that is shown is open at ").Time(page.as_of_us()).Raw(".</p></section>");
    return;
  }
  html.Raw("<ul>");
  for (const v1::NotificationRow& row : page.open()) {
    html.Raw("<li>").Text(row.state()).Raw(" ").Text(row.reference()).Raw(", entry ");
    html.Entry(row.index()).Raw(": ").Text(row.class_id()).Raw(", until ");
    html.Time(row.window_end_us()).Raw("</li>");
  }
  html.Raw("</ul></section>");
}

}  // namespace

absl::StatusOr<std::uint32_t> YearAsked(const Request& request, std::int64_t otherwise) {
  std::uint64_t year = static_cast<std::uint64_t>(std::max(otherwise, compliance::kFirstYear));
  if (const std::string text = request.Get("year"); !text.empty()) {
    const auto number = ParseNumber(text, "year");
    if (!number.ok()) return number.status();
    year = *number;
  }
  if (year < compliance::kFirstYear || year > kYearMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("year must be from ", compliance::kFirstYear, " to ", kYearMax));
  }
  return static_cast<std::uint32_t>(year);
}

void ShowYears(Markup path, std::uint32_t year, std::uint32_t newest, Html& html) {
  html.Raw("<nav aria-label=\"Years\" class=\"more\">");
  if (year > compliance::kFirstYear) {
    html.Raw("<a rel=\"prev\" href=\"").Raw(path).Raw("?year=").Number(year - 1).Raw("\">");
    html.Number(year - 1).Raw("</a> ");
  }
  html.Raw("<b aria-current=\"true\">").Number(year).Raw("</b> ");
  if (year < newest) {
    html.Raw("<a rel=\"next\" href=\"").Raw(path).Raw("?year=").Number(year + 1).Raw("\">");
    html.Number(year + 1).Raw("</a>");
  }
  html.Raw("</nav>");
}

absl::StatusOr<v1::NotificationsPage> ReadNotifications(const Asked& asked) {
  const BlockHeader& tip = asked.view.tip().header;
  const auto year = YearAsked(asked.request, ToCivil(tip.time).year);
  if (!year.ok()) return year.status();
  v1::NotificationsPage page;
  page.set_year(*year);
  v1::ListEntriesRequest request;
  request.set_page_size(kNotificationsShown);
  request.set_page_token(asked.request.Get("page_token"));
  request.set_type("LaunchNotification");
  request.set_from_time_us(FromCivil({*year, 1, 1}).us);
  request.set_to_time_us(FromCivil({*year + std::int64_t{1}, 1, 1}).us);
  auto listed = ListFull(asked, request);
  if (!listed.ok()) return listed.status();
  ClassSums sums;
  for (v1::LedgerEntry& entry : *listed->mutable_entries()) {
    auto launch = LaunchIn(entry);
    if (!launch.ok()) return launch.status();
    AddToSums(entry, *launch, sums);
    v1::NotificationEntry& row = *page.add_notifications();
    row.set_lead_us(LeadOf(entry, *launch));
    *row.mutable_row() = RowOf(std::move(entry));
    row.mutable_notification()->Swap(&*launch);
  }
  page.set_next_page_token(listed->next_page_token());
  page.set_as_of(listed->as_of());
  if (request.page_token().empty()) {
    const absl::Status status = SumTheRest(asked, std::move(request), sums, page);
    if (!status.ok()) return status;
  }

  v1::AskRequest open;
  open.mutable_active_notifications();
  open.set_page_size(kRowsShown);
  auto answer = query::Ask(asked.view, asked.reader, open);
  if (!answer.ok()) return answer.status();
  for (v1::AnswerRow& row : *answer->mutable_rows()) {
    page.add_open()->Swap(row.mutable_notification());
  }
  page.set_as_of_us(answer->as_of_us());
  return page;
}

Html ShowNotifications(const v1::NotificationsPage& page) {
  Html html;
  html.Raw(
      "<p>Launches that states have announced for everybody to read, by the year in which they "
      "filed it. What is announced to members only is not here.</p>");
  ShowYears("/notifications", page.year(),
            static_cast<std::uint32_t>(ToCivil(Time{page.as_of_us()}).year), html);
  ShowOpen(page, html);
  ShowTotals(page, html);
  html.Raw(
      "<section id=\"charts\" aria-labelledby=\"drawn\" hidden><h2 id=\"drawn\">Windows and "
      "areas</h2><figure><div id=\"timeline\"></div><figcaption>Windows on this page by time, UTC. "
      "A filled bar was filed on time, a hatched one late, a hollow one after the fact or of a "
      "time before membership; the dashed line is now. <span id=\"unlisted\"></span>"
      "</figcaption></figure><figure><div "
      "id=\"map\"></div><figcaption>Areas on this page. Coastlines simplified from Natural Earth. "
      "<span id=\"undrawn\"></span></figcaption></figure></section>\n");
  html.Raw("<section aria-labelledby=\"list\"><h2 id=\"list\">Filed in ").Number(page.year());
  html.Raw(
      "</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"list\"><table "
      "id=\"notifications\"><caption>In the order of the log; times are UTC</caption><thead><tr>"
      "<th scope=\"col\" class=\"number\">Entry</th><th scope=\"col\">State</th><th "
      "scope=\"col\">Reference</th>"
      "<th scope=\"col\">Kind</th><th scope=\"col\">Class</th><th scope=\"col\" "
      "class=\"number\">Launches</th>"
      "<th scope=\"col\">Window from</th><th scope=\"col\">to</th><th scope=\"col\">Area</th>"
      "<th scope=\"col\">Filed</th><th scope=\"col\">Time to the window</th><th "
      "scope=\"col\">Status</th></tr></thead><tbody>");
  for (const v1::NotificationEntry& each : page.notifications()) ShowRow(each, html);
  if (page.notifications().empty()) html.Raw("<tr><td colspan=\"12\">None.</td></tr>");
  html.Raw("</tbody></table></div>");
  if (!page.next_page_token().empty()) {
    html.Raw("<p class=\"more\"><a rel=\"next\" href=\"/notifications?year=").Number(page.year());
    html.Raw("&amp;page_token=").Text(page.next_page_token()).Raw("\">Next page</a></p>");
  }
  return html.Raw("</section>");
}

}  // namespace assent::page
