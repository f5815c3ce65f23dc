// The members' nodes: who votes, who is reached, how far each is, and what none should have signed.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "ledger/bytes.h"
#include "node/page/limits.h"
#include "node/page/views.h"
#include "node/query/ask.h"
#include "node/query/members.h"
#include "node/query/mode.h"

namespace assent::page {
namespace {

void ShowConnection(const v1::NodeRow& node, Html& html) {
  if (node.self()) {
    html.Raw("<td>this node");
  } else if (node.reached() && node.heard()) {
    html.Raw("<td class=\"good\">\u2713 connected");
  } else if (node.heard()) {
    html.Raw("<td class=\"late\">\u25B2 not reached");
  } else if (node.reached()) {
    html.Raw("<td class=\"late\">\u25B2 does not reach this node");
  } else {
    html.Raw("<td class=\"bad\">\u2715 no connection");
  }
  html.Raw("</td>");
}

void ShowLag(const v1::NodeRow& node, Html& html) {
  // Who does not vote tells its height when a stream begins, and no more.
  if (node.final_height() == 0 || !(node.votes() || node.self())) {
    html.Raw("<td class=\"number quiet\">not told</td><td class=\"number quiet\">not told</td>");
    return;
  }
  html.Cell(node.final_height());
  html.Cell(node.behind_blocks());
}

void ShowEvidence(const v1::NodesPage& page, Html& html) {
  html.Raw("<section aria-labelledby=\"evidence\"><h2 id=\"evidence\">Evidence</h2>");
  if (page.evidence().empty()) {
    html.Raw(
        "<p><span class=\"mark good\" aria-hidden=\"true\">\u2713</span> This node has seen no "
        "signed statements that exclude each other.</p></section>");
    return;
  }
  html.Raw(
      "<p>Signed statements that no correct node makes. Each row can be checked without trusting "
      "this node: <code>assent evidence</code>.</p><div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-labelledby=\"evidence\"><table><caption>As this node has seen it; "
      "another may have seen other</caption><thead><tr><th scope=\"col\">State</th><th "
      "scope=\"col\">What</th><th scope=\"col\" class=\"number\">Epoch</th><th scope=\"col\" "
      "class=\"number\">View</th><th scope=\"col\">Key</th></tr></thead><tbody>");
  for (const v1::EvidenceRow& row : page.evidence()) {
    html.Raw("<tr><th scope=\"row\">").Text(row.voter()).Raw("</th>").Cell(Words(row.kind()));
    html.Cell(row.epoch())
        .Cell(row.view())
        .Raw("<td><code>")
        .Text(ToHex(row.key()))
        .Raw("</code></td></tr>");
  }
  html.Raw("</tbody></table></div></section>");
}

}  // namespace

absl::StatusOr<v1::NodesPage> ReadNodes(const Asked& asked) {
  const Backend& backend = asked.backend;
  const BlockHeader& tip = asked.view.tip().header;
  const replica::ReplicaStatus status = backend.status->Status();
  v1::NodesPage page;
  *page.mutable_status() =
      query::StatusOf(asked.view, backend.act.text.origin, backend.code, backend.version);
  page.set_mode(query::ModeOf(status.mode, backend.code));
  page.set_view(status.view.value());
  const bool same_epoch = status.epoch == tip.epoch;
  const std::uint64_t since = same_epoch ? tip.view.value() : 0;
  page.set_views_without_finality(status.view.value() - std::min(status.view.value(), since));

  std::map<std::string, v1::PeerStatus> peers;
  for (v1::PeerStatus& peer : backend.peers()) peers[peer.code()] = std::move(peer);
  v1::ListMembersRequest request;
  request.set_page_size(kRowsShown);
  for (int i = 0; i < kPagesMax; ++i) {
    const auto some = query::ListMembers(asked.view, request);
    if (!some.ok()) return some.status();
    for (const v1::Member& member : some->members()) {
      v1::NodeRow& node = *page.add_nodes();
      node.set_code(member.code());
      node.set_name(member.name());
      node.set_votes(member.votes());
      node.set_peer_endpoint(member.peer_endpoint());
      node.set_self(member.code() == backend.code.str());
      if (const auto peer = peers.find(member.code()); peer != peers.end()) {
        node.set_reached(peer->second.sending());
        node.set_heard(peer->second.receiving());
      }
      const auto code = MemberCode::From(member.code());
      const auto height = code ? status.peer_heights.find(*code) : status.peer_heights.end();
      if (height != status.peer_heights.end()) {
        node.set_final_height(height->second.value());
        node.set_behind_blocks(static_cast<std::uint64_t>(
            std::max<std::int64_t>(0, status.BlocksBehind(height->second))));
      }
      if (node.self()) node.set_final_height(tip.height.value());
    }
    if (some->next_page_token().empty()) break;
    request.set_page_token(some->next_page_token());
  }
  v1::AskRequest evidence;
  evidence.mutable_evidence();
  evidence.set_page_size(kEvidenceShown);
  auto answer = query::Ask(asked.view, asked.reader, evidence);
  if (!answer.ok()) return answer.status();
  for (v1::AnswerRow& row : *answer->mutable_rows()) {
    page.add_evidence()->Swap(row.mutable_evidence());
  }
  return page;
}

Html ShowNodes(const v1::NodesPage& page) {
  Html html;
  html.Raw("<ul class=\"tiles\"><li><b>").Text(Words(v1::NodeMode_Name(page.mode())));
  html.Raw("</b> this node</li><li><b>")
      .Number(page.status().height())
      .Raw("</b> its height</li><li><b>");
  html.Number(page.status().epoch()).Raw("</b> epoch</li><li><b>").Number(page.view());
  html.Raw("</b> view</li><li><b>").Number(page.views_without_finality());
  html.Raw(
      "</b> views since the newest final block</li></ul>\n<section aria-labelledby=\"nodes\"><h2 "
      "id=\"nodes\">Members' nodes</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-labelledby=\"nodes\"><table><caption>As this node sees them</caption><thead><tr><th "
      "scope=\"col\">State</th><th scope=\"col\">Name</th><th scope=\"col\">Votes</th><th "
      "scope=\"col\">Connection</th><th scope=\"col\" class=\"number\">Height told last</th><th "
      "scope=\"col\" class=\"number\">Blocks behind</th><th scope=\"col\">Address for "
      "peers</th></tr></thead><tbody>");
  for (const v1::NodeRow& node : page.nodes()) {
    html.Raw("<tr><th scope=\"row\">").Text(node.code()).Raw("</th>").Cell(node.name());
    html.Cell(node.votes() ? "\u2713 yes" : "\u2013 no");
    ShowConnection(node, html);
    ShowLag(node, html);
    html.Raw("<td>").Text(node.peer_endpoint()).Raw("</td></tr>");
  }
  html.Raw("</tbody></table></div></section>\n");
  ShowEvidence(page, html);
  return html;
}

}  // namespace assent::page
