// Revisions that everybody may read, and what each changed.
#include "node/query/revisions.h"

#include <string>
#include <utility>

#include "ledger/bytes.h"
#include "node/page/differences.h"
#include "node/page/fields.h"
#include "node/page/limits.h"
#include "node/page/views.h"

namespace assent::page {
namespace {

// Time that a round that is open has left, by the time of the newest block.
void ShowStanding(const v1::Revision& revision, Html& html) {
  html.Text(Words(v1::RoundStatus_Name(revision.status())));
  if (!revision.objected_by().empty()) {
    html.Raw(": ").Text(revision.objected_by()).Raw(" objects");
  }
}

void ShowSignatures(const v1::Revision& revision, Html& html) {
  html.Raw("<section aria-labelledby=\"signatures\"><h2 id=\"signatures\">Signatures</h2>");
  if (revision.signatures().empty()) {
    html.Raw(
        "<p>This text stands in the founding act, which every founder has signed.</p></section>");
    return;
  }
  html.Raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-labelledby=\"signatures\"><table><caption>In the order of the log; times are "
      "UTC</caption><thead><tr><th scope=\"col\">State</th><th scope=\"col\">Entry</th><th "
      "scope=\"col\">Time</th><th scope=\"col\">Key</th></tr></thead><tbody>");
  for (const v1::RoundSignature& signature : revision.signatures()) {
    html.Raw("<tr><th scope=\"row\">").Text(signature.member()).Raw("</th><td>");
    html.Entry(signature.index()).Raw("</td><td>").Time(signature.time_us()).Raw("</td>");
    html.Cell(signature.endorsed() ? "endorsed by the members, not the state's own word"
                                   : "its own");
    html.Raw("</tr>");
  }
  html.Raw("</tbody></table></div>");
  if (!revision.missing().empty()) {
    html.Raw("<p>Missing:");
    for (const std::string& code : revision.missing()) html.Raw(" ").Text(code);
    html.Raw("</p>");
  }
  html.Raw("</section>");
}

void ShowText(const v1::RevisionPage& page, Html& html) {
  html.Raw("<section aria-labelledby=\"text\"><h2 id=\"text\">Text</h2>");
  const std::string& text = page.revision().text();
  const auto lines = page.has_replaced() ? Differences(page.replaced().text(), text) : std::nullopt;
  if (!lines) {
    if (page.has_replaced()) {
      html.Raw("<p>The texts are too long to be compared here.</p>");
    }
    html.Raw("<pre class=\"code\" tabindex=\"0\">").Text(text).Raw("</pre></section>");
    return;
  }
  html.Raw("<p>Compared with <a href=\"/revisions/").Number(page.replaced().number());
  html.Raw("\">revision ").Number(page.replaced().number());
  html.Raw(
      "</a>: <ins>+ added</ins>, <del>\u2212 removed</del>.</p><pre class=\"code\" "
      "tabindex=\"0\">");
  for (const Line& line : *lines) {
    switch (line.fate) {
      case LineFate::kKept:
        html.Raw("  ").Text(line.text);
        break;
      case LineFate::kAdded:
        html.Raw("<ins>+ ").Text(line.text).Raw("</ins>");
        break;
      case LineFate::kRemoved:
        html.Raw("<del>\u2212 ").Text(line.text).Raw("</del>");
        break;
    }
    html.Raw("\n");
  }
  html.Raw("</pre></section>");
}

}  // namespace

absl::StatusOr<v1::RevisionsPage> ReadRevisions(const Asked& asked) {
  v1::ListRevisionsRequest request;
  request.set_page_size(kRevisionsShown);
  request.set_page_token(asked.request.Get("page_token"));
  auto listed = query::ListRevisions(asked.view, asked.reader, asked.backend.act.text, request);
  if (!listed.ok()) return listed.status();
  v1::RevisionsPage page;
  for (v1::Revision& revision : *listed->mutable_revisions()) {
    revision.clear_text();
    revision.clear_changes();
    *page.add_revisions() = std::move(revision);
  }
  page.set_next_page_token(listed->next_page_token());
  page.set_as_of(listed->as_of());
  return page;
}

Html ShowRevisions(const v1::RevisionsPage& page) {
  Html html;
  html.Raw(
      "<p>A revision is final when every member has signed it, and PUBLIC once the chair has "
      "presented it. Until then drafts, rounds and signatures are for members.</p><div "
      "class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Revisions\"><table><caption>Newest first; times are "
      "UTC</caption><thead><tr><th scope=\"col\" class=\"number\">Revision</th><th "
      "scope=\"col\">Title</th><th scope=\"col\">Status</th><th scope=\"col\">Proposed by</th><th "
      "scope=\"col\">Final since</th><th scope=\"col\">Presented</th><th scope=\"col\" "
      "class=\"number\">Signatures</th></tr></thead><tbody>");
  for (const v1::Revision& revision : page.revisions()) {
    html.Raw("<tr><th scope=\"row\" class=\"number\"><a href=\"/revisions/")
        .Number(revision.number());
    html.Raw("\">").Number(revision.number()).Raw("</a></th>").Cell(revision.title()).Raw("<td>");
    ShowStanding(revision, html);
    html.Raw("</td>")
        .Cell(revision.proposer())
        .Raw("<td>")
        .Time(revision.ended_us())
        .Raw("</td><td>");
    if (revision.has_presented_by()) {
      html.Time(revision.presented_us()).Raw(", entry ").Entry(revision.presented_by());
    }
    html.Raw("</td>").Cell(static_cast<std::uint64_t>(revision.signatures_size())).Raw("</tr>");
  }
  html.Raw("</tbody></table></div>");
  if (!page.next_page_token().empty()) {
    html.Raw("<p class=\"more\"><a rel=\"next\" href=\"/revisions?page_token=");
    html.Text(page.next_page_token()).Raw("\">Next page</a></p>");
  }
  return html;
}

absl::StatusOr<v1::RevisionPage> ReadRevision(const Asked& asked, std::uint64_t number) {
  v1::RevisionPage page;
  v1::ListRevisionsRequest request;
  request.set_page_size(kRevisionsShown);
  // Newest first: the one that was replaced comes after the one that replaced it.
  for (int i = 0; i < kPagesMax && !page.has_replaced(); ++i) {
    auto listed = query::ListRevisions(asked.view, asked.reader, asked.backend.act.text, request);
    if (!listed.ok()) return listed.status();
    for (v1::Revision& revision : *listed->mutable_revisions()) {
      if (!revision.has_number()) continue;
      if (revision.number() == number) {
        page.mutable_revision()->Swap(&revision);
      } else if (page.has_revision() && revision.number() == page.revision().replaces()) {
        page.mutable_replaced()->Swap(&revision);
      }
    }
    if (listed->next_page_token().empty()) break;
    request.set_page_token(listed->next_page_token());
  }
  if (!page.has_revision()) return absl::NotFoundError("no revision of that number is PUBLIC");
  return page;
}

Html ShowRevision(const v1::RevisionPage& page) {
  const v1::Revision& revision = page.revision();
  Html html;
  html.Raw("<dl class=\"fields\"><dt>title</dt><dd>")
      .Text(revision.title())
      .Raw("</dd><dt>status</dt><dd>");
  ShowStanding(revision, html);
  html.Raw("</dd><dt>final since</dt><dd>").Time(revision.ended_us());
  html.Raw("</dd><dt>hash of text and changes</dt><dd><code>").Text(ToHex(revision.text_hash()));
  html.Raw("</code></dd></dl>");
  ShowText(page, html);
  if (revision.has_changes()) {
    html.Raw(
        "<section aria-labelledby=\"changes\"><h2 id=\"changes\">What it changes besides the "
        "text</h2>");
    html.Add(Fields(revision.changes())).Raw("</section>");
  }
  ShowSignatures(revision, html);
  return html;
}

}  // namespace assent::page
