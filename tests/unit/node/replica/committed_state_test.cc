#include "node/replica/committed_state.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace assent::replica {
namespace {

// A state in memory as a store's view, which counts what is read of it.
class CountedState : public StateView {
 public:
  explicit CountedState(MemoryState values) : values_(std::move(values)) {}
  std::optional<std::string> Get(std::string_view key) const override {
    ++reads;
    return values_.Get(key);
  }
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override {
    values_.Scan(prefix, from, visit);
  }
  mutable int reads = 0;

 private:
  MemoryState values_;
};

class OnlyState : public ReadView {
 public:
  explicit OnlyState(MemoryState values) : counted(std::move(values)) {}
  const StateView& state() const override { return counted; }

  const Tip& tip() const override { return tip_; }
  absl::StatusOr<StoredBlock> BlockAt(Height) const override { return None(); }
  absl::StatusOr<Height> CertifiedAtOrAfter(Height) const override { return None(); }
  absl::StatusOr<EntryPtr> EntryAt(EntryIndex) const override { return None(); }
  absl::Status ScanEntries(EntryIndex, EntryIndex,
                           absl::FunctionRef<bool(EntryIndex, EntryPtr)>) const override {
    return None();
  }
  absl::StatusOr<Height> HeightOf(EntryIndex) const override { return None(); }
  Height FirstHeightFrom(Time) const override { return Height(0); }
  absl::StatusOr<EntryIndex> IndexOf(const MemberCode&, Sequence) const override { return None(); }
  absl::Status ScanType(std::string_view, EntryIndex,
                        absl::FunctionRef<bool(EntryIndex)>) const override {
    return None();
  }
  absl::StatusOr<Hash> MerkleNodeAt(std::uint8_t, std::uint64_t) const override { return None(); }
  std::optional<CheckpointRecord> PublicCheckpoint() const override { return std::nullopt; }
  absl::StatusOr<std::optional<RestartRecord>> RestartOn(Height) const override { return None(); }
  absl::StatusOr<std::optional<RestartRecord>> NewestRestart() const override { return None(); }
  absl::Status ScanEvidence(
      absl::FunctionRef<bool(std::string_view, std::string_view)>) const override {
    return None();
  }

  const CountedState counted;

 private:
  static absl::Status None() { return absl::NotFoundError("there is only a state"); }
  Tip tip_;
};

class CommittedStateTest : public ::testing::Test {
 protected:
  CommittedStateTest() {
    values_.Apply({{"a", "1"}, {"b", "2"}, {"c", "3"}});
    committed_.Renew(Read(), nullptr);
  }
  std::shared_ptr<const OnlyState> Read() {
    view_ = std::make_shared<const OnlyState>(values_);
    return view_;
  }
  // Writes blocks of these changes, and goes on to the view behind them.
  void Write(const std::vector<StateWrites>& writes) {
    std::vector<CommittedBlock> blocks(writes.size());
    for (std::size_t i = 0; i < writes.size(); ++i) {
      blocks[i].state = writes[i];
      values_.Apply(writes[i]);
    }
    committed_.Release();
    committed_.Renew(Read(), &blocks);
  }
  // What is told, and whether the store was asked.
  std::pair<std::string, bool> Get(std::string_view key) {
    const int before = view_->counted.reads;
    const std::string value = committed_.Get(key).value_or("nothing");
    return {value, view_->counted.reads > before};
  }
  using Told = std::pair<std::string, bool>;

  MemoryState values_;
  std::shared_ptr<const OnlyState> view_;
  CommittedState committed_;
};

TEST_F(CommittedStateTest, AValueIsReadOnce) {
  EXPECT_EQ(Get("a"), Told("1", true));
  EXPECT_EQ(Get("a"), Told("1", false));
  Write({{{"z", "26"}}});
  EXPECT_EQ(Get("a"), Told("1", false)) << "it has not changed";
  EXPECT_EQ(Get("z"), Told("26", true));
}

TEST_F(CommittedStateTest, WhatABlockChangesIsSeen) {
  for (const char* key : {"a", "b", "c"}) Get(key);
  Write({{{"a", "10"}, {"b", std::nullopt}}, {{"a", "100"}}});
  EXPECT_EQ(Get("a").first, "100");
  EXPECT_EQ(Get("b").first, "nothing");
  EXPECT_EQ(Get("c"), Told("3", false));
  Write({{{"b", "20"}}});
  EXPECT_EQ(Get("b").first, "20");
}

TEST_F(CommittedStateTest, WhatIsMissingIsAskedForEachTime) {
  EXPECT_EQ(Get("d"), Told("nothing", true));
  EXPECT_EQ(Get("d"), Told("nothing", true));
}

TEST_F(CommittedStateTest, NothingIsKeptWhereItIsNotKnownWhatWasWritten) {
  Get("a");
  values_.Apply({{"a", "other"}});
  committed_.Renew(Read(), nullptr);
  EXPECT_EQ(Get("a"), Told("other", true));
}

TEST_F(CommittedStateTest, WhatIsKeptIsBounded) {
  const std::string longest(kRememberedBytesMax, 'x');
  StateWrites writes{{"short", longest}, {"long", longest + "x"}};
  for (std::size_t i = 0; i < kRememberedMax; ++i) writes["key" + std::to_string(i)] = "value";
  Write({writes});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Get("long"), Told(longest + "x", true));
  Get("short");
  EXPECT_EQ(Get("short"), Told(longest, false));
  Write({{{"short", longest + "x"}}});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Get("short"), Told(longest + "x", true));
  Get("a");
  for (std::size_t i = 0; i < kRememberedMax; ++i) Get("key" + std::to_string(i));
  EXPECT_EQ(Get("a"), Told("1", true)) << "there was room for no more";
}

}  // namespace
}  // namespace assent::replica
