#include "node/query/entries.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/bytes.h"
#include "node/query/limits.h"
#include "node/storage/memory_store.h"
#include "tests/unit/node/query/filled_ledger.h"
#include "tests/unit/node/storage/chain.h"

namespace assent::query {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EntriesTest : public ::testing::Test {
 protected:
  v1::LedgerEntry Get(EntryIndex index, const Reader& reader) const {
    v1::GetEntryRequest request;
    request.set_index(index.value());
    const auto entry = GetEntry(*ledger_.view(), reader, request);
    EXPECT_TRUE(entry.ok()) << entry.status();
    return entry.value_or(v1::LedgerEntry());
  }

  v1::ListEntriesResponse List(const v1::ListEntriesRequest& request,
                               const Reader& reader = FilledLedger::Member()) const {
    const auto response = ListEntries(*ledger_.view(), reader, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ListEntriesResponse());
  }
  std::vector<std::uint64_t> Indexes(const v1::ListEntriesRequest& request,
                                     const Reader& reader = FilledLedger::Member()) const {
    std::vector<std::uint64_t> indexes;
    const v1::ListEntriesResponse response = List(request, reader);
    for (const auto& entry : response.entries()) indexes.push_back(entry.index());
    return indexes;
  }
  absl::Status Refusal(const v1::ListEntriesRequest& request) const {
    return ListEntries(*ledger_.view(), FilledLedger::Member(), request).status();
  }

  // Entries 0 and 1 at height 1, 2 at height 2, 3 at height 3. Entry 2 withdraws entry 0. Entry 1
  // is for MEMBERS.
  void FileFour() {
    ledger_.File("AAA", PublicNotification("a1"));
    ledger_.File("BBB", MembersNotification("b1"));
    ledger_.Commit();
    ledger_.Add("AAA", Withdraw(EntryIndex(0)));
    ledger_.Add("CCC", PublicNotification("c1"));
  }

  FilledLedger ledger_;
};

TEST_F(EntriesTest, TellsWhereAnEntryStands) {
  ledger_.Commit();
  const EntryIndex index = ledger_.Add("BBB", PublicNotification("b1"));
  const v1::LedgerEntry entry = Get(index, FilledLedger::Anonymous());

  EXPECT_EQ(entry.index(), 0u);
  EXPECT_EQ(entry.height(), 2u);
  EXPECT_EQ(entry.time_us(), FilledLedger::TimeOf(2).us);
  EXPECT_EQ(entry.leaf_hash(), ledger_.view()->EntryAt(index).value()->leaf_hash().str());
  EXPECT_EQ(entry.type(), "LaunchNotification");
  EXPECT_EQ(entry.status(), v1::CURRENT);
  EXPECT_FALSE(entry.has_replaced_by());
  EXPECT_EQ(entry.timeliness(), v1::TIMELY);
  EXPECT_FALSE(entry.entry().body().empty());
  EXPECT_FALSE(entry.entry().salt().empty());
}

TEST_F(EntriesTest, FindsAnEntryByAuthorAndSequence) {
  FileFour();
  v1::GetEntryRequest request;
  request.mutable_author_sequence()->set_author("AAA");
  request.mutable_author_sequence()->set_sequence(2);
  EXPECT_EQ(GetEntry(*ledger_.view(), FilledLedger::Member(), request)->index(), 2u);

  request.mutable_author_sequence()->set_sequence(3);
  EXPECT_EQ(GetEntry(*ledger_.view(), FilledLedger::Member(), request).status().code(),
            absl::StatusCode::kNotFound);
  request.mutable_author_sequence()->set_author("a state");
  EXPECT_EQ(GetEntry(*ledger_.view(), FilledLedger::Member(), request).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetEntry(*ledger_.view(), FilledLedger::Member(), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(EntriesTest, ARestrictedBodyIsLikeAMissingOneToTheAnonymous) {
  const EntryIndex index = ledger_.Add("BBB", MembersNotification("b1"));

  const v1::LedgerEntry seen = Get(index, FilledLedger::Anonymous());
  EXPECT_FALSE(seen.entry().header().empty());
  EXPECT_FALSE(seen.entry().signature().empty());
  EXPECT_THAT(seen.entry().body(), IsEmpty());
  EXPECT_THAT(seen.entry().salt(), IsEmpty());
  EXPECT_THAT(seen.type(), IsEmpty());
  EXPECT_EQ(seen.status(), v1::ENTRY_STATUS_UNSPECIFIED);
  EXPECT_EQ(seen.timeliness(), v1::TIMELINESS_UNSPECIFIED);

  EXPECT_EQ(Get(index, FilledLedger::Member()).type(), "LaunchNotification");
}

TEST_F(EntriesTest, TellsThatARecordWasWithdrawnAndByWhich) {
  FileFour();
  const v1::LedgerEntry entry = Get(EntryIndex(0), FilledLedger::Member());
  EXPECT_EQ(entry.status(), v1::WITHDRAWN);
  EXPECT_EQ(entry.replaced_by(), 2u);
  EXPECT_EQ(Get(EntryIndex(2), FilledLedger::Member()).status(), v1::CURRENT);
}

TEST_F(EntriesTest, TellsThatANotificationWasCancelledAndByWhich) {
  const EntryIndex launch = ledger_.Add("AAA", PublicNotification("a1"));
  v1::Body body = PublicNotification("");
  body.mutable_launch_cancellation()->set_notification(launch.value());
  body.mutable_launch_cancellation()->set_reason("given up");
  const EntryIndex cancellation = ledger_.Add("AAA", body);
  for (const Reader& reader : {FilledLedger::Anonymous(), FilledLedger::Member()}) {
    EXPECT_EQ(Get(launch, reader).status(), v1::CANCELLED);
    EXPECT_EQ(Get(launch, reader).replaced_by(), cancellation.value());
  }
  EXPECT_EQ(Get(cancellation, FilledLedger::Anonymous()).status(), v1::CURRENT);
}

TEST_F(EntriesTest, AnAmendmentKeepsTheTimeOfTheFirstFiling) {
  const EntryIndex first = ledger_.Add("AAA", PublicNotification("a1"));
  const EntryIndex second = ledger_.Add("AAA", Amending(first, PublicNotification("a1")));
  const EntryIndex third = ledger_.Add("AAA", Amending(second, PublicNotification("a1")));
  for (const EntryIndex index : {first, second, third}) {
    const v1::LedgerEntry entry = Get(index, FilledLedger::Anonymous());
    EXPECT_EQ(entry.first_index(), first.value());
    EXPECT_EQ(entry.first_time_us(), FilledLedger::TimeOf(1).us);
  }
  EXPECT_FALSE(Get(ledger_.Add("AAA", Withdraw(third)), FilledLedger::Member()).has_first_index());
}

TEST_F(EntriesTest, APublicAmendmentDoesNotTellOfARestrictedRecord) {
  const EntryIndex first = ledger_.Add("AAA", MembersNotification("a1"));
  const EntryIndex wide = ledger_.Add("AAA", Amending(first, PublicNotification("a1")));
  const v1::LedgerEntry seen = Get(wide, FilledLedger::Anonymous());
  EXPECT_EQ(seen.type(), "LaunchNotification");
  EXPECT_FALSE(seen.has_first_index());
  EXPECT_EQ(seen.first_time_us(), 0);
  EXPECT_EQ(Get(wide, FilledLedger::Member()).first_index(), first.value());
  EXPECT_FALSE(Get(first, FilledLedger::Anonymous()).has_first_index());
}

TEST_F(EntriesTest, FlagsAreForMembers) {
  const EntryIndex launch = ledger_.Add("AAA", PublicNotification("a1"));
  v1::Body report = Report(launch);
  report.set_visibility(v1::PUBLIC);
  EXPECT_FALSE(Get(ledger_.Add("AAA", report), FilledLedger::Member()).more_reports());
  const EntryIndex more = ledger_.Add("AAA", report);
  EXPECT_TRUE(Get(more, FilledLedger::Member()).more_reports());
  EXPECT_FALSE(Get(more, FilledLedger::Member()).counts_differ());
  const v1::LedgerEntry seen = Get(more, FilledLedger::Anonymous());
  EXPECT_EQ(seen.type(), "LaunchReport");
  EXPECT_FALSE(seen.more_reports());
}

TEST_F(EntriesTest, CountsThatDifferAreFlagged) {
  ledger_.Add("AAA", PublicNotification("a1"));
  v1::Body declaration = PublicNotification("");
  v1::AnnualDeclaration& none = *declaration.mutable_annual_declaration();
  none.set_year(2026);
  none.mutable_space_launch()->set_form(v1::NIL);
  none.mutable_ballistic_missiles()->set_form(v1::NIL);
  const EntryIndex index = ledger_.Add("AAA", declaration);
  EXPECT_TRUE(Get(index, FilledLedger::Member()).counts_differ());
  EXPECT_FALSE(Get(index, FilledLedger::Anonymous()).counts_differ());
}

TEST_F(EntriesTest, ListsInTheOrderOfTheLog) {
  FileFour();
  EXPECT_THAT(Indexes({}), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(List({}).as_of(), 3u);
  EXPECT_THAT(List({}).next_page_token(), IsEmpty());
}

TEST_F(EntriesTest, ListsAnEmptyLedger) {
  EXPECT_THAT(Indexes({}), IsEmpty());
  v1::ListEntriesRequest request;
  request.set_author("AAA");
  EXPECT_THAT(Indexes(request), IsEmpty());
}

TEST_F(EntriesTest, FiltersByAuthor) {
  FileFour();
  v1::ListEntriesRequest request;
  request.set_author("AAA");
  EXPECT_THAT(Indexes(request), ElementsAre(0, 2));
  request.set_from_index(1);
  EXPECT_THAT(Indexes(request), ElementsAre(2));
  request.set_to_index(2);
  EXPECT_THAT(Indexes(request), IsEmpty());
  request.Clear();
  request.set_author("ZZZ");
  EXPECT_THAT(Indexes(request), IsEmpty());
}

TEST_F(EntriesTest, FiltersByType) {
  FileFour();
  v1::ListEntriesRequest request;
  request.set_type("LaunchNotification");
  EXPECT_THAT(Indexes(request), ElementsAre(0, 1, 3));
  EXPECT_THAT(Indexes(request, FilledLedger::Anonymous()), ElementsAre(0, 3));
  request.set_author("BBB");
  EXPECT_THAT(Indexes(request), ElementsAre(1));
  EXPECT_THAT(Indexes(request, FilledLedger::Anonymous()), IsEmpty());
  request.Clear();
  request.set_type("Withdrawal");
  EXPECT_THAT(Indexes(request), ElementsAre(2));
}

TEST_F(EntriesTest, FiltersByIndex) {
  FileFour();
  v1::ListEntriesRequest request;
  request.set_from_index(1);
  request.set_to_index(3);
  EXPECT_THAT(Indexes(request), ElementsAre(1, 2));
  request.set_to_index(~std::uint64_t{0});
  EXPECT_THAT(Indexes(request), ElementsAre(1, 2, 3));
  request.set_from_index(~std::uint64_t{0});
  EXPECT_THAT(Indexes(request), IsEmpty());
}

TEST_F(EntriesTest, FiltersByBlockTime) {
  FileFour();
  v1::ListEntriesRequest request;
  request.set_from_time_us(FilledLedger::TimeOf(2).us);
  EXPECT_THAT(Indexes(request), ElementsAre(2, 3));
  request.set_to_time_us(FilledLedger::TimeOf(3).us);
  EXPECT_THAT(Indexes(request), ElementsAre(2));
  request.set_from_time_us(FilledLedger::TimeOf(1).us + 1);
  EXPECT_THAT(Indexes(request), ElementsAre(2));
  request.set_from_time_us(FilledLedger::TimeOf(9).us);
  EXPECT_THAT(Indexes(request), IsEmpty());
}

TEST_F(EntriesTest, AnswersAsOfAHeight) {
  FileFour();
  v1::ListEntriesRequest request;
  request.set_as_of(1);
  const v1::ListEntriesResponse response = List(request);
  EXPECT_EQ(response.entries_size(), 2);
  EXPECT_EQ(response.entries(0).status(), v1::CURRENT);
  EXPECT_EQ(response.as_of(), 1u);
  request.set_as_of(2);
  EXPECT_EQ(List(request).entries(0).status(), v1::WITHDRAWN);
  request.set_as_of(0);
  EXPECT_THAT(Indexes(request), IsEmpty());
  request.set_as_of(4);
  EXPECT_EQ(Refusal(request).code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Refusal(request).message(), "height 4 is not final at this node yet: its newest is 3");
}

TEST_F(EntriesTest, PagesMeetWithoutGapOrRepeatWhileTheLedgerGrows) {
  FileFour();
  v1::ListEntriesRequest request;
  request.set_page_size(3);
  const v1::ListEntriesResponse first = List(request);
  EXPECT_EQ(first.entries_size(), 3);
  ledger_.Add("BBB", PublicNotification("b2"));

  request.set_page_token(first.next_page_token());
  request.set_page_size(2);
  const v1::ListEntriesResponse second = List(request);
  ASSERT_EQ(second.entries_size(), 1);
  EXPECT_EQ(second.entries(0).index(), 3u);
  EXPECT_EQ(second.as_of(), 3u);
  EXPECT_THAT(second.next_page_token(), IsEmpty());
}

TEST_F(EntriesTest, EveryFilterPagesToTheSameEntriesAsOnePage) {
  FileFour();
  for (int i = 0; i < 5; ++i) ledger_.Add("AAA", MembersNotification("m" + std::to_string(i)));
  for (const Reader& reader : {FilledLedger::Member(), FilledLedger::Anonymous()}) {
    for (const char* author : {"", "AAA"}) {
      for (const char* type : {"", "LaunchNotification"}) {
        v1::ListEntriesRequest request;
        request.set_author(author);
        request.set_type(type);
        const std::vector<std::uint64_t> whole = Indexes(request, reader);
        std::vector<std::uint64_t> paged;
        request.set_page_size(1);
        do {
          const v1::ListEntriesResponse page = List(request, reader);
          for (const auto& entry : page.entries()) paged.push_back(entry.index());
          request.set_page_token(page.next_page_token());
        } while (!request.page_token().empty());
        EXPECT_EQ(paged, whole) << "author " << author << ", type " << type;
      }
    }
  }
}

TEST_F(EntriesTest, ATokenIsGoodOnlyForItsOwnFilters) {
  FileFour();
  v1::ListEntriesRequest request;
  request.set_page_size(1);
  request.set_author("AAA");
  request.set_page_token(List(request).next_page_token());
  request.set_author("BBB");
  EXPECT_EQ(Refusal(request).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(Refusal(request).message()), HasSubstr("other filters"));
}

TEST_F(EntriesTest, RefusesWhatMakesNoSense) {
  FileFour();
  v1::ListEntriesRequest size;
  size.set_page_size(kEntriesPageMax + 1);
  EXPECT_EQ(Refusal(size).message(), "page_size is 1001: it must be 1 to 1000, or 0 for 100");
  size.set_page_size(-1);
  EXPECT_EQ(Refusal(size).code(), absl::StatusCode::kInvalidArgument);
  v1::ListEntriesRequest token;
  token.set_page_token("nonsense");
  EXPECT_EQ(Refusal(token).code(), absl::StatusCode::kInvalidArgument);
  v1::ListEntriesRequest author;
  author.set_author("france");
  EXPECT_EQ(Refusal(author).code(), absl::StatusCode::kInvalidArgument);
  v1::ListEntriesRequest type;
  type.set_type("Rocket");
  EXPECT_THAT(std::string(Refusal(type).message()), HasSubstr("LaunchNotification, LaunchReport"));
}

TEST_F(EntriesTest, APageIsBoundedInBytes) {
  const std::string text(48'000, 'x');
  for (int i = 0; i < 80; ++i) {
    const EntryIndex round = ledger_.Add("AAA", OpenRevision("title", text + std::to_string(i)));
    ledger_.Add("BBB", ObjectToRevision(round));
  }
  v1::ListEntriesRequest request;
  request.set_page_size(1'000);
  const v1::ListEntriesResponse first = List(request);
  EXPECT_LT(first.ByteSizeLong(), kPageBytesMax + 1024);
  EXPECT_GT(first.ByteSizeLong(), kPageBytesMax - 128 * 1024);
  request.set_page_token(first.next_page_token());
  const v1::ListEntriesResponse second = List(request);
  EXPECT_EQ(first.entries_size() + second.entries_size(), 160);
  EXPECT_THAT(second.next_page_token(), IsEmpty());
}

// However many there are of others, they are not looked at.
TEST_F(EntriesTest, AListingThatFewMatchIsOnePage) {
  storage::Chain chain;
  storage::MemoryStore store(chain.genesis(), /*founding=*/true);
  std::vector<EntryPtr> entries;
  for (std::size_t i = 0; i <= kScanEntriesMax; ++i) entries.push_back(chain.File("FRA", "noise"));
  ASSERT_TRUE(store.Write(chain.Commit(std::move(entries))).ok());

  v1::ListEntriesRequest request;
  request.set_type("LaunchReport");
  for (const Reader& reader : {FilledLedger::Member(), FilledLedger::Anonymous()}) {
    const auto none = ListEntries(*store.Read(), reader, request);
    ASSERT_TRUE(none.ok()) << none.status();
    EXPECT_EQ(none->entries_size(), 0);
    EXPECT_THAT(none->next_page_token(), IsEmpty());
  }
}

TEST_F(EntriesTest, AWatcherGetsEachEntryOnce) {
  FileFour();
  const WatchFilter all = ParseWatch({}).value();
  const auto first = NextForWatch(*ledger_.view(), FilledLedger::Member(), all, EntryIndex(1));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->entries.size(), 3u);
  EXPECT_EQ(first->next, EntryIndex(4));

  const auto nothing = NextForWatch(*ledger_.view(), FilledLedger::Member(), all, first->next);
  EXPECT_THAT(nothing->entries, IsEmpty());
  EXPECT_EQ(nothing->next, EntryIndex(4));

  ledger_.Add("BBB", PublicNotification("b2"));
  const auto more = NextForWatch(*ledger_.view(), FilledLedger::Member(), all, nothing->next);
  ASSERT_EQ(more->entries.size(), 1u);
  EXPECT_EQ(more->entries[0].index(), 4u);
}

TEST_F(EntriesTest, AWatcherThatIsAheadWaits) {
  FileFour();
  const auto batch =
      NextForWatch(*ledger_.view(), FilledLedger::Member(), WatchFilter(), EntryIndex(9));
  EXPECT_THAT(batch->entries, IsEmpty());
  EXPECT_EQ(batch->next, EntryIndex(9));
}

TEST_F(EntriesTest, AWatcherWithAFilterPassesOverTheOthers) {
  FileFour();
  v1::WatchEntriesRequest request;
  request.set_type("LaunchNotification");
  request.set_author("BBB");
  const WatchFilter filter = ParseWatch(request).value();
  const auto members = NextForWatch(*ledger_.view(), FilledLedger::Member(), filter, EntryIndex(0));
  ASSERT_EQ(members->entries.size(), 1u);
  EXPECT_EQ(members->next, EntryIndex(4));
  const auto anonymous =
      NextForWatch(*ledger_.view(), FilledLedger::Anonymous(), filter, EntryIndex(0));
  EXPECT_THAT(anonymous->entries, IsEmpty());
  EXPECT_EQ(anonymous->next, EntryIndex(4));

  request.set_author("?");
  EXPECT_EQ(ParseWatch(request).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace assent::query
