// Requests for clarification that are not closed.
#include <string>
#include <utility>

#include "node/page/limits.h"
#include "node/page/views.h"
#include "node/query/ask.h"

namespace assent::page {
namespace {

void ShowClarification(const v1::ClarificationRow& row, std::int64_t as_of_us, Html& html) {
  html.Raw("<tr><th scope=\"row\" class=\"number\">").Entry(row.request()).Raw("</th>");
  html.Cell(row.asked_by()).Cell(row.state()).Raw("<td>");
  if (row.has_about()) html.Raw("entry ").Entry(row.about());
  html.Raw("</td><td>").Time(row.due_us()).Raw("</td>");
  if (row.has_reply()) {
    html.Raw("<td class=\"good\">\u2713 entry ").Entry(row.reply());
  } else if (row.due_us() < as_of_us) {
    html.Raw("<td class=\"late\">\u25B2 none in time");
  } else {
    html.Raw("<td class=\"quiet\">\u2026 none yet");
  }
  html.Raw("</td></tr>");
}

}  // namespace

absl::StatusOr<v1::ClarificationsPage> ReadClarifications(const Asked& asked) {
  v1::AskRequest request;
  request.mutable_open_clarifications();
  request.set_page_size(kClarificationsShown);
  request.set_page_token(asked.request.Get("page_token"));
  auto answer = query::Ask(asked.view, asked.reader, request);
  if (!answer.ok()) return answer.status();
  v1::ClarificationsPage page;
  for (v1::AnswerRow& row : *answer->mutable_rows()) {
    page.add_open()->Swap(row.mutable_clarification());
  }
  page.set_next_page_token(answer->next_page_token());
  page.set_as_of(answer->as_of());
  page.set_as_of_us(answer->as_of_us());
  page.set_complete(asked.reader.SeesAll());
  return page;
}

Html ShowClarifications(const v1::ClarificationsPage& page) {
  Html html;
  html.Raw(
      "<p>What one state has asked another about a record and not closed. A reply is due in a "
      "time that the Code sets, and voluntary. ");
  html.Text(page.complete() ? "" : "By what is shown alone. ");
  html.Raw(
      "<a href=\"/entries?type=ClarificationRequest\">All requests</a>, <a "
      "href=\"/entries?type=ClarificationReply\">all replies</a>.</p><div class=\"scroll\" "
      "tabindex=\"0\" role=\"region\" aria-label=\"Open requests\"><table><caption>By state asked, "
      "then by time; times are UTC</caption><thead><tr><th scope=\"col\" "
      "class=\"number\">Request</th><th scope=\"col\">Asked by</th><th scope=\"col\">Of</th><th "
      "scope=\"col\">About</th><th scope=\"col\">Due</th><th "
      "scope=\"col\">Reply</th></tr></thead><tbody>");
  for (const v1::ClarificationRow& row : page.open()) {
    ShowClarification(row, page.as_of_us(), html);
  }
  if (page.open().empty()) html.Raw("<tr><td colspan=\"6\">None.</td></tr>");
  html.Raw("</tbody></table></div>");
  ShowNextPage("/clarifications", page.next_page_token(), html);
  return html;
}

}  // namespace assent::page
