// Launch notifications. The drawings are made from the JSON by a script; the table needs
// none.
#include <algorithm>
#include <string>
#include <utility>

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
  html.Raw("</td>").Cell(Words(v1::EntryStatus_Name(entry.status()))).Raw("</tr>");
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
  auto listed = ListFull(asked, std::move(request));
  if (!listed.ok()) return listed.status();
  for (v1::LedgerEntry& entry : *listed->mutable_entries()) {
    v1::Body body;
    if (!ParseStrict(entry.entry().body(), body).ok()) {
      return absl::DataLossError("the database is damaged: a body cannot be read");
    }
    v1::NotificationEntry& row = *page.add_notifications();
    *row.mutable_row() = RowOf(std::move(entry));
    row.mutable_notification()->Swap(body.mutable_launch_notification());
  }
  page.set_next_page_token(listed->next_page_token());
  page.set_as_of(listed->as_of());

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
      "<th scope=\"col\">Filed</th><th scope=\"col\">Status</th></tr></thead><tbody>");
  for (const v1::NotificationEntry& each : page.notifications()) ShowRow(each, html);
  if (page.notifications().empty()) html.Raw("<tr><td colspan=\"11\">None.</td></tr>");
  html.Raw("</tbody></table></div>");
  if (!page.next_page_token().empty()) {
    html.Raw("<p class=\"more\"><a rel=\"next\" href=\"/notifications?year=").Number(page.year());
    html.Raw("&amp;page_token=").Text(page.next_page_token()).Raw("\">Next page</a></p>");
  }
  return html.Raw("</section>");
}

}  // namespace assent::page
