// What inspectors may see, and who may see inspectors.
#include "node/query/inspectors.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/crypto/hash.h"
#include "node/query/blocks.h"
#include "node/query/entries.h"
#include "node/query/proofs.h"
#include "node/query/reader.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PublicKey KeyOf(std::string_view holder) {
  return SigningKey(*SecretSeed::From(Sha256(holder).view())).public_key();
}

// Accredits a key for all bodies, from the founding for ten days.
v1::Body Accredit(std::string_view holder) {
  v1::Body body = PublicNotification("");
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  said.set_public_key(KeyOf(holder).str());
  said.set_name(std::string(holder));
  said.set_from_us(testing::kFounded.us);
  said.set_until_us((testing::kFounded + Days(10)).us);
  said.set_all_bodies(true);
  return body;
}

v1::Body AccreditFor(std::string_view holder, const std::vector<std::string>& authors,
                     const std::vector<std::string>& types) {
  v1::Body body = Accredit(holder);
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  said.set_all_bodies(false);
  said.mutable_authors()->Assign(authors.begin(), authors.end());
  said.mutable_types()->Assign(types.begin(), types.end());
  return body;
}

v1::Body EndOf(EntryIndex accreditation) {
  v1::Body body = PublicNotification("");
  body.mutable_inspector_accreditation_end()->set_accreditation(accreditation.value());
  body.mutable_inspector_accreditation_end()->set_reason("done");
  return body;
}

v1::Body Members(v1::Body body) {
  body.set_visibility(v1::MEMBERS);
  return body;
}

class InspectorsTest : public ::testing::Test {
 protected:
  Reader ReaderOf(std::string_view holder) const {
    return ResolveReader(*ledger_.view(), KeyOf(holder));
  }
  // Types of the entries of the ledger, as `reader` is told them; "" where it is told nothing.
  std::vector<std::string> TypesSeen(const Reader& reader) const {
    std::vector<std::string> types;
    const auto listed = ListEntries(*ledger_.view(), reader, {});
    for (const v1::LedgerEntry& entry : listed->entries()) {
      EXPECT_EQ(entry.type().empty(), entry.entry().body().empty());
      types.push_back(entry.type());
    }
    return types;
  }
  v1::ListInspectorsResponse List(const Reader& reader,
                                  const v1::ListInspectorsRequest& request = {}) const {
    const auto response = ListInspectors(*ledger_.view(), reader, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ListInspectorsResponse());
  }
  std::vector<std::uint64_t> Indices(const v1::ListInspectorsResponse& response) const {
    std::vector<std::uint64_t> indices;
    for (const v1::Accreditation& given : response.accreditations())
      indices.push_back(given.index());
    return indices;
  }

  FilledLedger ledger_;
};

TEST_F(InspectorsTest, AKeyInForceReadsWhatIsInItsScope) {
  ledger_.Add("AAA", MembersNotification("a1"));
  ledger_.Add("BBB", MembersNotification("b1"));
  ledger_.Add("AAA", Report(EntryIndex(0)));
  ledger_.Add("CCC", Members(Accredit("all")));
  ledger_.Add("CCC", Members(AccreditFor("state", {"AAA"}, {})));
  ledger_.Add("CCC", Members(AccreditFor("type", {}, {"LaunchReport"})));
  ledger_.Add("CCC", Members(AccreditFor("both", {"BBB"}, {"LaunchReport"})));
  const std::string launch = "LaunchNotification";
  const std::string report = "LaunchReport";
  const std::string given = "InspectorAccreditation";
  EXPECT_THAT(TypesSeen(ReaderOf("all")),
              ElementsAre(launch, launch, report, given, given, given, given));
  EXPECT_THAT(TypesSeen(ReaderOf("state")), ElementsAre(launch, "", report, "", "", "", ""));
  EXPECT_THAT(TypesSeen(ReaderOf("type")), ElementsAre("", "", report, "", "", "", ""));
  EXPECT_THAT(TypesSeen(ReaderOf("both")), ElementsAre("", "", "", "", "", "", ""));
  EXPECT_THAT(TypesSeen(ReaderOf("nobody")), ElementsAre("", "", "", "", "", "", ""));
}

TEST_F(InspectorsTest, AKeyReadsWhatAnyOfItsAccreditationsAllows) {
  ledger_.Add("AAA", MembersNotification("a1"));
  ledger_.Add("BBB", MembersNotification("b1"));
  const EntryIndex first = ledger_.Add("AAA", AccreditFor("one", {"AAA"}, {}));
  ledger_.Add("BBB", AccreditFor("one", {"BBB"}, {}));
  const std::string given = "InspectorAccreditation";
  EXPECT_THAT(TypesSeen(ReaderOf("one")),
              ElementsAre("LaunchNotification", "LaunchNotification", given, given));
  ledger_.Add("AAA", EndOf(first));
  EXPECT_THAT(TypesSeen(ReaderOf("one")),
              ElementsAre("", "LaunchNotification", given, given, "InspectorAccreditationEnd"));
}

TEST_F(InspectorsTest, BodiesThatAnAccreditationHasShownAreCounted) {
  ledger_.Add("AAA", MembersNotification("a1"));
  ledger_.Add("AAA", PublicNotification("a2"));
  ledger_.Add("BBB", MembersNotification("b1"));
  ledger_.Add("CCC", AccreditFor("one", {"AAA"}, {}));
  const auto view = ledger_.view();
  const auto bodies = [&](const auto& read) {
    const Reader reader = ReaderOf("one");
    read(reader);
    return reader.bodies;
  };
  EXPECT_EQ(bodies([&](const Reader& r) { EXPECT_TRUE(ListEntries(*view, r, {}).ok()); }), 1u);
  v1::ListEntriesRequest reports;
  reports.set_type("LaunchReport");
  EXPECT_EQ(bodies([&](const Reader& r) { EXPECT_TRUE(ListEntries(*view, r, reports).ok()); }), 0u);
  v1::GetEntryRequest named;
  for (const auto& [index, expected] : {std::pair(0, 1u), std::pair(1, 0u), std::pair(2, 0u)}) {
    named.set_index(static_cast<std::uint64_t>(index));
    EXPECT_EQ(bodies([&](const Reader& r) { EXPECT_TRUE(GetEntry(*view, r, named).ok()); }),
              expected);
    EXPECT_EQ(
        bodies([&, at = index](const Reader& r) {
          EXPECT_TRUE(FinalBlockAt(*view, r, Height(static_cast<std::uint64_t>(at) + 1)).ok());
        }),
        expected);
    EXPECT_EQ(bodies([&, at = index](const Reader& r) {
                EXPECT_TRUE(MakeReceipt(*view, r, EntryIndex(static_cast<std::uint64_t>(at))).ok());
              }),
              expected);
  }
  EXPECT_EQ(bodies([&](const Reader& r) { EXPECT_TRUE(ListInspectors(*view, r, {}).ok()); }), 0u);
}

TEST_F(InspectorsTest, FlagsAreForInspectorsOfAllBodies) {
  const EntryIndex launch = ledger_.Add("AAA", PublicNotification("a1"));
  v1::Body report = Report(launch);
  report.set_visibility(v1::PUBLIC);
  ledger_.Add("AAA", report);
  const EntryIndex more = ledger_.Add("AAA", report);
  ledger_.Add("CCC", Accredit("all"));
  ledger_.Add("CCC", AccreditFor("state", {"AAA"}, {}));
  v1::GetEntryRequest request;
  request.set_index(more.value());
  EXPECT_TRUE(GetEntry(*ledger_.view(), ReaderOf("all"), request)->more_reports());
  EXPECT_FALSE(GetEntry(*ledger_.view(), ReaderOf("state"), request)->more_reports());
}

TEST_F(InspectorsTest, TheBeginningOfAChainIsToldToWhoMaySeeIt) {
  const EntryIndex first = ledger_.Add("AAA", MembersNotification("a1"));
  const EntryIndex wide = ledger_.Add("AAA", Amending(first, PublicNotification("a1")));
  ledger_.Add("CCC", AccreditFor("in", {"AAA"}, {}));
  ledger_.Add("CCC", AccreditFor("out", {"BBB"}, {}));
  v1::GetEntryRequest request;
  request.set_index(wide.value());
  EXPECT_EQ(GetEntry(*ledger_.view(), ReaderOf("in"), request)->first_index(), first.value());
  EXPECT_FALSE(GetEntry(*ledger_.view(), ReaderOf("out"), request)->has_first_index());
}

TEST_F(InspectorsTest, WhatAKeyHasLostIsSaidWithWhomToAsk) {
  const EntryIndex given = ledger_.Add("AAA", Accredit("one"));
  const Reader before = ReaderOf("one");
  EXPECT_EQ(LostRights(*ledger_.view(), before, before), std::nullopt);
  ledger_.Add("AAA", PublicNotification("a1"));
  EXPECT_EQ(LostRights(*ledger_.view(), before, ReaderOf("one")), std::nullopt);
  ledger_.Add("AAA", EndOf(given));
  const Reader after = ReaderOf("one");
  EXPECT_EQ(after.rights, Rights::kAnonymous);
  const auto lost = LostRights(*ledger_.view(), before, after);
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->reason, "ACCREDITATION_ENDED");
  EXPECT_EQ(lost->message,
            "accreditation 0 was ended by AAA: ask AAA for a new one; what is PUBLIC can be read "
            "as before");
  EXPECT_EQ(LostRights(*ledger_.view(), after, after), std::nullopt);
  EXPECT_EQ(LostRights(*ledger_.view(), FilledLedger::Member(), after)->reason, "MEMBERSHIP_ENDED");
  EXPECT_EQ(LostRights(*ledger_.view(), before, FilledLedger::Member()), std::nullopt);
}

TEST_F(InspectorsTest, OneAccreditationOfTwoThatEndsIsALoss) {
  ledger_.Add("AAA", Accredit("one"));
  const EntryIndex second = ledger_.Add("BBB", Accredit("one"));
  const Reader before = ReaderOf("one");
  ledger_.Add("BBB", EndOf(second));
  EXPECT_EQ(LostRights(*ledger_.view(), before, ReaderOf("one"))->reason, "ACCREDITATION_ENDED");
}

TEST_F(InspectorsTest, AKeyIsAnonymousFromTheBlockAtWhichItsTermIsOver) {
  v1::Body body = Accredit("one");
  // Block h is founded + h hours.
  body.mutable_inspector_accreditation()->set_until_us(FilledLedger::TimeOf(3).us);
  ledger_.Add("AAA", body);
  const Reader before = ReaderOf("one");
  EXPECT_EQ(before.rights, Rights::kInspector);
  ledger_.Add("AAA", PublicNotification("a1"));
  EXPECT_EQ(ReaderOf("one").rights, Rights::kInspector);
  ledger_.Add("AAA", PublicNotification("a2"));
  EXPECT_EQ(ReaderOf("one").rights, Rights::kAnonymous);
  EXPECT_EQ(LostRights(*ledger_.view(), before, ReaderOf("one"))->reason, "ACCREDITATION_EXPIRED");
}

TEST_F(InspectorsTest, AreListedToMembersAndPublicOnesToAll) {
  ledger_.Add("AAA", Members(Accredit("hidden")));
  ledger_.Add("BBB", AccreditFor("open", {"AAA"}, {"Pledge", "LaunchReport"}));
  EXPECT_THAT(Indices(List(FilledLedger::Member())), ElementsAre(0u, 1u));
  EXPECT_THAT(Indices(List(FilledLedger::Anonymous())), ElementsAre(1u));
  EXPECT_THAT(Indices(List(ReaderOf("hidden"))), ElementsAre(0u, 1u));
  EXPECT_THAT(Indices(List(ReaderOf("open"))), ElementsAre(1u));

  const v1::Accreditation open = List(FilledLedger::Anonymous()).accreditations(0);
  EXPECT_EQ(open.member(), "BBB");
  EXPECT_EQ(open.public_key(), KeyOf("open").str());
  EXPECT_EQ(open.name(), "open");
  EXPECT_EQ(open.from_us(), testing::kFounded.us);
  EXPECT_EQ(open.until_us(), (testing::kFounded + Days(10)).us);
  EXPECT_FALSE(open.all_bodies());
  EXPECT_THAT(open.authors(), ElementsAre("AAA"));
  EXPECT_THAT(open.types(), ElementsAre("Pledge", "LaunchReport"));
  EXPECT_EQ(open.status(), v1::ACCREDITATION_IN_FORCE);
}

TEST_F(InspectorsTest, WhoAsksIsToldItsOwn) {
  ledger_.Add("AAA", Members(AccreditFor("one", {"AAA"}, {})));
  const v1::ListInspectorsResponse own = List(ReaderOf("one"));
  EXPECT_THAT(own.accreditations(), IsEmpty());
  ASSERT_EQ(own.own_size(), 1);
  EXPECT_EQ(own.own(0).index(), 0u);
  EXPECT_THAT(List(FilledLedger::Anonymous()).own(), IsEmpty());
  EXPECT_THAT(List(FilledLedger::Member()).own(), IsEmpty());
}

TEST_F(InspectorsTest, AreFilteredByStatusAndMemberAtAnyHeight) {
  const EntryIndex first = ledger_.Add("AAA", Accredit("one"));
  ledger_.Add("BBB", Accredit("two"));
  const EntryIndex end = ledger_.Add("AAA", EndOf(first));
  v1::ListInspectorsRequest request;
  request.set_status(v1::ACCREDITATION_IN_FORCE);
  EXPECT_THAT(Indices(List(FilledLedger::Anonymous(), request)), ElementsAre(1u));
  request.set_as_of(2);
  EXPECT_THAT(Indices(List(FilledLedger::Anonymous(), request)), ElementsAre(0u, 1u));
  request.set_as_of(1);
  EXPECT_THAT(Indices(List(FilledLedger::Anonymous(), request)), ElementsAre(0u));
  request.Clear();
  request.set_member("AAA");
  const v1::ListInspectorsResponse ended = List(FilledLedger::Anonymous(), request);
  ASSERT_THAT(Indices(ended), ElementsAre(0u));
  EXPECT_EQ(ended.accreditations(0).status(), v1::ACCREDITATION_ENDED);
  EXPECT_EQ(ended.accreditations(0).ended_by(), end.value());
  EXPECT_EQ(ended.accreditations(0).ended_us(), FilledLedger::TimeOf(3).us);
}

TEST_F(InspectorsTest, PagesMeetAndHoldAtTheHeightOfTheFirst) {
  for (const char* holder : {"1", "2", "3", "4", "5"}) {
    ledger_.Add("AAA", Members(Accredit(std::string("hidden ") + holder)));
    ledger_.Add("AAA", Accredit(holder));
  }
  v1::ListInspectorsRequest request;
  request.set_page_size(2);
  std::vector<std::uint64_t> seen;
  std::vector<int> sizes;
  do {
    const v1::ListInspectorsResponse page = List(FilledLedger::Anonymous(), request);
    EXPECT_EQ(page.as_of(), 10u);
    for (const std::uint64_t index : Indices(page)) seen.push_back(index);
    sizes.push_back(page.accreditations_size());
    request.set_page_token(page.next_page_token());
    ledger_.Add("BBB", Accredit("later " + std::to_string(sizes.size())));
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre(1u, 3u, 5u, 7u, 9u));
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1)) << "hidden ones shorten no page";
}

TEST_F(InspectorsTest, WhatMakesNoSenseIsRefused) {
  ledger_.Add("AAA", Accredit("one"));
  const auto code = [&](const v1::ListInspectorsRequest& request) {
    return ListInspectors(*ledger_.view(), FilledLedger::Member(), request).status().code();
  };
  v1::ListInspectorsRequest request;
  request.set_page_size(1'001);
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);
  request.Clear();
  request.set_member("nobody");
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);
  request.Clear();
  request.set_status(static_cast<v1::AccreditationStatus>(99));
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);
  request.Clear();
  request.set_as_of(2);
  EXPECT_EQ(code(request), absl::StatusCode::kOutOfRange);
  request.Clear();
  request.set_page_token("no token");
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace assent::query
