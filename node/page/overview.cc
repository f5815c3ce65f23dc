// Where the ledger stands, and what somebody should look at.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "ledger/bytes.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/rules/read.h"
#include "node/page/limits.h"
#include "node/page/views.h"
#include "node/query/ask.h"
#include "node/query/entries.h"
#include "node/query/members.h"

namespace assent::page {
namespace {

using v1::Attention;

// So late is a ledger that has not stood still: its leader may fail, and the next takes over.
constexpr std::int64_t kHeartbeatsOfPatience = 2;

Time MonthStart(std::int64_t month) {
  return FromCivil({month / 12, static_cast<int>(month % 12) + 1, 1});
}

// Entries below the first block whose time is at or after `time`.
absl::StatusOr<std::uint64_t> TreeSizeBefore(const replica::ReadView& view, Time time) {
  const Height height = view.FirstHeightFrom(time);
  if (height > view.tip().header.height) return view.tip().header.tree_size;
  const auto block = view.BlockAt(height);
  if (!block.ok()) return block.status();
  return block->header.first_index.value();
}

absl::Status AddMonths(const Asked& asked, v1::OverviewPage& page) {
  const CivilDate now = ToCivil(asked.view.tip().header.time);
  const std::int64_t running = now.year * 12 + now.month - 1;
  const CivilDate founded = ToCivil(asked.backend.act.text.founded);
  const std::int64_t first =
      std::max(running - kMonthsShown + 1, founded.year * 12 + founded.month - 1);
  auto before = TreeSizeBefore(asked.view, MonthStart(first));
  if (!before.ok()) return before.status();
  for (std::int64_t month = first; month <= running; ++month) {
    const auto after = TreeSizeBefore(asked.view, MonthStart(month + 1));
    if (!after.ok()) return after.status();
    v1::MonthEntries& row = *page.add_months();
    row.set_month(absl::StrFormat("%04d-%02d", month / 12, month % 12 + 1));
    row.set_entries(*after - *before);
    before = after;
  }
  return absl::OkStatus();
}

// Rows of an answer, at most kRowsShown.
absl::StatusOr<std::uint64_t> CountRows(const Asked& asked, v1::AskRequest request) {
  request.set_page_size(kRowsShown);
  int count = 0;
  for (int i = 0; i < kScansMax && count < kRowsShown; ++i) {
    const auto answer = query::Ask(asked.view, asked.reader, request);
    if (!answer.ok()) return answer.status();
    count += answer->rows_size();
    if (answer->next_page_token().empty()) break;
    request.set_page_token(answer->next_page_token());
  }
  return static_cast<std::uint64_t>(std::min(count, kRowsShown));
}

absl::Status AddCounted(const Asked& asked, v1::AttentionReason reason,
                        const v1::AskRequest& request, std::uint32_t year, v1::OverviewPage& page) {
  const auto count = CountRows(asked, request);
  if (!count.ok()) return count.status();
  if (*count == 0) return absl::OkStatus();
  Attention& attention = *page.add_attention();
  attention.set_reason(reason);
  attention.set_count(*count);
  attention.set_year(year);
  return absl::OkStatus();
}

absl::Status AddAttention(const Asked& asked, v1::OverviewPage& page) {
  const BlockHeader& tip = asked.view.tip().header;
  const Duration heartbeat = rules::ParametersOf(asked.view.state()).heartbeat;
  if (page.node_time_us() - tip.time.us > kHeartbeatsOfPatience * heartbeat.us) {
    Attention& attention = *page.add_attention();
    attention.set_reason(v1::NO_FINAL_BLOCK);
    attention.set_count(1);
  }
  v1::AskRequest evidence;
  evidence.mutable_evidence();
  absl::Status status = AddCounted(asked, v1::CONFLICTING_STATEMENTS, evidence, 0, page);
  if (!status.ok()) return status;
  if (page.voters() < page.members()) {
    Attention& attention = *page.add_attention();
    attention.set_reason(v1::MEMBERS_WITHOUT_VOTE);
    attention.set_count(page.members() - page.voters());
  }
  // The newest year whose declarations are due.
  std::int64_t year = ToCivil(tip.time).year - 1;
  if (compliance::DeclarationDue(year) >= tip.time) --year;
  if (year >= compliance::kFirstYear) {
    v1::AskRequest missing;
    missing.mutable_missing_declarations()->set_year(static_cast<std::uint32_t>(year));
    status = AddCounted(asked, v1::DECLARATIONS_NOT_SEEN, missing, static_cast<std::uint32_t>(year),
                        page);
    if (!status.ok()) return status;
  }
  v1::AskRequest expired;
  expired.mutable_expired_unresolved();
  status = AddCounted(asked, v1::LAUNCHES_UNRESOLVED, expired, 0, page);
  if (!status.ok()) return status;
  v1::AskRequest clarifications;
  clarifications.mutable_open_clarifications();
  return AddCounted(asked, v1::CLARIFICATIONS_OPEN, clarifications, 0, page);
}

absl::Status AddMembers(const Asked& asked, v1::OverviewPage& page) {
  v1::ListMembersRequest request;
  request.set_page_size(kRowsShown);
  for (int i = 0; i < kPagesMax; ++i) {
    const auto some = query::ListMembers(asked.view, request);
    if (!some.ok()) return some.status();
    for (const v1::Member& member : some->members()) {
      page.set_members(page.members() + 1);
      if (member.votes()) page.set_voters(page.voters() + 1);
    }
    if (some->next_page_token().empty()) break;
    request.set_page_token(some->next_page_token());
  }
  return absl::OkStatus();
}

absl::Status AddNewest(const Asked& asked, v1::OverviewPage& page) {
  const std::uint64_t size = asked.view.tip().header.tree_size;
  v1::ListEntriesRequest request;
  request.set_page_size(kNewestShown);
  request.set_from_index(size - std::min<std::uint64_t>(size, kNewestShown));
  auto newest = query::ListEntries(asked.view, asked.reader, request);
  if (!newest.ok()) return newest.status();
  for (int i = newest->entries_size(); i-- > 0;) {
    *page.add_newest() = RowOf(std::move(*newest->mutable_entries(i)));
  }
  return absl::OkStatus();
}

// `complete`: it is made from all records, not from those alone that are shown.
void ShowAttention(const Attention& attention, bool complete, Html& html) {
  html.Raw("<li><span class=\"mark bad\" aria-hidden=\"true\">!</span> ");
  const std::uint64_t count = attention.count();
  const bool one = count == 1;
  switch (attention.reason()) {
    case v1::NO_FINAL_BLOCK:
      html.Raw("<a href=\"/nodes\">No block has become final for more than two heartbeats</a>");
      break;
    case v1::CONFLICTING_STATEMENTS:
      html.Raw("<a href=\"/nodes#evidence\">Signed statements that no correct node makes: ")
          .Number(count)
          .Raw("</a>");
      break;
    case v1::MEMBERS_WITHOUT_VOTE:
      html.Raw("<a href=\"/nodes\">")
          .Number(count)
          .Text(one ? " member's node does not vote" : " members' nodes do not vote")
          .Raw("</a>");
      break;
    case v1::DECLARATIONS_NOT_SEEN:
      html.Raw("<a href=\"/compliance?year=")
          .Number(attention.year())
          .Raw("\">")
          .Number(count)
          .Text(one ? " member has" : " members have")
          .Raw(" no declaration for ")
          .Number(attention.year())
          .Text(complete ? "" : " that is shown")
          .Raw("</a>");
      break;
    case v1::LAUNCHES_UNRESOLVED:
      html.Raw("<a href=\"/notifications\">")
          .Number(count)
          .Text(one ? " notification" : " notifications")
          .Raw(" without a report or cancellation")
          .Text(complete ? "" : " that is shown")
          .Raw(" after the window</a>");
      break;
    case v1::CLARIFICATIONS_OPEN:
      html.Raw("<a href=\"/clarifications\">")
          .Number(count)
          .Text(one ? " request" : " requests")
          .Raw(" for clarification not closed</a>");
      break;
    default:
      break;
  }
  html.Raw("</li>");
}

void ShowMonths(const v1::OverviewPage& page, Html& html) {
  std::uint64_t most = 1;
  for (const v1::MonthEntries& month : page.months()) most = std::max(most, month.entries());
  html.Raw(
      "<section aria-labelledby=\"months\"><h2 id=\"months\">Entries per month</h2><table><caption>"
      "By block time</caption><thead><tr><th scope=\"col\">Month</th><th scope=\"col\" "
      "class=\"number\">Entries</th><th scope=\"col\" "
      "class=\"wide\">Compared</th></tr></thead><tbody>");
  for (const v1::MonthEntries& month : page.months()) {
    html.Raw("<tr><th scope=\"row\">").Text(month.month()).Raw("</th>").Cell(month.entries());
    html.Meter(month.entries(), most, month.month()).Raw("</tr>");
  }
  html.Raw("</tbody></table></section>");
}

}  // namespace

absl::StatusOr<v1::OverviewPage> ReadOverview(const Asked& asked) {
  v1::OverviewPage page;
  *page.mutable_status() = query::StatusOf(asked.view, asked.backend.act.text.origin,
                                           asked.backend.code, asked.backend.version);
  page.set_node_time_us(asked.backend.clock->Wall().us);
  page.set_complete(asked.reader.SeesAll());
  for (const auto add : {AddMembers, AddMonths, AddAttention, AddNewest}) {
    if (absl::Status status = add(asked, page); !status.ok()) return status;
  }
  return page;
}

Html ShowOverview(const v1::OverviewPage& page) {
  Html html;
  html.Raw("<ul class=\"tiles\"><li><b>").Number(page.members());
  html.Raw("</b> <a href=\"/members\">members</a></li><li><b>");
  html.Number(page.voters()).Raw("</b> nodes vote</li><li><b>");
  html.Number(page.status().tree_size()).Raw("</b> entries</li><li><b>");
  html.Number(page.status().height())
      .Raw("</b> final blocks</li><li><b id=\"age\" data-time-us=\"");
  html.Text(std::to_string(page.status().time_us())).Raw("\">");
  html.Text(SpanText(std::max<std::int64_t>(0, page.node_time_us() - page.status().time_us())));
  html.Raw("</b> since the last block</li></ul>\n");
  html.Raw("<section aria-labelledby=\"attention\"><h2 id=\"attention\">What needs attention</h2>");
  if (page.attention().empty()) {
    html.Raw("<p><span class=\"mark good\" aria-hidden=\"true\">\u2713</span> Nothing");
    html.Text(page.complete() ? "" : ", by what is shown").Raw(".</p>");
  } else {
    html.Raw("<ul class=\"attention\">");
    for (const Attention& attention : page.attention())
      ShowAttention(attention, page.complete(), html);
    html.Raw("</ul>");
  }
  html.Raw(
      "</section>\n<section aria-labelledby=\"newest\"><h2 id=\"newest\">Newest entries</h2><div "
      "class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-labelledby=\"newest\"><table><caption>Newest first; times are UTC</caption>");
  ShowEntryRows(page.newest(), html);
  html.Raw("</table></div></section>\n");
  ShowMonths(page, html);
  html.Raw(
      "<section aria-labelledby=\"ledger\"><h2 id=\"ledger\">The ledger</h2><dl "
      "class=\"fields\"><dt>ledger id</dt><dd><code>");
  html.Text(ToHex(page.status().ledger_id())).Raw("</code></dd><dt>root of the log</dt><dd><code>");
  html.Text(ToHex(page.status().root())).Raw("</code></dd><dt>epoch</dt><dd>");
  html.Number(page.status().epoch())
      .Raw("</dd><dt>founding act</dt><dd><a href=\"/act\">text</a></dd></dl></section>");
  return html;
}

}  // namespace assent::page
