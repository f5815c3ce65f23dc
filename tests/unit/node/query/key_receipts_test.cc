// Receipts of authors whose keys change, at every place where they can: each proves its entry from
// the founding act.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/receipt/receipt.h"
#include "ledger/receipt/receipt_file.h"
#include "node/query/proofs.h"
#include "tests/support/key_bodies.h"
#include "tests/support/test_chain.h"

namespace assent::query {
namespace {

using assent::testing::EndorsementBody;
using assent::testing::KeyNamed;
using assent::testing::ReplacementBody;
using assent::testing::RotationBody;
using assent::testing::TestChain;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class KeyReceiptsTest : public ::testing::Test {
 protected:
  // Two heartbeats of a day, so that a new key has waited after 15 blocks.
  static constexpr Duration kStep = Days(2);

  KeyReceiptsTest() : chain_(4, {.heartbeat = Days(1)}) {}

  EntryPtr Rotate(std::string_view author, std::string_view key) {
    EntryPtr entry = chain_.File(author, RotationBody(chain_.ledger, author, key));
    chain_.SignWith(author, KeyNamed(key));
    return entry;
  }

  // Every member but the author wants a new key for it, from the next block on.
  void Replace(std::string_view author, std::string_view key) {
    const EntryIndex question(chain_.tip->header.tree_size);
    std::vector<std::string> others;
    for (const auto& state : chain_.ledger.states) {
      if (state.code.str() != author) others.push_back(state.code.str());
    }
    std::vector<EntryPtr> entries = {
        chain_.File(others[0], ReplacementBody(chain_.ledger, author, key))};
    chain_.CommitEntries(entries);
    chain_.CommitEntries({chain_.File(others[1], EndorsementBody(question)),
                          chain_.File(others[2], EndorsementBody(question))});
  }

  void Pass(int blocks) {
    for (int i = 0; i < blocks; ++i) chain_.CommitAt(chain_.tip->header.time + kStep, {});
  }

  // What is wrong with the receipt of the entry; empty when it proves it.
  std::string Fault(std::uint64_t index) {
    const auto receipt = MakeReceipt(*chain_.store.Read(), {}, EntryIndex(index));
    if (!receipt.ok()) return receipt.status().ToString();
    const auto proof = VerifyReceipt(FormatReceiptFile(*receipt), chain_.ledger.act);
    return proof.ok() ? "" : proof.status().ToString();
  }
  void ExpectAllProven() {
    for (std::uint64_t index = 0; index < chain_.tip->header.tree_size; ++index) {
      EXPECT_EQ(Fault(index), "") << "entry " << index;
    }
  }

  TestChain chain_;
};

// A block that a hostile leader could make: an honest one has no entry by a key that is not final.
TEST_F(KeyReceiptsTest, ABlockChangesTheKeyOfAnAuthorOnce) {
  const EntryPtr first = Rotate("AAA", "AAA 2");
  const EntryPtr between = chain_.Notify("AAA");
  const EntryPtr second = Rotate("AAA", "AAA 3");
  const EntryPtr after = chain_.Notify("AAA");
  const auto built =
      chain_.CommitAt(chain_.tip->header.time + kStep, {first, between, second, after});
  EXPECT_THAT(built.block->entries, SizeIs(2));
  ASSERT_THAT(built.left_out, SizeIs(1));
  EXPECT_EQ(built.left_out[0].refusal.reason, "KEY_CHANGED_IN_BLOCK");
  EXPECT_THAT(built.left_out[0].refusal.message, HasSubstr("file it in the next one"));
  chain_.CommitEntries({second, after});
  chain_.CommitEntries({chain_.Notify("AAA"), chain_.Notify("BBB")});
  ExpectAllProven();
}

TEST_F(KeyReceiptsTest, OtherMembersMayChangeTheirKeysInTheSameBlock) {
  const std::vector<EntryPtr> entries = {Rotate("AAA", "AAA 2"), Rotate("BBB", "BBB 2"),
                                         chain_.Notify("AAA"), chain_.Notify("BBB"),
                                         chain_.Notify("CCC")};
  chain_.CommitEntries(entries);
  ExpectAllProven();
}

// The ledger idles from the block in which BBB changes its key until one without entries puts a
// new key of DDD in force: the tree is as large as before, the members are others.
TEST_F(KeyReceiptsTest, HoldWhenAnotherKeyTakesForceInABlockWithoutEntries) {
  Replace("DDD", "DDD 2");
  chain_.CommitEntries({Rotate("BBB", "BBB 2"), chain_.Notify("BBB"), chain_.Notify("DDD")});
  ExpectAllProven();
  Pass(15);
  EXPECT_NE(chain_.tip->header.members_hash,
            chain_.store.Read()->BlockAt(Height(3))->header.members_hash);
  ExpectAllProven();
  chain_.SignWith("DDD", KeyNamed("DDD 2"));
  chain_.CommitEntries({chain_.Notify("DDD"), chain_.Notify("BBB")});
  ExpectAllProven();
}

// The same where the last entry before gives DDD another key, which the new one then replaces.
TEST_F(KeyReceiptsTest, HoldWhenTheKeyThatGivesWayIsTheNewestOfAll) {
  Replace("DDD", "DDD 2");
  chain_.CommitEntries({Rotate("BBB", "BBB 2"), chain_.Notify("BBB"), Rotate("DDD", "DDD 3")});
  Pass(15);
  ExpectAllProven();
  chain_.SignWith("DDD", KeyNamed("DDD 2"));
  const EntryPtr with_the_new_key = chain_.Notify("DDD");
  chain_.CommitEntries({with_the_new_key});
  ExpectAllProven();
}

// In the block in which it takes force, a new key signs, and does not give way to another.
TEST_F(KeyReceiptsTest, AKeyThatTakesForceIsNotChangedInTheSameBlock) {
  Replace("DDD", "DDD 2");
  Pass(14);
  chain_.SignWith("DDD", KeyNamed("DDD 2"));
  const EntryPtr filed = chain_.Notify("DDD");
  const EntryPtr rotation = Rotate("DDD", "DDD 3");
  const auto built = chain_.CommitAt(chain_.tip->header.time + kStep, {filed, rotation});
  EXPECT_THAT(built.block->entries, SizeIs(1));
  ASSERT_THAT(built.left_out, SizeIs(1));
  EXPECT_EQ(built.left_out[0].refusal.reason, "KEY_CHANGED_IN_BLOCK");
  chain_.CommitEntries({rotation, chain_.Notify("DDD")});
  ExpectAllProven();
}

}  // namespace
}  // namespace assent::query
