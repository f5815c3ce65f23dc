// What the page shows to who has an access token, and that inspectors' reads are logged.
#include "node/page/access.h"

#include <google/protobuf/util/json_util.h>

#include <string>
#include <vector>

#include "assent/v1/page.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/access/access_token.h"
#include "ledger/crypto/hash.h"
#include "node/page/events.h"
#include "node/page/routes.h"
#include "node/page/sign_in.h"
#include "tests/unit/node/page/shown_ledger.h"
#include "tests/unit/node/storage/scratch.h"

namespace assent::page {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

constexpr const char* kText = "9. One more.\n";

template <class Page>
Page Parse(const Response& response) {
  EXPECT_EQ(response.status, 200) << response.body;
  Page page;
  const auto parsed = google::protobuf::util::JsonStringToMessage(response.body, &page);
  EXPECT_TRUE(parsed.ok()) << parsed.ToString();
  return page;
}

v1::Body Accredit(const PublicKey& key) {
  v1::Body body;
  body.set_visibility(v1::MEMBERS);
  body.set_issued_at_us(testing::kFounded.us);
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  said.set_public_key(key.str());
  said.set_name("inspector");
  said.set_from_us(testing::kFounded.us);
  said.set_until_us((testing::kFounded + Days(10)).us);
  said.set_all_bodies(true);
  return body;
}

class AccessTest : public ::testing::Test {
 protected:
  // Entry 0 is for members, and says "secret"; entry 1 opens a round that AAA and BBB sign.
  AccessTest() {
    query::FilledLedger& ledger = shown_.ledger();
    ledger.Add("BBB", query::MembersNotification("secret"));
    round_ = ledger.Add("AAA", query::OpenRevision("Second", kText)).value();
    for (const char* code : {"AAA", "BBB"}) {
      ledger.File(code, query::SignRevision(EntryIndex(round_), kText));
    }
    ledger.Commit();
  }
  const SigningKey& ReaderKey(const char* code) {
    return shown_.ledger().ledger().state(code).reader;
  }
  std::string Member() { return shown_.TokenOf(ReaderKey("CCC")); }
  std::string RoundPath() const { return "/rounds/" + std::to_string(round_); }

  ShownLedger shown_;
  std::uint64_t round_ = 0;
  const SigningKey inspector_{*SecretSeed::From(Sha256("inspector").view())};
};

TEST_F(AccessTest, AMemberSeesWhatIsForMembers) {
  EXPECT_THAT(shown_.Get("/entries/0").body, Not(HasSubstr("secret")));
  const Response html = shown_.GetAs(Member(), "/entries/0");
  EXPECT_EQ(html.status, 200);
  EXPECT_THAT(html.body, HasSubstr("secret"));
  EXPECT_THAT(html.body, HasSubstr("Shown as to CCC, a member, until "));
  EXPECT_THAT(html.body, HasSubstr("<form method=\"post\" action=\"/sign-out\""));
  EXPECT_EQ(Parse<v1::EntryPage>(shown_.GetAs(Member(), "/entries/0", true))
                .body()
                .launch_notification()
                .reference(),
            "secret");
  EXPECT_FALSE(Parse<v1::OverviewPage>(shown_.GetJson("/")).complete());
  EXPECT_TRUE(Parse<v1::OverviewPage>(shown_.GetAs(Member(), "/", true)).complete());
  EXPECT_TRUE(Parse<v1::CompliancePage>(shown_.GetAs(Member(), "/compliance", true)).complete());
}

TEST_F(AccessTest, WhatIsForMembersIsKeptByNoCache) {
  for (const char* path : {"/", "/entries/0", "/entries/0/receipt", "/revisions"}) {
    EXPECT_THAT(shown_.GetAs(Member(), path).headers, Contains(Pair("Cache-Control", "no-store")));
    EXPECT_THAT(shown_.Get(path).headers, Contains(Pair("Cache-Control", "no-cache")));
    for (const Response& response : {shown_.Get(path), shown_.GetAs(Member(), path)}) {
      EXPECT_THAT(response.headers, Contains(Pair("Vary", "Accept, Authorization, Cookie")));
      EXPECT_THAT(response.headers, Not(Contains(Key("Set-Cookie"))));
    }
  }
  // The browser asks anew when the token is over.
  EXPECT_THAT(shown_.GetAs(Member(), "/").headers, Contains(Pair("Refresh", "601")));
  EXPECT_THAT(shown_.Get("/").headers, Not(Contains(Key("Refresh"))));
}

TEST_F(AccessTest, AnOpenRoundIsShownStateByStateToWhoMaySeeIt) {
  EXPECT_EQ(shown_.Get(RoundPath()).status, 404);
  EXPECT_EQ(shown_.GetJson(RoundPath()).body, shown_.GetJson("/rounds/99").body)
      << "whether there is one is not told";
  EXPECT_EQ(Parse<v1::RevisionsPage>(shown_.GetJson("/revisions")).revisions_size(), 1);
  EXPECT_EQ(Parse<v1::RevisionsPage>(shown_.GetAs(Member(), "/revisions", true)).revisions_size(),
            2);
  EXPECT_THAT(shown_.GetAs(Member(), "/revisions").body, HasSubstr(RoundPath()));

  const auto page = Parse<v1::RevisionPage>(shown_.GetAs(Member(), RoundPath(), true));
  EXPECT_EQ(page.revision().status(), v1::OPEN_FOR_SIGNATURE);
  EXPECT_EQ(page.revision().signatures_size(), 2);
  EXPECT_THAT(page.revision().missing(), ElementsAre("CCC"));
  EXPECT_EQ(page.replaced().number(), 0u);
  EXPECT_EQ(page.as_of_us(), shown_.backend().store->Read()->tip().header.time.us);
  const std::string html = shown_.GetAs(Member(), RoundPath()).body;
  for (const char* code : {"AAA", "BBB"}) {
    EXPECT_THAT(html, HasSubstr(std::string("<th scope=\"row\">") + code +
                                "</th><td class=\"good\">\u2713 has signed"));
  }
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">CCC</th><td class=\"late\">\u2026 missing"));
  EXPECT_THAT(html, HasSubstr("2 signed, 1 missing"));
  EXPECT_THAT(html, HasSubstr(" left"));
  EXPECT_THAT(html, HasSubstr("<ins>+ 9. One more.</ins>"));

  shown_.ledger().Add("CCC", query::ObjectToRevision(EntryIndex(round_)));
  EXPECT_THAT(shown_.GetAs(Member(), RoundPath()).body,
              HasSubstr("<th scope=\"row\">CCC</th><td class=\"bad\">\u2715 objects"));
}

TEST_F(AccessTest, AnInspectorReadsInItsScopeAndIsLogged) {
  const std::string token = shown_.TokenOf(inspector_);
  const Response before = shown_.GetAs(token, "/entries/0");
  EXPECT_EQ(before.status, 403);
  EXPECT_THAT(before.body, HasSubstr("no member and of no inspector"));

  const std::uint64_t given = shown_.ledger().Add("AAA", Accredit(inspector_.public_key())).value();
  // The ledger has gone on by more than a token lasts.
  const std::string later = shown_.TokenOf(inspector_);
  const Response unlogged = shown_.GetAs(later, "/entries/0");
  EXPECT_EQ(unlogged.status, 503) << "there is no log";
  EXPECT_THAT(unlogged.body, Not(HasSubstr("secret")));

  const storage::Scratch scratch;
  const std::string path = scratch.path("inspections.log");
  auto log = inspection::ReadLog::Open(path, [](const absl::Status&) {});
  ASSERT_TRUE(log.ok());
  shown_.LogReadsIn(log->get());
  const Response after = shown_.GetAs(later, "/entries/0");
  EXPECT_THAT(after.body, HasSubstr("secret"));
  EXPECT_THAT(after.body, HasSubstr("an inspector, by accreditation " + std::to_string(given)));
  EXPECT_EQ(shown_.GetAs(later, "/assets/page.css").status, 200) << "not logged: it tells nothing";
  EXPECT_EQ(shown_.GetAs(Member(), "/entries/0").status, 200) << "a member, and not logged";
  std::vector<v1::InspectorRead> reads;
  ASSERT_TRUE(inspection::ReadAll(path, [&](const auto& read) { reads.push_back(read); }).ok());
  ASSERT_EQ(reads.size(), 1u);
  EXPECT_EQ(reads[0].method(), "Page");
  EXPECT_EQ(reads[0].asked(), "/entries/0");
  EXPECT_EQ(reads[0].key(), inspector_.public_key().hex());
  EXPECT_THAT(reads[0].accreditations(), ElementsAre(given));
  EXPECT_GE(reads[0].bodies(), 1u);
}

TEST_F(AccessTest, ATokenThatIsNotGoodIsNotTakenAsNone) {
  const SigningKey stranger(*SecretSeed::From(Sha256("stranger").view()));
  const std::string other_node =
      MakeAccessToken({shown_.backend().act.ledger_id, stranger.public_key()}, ReaderKey("CCC"),
                      shown_.backend().clock->Wall() + Seconds(60));
  for (const std::string& token :
       {std::string("nonsense"), shown_.TokenOf(ReaderKey("CCC"), Seconds(0)),
        shown_.TokenOf(ReaderKey("CCC"), Days(1)), other_node}) {
    const Response denied = shown_.GetAs(token, "/entries");
    EXPECT_EQ(denied.status, 401) << token;
    EXPECT_THAT(denied.headers, Contains(Pair("WWW-Authenticate", StartsWith("Bearer "))));
    EXPECT_THAT(denied.headers, Not(Contains(Key("Set-Cookie"))));
  }
  EXPECT_EQ(shown_.GetAs(shown_.TokenOf(stranger), "/entries").status, 403);
}

TEST_F(AccessTest, ACookieThatIsNotGoodIsTakenBack) {
  const Response denied = Answer(shown_.backend(), {"/", {}, false, "nonsense", true});
  EXPECT_EQ(denied.status, 401);
  EXPECT_THAT(denied.headers, Contains(Pair("Set-Cookie", HasSubstr("assent-access=; Path=/; "
                                                                    "Max-Age=0"))));
}

TEST_F(AccessTest, SigningInGivesACookieForAsLongAsTheTokenIsGood) {
  const std::string token = Member();
  const Response in = SignIn(shown_.backend(), {kSignInPath, {}, false, token});
  EXPECT_EQ(in.status, 303);
  EXPECT_THAT(in.headers, Contains(Pair("Location", "/")));
  EXPECT_THAT(
      in.headers,
      Contains(Pair("Set-Cookie", "assent-access=" + token +
                                      "; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Strict")));
  EXPECT_THAT(SignOut().headers, Contains(Pair("Set-Cookie", HasSubstr("Max-Age=0"))));
  EXPECT_EQ(SignIn(shown_.backend(), {kSignInPath, {}, false, ""}).status, 400);
  EXPECT_EQ(SignIn(shown_.backend(), {kSignInPath, {}, false, "nonsense"}).status, 401);
  const std::string form = shown_.Get(kSignInPath).body;
  EXPECT_THAT(form, HasSubstr("assent access-token --act act.txt --member AAA --reader"));
}

TEST_F(AccessTest, EventsTellWhoMaySeeItOfWhatTypeAnEntryIs) {
  const auto view = shown_.backend().store->Read();
  const auto visitor = VisitorOf(shown_.backend(), *view, Member());
  ASSERT_TRUE(visitor.ok());
  const auto told = EventsFrom(*view, visitor->reader, {EntryIndex(round_), std::nullopt});
  ASSERT_TRUE(told.ok());
  EXPECT_THAT(told->text, HasSubstr("\"type\":\"RevisionOpen\""));
  const auto public_ones = EventsFrom(*view, {}, {EntryIndex(round_), std::nullopt});
  ASSERT_TRUE(public_ones.ok());
  EXPECT_THAT(public_ones->text, Not(HasSubstr("RevisionOpen")));
}

}  // namespace
}  // namespace assent::page
