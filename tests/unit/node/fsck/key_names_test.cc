#include "node/fsck/key_names.h"

#include "gtest/gtest.h"
#include "ledger/rules/keys.h"
#include "node/storage/keys.h"

namespace assent::fsck {
namespace {

using storage::Family;

MemberCode Code(std::string_view text) { return *MemberCode::From(text); }

TEST(KeyNamesTest, SayWhatStandsUnderAKey) {
  EXPECT_EQ(NameOfKey(Family::kBlocks, storage::NumberKey(7)), "block 7");
  EXPECT_EQ(NameOfKey(Family::kEntries, storage::NumberKey(0)), "entry 0");
  EXPECT_EQ(NameOfKey(Family::kIndexes, storage::AuthorKey(Code("FRA"), Sequence(3))),
            "the place of FRA/3");
  EXPECT_EQ(NameOfKey(Family::kIndexes, storage::TypeKey("LaunchReport", EntryIndex(9))),
            "entry 9 as a LaunchReport");
  EXPECT_EQ(NameOfKey(Family::kIndexes, storage::CertifiedKey(Height(4))),
            "the certificate of block 4");
  EXPECT_EQ(NameOfKey(Family::kIndexes, storage::HeightKey(EntryIndex(5))),
            "the block that begins with entry 5");
  EXPECT_EQ(NameOfKey(Family::kMerkle, storage::MerkleKey(2, 3)), "subtree 3 of level 2");
  EXPECT_EQ(NameOfKey(Family::kState, rules::MemberKey(Code("FRA"))), "a member (member/FRA)");
  EXPECT_EQ(NameOfKey(Family::kState, rules::kLedgerKey), "the parameters of the ledger (ledger)");
  EXPECT_EQ(NameOfKey(Family::kState, rules::kWaitingClockKey),
            "the clock of keys that wait (waiting_clock)");
}

TEST(KeyNamesTest, WhatIsNoKeyOfOursIsShownAsItIs) {
  EXPECT_EQ(NameOfKey(Family::kBlocks, "abc"), "the key abc");
  EXPECT_EQ(NameOfKey(Family::kState, "nothing"), "the key nothing");
  EXPECT_EQ(NameOfKey(Family::kState, "ledgers"), "the key ledgers");
  EXPECT_EQ(NameOfKey(Family::kIndexes, ""), "the key ");
  EXPECT_EQ(NameOfKey(Family::kIndexes, std::string("\x01\xff", 2)), "the key 01ff");
  EXPECT_EQ(NameOfKey(Family::kMerkle, "x"), "the key x");
  EXPECT_EQ(NameOfKey(Family::kState, std::string(1000, 'k')).size(),
            std::string_view("the key ").size() + 160 + 3);
}

}  // namespace
}  // namespace assent::fsck
