#include "node/page/events.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::page {
namespace {

using query::FilledLedger;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(CursorTest, IsBehindTheEntryThatWasHadLast) {
  EXPECT_EQ(CursorOf("7", "2", 100)->next, EntryIndex(8));
  EXPECT_EQ(CursorOf("", "2", 100)->next, EntryIndex(2));
  EXPECT_EQ(CursorOf("", "", 100)->next, EntryIndex(100));
  for (const char* wrong :
       {"x", "-1", " 1", "1 ", "18446744073709551615", "18446744073709551616"}) {
    EXPECT_FALSE(CursorOf(wrong, "", 100).ok()) << wrong;
  }
  EXPECT_FALSE(CursorOf("", "x", 100).ok());
}

TEST(EventsTest, TellEachEntryOnceAndThenTheBlock) {
  FilledLedger ledger;
  ledger.File("AAA", query::PublicNotification("one"));
  ledger.File("BBB", query::MembersNotification("secret"));
  ledger.Commit();
  auto events = EventsFrom(*ledger.view(), {}, {EntryIndex(0), std::nullopt});
  ASSERT_TRUE(events.ok());
  EXPECT_THAT(events->text,
              StartsWith("id: 0\nevent: entry\ndata: {\"author\":\"AAA\",\"sequence\":\"1\""));
  EXPECT_THAT(events->text, HasSubstr("\n\nid: 1\nevent: entry\ndata: {\"author\":\"BBB\""));
  EXPECT_THAT(events->text, HasSubstr("\n\nevent: block\ndata: {\"height\":\"1\""));
  EXPECT_THAT(events->text, HasSubstr("\"type\":\"LaunchNotification\""));
  EXPECT_THAT(events->text, Not(HasSubstr("secret")));
  EXPECT_FALSE(events->more);
  const auto again = EventsFrom(*ledger.view(), {}, events->cursor);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->text, "");
  ledger.Add("CCC", query::PublicNotification("two"));
  const auto later = EventsFrom(*ledger.view(), {}, again->cursor);
  ASSERT_TRUE(later.ok());
  EXPECT_THAT(later->text, StartsWith("id: 2\nevent: entry\n"));
}

TEST(EventsTest, OfAnEmptyBlockIsTheBlock) {
  FilledLedger ledger;
  ledger.Commit();
  const auto events = EventsFrom(*ledger.view(), {}, {EntryIndex(0), Height(0)});
  ASSERT_TRUE(events.ok());
  EXPECT_THAT(events->text, StartsWith("event: block\n"));
}

TEST(EventsTest, WaitForAnEntryThatIsNotThereYet) {
  FilledLedger ledger;
  ledger.Add("AAA", query::PublicNotification("one"));
  const auto events = EventsFrom(*ledger.view(), {}, {EntryIndex(5), Height(1)});
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(events->text, "");
  EXPECT_EQ(events->cursor.next, EntryIndex(5));
  EXPECT_FALSE(events->more);
}

}  // namespace
}  // namespace assent::page
