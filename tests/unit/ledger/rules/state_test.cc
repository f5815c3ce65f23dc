// The overlay: writes on top of a state that stays as it is.
#include "ledger/rules/state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace assent {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs Scanned(const StateView& view, std::string_view prefix, std::string_view from = "",
              std::size_t limit = 100) {
  Pairs seen;
  view.Scan(prefix, from, [&](std::string_view key, std::string_view value) {
    seen.emplace_back(key, value);
    return seen.size() < limit;
  });
  return seen;
}

MemoryState Base() {
  MemoryState base;
  base.Apply({{"a/1", "1"}, {"a/3", "3"}, {"a/5", "5"}, {"b/1", "x"}});
  return base;
}

TEST(StateOverlay, WritesHoldOverTheBase) {
  const MemoryState base = Base();
  StateOverlay overlay(&base);
  overlay.Put("a/1", "one");
  overlay.Remove("a/3");
  EXPECT_EQ(overlay.Get("a/1"), "one");
  EXPECT_EQ(overlay.Get("a/3"), std::nullopt);
  EXPECT_EQ(overlay.Get("a/5"), "5");
  EXPECT_EQ(base.Get("a/1"), "1");
}

TEST(StateOverlay, ScanMergesPutsAndRemovals) {
  const MemoryState base = Base();
  StateOverlay overlay(&base);
  overlay.Put("a/0", "0");
  overlay.Put("a/3", "three");
  overlay.Put("a/4", "4");
  overlay.Remove("a/5");
  overlay.Remove("a/7");  // not there
  overlay.Put("a/9", "9");
  EXPECT_EQ(Scanned(overlay, "a/"),
            (Pairs{{"a/0", "0"}, {"a/1", "1"}, {"a/3", "three"}, {"a/4", "4"}, {"a/9", "9"}}));
}

TEST(StateOverlay, ScanBeginsAtFromAndStaysWithinThePrefix) {
  const MemoryState base = Base();
  StateOverlay overlay(&base);
  overlay.Put("a/2", "2");
  overlay.Put("c/1", "c");
  EXPECT_EQ(Scanned(overlay, "a/", "a/3"), (Pairs{{"a/3", "3"}, {"a/5", "5"}}));
  EXPECT_EQ(Scanned(overlay, "a/", "a/2"), (Pairs{{"a/2", "2"}, {"a/3", "3"}, {"a/5", "5"}}));
  EXPECT_EQ(Scanned(overlay, "a/", "b"), Pairs());
  EXPECT_EQ(Scanned(overlay, "b/", "a"), (Pairs{{"b/1", "x"}}));
}

TEST(StateOverlay, ScanStopsWhereverTheVisitorStops) {
  const MemoryState base = Base();
  StateOverlay overlay(&base);
  overlay.Put("a/0", "0");
  overlay.Put("a/3", "three");
  overlay.Put("a/9", "9");
  const Pairs all = Scanned(overlay, "a/");
  for (std::size_t limit = 1; limit <= all.size(); ++limit) {
    EXPECT_EQ(Scanned(overlay, "a/", "", limit),
              Pairs(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(limit)));
  }
}

TEST(StateOverlay, RemovedAndPutAgainIsThere) {
  const MemoryState base = Base();
  StateOverlay overlay(&base);
  overlay.Remove("a/1");
  overlay.Put("a/1", "again");
  EXPECT_EQ(overlay.Get("a/1"), "again");
  EXPECT_EQ(overlay.writes().size(), 1u);
}

TEST(StateOverlay, StacksOnAnotherOverlay) {
  const MemoryState base = Base();
  StateOverlay lower(&base);
  lower.Remove("a/1");
  lower.Put("a/2", "2");
  StateOverlay upper(&lower);
  upper.Put("a/1", "upper");
  upper.Remove("a/2");
  EXPECT_EQ(Scanned(upper, "a/"), (Pairs{{"a/1", "upper"}, {"a/3", "3"}, {"a/5", "5"}}));
  EXPECT_EQ(Scanned(lower, "a/"), (Pairs{{"a/2", "2"}, {"a/3", "3"}, {"a/5", "5"}}));
}

TEST(WritesView, ShowsWhatApplyingTheWritesWouldGive) {
  MemoryState base = Base();
  const StateWrites writes{{"a/1", std::nullopt}, {"a/2", "2"}, {"a/3", "three"}, {"d", "d"}};
  const WritesView view(&base, &writes);
  const Pairs before = Scanned(view, "");
  EXPECT_EQ(view.Get("a/1"), std::nullopt);
  base.Apply(writes);
  EXPECT_EQ(Scanned(base, ""), before);
  EXPECT_EQ(base.Get("a/3"), "three");
}

}  // namespace
}  // namespace assent
