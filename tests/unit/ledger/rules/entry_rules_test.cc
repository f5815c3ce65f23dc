// What holds for every entry: sequences, keys, days, and that the same entries give the same state
// everywhere.
#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

TEST(Apply, SaysWhichSequenceIsNext) {
  TestLedger ledger;
  const EntryHeader first = ledger.NextHeader("FRA");
  ledger.MustFile("FRA", Notification("A-1"));
  const Outcome again = ledger.Put(ledger.Sign(first, Notification("A-2").SerializeAsString()));
  ASSERT_TRUE(again.refusal);
  EXPECT_EQ(again.refusal->message, "sequence 1 of FRA is already on the ledger (next is 2)");
  EXPECT_EQ(again.refusal->subject, "FRA/1");
}

TEST(Apply, MovesTheAuthorsHead) {
  TestLedger ledger;
  EXPECT_EQ(HeadOf(ledger.state(), Code("FRA")).sequence, Sequence(0));
  EXPECT_TRUE(HeadOf(ledger.state(), Code("FRA")).leaf_hash.IsZero());
  EXPECT_TRUE(AllHeads(ledger.state()).empty());
  const Entry entry =
      ledger.Sign(ledger.NextHeader("FRA"), Notification("A-1").SerializeAsString());
  ledger.Put(entry);
  EXPECT_EQ(HeadOf(ledger.state(), Code("FRA")).leaf_hash, entry.leaf_hash());
  const AuthorHeads heads = AllHeads(ledger.state());
  ASSERT_EQ(heads.size(), 1u);
  EXPECT_EQ(heads.at(Code("FRA")).sequence, Sequence(1));
  EXPECT_EQ(MemberOf(ledger.state(), Code("FRA"))->entries, 1u);
}

TEST(Apply, TakesAnEntryAtTheVeryInstantItIsGoodUntil) {
  TestLedger ledger;
  EntryHeader header = ledger.NextHeader("FRA");
  header.not_after = ledger.now();
  EXPECT_TRUE(ledger.Put(ledger.Sign(header, Notification("A-1").SerializeAsString())).index);
}

TEST(Apply, CountsTheDailyLimitAnewEachDayOfBlockTime) {
  TestLedger ledger;
  ledger.SetTime("2026-01-05T23:59:59.999999Z");
  for (int i = 0; i < 50; ++i) ledger.MustFile("FRA", Notification("A-" + std::to_string(i)));
  EXPECT_EQ(ledger.Reason("FRA", Notification("B")), "DAILY_LIMIT");
  EXPECT_EQ(ledger.Reason("NOR", Notification("B")), "");
  ledger.Pass(Microseconds(1));
  EXPECT_EQ(ledger.Reason("FRA", Notification("B")), "");
}

TEST(Apply, RefusesBodiesThatAreNotUtf8OrRepeatFields) {
  TestLedger ledger;
  const std::string good = Notification("A-1").SerializeAsString();
  std::string bad_text = Notification("A-1").SerializeAsString();
  bad_text[bad_text.find("A-1")] = '\xff';
  for (const std::string& body : {bad_text, good + good, good.substr(0, good.size() - 1)}) {
    const Outcome outcome = ledger.Put(ledger.Sign(ledger.NextHeader("FRA"), body));
    ASSERT_TRUE(outcome.refusal);
    EXPECT_EQ(outcome.refusal->reason, "BODY_MALFORMED");
  }
}

TEST(Apply, RefusesAnEntryWithoutItsBody) {
  TestLedger ledger;
  const Entry whole =
      ledger.Sign(ledger.NextHeader("FRA"), Notification("A-1").SerializeAsString());
  const Outcome outcome = ledger.Put(whole.WithoutBody());
  ASSERT_TRUE(outcome.refusal);
  EXPECT_EQ(outcome.refusal->reason, "BODY_MALFORMED");
  EXPECT_TRUE(ledger.Put(whole).index);
}

TEST(SigningKeyOf, IsTheKeyInForceByItsId) {
  const TestLedger ledger;
  const PublicKey& key = ledger.act().text.founders[1].authority_key;
  EXPECT_EQ(SigningKeyOf(ledger.state(), Code("FRA"), KeyIdOf(key)), key);
  EXPECT_EQ(SigningKeyOf(ledger.state(), Code("NOR"), KeyIdOf(key)), std::nullopt);
  EXPECT_EQ(SigningKeyOf(ledger.state(), Code("XXX"), KeyIdOf(key)), std::nullopt);
}

// Files one of each record, some of them refused.
Hash DigestOfAStory(std::string_view last_reference) {
  TestLedger ledger;
  const EntryIndex launch = ledger.MustFile("FRA", Notification("A-1"));
  ledger.MustFile("FRA", Amending(Notification("A-1"), launch));
  ledger.MustFile("DEU", FullDeclaration(2025));
  ledger.File("DEU", FullDeclaration(2025));
  ledger.MustFile("FRA", Report(launch));
  const EntryIndex round = ledger.MustFile("NOR", Proposing(0, "New.\n"));
  ledger.MustFile("DEU", SignRound(round, "New.\n"));
  ledger.MustFile("FRA", ObjectTo(round));
  ledger.MustFile("NOR", Notification(last_reference));
  return ledger.digest();
}

TEST(Apply, SameEntriesGiveTheSameDigest) {
  EXPECT_EQ(DigestOfAStory("Z-1"), DigestOfAStory("Z-1"));
  EXPECT_NE(DigestOfAStory("Z-1"), DigestOfAStory("Z-2"));
}

TEST(Apply, GivesTheSameOnAnOverlayAsOnTheState) {
  TestLedger one_by_one;
  StateOverlay overlay(&one_by_one.state());
  TestLedger other;
  for (int i = 0; i < 3; ++i) {
    const std::string reference = "A-" + std::to_string(i);
    const Entry entry =
        other.Sign(other.NextHeader("FRA"), Notification(reference).SerializeAsString());
    other.Put(entry);
    const Position position{EntryIndex(static_cast<std::uint64_t>(i)), Height(1), other.now()};
    ASSERT_FALSE(Apply(entry, position, overlay));
  }
  MemoryState block;
  block.Apply(MakeGenesis(one_by_one.act()).writes);
  block.Apply(overlay.writes());
  const auto text_of = [](const StateView& state) {
    std::string text;
    state.Scan("", "", [&](auto key, auto value) {
      if (!key.starts_with("recent/")) text.append(key).append(value);
      return true;
    });
    return text;
  };
  EXPECT_EQ(text_of(block), text_of(other.state()));
}

// A pool tries entries on those that wait before them. Whoever guesses the index under which one
// was tried must not get hold of it: the state behind it goes its own way once it is final.
TEST(Apply, LetsNoEntryReferToOneThatWaits) {
  TestLedger ledger;
  StateOverlay overlay(&ledger.state());
  EntryHeader header = ledger.NextHeader("FRA");
  std::uint64_t tried = 0;
  const auto try_next = [&](const v1::Body& body) {
    const Entry entry = ledger.Sign(header, body.SerializeAsString());
    const EntryIndex index(kFirstWaitingIndex.value() + tried++);
    const auto refusal = Apply(entry, {index, Height(0), ledger.now()}, overlay);
    if (refusal) return refusal->reason;
    header.sequence = header.sequence.next();
    header.previous = entry.leaf_hash();
    return std::string();
  };
  const EntryIndex launch(kFirstWaitingIndex.value());
  EXPECT_EQ(try_next(Notification("A-1")), "");
  EXPECT_EQ(try_next(Amending(Notification("A-1"), launch)), "SUPERSEDED_UNKNOWN");
  EXPECT_EQ(try_next(WithdrawalOf(launch)), "TARGET_UNKNOWN");
  EXPECT_EQ(try_next(Report(launch)), "NOTIFICATION_UNKNOWN");
  const EntryIndex round(kFirstWaitingIndex.value() + tried);
  EXPECT_EQ(try_next(Proposing(0, "New.\n")), "");
  EXPECT_EQ(try_next(SignRound(round, "New.\n")), "ROUND_UNKNOWN");
  EXPECT_EQ(try_next(TakeBack(round)), "ROUND_UNKNOWN");
  EXPECT_EQ(try_next(Notification("A-1")), "REFERENCE_TAKEN");
}

TEST(TouchesMembership, OnlyByWritesOfMembers) {
  TestLedger ledger;
  EXPECT_TRUE(TouchesMembership(MakeGenesis(ledger.act()).writes));
  EXPECT_FALSE(TouchesMembership({}));
  StateOverlay overlay(&ledger.state());
  const Entry entry =
      ledger.Sign(ledger.NextHeader("FRA"), Notification("A-1").SerializeAsString());
  ASSERT_FALSE(Apply(entry, {EntryIndex(0), Height(1), ledger.now()}, overlay));
  EXPECT_FALSE(TouchesMembership(overlay.writes()));
}

TEST(Describe, SaysTypeAndAudience) {
  TestLedger ledger;
  v1::Body body = Declaration(2025);
  body.set_visibility(v1::PUBLIC);
  const Entry entry = ledger.Sign(ledger.NextHeader("FRA"), body.SerializeAsString());
  ASSERT_TRUE(Describe(entry));
  EXPECT_EQ(Describe(entry)->type, "AnnualDeclaration");
  EXPECT_EQ(Describe(entry)->audience, Audience::kPublic);
  EXPECT_FALSE(Describe(entry.WithoutBody()));
  EXPECT_FALSE(Describe(ledger.Sign(ledger.NextHeader("FRA"), "\x01")));
}

}  // namespace
}  // namespace assent::rules
