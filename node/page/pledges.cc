// Pledges that hold, each with what was offered for it.
#include <string>
#include <utility>

#include "node/page/limits.h"
#include "node/page/views.h"
#include "node/query/ask.h"

namespace assent::page {
namespace {

void ShowPledge(const v1::PledgeRow& pledge, Html& html) {
  html.Raw("<tr><th scope=\"row\" class=\"number\">").Entry(pledge.pledge()).Raw("</th>");
  html.Cell("pledge").Cell(pledge.state()).Raw("<td class=\"good\">\u2713 holds</td><td>");
  html.Time(pledge.target_date_us()).Raw("</td></tr>");
}

void ShowOffer(const v1::OfferRow& offer, Html& html) {
  html.Raw("<tr><th scope=\"row\" class=\"number\">").Entry(offer.offer()).Raw("</th><td>");
  html.Raw("offer for pledge ").Entry(offer.pledge()).Raw("</td>").Cell(offer.from());
  if (offer.status() == "ACCEPTED" || offer.status() == "DELIVERED") {
    html.Raw("<td class=\"good\">\u2713 ");
  } else if (offer.status() == "OFFERED") {
    html.Raw("<td>\u2026 ");
  } else {
    html.Raw("<td class=\"quiet\">\u2715 ");
  }
  html.Text(Words(offer.status())).Raw("</td><td>").Time(offer.expires_us()).Raw("</td></tr>");
}

}  // namespace

absl::StatusOr<v1::PledgesPage> ReadPledges(const Asked& asked) {
  v1::AskRequest request;
  request.mutable_pledges_and_offers();
  request.set_page_size(kPledgesShown);
  request.set_page_token(asked.request.Get("page_token"));
  auto answer = query::Ask(asked.view, asked.reader, request);
  if (!answer.ok()) return answer.status();
  v1::PledgesPage page;
  page.mutable_rows()->Swap(answer->mutable_rows());
  page.set_next_page_token(answer->next_page_token());
  page.set_as_of(answer->as_of());
  page.set_complete(asked.reader.SeesAll());
  return page;
}

Html ShowPledges(const v1::PledgesPage& page) {
  Html html;
  html.Raw(
      "<p>Pledges to eliminate ballistic missiles and forgo them, and what other states offer for "
      "them.");
  html.Text(page.complete() ? "" : " By what is shown alone.");
  html.Raw(
      "</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Pledges and "
      "offers\"><table><caption>By state that pledges, each pledge before its offers; times are "
      "UTC</caption><thead><tr><th scope=\"col\" class=\"number\">Entry</th><th "
      "scope=\"col\">What</th><th scope=\"col\">By</th><th scope=\"col\">Status</th><th "
      "scope=\"col\">Pledged or open until</th></tr></thead><tbody>");
  for (const v1::AnswerRow& row : page.rows()) {
    if (row.has_pledge()) ShowPledge(row.pledge(), html);
    if (row.has_offer()) ShowOffer(row.offer(), html);
  }
  if (page.rows().empty()) html.Raw("<tr><td colspan=\"5\">None.</td></tr>");
  html.Raw("</tbody></table></div>");
  ShowNextPage("/pledges", page.next_page_token(), html);
  return html;
}

}  // namespace assent::page
