// Revisions and rounds of signatures that the reader may see, and what each changes.
#include "node/query/revisions.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "ledger/bytes.h"
#include "node/page/differences.h"
#include "node/page/fields.h"
#include "node/page/limits.h"
#include "node/page/views.h"

namespace assent::page {
namespace {

bool IsOpen(const v1::Revision& revision) { return revision.status() == v1::OPEN_FOR_SIGNATURE; }

// How long a round has, by the time of the newest block.
void ShowTimeLeft(const v1::Revision& revision, std::int64_t as_of_us, Html& html) {
  html.Text(SpanText(std::max<std::int64_t>(0, revision.deadline_us() - as_of_us))).Raw(" left");
}

void ShowStanding(const v1::Revision& revision, std::int64_t as_of_us, Html& html) {
  html.Text(Words(v1::RoundStatus_Name(revision.status())));
  if (!revision.objected_by().empty()) {
    html.Raw(": ").Text(revision.objected_by()).Raw(" objects");
  }
  if (!IsOpen(revision)) return;
  html.Raw(", ");
  ShowTimeLeft(revision, as_of_us, html);
}

// By its number where it has one, else by its round.
void ShowLink(const v1::Revision& revision, Html& html) {
  if (revision.has_number()) {
    html.Raw("<a href=\"/revisions/").Number(revision.number()).Raw("\">");
    html.Number(revision.number()).Raw("</a>");
  } else {
    html.Raw("<a href=\"/rounds/").Number(revision.round()).Raw("\">round ");
    html.Number(revision.round()).Raw("</a>");
  }
}

// What a state has done in a round.
struct Stand {
  const v1::RoundSignature* signature = nullptr;
  bool objects = false;
};

void ShowStand(const std::string& code, const Stand& stand, Html& html) {
  html.Raw("<tr><th scope=\"row\">").Text(code).Raw("</th>");
  if (stand.objects) {
    html.Raw("<td class=\"bad\">\u2715 objects");
  } else if (stand.signature != nullptr) {
    html.Raw("<td class=\"good\">\u2713 has signed");
  } else {
    html.Raw("<td class=\"late\">\u2026 missing");
  }
  html.Raw("</td><td>");
  if (const v1::RoundSignature* signature = stand.signature; signature != nullptr) {
    html.Entry(signature->index()).Raw("</td><td>").Time(signature->time_us()).Raw("</td>");
    html.Cell(signature->endorsed() ? "endorsed by the members, not the state's own word"
                                    : "its own");
  } else {
    html.Raw("</td><td></td><td></td>");
  }
  html.Raw("</tr>");
}

// State by state, in the order of codes.
void ShowStates(const v1::Revision& revision, Html& html) {
  html.Raw("<section aria-labelledby=\"signatures\"><h2 id=\"signatures\">State by state</h2>");
  std::map<std::string, Stand> stands;
  for (const std::string& code : revision.missing()) stands[code] = {};
  for (const v1::RoundSignature& signature : revision.signatures()) {
    stands[signature.member()].signature = &signature;
  }
  if (!revision.objected_by().empty()) stands[revision.objected_by()].objects = true;
  if (stands.empty()) {
    html.Text(revision.has_number() && revision.number() == 0
                  ? "This text stands in the founding act, which every founder has signed."
                  : "Nobody has signed.");
    html.Raw("</section>");
    return;
  }
  html.Raw("<p>").Number(static_cast<std::uint64_t>(revision.signatures_size()));
  html.Raw(" signed");
  if (IsOpen(revision)) {
    html.Raw(", ").Number(static_cast<std::uint64_t>(revision.missing_size())).Raw(" missing");
  }
  html.Raw(
      ".</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-labelledby=\"signatures\"><table><caption>In the order of codes; times are "
      "UTC</caption><thead><tr><th scope=\"col\">State</th><th scope=\"col\">Signature</th><th "
      "scope=\"col\">Entry</th><th scope=\"col\">Time</th><th "
      "scope=\"col\">Key</th></tr></thead><tbody>");
  for (const auto& [code, stand] : stands) ShowStand(code, stand, html);
  html.Raw("</tbody></table></div></section>");
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

// The one that `wanted` finds, with the one that it replaces.
template <class Wanted>
absl::StatusOr<v1::RevisionPage> Find(const Asked& asked, Wanted wanted) {
  v1::RevisionPage page;
  page.set_as_of_us(asked.view.tip().header.time.us);
  v1::ListRevisionsRequest request;
  request.set_page_size(kRevisionsShown);
  // Newest first: the one that is replaced comes after the one that replaces it.
  for (int i = 0; i < kPagesMax && !page.has_replaced(); ++i) {
    auto listed = query::ListRevisions(asked.view, asked.reader, asked.backend.act.text, request);
    if (!listed.ok()) return listed.status();
    for (v1::Revision& revision : *listed->mutable_revisions()) {
      if (!page.has_revision()) {
        if (wanted(revision)) page.mutable_revision()->Swap(&revision);
      } else if (revision.has_number() && revision.number() == page.revision().replaces()) {
        page.mutable_replaced()->Swap(&revision);
        break;
      }
    }
    if (listed->next_page_token().empty()) break;
    request.set_page_token(listed->next_page_token());
  }
  if (!page.has_revision()) return absl::NotFoundError("no such revision or round is shown");
  return page;
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
  page.set_as_of_us(asked.view.tip().header.time.us);
  return page;
}

Html ShowRevisions(const v1::RevisionsPage& page) {
  Html html;
  html.Raw(
      "<p>A revision is final when every member has signed it, and PUBLIC once the chair has "
      "presented it. Until then rounds and signatures are for members and their inspectors, who "
      "sign in to see them here.</p><div "
      "class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Revisions\"><table><caption>Newest first; times are "
      "UTC</caption><thead><tr><th scope=\"col\" class=\"number\">Revision</th><th "
      "scope=\"col\">Title</th><th scope=\"col\">Status</th><th scope=\"col\">Proposed by</th><th "
      "scope=\"col\">Ended</th><th scope=\"col\">Presented</th><th scope=\"col\" "
      "class=\"number\">Signatures</th></tr></thead><tbody>");
  for (const v1::Revision& revision : page.revisions()) {
    html.Raw("<tr><th scope=\"row\" class=\"number\">");
    ShowLink(revision, html);
    html.Raw("</th>").Cell(revision.title()).Raw("<td>");
    ShowStanding(revision, page.as_of_us(), html);
    html.Raw("</td>").Cell(revision.proposer()).Raw("<td>");
    if (!IsOpen(revision)) html.Time(revision.ended_us());
    html.Raw("</td><td>");
    if (revision.has_presented_by()) {
      html.Time(revision.presented_us()).Raw(", entry ").Entry(revision.presented_by());
    }
    html.Raw("</td>").Cell(static_cast<std::uint64_t>(revision.signatures_size())).Raw("</tr>");
  }
  html.Raw("</tbody></table></div>");
  ShowNextPage("/revisions", page.next_page_token(), html);
  return html;
}

absl::StatusOr<v1::RevisionPage> ReadRevision(const Asked& asked, std::uint64_t number) {
  return Find(asked, [number](const v1::Revision& revision) {
    return revision.has_number() && revision.number() == number;
  });
}

absl::StatusOr<v1::RevisionPage> ReadRound(const Asked& asked, std::uint64_t round) {
  return Find(asked, [round](const v1::Revision& revision) {
    // The founding act's text was opened by no entry.
    return revision.round() == round && !(revision.has_number() && revision.number() == 0);
  });
}

Html ShowRevision(const v1::RevisionPage& page) {
  const v1::Revision& revision = page.revision();
  Html html;
  html.Raw("<dl class=\"fields\"><dt>title</dt><dd>")
      .Text(revision.title())
      .Raw("</dd><dt>status</dt><dd>");
  ShowStanding(revision, page.as_of_us(), html);
  if (!revision.proposer().empty()) {
    html.Raw("</dd><dt>proposed by</dt><dd>").Text(revision.proposer()).Raw(", entry ");
    html.Entry(revision.round()).Raw(", ").Time(revision.opened_us());
    html.Raw("</dd><dt>can be signed until</dt><dd>").Time(revision.deadline_us());
  }
  if (!IsOpen(revision)) html.Raw("</dd><dt>ended</dt><dd>").Time(revision.ended_us());
  html.Raw("</dd><dt>hash of text and changes</dt><dd><code>").Text(ToHex(revision.text_hash()));
  html.Raw("</code></dd></dl>");
  if (IsOpen(revision)) ShowStates(revision, html);  // what one looks for first
  ShowText(page, html);
  if (revision.has_changes()) {
    html.Raw(
        "<section aria-labelledby=\"changes\"><h2 id=\"changes\">What it changes besides the "
        "text</h2>");
    html.Add(Fields(revision.changes())).Raw("</section>");
  }
  if (!IsOpen(revision)) ShowStates(revision, html);
  return html;
}

}  // namespace assent::page
