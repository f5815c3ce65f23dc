// The states: who is a member, since when, and how many there were over time.
#include "node/query/members.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "ledger/rules/read.h"
#include "node/page/limits.h"
#include "node/page/views.h"

namespace assent::page {
namespace {

// Members after the last block that is no later than `time`.
std::uint32_t MembersAt(const StateView& state, Time time) {
  std::uint32_t members = 0;
  MemberCode after;
  for (int i = 0; i < kPagesMax; ++i) {
    const auto some = rules::SubscriptionsAfter(state, kRowsShown, after, time);
    if (some.empty()) break;
    for (const rules::SubscriptionView& each : some) members += each.member ? 1 : 0;
    after = some.back().code;
  }
  return members;
}

void AddYears(const Asked& asked, v1::MembersPage& page) {
  const Time now = asked.view.tip().header.time;
  const std::int64_t running = ToCivil(now).year;
  const std::int64_t founded = ToCivil(asked.backend.act.text.founded).year;
  for (std::int64_t year = std::max(founded, running - kYearsShown + 1); year <= running; ++year) {
    const Time end{FromCivil({year + 1, 1, 1}).us - 1};
    v1::YearMembers& row = *page.add_years();
    row.set_year(static_cast<std::uint32_t>(year));
    row.set_members(MembersAt(asked.view.state(), std::min(end, now)));
  }
}

// With a mark for what is no membership, or none any more.
void ShowSubscription(const v1::Member& state, Html& html) {
  if (state.status() == "ACTIVE") {
    html.Raw("<td class=\"good\">\u2713 member</td>");
  } else if (state.status() == "WITHDRAWN") {
    html.Raw("<td class=\"quiet\">\u2715 has left</td>");
  } else {
    html.Raw("<td class=\"quiet\">\u2026 ").Text(Words(state.status())).Raw("</td>");
  }
}

void ShowMember(const v1::Member& state, Html& html) {
  html.Raw("<tr><th scope=\"row\"><a href=\"/entries?author=").Text(state.code()).Raw("\">");
  html.Text(state.code()).Raw("</a></th>").Cell(state.name());
  ShowSubscription(state, html);
  html.Raw("<td>").Time(state.since_us()).Raw("</td>");
  const bool member = state.status() == "ACTIVE";
  html.Cell(!member ? "" : state.votes() ? "\u2713 yes" : "\u2013 no");
  if (member) {
    html.Cell(state.entries());
  } else {
    html.Raw("<td></td>");
  }
  html.Raw("</tr>");
}

void ShowMembersOverTime(const v1::MembersPage& page, Html& html) {
  std::uint32_t most = 1;
  for (const v1::YearMembers& year : page.years()) most = std::max(most, year.members());
  html.Raw(
      "<section aria-labelledby=\"years\"><h2 id=\"years\">Members over "
      "time</h2><table><caption>At the end of each year; of the running one, at the newest "
      "block</caption><thead><tr><th scope=\"col\">Year</th><th scope=\"col\" "
      "class=\"number\">Members</th><th scope=\"col\" "
      "class=\"wide\">Compared</th></tr></thead><tbody>");
  for (const v1::YearMembers& year : page.years()) {
    html.Raw("<tr><th scope=\"row\">").Number(year.year()).Raw("</th>").Cell(year.members());
    html.Meter(year.members(), most, std::to_string(year.year())).Raw("</tr>");
  }
  html.Raw("</tbody></table></section>");
}

}  // namespace

absl::StatusOr<v1::MembersPage> ReadMembers(const Asked& asked) {
  v1::MembersPage page;
  page.set_as_of(asked.view.tip().header.height.value());
  page.set_as_of_us(asked.view.tip().header.time.us);
  v1::ListMembersRequest request;
  request.set_page_size(kRowsShown);
  request.set_all_states(true);
  for (int i = 0; i < kPagesMax; ++i) {
    auto some = query::ListMembers(asked.view, request);
    if (!some.ok()) return some.status();
    for (v1::Member& state : *some->mutable_members()) *page.add_states() = std::move(state);
    if (some->next_page_token().empty()) break;
    request.set_page_token(some->next_page_token());
  }
  AddYears(asked, page);
  return page;
}

Html ShowMembers(const v1::MembersPage& page) {
  Html html;
  html.Raw(
      "<p>States that are members, were, or have been invited to be or have asked to be.</p><div "
      "class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"States\"><table "
      "id=\"states\"><caption>In the order of codes; times are UTC</caption><thead><tr><th "
      "scope=\"col\">State</th><th scope=\"col\">Name</th><th scope=\"col\">Status</th><th "
      "scope=\"col\">Since</th><th scope=\"col\">Its node votes</th><th scope=\"col\" "
      "class=\"number\">Entries</th></tr></thead><tbody>");
  for (const v1::Member& state : page.states()) ShowMember(state, html);
  html.Raw("</tbody></table></div>\n");
  ShowMembersOverTime(page, html);
  return html;
}

}  // namespace assent::page
