#include "node/page/routes.h"

#include <google/protobuf/util/json_util.h>

#include <optional>
#include <string>

#include "assent/v1/page.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/receipt/receipt_file.h"
#include "tests/support/releases.h"
#include "tests/unit/node/page/shown_ledger.h"

namespace assent::page {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

template <class Page>
Page PageIn(const Response& response) {
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.type, "application/json");
  Page page;
  const auto parsed = google::protobuf::util::JsonStringToMessage(response.body, &page);
  EXPECT_TRUE(parsed.ok()) << parsed.ToString();
  return page;
}

class RoutesTest : public ::testing::Test {
 protected:
  RoutesTest() {
    query::FilledLedger& ledger = shown_.ledger();
    ledger.Add("AAA", query::PublicNotification("open"));
    ledger.Add("BBB", query::MembersNotification("secret"));
  }
  ShownLedger shown_;
};

TEST(WantsJsonTest, OnlyWhoDoesNotTakeHtml) {
  EXPECT_TRUE(WantsJson("application/json"));
  EXPECT_TRUE(WantsJson("application/json, */*;q=0.1"));
  EXPECT_FALSE(WantsJson("text/html,application/json"));
  EXPECT_FALSE(WantsJson("*/*"));
  EXPECT_FALSE(WantsJson(""));
}

TEST_F(RoutesTest, AViewIsHtmlOrJson) {
  for (const char* path :
       {"/", "/members", "/entries", "/entries/0", "/entries/1", "/notifications", "/compliance",
        "/clarifications", "/pledges", "/revisions", "/revisions/0", "/nodes"}) {
    const Response html = shown_.Get(path);
    EXPECT_EQ(html.status, 200) << path;
    EXPECT_EQ(html.type, "text/html; charset=utf-8");
    EXPECT_THAT(html.body, StartsWith("<!DOCTYPE html>"));
    EXPECT_THAT(html.body, HasSubstr("<h1>"));
    EXPECT_EQ(shown_.GetJson(path).type, "application/json") << path;
    for (const Response& response : {html, shown_.GetJson(path)}) {
      EXPECT_THAT(response.body, Not(HasSubstr("secret"))) << path;
      EXPECT_THAT(response.headers,
                  ::testing::Contains(::testing::Pair("Vary", "Accept, Authorization, Cookie")));
    }
  }
}

TEST_F(RoutesTest, TheOverviewSaysWhatNeedsAttention) {
  const auto page = PageIn<v1::OverviewPage>(shown_.GetJson("/"));
  EXPECT_EQ(page.members(), 3u);
  EXPECT_EQ(page.voters(), 3u);
  EXPECT_EQ(page.status().tree_size(), 2u);
  ASSERT_EQ(page.newest_size(), 2);
  EXPECT_EQ(page.newest(0).author(), "BBB");
  EXPECT_EQ(page.newest(0).entry().type(), "") << "it is for members";
  EXPECT_EQ(page.newest(1).entry().type(), "LaunchNotification");
  // Blocks of this ledger are an hour apart, and its heartbeat is a minute.
  ASSERT_GE(page.attention_size(), 1);
  EXPECT_EQ(page.attention(0).reason(), v1::NO_FINAL_BLOCK);
  EXPECT_THAT(shown_.Get("/").body, HasSubstr("No block has become final"));
}

TEST_F(RoutesTest, EntriesGoFromNewToOld) {
  const auto all = PageIn<v1::EntriesPage>(shown_.GetJson("/entries"));
  ASSERT_EQ(all.entries_size(), 2);
  EXPECT_EQ(all.entries(0).entry().index(), 1u);
  const auto old = PageIn<v1::EntriesPage>(shown_.GetJson("/entries", {{"before", "1"}}));
  ASSERT_EQ(old.entries_size(), 1);
  EXPECT_EQ(old.entries(0).entry().index(), 0u);
  EXPECT_EQ(PageIn<v1::EntriesPage>(shown_.GetJson("/entries", {{"before", "0"}})).entries_size(),
            0);
  const auto of_bbb = PageIn<v1::EntriesPage>(shown_.GetJson("/entries", {{"author", "BBB"}}));
  ASSERT_EQ(of_bbb.entries_size(), 1);
  EXPECT_EQ(of_bbb.entries(0).author(), "BBB");
}

TEST_F(RoutesTest, AnEntryHasItsBodyOnlyWhereItIsPublic) {
  const auto open = PageIn<v1::EntryPage>(shown_.GetJson("/entries/0"));
  EXPECT_EQ(open.body().launch_notification().reference(), "open");
  EXPECT_EQ(open.history_size(), 1);
  const auto hidden = PageIn<v1::EntryPage>(shown_.GetJson("/entries/1"));
  EXPECT_FALSE(hidden.has_body());
  EXPECT_EQ(hidden.entry().entry().salt(), "");
  EXPECT_EQ(hidden.header().author(), "BBB");
  EXPECT_EQ(hidden.history_size(), 0);
  EXPECT_THAT(shown_.Get("/entries/1").body, HasSubstr("for members and their inspectors"));
}

TEST_F(RoutesTest, AnEntrySaysWhoReleasedIt) {
  query::FilledLedger& ledger = shown_.ledger();
  const SigningKey head(*SecretSeed::From(std::string(32, 'h')));
  const std::string name = "Head <of> Division";
  ledger.Add("CCC", testing::NamingReleaser(ledger.ledger(), "CCC", name, head));  // entry 2
  ledger.Add("CCC", testing::Released(ledger.ledger(), "CCC", 2, name, head,
                                      query::PublicNotification("released")));
  EXPECT_THAT(shown_.Get("/entries/3").body,
              HasSubstr("<dt>released by</dt><dd>Head &lt;of&gt; Division</dd>"));
  const auto page = PageIn<v1::EntryPage>(shown_.GetJson("/entries/3"));
  EXPECT_EQ(page.body().release().name(), name);
  EXPECT_EQ(page.body().release().public_key(), head.public_key().str());
  EXPECT_THAT(shown_.Get("/entries/2").body, Not(HasSubstr("<dt>released by</dt>")));
}

TEST_F(RoutesTest, AReceiptIsAFile) {
  const Response file = shown_.Get("/entries/1/receipt");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.type, "application/octet-stream");
  const auto receipt = ParseReceiptFile(file.body);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->index(), 1u);
  EXPECT_EQ(receipt->entry().salt(), "");
  EXPECT_EQ(PageIn<v1::Receipt>(shown_.GetJson("/entries/1/receipt")).SerializeAsString(),
            receipt->SerializeAsString());
}

TEST_F(RoutesTest, NotificationsAreThoseOfAYear) {
  const std::int64_t year = ToCivil(query::FilledLedger::TimeOf(1)).year;
  const auto page = PageIn<v1::NotificationsPage>(
      shown_.GetJson("/notifications", {{"year", std::to_string(year)}}));
  ASSERT_EQ(page.notifications_size(), 1);
  EXPECT_EQ(page.notifications(0).notification().reference(), "open");
  EXPECT_EQ(page.notifications(0).row().author(), "AAA");
  EXPECT_EQ(PageIn<v1::NotificationsPage>(shown_.GetJson("/notifications", {{"year", "2003"}}))
                .notifications_size(),
            0);
}

TEST_F(RoutesTest, ComplianceTellsWhatIsOwedFromWhatIsNot) {
  const std::int64_t year = ToCivil(query::FilledLedger::TimeOf(1)).year;
  const auto running =
      PageIn<v1::CompliancePage>(shown_.GetJson("/compliance", {{"year", std::to_string(year)}}));
  ASSERT_EQ(running.states_size(), 3);
  EXPECT_EQ(running.states(0).totals().state(), "AAA");
  EXPECT_EQ(running.states(0).declaration(), v1::DECLARATION_NOT_YET_DUE);
  const auto before = PageIn<v1::CompliancePage>(
      shown_.GetJson("/compliance", {{"year", std::to_string(year - 1)}}));
  EXPECT_EQ(before.states(0).declaration(), v1::DECLARATION_NOT_OWED);
  EXPECT_THAT(shown_.Get("/compliance", {{"year", std::to_string(year)}}).body,
              HasSubstr("not yet owed"));
}

v1::Body PublicBody() {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(testing::kFounded.us);
  return body;
}

v1::Body Launched(std::optional<EntryIndex> notification) {
  v1::Body body = PublicBody();
  v1::LaunchReport& report = *body.mutable_launch_report();
  if (notification) {
    report.set_notification(notification->value());
  } else {
    report.set_kind(v1::SPACE_LAUNCH);
    report.set_class_id("SLV_MEDIUM");
  }
  report.set_launched_at_us(testing::kFounded.us);
  report.set_outcome(v1::LAUNCHED);
  return body;
}

TEST_F(RoutesTest, NotificationsAreSummedByKindAndClass) {
  query::FilledLedger& ledger = shown_.ledger();
  const auto ahead = [](const char* reference, Time filed, Duration lead) {
    v1::Body body = query::PublicNotification(reference);
    body.mutable_launch_notification()->set_window_start_us((filed + lead).us);
    body.mutable_launch_notification()->set_window_end_us((filed + lead + Hours(9)).us);
    body.mutable_launch_notification()->set_count(3);
    return body;
  };
  // Entry 0, in the block of the first hour, is 30 days ahead of its window.
  ledger.Add("AAA", ahead("late", query::FilledLedger::TimeOf(3), Hours(5)));
  ledger.Add("BBB", ahead("after", query::FilledLedger::TimeOf(4), Duration{-Hours(2).us}));
  ledger.Add("BBB", ahead("before", testing::kFounded, Duration{-Days(9).us}));
  const EntryIndex gone = ledger.Add("CCC", query::PublicNotification("gone"));
  ledger.Add("CCC", query::Withdraw(gone));

  const auto page = PageIn<v1::NotificationsPage>(shown_.GetJson("/notifications"));
  ASSERT_EQ(page.totals_size(), 1);
  const v1::ClassTotals& totals = page.totals(0);
  EXPECT_EQ(totals.kind(), v1::SPACE_LAUNCH);
  EXPECT_EQ(totals.class_id(), "SLV_MEDIUM");
  EXPECT_EQ(totals.timely(), 1u);
  EXPECT_EQ(totals.late(), 1u);
  EXPECT_EQ(totals.post_facto(), 1u);
  EXPECT_EQ(totals.historic(), 1u);
  EXPECT_EQ(totals.launches(), 10u);
  EXPECT_EQ(totals.lead_us(), Hours(5).us)
      << "of 30 days, 5 hours and 2 hours after; the historic one is left out";
  EXPECT_FALSE(page.totals_cut());
  EXPECT_EQ(page.notifications(0).lead_us(), Days(30).us - Hours(1).us);
  EXPECT_EQ(page.notifications(2).lead_us(), -Hours(2).us);
  const std::string html = shown_.Get("/notifications").body;
  EXPECT_THAT(html, HasSubstr("<td>5 hours before</td>"));
  EXPECT_THAT(html, HasSubstr("<td>2 hours after</td>"));
}

TEST_F(RoutesTest, CoverageIsOfLaunchesThatTookPlace) {
  query::FilledLedger& ledger = shown_.ledger();
  ledger.Add("AAA", Launched(EntryIndex(0)));
  for (int i = 0; i < 2; ++i) ledger.Add("BBB", Launched(std::nullopt));
  const auto page = PageIn<v1::CompliancePage>(shown_.GetJson("/compliance", {{"year", "2026"}}));
  ASSERT_EQ(page.states_size(), 3);
  EXPECT_EQ(page.states(0).coverage_percent(), 100u);
  EXPECT_TRUE(page.states(1).has_coverage_percent());
  EXPECT_EQ(page.states(1).coverage_percent(), 0u);
  EXPECT_FALSE(page.states(2).has_coverage_percent());
  EXPECT_EQ(page.coverage_percent(), 33u);
  EXPECT_EQ(page.all().launched_timely(), 1u);
  EXPECT_EQ(page.all().launched_unannounced(), 2u);
  EXPECT_EQ(page.declarations().not_yet_due(), 3u);
  const std::string html = shown_.Get("/compliance", {{"year", "2026"}}).body;
  EXPECT_THAT(html, HasSubstr("<td class=\"number\">100%</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"number\">0%</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"number quiet\">n/a</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"number\">33%</td>"));
}

TEST_F(RoutesTest, DeclarationsAreCountedApart) {
  query::FilledLedger& ledger = shown_.ledger();
  const auto declare = [&](const char* code, v1::DeclarationForm form) {
    v1::Body body = PublicBody();
    v1::AnnualDeclaration& declared = *body.mutable_annual_declaration();
    declared.set_year(2026);
    for (v1::DeclarationPart* part :
         {declared.mutable_ballistic_missiles(), declared.mutable_space_launch()}) {
      part->set_form(form);
      if (form == v1::FULL) part->set_policy_outline("Outline.");
    }
    if (form == v1::FULL) declared.mutable_space_launch()->set_observer_policy("Policy.");
    ledger.Add(code, body);
  };
  declare("AAA", v1::FULL);
  declare("BBB", v1::NIL);
  const auto page = PageIn<v1::CompliancePage>(shown_.GetJson("/compliance", {{"year", "2026"}}));
  EXPECT_EQ(page.declarations().on_time(), 1u);
  EXPECT_EQ(page.declarations().nil(), 1u);
  EXPECT_EQ(page.declarations().late(), 0u);
  EXPECT_EQ(page.declarations().missing(), 0u);
  EXPECT_EQ(page.declarations().not_yet_due(), 1u);
  EXPECT_THAT(
      shown_.Get("/compliance", {{"year", "2026"}}).body,
      HasSubstr(
          "\u2713\u00A01 on time, \u2205\u00A01 nil, \u25B2\u00A00 late, \u2715\u00A00 missing, "
          "\u2026\u00A01 not yet owed"));
}

TEST_F(RoutesTest, MembersAreCountedOverTime) {
  const auto before = PageIn<v1::MembersPage>(shown_.GetJson("/members"));
  ASSERT_EQ(before.states_size(), 3);
  EXPECT_EQ(before.states(0).code(), "AAA");
  EXPECT_EQ(before.states(0).status(), "ACTIVE");
  ASSERT_EQ(before.years_size(), 1);
  EXPECT_EQ(before.years(0).year(), 2026u);
  EXPECT_EQ(before.years(0).members(), 3u);
  v1::Body leaves = PublicBody();
  leaves.mutable_membership_withdrawal()->set_reason("Elections.");
  shown_.ledger().Add("CCC", leaves);
  const auto after = PageIn<v1::MembersPage>(shown_.GetJson("/members"));
  ASSERT_EQ(after.states_size(), 3) << "it was one";
  EXPECT_EQ(after.states(2).status(), "WITHDRAWN");
  EXPECT_EQ(after.years(0).members(), 2u);
  EXPECT_THAT(shown_.Get("/members").body, HasSubstr("\u2715 has left"));
}

TEST_F(RoutesTest, OpenClarificationsAreShownUntilTheyAreClosed) {
  query::FilledLedger& ledger = shown_.ledger();
  v1::Body question = PublicBody();
  question.mutable_clarification_request()->set_about(0);
  question.mutable_clarification_request()->set_question("Which site?");
  const std::uint64_t request = ledger.Add("BBB", question).value();
  const auto open = PageIn<v1::ClarificationsPage>(shown_.GetJson("/clarifications"));
  ASSERT_EQ(open.open_size(), 1);
  EXPECT_EQ(open.open(0).state(), "AAA");
  EXPECT_EQ(open.open(0).asked_by(), "BBB");
  EXPECT_EQ(open.open(0).request(), request);
  EXPECT_FALSE(open.complete());
  EXPECT_THAT(shown_.Get("/clarifications").body, HasSubstr("none yet"));
  EXPECT_THAT(shown_.Get("/").body, HasSubstr("<a href=\"/clarifications\">1 request"));

  v1::Body reply = PublicBody();
  reply.mutable_clarification_reply()->set_request(request);
  reply.mutable_clarification_reply()->set_text("That one.");
  const std::uint64_t answered = ledger.Add("AAA", reply).value();
  EXPECT_THAT(shown_.Get("/clarifications").body,
              HasSubstr("\u2713 entry <a href=\"/entries/" + std::to_string(answered)));
  v1::Body close = PublicBody();
  close.mutable_clarification_close()->set_request(request);
  close.mutable_clarification_close()->set_reason("Thank you.");
  ledger.Add("BBB", close);
  EXPECT_EQ(PageIn<v1::ClarificationsPage>(shown_.GetJson("/clarifications")).open_size(), 0);
  EXPECT_THAT(shown_.Get("/clarifications").body, HasSubstr("None."));
}

TEST_F(RoutesTest, APledgeIsFollowedByItsOffers) {
  query::FilledLedger& ledger = shown_.ledger();
  v1::Body pledge = PublicBody();
  pledge.mutable_pledge()->set_target_date_us((testing::kFounded + Days(900)).us);
  pledge.mutable_pledge()->set_text("None by then.");
  const std::uint64_t pledged = ledger.Add("AAA", pledge).value();
  pledge.set_visibility(v1::MEMBERS);
  ledger.Add("CCC", pledge);
  v1::Body offer = PublicBody();
  offer.mutable_incentive_offer()->set_state("AAA");
  offer.mutable_incentive_offer()->set_pledge(pledged);
  offer.mutable_incentive_offer()->set_expires_us((testing::kFounded + Days(90)).us);
  offer.mutable_incentive_offer()->set_text("A launch.");
  const std::uint64_t offered = ledger.Add("BBB", offer).value();
  const auto page = PageIn<v1::PledgesPage>(shown_.GetJson("/pledges"));
  ASSERT_EQ(page.rows_size(), 2) << "one is for members";
  EXPECT_EQ(page.rows(0).pledge().pledge(), pledged);
  EXPECT_EQ(page.rows(1).offer().offer(), offered);
  EXPECT_EQ(page.rows(1).offer().status(), "OFFERED");
  const std::string html = shown_.Get("/pledges").body;
  EXPECT_THAT(html, HasSubstr("\u2713 holds"));
  EXPECT_THAT(html, HasSubstr("\u2026 offered"));
}

TEST_F(RoutesTest, ARevisionIsComparedWithWhatItReplaced) {
  query::FilledLedger& ledger = shown_.ledger();
  ledger.AppointChair("AAA");
  const std::string old_text = ledger.ledger().act.text.code_text;
  const std::string text = old_text + "9. <One> more.\n";
  const EntryIndex round = ledger.Add("AAA", query::OpenRevision("Second", text));
  for (const char* code : {"AAA", "BBB", "CCC"}) {
    ledger.File(code, query::SignRevision(round, text));
  }
  ledger.Commit();
  EXPECT_EQ(shown_.Get("/revisions/1").status, 404) << "it has not been presented";
  ledger.Add("AAA", query::PresentRevision(round, "Second", text));
  const auto page = PageIn<v1::RevisionPage>(shown_.GetJson("/revisions/1"));
  EXPECT_EQ(page.revision().title(), "Second");
  EXPECT_EQ(page.replaced().text(), old_text);
  const std::string html = shown_.Get("/revisions/1").body;
  EXPECT_THAT(html, HasSubstr("<ins>+ 9. &lt;One&gt; more.</ins>"));
  EXPECT_THAT(html, Not(HasSubstr("<del>\u2212 1")));
  EXPECT_EQ(PageIn<v1::RevisionsPage>(shown_.GetJson("/revisions")).revisions_size(), 2);
}

TEST_F(RoutesTest, NodesAreAsThisNodeSeesThem) {
  shown_.status.mode = replica::Mode::kVoting;
  shown_.status.epoch = Epoch(1);
  shown_.status.view = View(5);
  shown_.status.height = Height(2);
  shown_.status.told_height = Height(2);
  shown_.status.peer_heights[*MemberCode::From("BBB")] = Height(1);
  shown_.peer.set_sending(true);
  shown_.peer.set_last_error("at 10.0.0.7: refused");
  const auto page = PageIn<v1::NodesPage>(shown_.GetJson("/nodes"));
  EXPECT_EQ(page.mode(), v1::VOTING);
  EXPECT_EQ(page.view(), 5u);
  EXPECT_EQ(page.views_without_finality(), 3u);
  ASSERT_EQ(page.nodes_size(), 3);
  EXPECT_TRUE(page.nodes(0).self());
  EXPECT_EQ(page.nodes(0).final_height(), 2u);
  EXPECT_TRUE(page.nodes(1).reached());
  EXPECT_FALSE(page.nodes(1).heard());
  EXPECT_EQ(page.nodes(1).final_height(), 1u);
  EXPECT_EQ(page.nodes(1).behind_blocks(), 1u);
  EXPECT_THAT(shown_.Get("/nodes").body, HasSubstr("does not reach this node"));
  EXPECT_THAT(shown_.Get("/nodes").body, Not(HasSubstr("10.0.0.7"))) << "that is the operator's";
}

TEST_F(RoutesTest, FilesAreKeptByTheirVersion) {
  const Response fresh = shown_.Get("/assets/page.css");
  EXPECT_EQ(fresh.type, "text/css; charset=utf-8");
  EXPECT_THAT(fresh.headers, ::testing::Contains(::testing::Pair("Cache-Control", "no-cache")));
  const std::string html = shown_.Get("/").body;
  const std::size_t at = html.find("/assets/page.css?") + 17;
  const Response kept =
      shown_.Get("/assets/page.css", {{html.substr(at, html.find('"', at) - at), ""}});
  EXPECT_EQ(kept.body, fresh.body);
  EXPECT_THAT(kept.headers,
              ::testing::Contains(::testing::Pair("Cache-Control", HasSubstr("immutable"))));
  EXPECT_THAT(shown_.Get("/assets/coastlines.svg").body, StartsWith("<svg"));
}

TEST_F(RoutesTest, WhatIsNotThereIsSaid) {
  for (const char* path : {"", "/none", "/entries/", "/entries/2", "/entries/x", "/entries/0/",
                           "/entries//receipt", "/entries/7/receipt", "/revisions/1",
                           "/revisions/x", "/assets/", "/assets/none.js", "/assets/../http.h"}) {
    EXPECT_EQ(shown_.Get(path).status, 404) << path;
    EXPECT_EQ(shown_.GetJson(path).status, 404) << path;
  }
  EXPECT_THAT(shown_.GetJson("/none").body,
              HasSubstr("{\"status\":404,\"message\":\"there is no such page\"}"));
  EXPECT_EQ(shown_.Get("/entries", {{"before", "x"}}).status, 400);
  EXPECT_EQ(shown_.Get("/entries", {{"author", "x"}}).status, 400);
  EXPECT_EQ(shown_.Get("/compliance", {{"year", "2001"}}).status, 400);
  EXPECT_EQ(shown_.Get("/compliance", {{"year", "9999"}}).status, 400);
  for (const char* path : {"/notifications", "/clarifications", "/pledges", "/revisions"}) {
    EXPECT_EQ(shown_.Get(path, {{"page_token", "x"}}).status, 400) << path;
  }
}

TEST_F(RoutesTest, AMirrorSaysThatItIsOne) {
  Backend mirror = shown_.backend();
  mirror.code = MemberCode();
  const auto page = PageIn<v1::NodesPage>(Answer(mirror, {"/nodes", {}, true}));
  EXPECT_EQ(page.mode(), v1::MIRRORING);
  EXPECT_THAT(Answer(mirror, {"/nodes", {}, false}).body, HasSubstr("mirroring</b> this node"));
}

TEST_F(RoutesTest, WhatIsAskedForIsNoMarkup) {
  for (const auto& [name, value] : {std::pair{"author", "<script>"}, {"type", "\"><script>"}}) {
    EXPECT_THAT(shown_.Get("/entries", {{name, value}}).body, Not(HasSubstr("<script>")));
  }
}

}  // namespace
}  // namespace assent::page
