#include "node/page/routes.h"

#include <google/protobuf/util/json_util.h>

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
  for (const char* path : {"/", "/entries", "/entries/0", "/entries/1", "/notifications",
                           "/compliance", "/revisions", "/revisions/0", "/nodes"}) {
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
  EXPECT_EQ(shown_.Get("/notifications", {{"page_token", "x"}}).status, 400);
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
