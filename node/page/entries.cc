// The log, and what the reader may know of one entry.
#include "node/query/entries.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/bytes.h"
#include "ledger/entry/strict.h"
#include "node/page/fields.h"
#include "node/page/limits.h"
#include "node/page/views.h"
#include "node/query/ask.h"

namespace assent::page {
namespace {

// With a mark, so that what no longer holds is told apart without colour.
void ShowStatus(const v1::LedgerEntry& entry, Html& html) {
  switch (entry.status()) {
    case v1::CURRENT:
      html.Raw("holds");
      break;
    case v1::AMENDED:
      html.Raw("\u21BB amended");
      break;
    case v1::WITHDRAWN:
      html.Raw("\u2715 withdrawn");
      break;
    case v1::CANCELLED:
      html.Raw("\u2715 cancelled");
      break;
    default:  // it is for members
      return;
  }
  if (entry.has_replaced_by()) html.Raw(" by ").Entry(entry.replaced_by());
}

// Pages from new to old, which stay what they are while the log grows.
absl::Status ReadByIndex(const Asked& asked, v1::EntriesPage& page) {
  std::uint64_t before = page.tree_size();
  if (const std::string text = asked.request.Get("before"); !text.empty()) {
    const auto number = ParseNumber(text, "before");
    if (!number.ok()) return number.status();
    before = std::min(before, *number);
  }
  if (before == 0) return absl::OkStatus();
  v1::ListEntriesRequest request;
  request.set_page_size(kEntriesShown);
  request.set_from_index(before - std::min<std::uint64_t>(before, kEntriesShown));
  request.set_to_index(before);
  auto listed = ListFull(asked, std::move(request));
  if (!listed.ok()) return listed.status();
  for (int i = listed->entries_size(); i-- > 0;) {
    *page.add_entries() = RowOf(std::move(*listed->mutable_entries(i)));
  }
  return absl::OkStatus();
}

absl::Status ReadFiltered(const Asked& asked, v1::EntriesPage& page) {
  v1::ListEntriesRequest request;
  request.set_page_size(kEntriesShown);
  request.set_author(page.author());
  request.set_type(page.type());
  request.set_page_token(asked.request.Get("page_token"));
  auto listed = ListFull(asked, std::move(request));
  if (!listed.ok()) return listed.status();
  for (v1::LedgerEntry& entry : *listed->mutable_entries()) {
    *page.add_entries() = RowOf(std::move(entry));
  }
  page.set_next_page_token(listed->next_page_token());
  page.set_as_of(listed->as_of());
  return absl::OkStatus();
}

void ShowFilter(const v1::EntriesPage& page, Html& html) {
  html.Raw(
      "<form method=\"get\" action=\"/entries\" class=\"filter\"><label>State <input "
      "name=\"author\" size=\"8\" "
      "maxlength=\"8\" value=\"");
  html.Text(page.author());
  html.Raw(
      "\"></label> <label>Record type <input name=\"type\" size=\"24\" maxlength=\"64\" value=\"");
  html.Text(page.type()).Raw("\"></label> <button>Show</button></form>");
}

void ShowMore(const v1::EntriesPage& page, Html& html) {
  html.Raw("<p class=\"more\">");
  if (!page.author().empty() || !page.type().empty()) {
    html.Raw("<a href=\"/entries\">All entries</a>");
    if (!page.next_page_token().empty()) {
      html.Raw(" <a rel=\"next\" href=\"/entries?author=").Text(page.author());
      html.Raw("&amp;type=").Text(page.type()).Raw("&amp;page_token=");
      html.Text(page.next_page_token()).Raw("\">Next page</a>");
    }
  } else if (!page.entries().empty()) {
    const std::uint64_t last = page.entries().rbegin()->entry().index();
    if (last > 0) {
      html.Raw("<a rel=\"next\" href=\"/entries?before=").Number(last).Raw("\">Older entries</a>");
    }
  }
  html.Raw("</p>");
}

void ShowPlace(const v1::EntryPage& page, Html& html) {
  const v1::LedgerEntry& entry = page.entry();
  html.Raw(
      "<section aria-labelledby=\"place\"><h2 id=\"place\">Where it stands</h2><dl "
      "class=\"fields\"><dt>state</dt><dd><a href=\"/entries?author=");
  html.Text(page.header().author())
      .Raw("\">")
      .Text(page.header().author())
      .Raw("</a></dd><dt>its entry</dt><dd>");
  html.Text(page.header().author()).Raw("/").Number(page.header().sequence());
  html.Raw("</dd><dt>filed</dt><dd>")
      .Time(entry.time_us())
      .Raw(", in block ")
      .Number(entry.height());
  html.Raw("</dd><dt>status</dt><dd>");
  ShowStatus(entry, html);
  html.Raw("</dd>");
  if (page.body().has_release()) {
    html.Raw("<dt>released by</dt><dd>").Text(page.body().release().name()).Raw("</dd>");
  }
  if (entry.timeliness() != v1::TIMELINESS_UNSPECIFIED) {
    html.Raw("<dt>timeliness</dt><dd>");
    ShowTimeliness(entry.timeliness(), html);
    html.Raw("</dd>");
  }
  if (entry.has_first_index() && entry.first_index() != entry.index()) {
    html.Raw("<dt>first filed</dt><dd>").Time(entry.first_time_us()).Raw(", entry ");
    html.Entry(entry.first_index()).Raw("</dd>");
  }
  html.Raw("</dl></section>");
}

void ShowHistory(const v1::EntryPage& page, Html& html) {
  html.Raw("<section aria-labelledby=\"history\"><h2 id=\"history\">History</h2>");
  if (page.history().empty()) {
    html.Raw("<p>Nothing else of it is shown.</p></section>");
    return;
  }
  html.Raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-labelledby=\"history\"><table><caption>What became of the record, in the order of the "
      "log</caption><thead><tr><th "
      "scope=\"col\">Entry</th><th scope=\"col\">Step</th><th scope=\"col\">State</th><th "
      "scope=\"col\">Record</th></tr></thead><tbody>");
  for (const v1::HistoryRow& row : page.history()) {
    html.Raw("<tr><th scope=\"row\">").Entry(row.index()).Raw("</th>");
    html.Cell(Words(v1::HistoryStep_Name(row.step()))).Cell(row.author()).Cell(row.type());
    html.Raw("</tr>");
  }
  html.Raw("</tbody></table></div></section>");
}

void ShowProof(const v1::EntryPage& page, Html& html) {
  const std::uint64_t index = page.entry().index();
  html.Raw(
      "<section aria-labelledby=\"proof\"><h2 id=\"proof\">Proof</h2><p>The <a download=\"entry-");
  html.Number(index).Raw(".receipt\" href=\"/entries/").Number(index);
  html.Raw(
      "/receipt\">receipt</a> proves for ever, with nothing but the <a download=\"act.txt\" "
      "href=\"/act\">founding act</a>, that this entry is on the ledger, where and since when. On "
      "your own machine, with an act that you have compared with others:</p><pre "
      "tabindex=\"0\">assent verify entry-");
  html.Number(index)
      .Raw(".receipt --act act.txt</pre><div id=\"verify\" data-index=\"")
      .Number(index);
  html.Raw("\" data-ledger=\"").Text(ToHex(page.ledger_id()));
  html.Raw(
      "\"><noscript><p>With scripts, this page can check the receipt here as "
      "well.</p></noscript></div></section>");
}

}  // namespace

absl::StatusOr<std::uint64_t> ParseNumber(const std::string& text, const char* what) {
  std::uint64_t number = 0;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || !absl::SimpleAtoi(text, &number)) {
    return absl::InvalidArgumentError(absl::StrCat(what, " must be a whole number"));
  }
  return number;
}

absl::StatusOr<v1::ListEntriesResponse> ListFull(const Asked& asked,
                                                 v1::ListEntriesRequest request) {
  v1::ListEntriesResponse whole;
  const int wanted = request.page_size();
  for (int i = 0; i < kScansMax && whole.entries_size() < wanted; ++i) {
    request.set_page_size(wanted - whole.entries_size());
    auto part = query::ListEntries(asked.view, asked.reader, request);
    if (!part.ok()) return part.status();
    whole.mutable_entries()->MergeFrom(part->entries());
    whole.set_as_of(part->as_of());
    whole.set_next_page_token(part->next_page_token());
    if (part->next_page_token().empty()) break;
    request.set_page_token(part->next_page_token());
  }
  return whole;
}

v1::EntryRow RowOf(v1::LedgerEntry entry) {
  v1::EntryRow row;
  v1::EntryHeader header;
  if (header.ParseFromString(entry.entry().header())) {
    row.set_author(header.author());
    row.set_sequence(header.sequence());
  }
  entry.clear_entry();
  *row.mutable_entry() = std::move(entry);
  return row;
}

void ShowEntryRows(const google::protobuf::RepeatedPtrField<v1::EntryRow>& rows, Html& html) {
  html.Raw(
      "<thead><tr><th scope=\"col\" class=\"number\">Entry</th><th scope=\"col\">State</th><th "
      "scope=\"col\">Record</th><th scope=\"col\">Filed</th><th scope=\"col\">Status</th><th "
      "scope=\"col\">Timeliness</th></tr></thead><tbody>");
  for (const v1::EntryRow& row : rows) {
    html.Raw("<tr><th scope=\"row\" class=\"number\">").Entry(row.entry().index()).Raw("</th>");
    html.Cell(row.author()).Raw("<td>");
    if (row.entry().type().empty()) {
      html.Raw("<span class=\"quiet\">for members</span>");
    } else {
      html.Text(row.entry().type());
    }
    html.Raw("</td><td>").Time(row.entry().time_us()).Raw("</td><td>");
    ShowStatus(row.entry(), html);
    html.Raw("</td><td>");
    ShowTimeliness(row.entry().timeliness(), html);
    html.Raw("</td></tr>");
  }
  if (rows.empty()) html.Raw("<tr><td colspan=\"6\">None.</td></tr>");
  html.Raw("</tbody>");
}

void ShowNextPage(Markup path, std::string_view page_token, Html& html) {
  if (page_token.empty()) return;
  html.Raw("<p class=\"more\"><a rel=\"next\" href=\"").Raw(path).Raw("?page_token=");
  html.Text(page_token).Raw("\">Next page</a></p>");
}

void ShowTimeliness(v1::Timeliness timeliness, Html& html) {
  switch (timeliness) {
    case v1::TIMELY:
      html.Raw("<span class=\"good\">\u2713 on time</span>");
      break;
    case v1::LATE:
      html.Raw("<span class=\"late\">\u25B2 late</span>");
      break;
    case v1::POST_FACTO:
      html.Raw("<span class=\"bad\">\u2715 after the fact</span>");
      break;
    case v1::HISTORIC:
      html.Raw("<span class=\"quiet\">\u25CB of a time before membership</span>");
      break;
    default:
      break;
  }
}

absl::StatusOr<v1::EntriesPage> ReadEntries(const Asked& asked) {
  v1::EntriesPage page;
  page.set_tree_size(asked.view.tip().header.tree_size);
  page.set_as_of(asked.view.tip().header.height.value());
  page.set_author(asked.request.Get("author"));
  page.set_type(asked.request.Get("type"));
  const bool filtered = !page.author().empty() || !page.type().empty();
  const absl::Status status = filtered ? ReadFiltered(asked, page) : ReadByIndex(asked, page);
  if (!status.ok()) return status;
  return page;
}

Html ShowEntries(const v1::EntriesPage& page) {
  Html html;
  html.Raw("<p>").Number(page.tree_size());
  html.Raw(
      " entries are on the ledger. Who filed what number and when is PUBLIC of each; what it says "
      "only of some.</p>");
  ShowFilter(page, html);
  const bool filtered = !page.author().empty() || !page.type().empty();
  html.Raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Entries\"><table><caption>");
  html.Text(filtered ? "Oldest first; times are UTC" : "Newest first; times are UTC")
      .Raw("</caption>");
  ShowEntryRows(page.entries(), html);
  html.Raw("</table></div>");
  ShowMore(page, html);
  return html;
}

absl::StatusOr<v1::EntryPage> ReadEntry(const Asked& asked, std::uint64_t index) {
  v1::GetEntryRequest request;
  request.set_index(index);
  auto entry = query::GetEntry(asked.view, asked.reader, request);
  if (!entry.ok()) return entry.status();
  v1::EntryPage page;
  if (!page.mutable_header()->ParseFromString(entry->entry().header())) {
    return absl::DataLossError("the database is damaged: a header cannot be read");
  }
  if (!entry->entry().body().empty() &&
      !ParseStrict(entry->entry().body(), *page.mutable_body()).ok()) {
    return absl::DataLossError("the database is damaged: a body cannot be read");
  }
  *page.mutable_entry() = *std::move(entry);
  v1::AskRequest history;
  history.mutable_record_history()->set_index(index);
  history.set_page_size(kRowsShown);
  auto answer = query::Ask(asked.view, asked.reader, history);
  if (!answer.ok()) return answer.status();
  for (v1::AnswerRow& row : *answer->mutable_rows()) {
    if (row.has_history()) *page.add_history() = std::move(*row.mutable_history());
  }
  page.set_ledger_id(page.header().ledger_id());
  page.set_tree_size(asked.view.tip().header.tree_size);
  return page;
}

Html ShowEntry(const v1::EntryPage& page) {
  Html html;
  ShowPlace(page, html);
  html.Raw("<section aria-labelledby=\"says\"><h2 id=\"says\">What it says</h2>");
  if (page.has_body()) {
    html.Add(Fields(page.body()));
  } else {
    html.Raw(
        "<p>This is for members and their inspectors. Everybody can check that it was filed, by "
        "whom and when, and nobody can change it: the header commits to it.</p>");
  }
  html.Raw("</section>");
  ShowHistory(page, html);
  ShowProof(page, html);
  html.Raw("<section aria-labelledby=\"header\"><h2 id=\"header\">Signed header</h2>");
  html.Add(Fields(page.header()));
  html.Raw("<dl class=\"fields\"><dt>leaf hash</dt><dd><code>")
      .Text(ToHex(page.entry().leaf_hash()));
  html.Raw("</code></dd><dt>signature</dt><dd><code>")
      .Text(ToHex(page.entry().entry().signature()));
  html.Raw("</code></dd></dl></section><nav aria-label=\"Neighbours\" class=\"more\">");
  const std::uint64_t index = page.entry().index();
  if (index > 0) {
    html.Raw("<a rel=\"prev\" href=\"/entries/")
        .Number(index - 1)
        .Raw("\">Entry ")
        .Number(index - 1)
        .Raw("</a> ");
  }
  if (index + 1 < page.tree_size()) {
    html.Raw("<a rel=\"next\" href=\"/entries/")
        .Number(index + 1)
        .Raw("\">Entry ")
        .Number(index + 1)
        .Raw("</a>");
  }
  html.Raw("</nav>");
  return html;
}

}  // namespace assent::page
