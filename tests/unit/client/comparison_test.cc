#include "client/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "tests/support/test_chain.h"

namespace assent::client {
namespace {

using assent::testing::TestChain;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::FinalBlock ToMessage(const execution::ExecutedBlock& block) {
  v1::FinalBlock message;
  message.set_header(block.header_bytes);
  for (const auto& entry : block.entries) *message.add_entries() = ToProto(*entry);
  return message;
}

// Two nodes of one ledger that have parted after some blocks.
class Parted {
 public:
  Parted(int alike, int after) {
    for (int i = 0; i < alike; ++i) {
      const auto entry = one_.Notify("AAA");
      Add(0, one_, {entry});
      Add(1, two_, {entry});
    }
    for (int i = 0; i < after; ++i) {
      Add(0, one_, {one_.Notify("BBB"), one_.Notify("BBB")});
      Add(1, two_, {two_.Notify("CCC")});
    }
  }
  absl::StatusOr<std::optional<BlockDifference>> Find() {
    return FindBlockDifference(
        2, Height(blocks_[0].size()), one_.ledger.id(),
        [this](std::size_t node, Height height) -> absl::StatusOr<v1::FinalBlock> {
          ++asked_;
          return blocks_[node].at(height.value() - 1);
        });
  }
  std::vector<v1::FinalBlock>& blocks(std::size_t node) { return blocks_[node]; }
  int asked() const { return asked_; }

 private:
  void Add(std::size_t node, TestChain& chain, const std::vector<EntryPtr>& entries) {
    blocks_[node].push_back(ToMessage(*chain.CommitEntries(entries)));
  }

  TestChain one_{3};
  TestChain two_{3};
  std::vector<v1::FinalBlock> blocks_[2];
  int asked_ = 0;
};

TEST(ComparisonTest, NodesThatAreAlikeDifferNowhere) {
  for (const int alike : {0, 1, 5}) {
    Parted nodes(alike, 0);
    const auto difference = nodes.Find();
    ASSERT_TRUE(difference.ok()) << difference.status();
    EXPECT_FALSE(difference->has_value()) << alike;
  }
}

TEST(ComparisonTest, TheFirstBlockThatDiffersIsFoundWhereverItIs) {
  for (const int alike : {0, 1, 2, 6, 15}) {
    for (const int after : {1, 2, 5}) {
      Parted nodes(alike, after);
      const auto difference = nodes.Find();
      ASSERT_TRUE(difference.ok()) << difference.status();
      ASSERT_TRUE(difference->has_value());
      EXPECT_EQ((*difference)->height, Height(static_cast<std::uint64_t>(alike) + 1));
      EXPECT_LE(nodes.asked(), 2 * 6);
    }
  }
}

TEST(ComparisonTest, WhatDiffersInItIsNamed) {
  Parted nodes(3, 2);
  const auto found = nodes.Find();
  ASSERT_TRUE(found.ok() && found->has_value());
  const BlockDifference& difference = **found;
  std::set<std::string> fields;
  for (const auto& [name, values] : difference.fields) {
    fields.insert(name);
    ASSERT_EQ(values.size(), 2u);
    EXPECT_NE(values[0], values[1]) << name;
  }
  EXPECT_EQ(fields,
            (std::set<std::string>{"author heads root", "state digest", "tree root", "tree size"}));
  ASSERT_TRUE(difference.entry.has_value());
  EXPECT_EQ(difference.entry->first, EntryIndex(3));
  EXPECT_THAT(difference.entry->second, ElementsAre("BBB/1", "CCC/1"));
}

TEST(ComparisonTest, WhatIsNotTheBlockThatWasAskedForIsRefused) {
  Parted nodes(3, 0);
  nodes.blocks(1)[2] = nodes.blocks(1)[1];
  EXPECT_THAT(nodes.Find().status().message(), HasSubstr("asked for block 3 a node gave block 2"));
  nodes.blocks(1)[2].set_header("x");
  EXPECT_FALSE(nodes.Find().ok());
}

// The states of some nodes, in pages of two keys.
class StatesTest : public ::testing::Test {
 protected:
  using State = std::map<std::string, std::string>;

  absl::StatusOr<StateComparison> Compare() {
    return CompareStates(
        states_.size(),
        [this](std::size_t node,
               const std::string& from) -> absl::StatusOr<v1::ListStateKeysResponse> {
          v1::ListStateKeysResponse page;
          page.set_height(heights_.empty() ? 7 : heights_[node]);
          page.set_block_hash(std::to_string(page.height()));
          for (auto it = states_[node].lower_bound(from); it != states_[node].end(); ++it) {
            if (page.keys_size() == 2) {
              page.set_next_key(it->first);
              break;
            }
            v1::StateKey* key = page.add_keys();
            key->set_key(it->first);
            key->set_value_hash(Sha256(it->second).str());
          }
          if (change_) change_(node, from, page);
          return page;
        },
        &moved_);
  }

  std::vector<State> states_;
  std::vector<std::uint64_t> heights_;
  std::function<void(std::size_t, const std::string&, v1::ListStateKeysResponse&)> change_;
  bool moved_ = false;
};

TEST_F(StatesTest, ThatAreAlikeDifferInNoKey) {
  const State state = {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}};
  states_ = {state, state, state};
  const auto comparison = Compare();
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->keys, 5u);
  EXPECT_EQ(comparison->height, Height(7));
  EXPECT_FALSE(comparison->first.has_value());
}

TEST_F(StatesTest, TheFirstKeyThatDiffersIsNamed) {
  states_ = {{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}},
             {{"a", "1"}, {"b", "2"}, {"c", "4"}, {"d", "5"}}};
  const auto comparison = Compare();
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->keys, 2u);
  ASSERT_TRUE(comparison->first.has_value());
  EXPECT_EQ(comparison->first->key, "c");
  EXPECT_THAT(comparison->first->values, ElementsAre(Sha256("3").hex(), Sha256("4").hex()));
}

TEST_F(StatesTest, AKeyThatOneLacksIsADifference) {
  states_ = {{{"a", "1"}, {"c", "3"}}, {{"a", "1"}, {"b", "2"}, {"c", "3"}}};
  EXPECT_EQ(Compare()->first->key, "b");
  EXPECT_THAT(Compare()->first->values, ElementsAre("none", Sha256("2").hex()));
  states_ = {{{"a", "1"}, {"b", "2"}, {"c", "3"}}, {{"a", "1"}, {"b", "2"}}};
  EXPECT_EQ(Compare()->first->key, "c");
  states_ = {{}, {{"a", "1"}}};
  EXPECT_EQ(Compare()->first->key, "a");
}

TEST_F(StatesTest, AtAnotherHeightTheyCannotBeCompared) {
  states_ = {{{"a", "1"}}, {{"a", "1"}}};
  heights_ = {7, 8};
  EXPECT_EQ(Compare().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(moved_);
}

TEST_F(StatesTest, ThatChangeMeanwhileCannotBeCompared) {
  const State state = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  states_ = {state, state};
  change_ = [](std::size_t node, const std::string& from, v1::ListStateKeysResponse& page) {
    if (node == 1 && !from.empty()) page.set_block_hash("other");
  };
  EXPECT_EQ(Compare().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(moved_);
}

TEST_F(StatesTest, ANodeThatLeadsInCirclesIsRefused) {
  states_ = {{{"a", "1"}, {"b", "2"}, {"c", "3"}}, {{"a", "1"}, {"b", "2"}, {"c", "3"}}};
  change_ = [](std::size_t, const std::string&, v1::ListStateKeysResponse& page) {
    page.set_next_key("a");
  };
  EXPECT_THAT(Compare().status().message(), HasSubstr("not in order"));
  EXPECT_FALSE(moved_);
}

}  // namespace
}  // namespace assent::client
