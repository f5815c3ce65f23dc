// Authority keys: rotated, revoked, replaced by the members.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using ::testing::ElementsAre;

const std::vector<std::string> kFour = {"DEU", "FRA", "ITA", "NOR"};

MemberView Fra(const TestLedger& ledger) { return MemberOf(ledger.state(), Code("FRA")).value(); }

// The other three want a new key for FRA.
void AskForNewKeyOfFra(TestLedger& ledger, std::string_view key) {
  const EntryIndex question = ledger.MustFile("NOR", ReplacementOf("FRA", key));
  ledger.MustFile("DEU", EndorsementOf(question));
  ledger.MustFile("ITA", EndorsementOf(question));
}

TEST(Rotation, HoldsFromTheNextEntryOn) {
  TestLedger ledger;
  ledger.MustFile("FRA", RotationTo("FRA", "FRA/second"));
  EXPECT_EQ(ledger.Reason("FRA", Notification("A-1")), "KEY_NOT_IN_FORCE");
  ledger.SignWith("FRA", "FRA/second");
  ledger.MustFile("FRA", Notification("A-1"));
  EXPECT_FALSE(Fra(ledger).endorsed_key);
  EXPECT_EQ(ledger.Reason("FRA", RotationTo("FRA", "FRA/authority")), "KEY_REGISTERED");
}

TEST(Rotation, KeepsWhichKeyHeldWhen) {
  TestLedger ledger;
  ledger.MustFile("NOR", Notification("A-1"));
  ledger.MustFile("FRA", RotationTo("FRA", "FRA/second"));  // entry 1
  const auto key_at = [&](std::uint64_t tree_size) {
    return SubscriptionOf(ledger.state(), Code("FRA"), tree_size)->member->authority_key;
  };
  EXPECT_EQ(key_at(0), TestKey("FRA/authority").public_key());
  EXPECT_EQ(key_at(1), TestKey("FRA/authority").public_key());
  EXPECT_EQ(key_at(2), TestKey("FRA/second").public_key());
  EXPECT_EQ(HistoryOf(ledger.state(), Code("FRA")).size(), 2u);
}

TEST(Rotation, ChangesMembersAndNotVoters) {
  TestLedger ledger;
  const Hash voters = VotersOf(ledger.state()).hash();
  const Hash members = MembersHash(MembersOf(ledger.state()));
  ledger.MustFile("FRA", RotationTo("FRA", "FRA/second"));
  EXPECT_EQ(VotersOf(ledger.state()).hash(), voters);
  EXPECT_NE(MembersHash(MembersOf(ledger.state())), members);
}

// A point with a component of small order, as ledger/crypto/public_key.h has it, and one of small
// order.
TEST(Rotation, IsToAValidKey) {
  for (const std::string_view hex :
       {"cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"}) {
    TestLedger ledger;
    v1::Body body = RotationTo("FRA", "FRA/second");
    body.mutable_authority_key_rotation()->set_new_key(PublicKey::FromHexText(hex)->str());
    EXPECT_EQ(ledger.Reason("FRA", body), "KEY_INVALID");
    body = ReplacementOf("NOR", "NOR/second");
    body.mutable_authority_key_replacement()->set_new_key(PublicKey::FromHexText(hex)->str());
    EXPECT_EQ(ledger.Reason("FRA", body), "KEY_INVALID");
  }
}

TEST(Revocation, LeavesAMemberWithoutAKey) {
  TestLedger ledger;
  ledger.MustFile("FRA", Revoking());
  EXPECT_EQ(Fra(ledger).authority_key, std::nullopt);
  EXPECT_TRUE(Fra(ledger).votes);
  EXPECT_EQ(ledger.Reason("FRA", Notification("A-1")), "KEY_NOT_IN_FORCE");
  const KeyId old = ledger.Sign(ledger.NextHeader("FRA"), "x").header().authority_key_id;
  EXPECT_EQ(SigningKeyOf(ledger.state(), Code("FRA"), old), std::nullopt);
  EXPECT_EQ(MembersOf(ledger.state()).size(), 3u);
}

TEST(Replacement, TakesForceWhenItsTimeHasPassed) {
  TestLedger ledger(kFour);
  AskForNewKeyOfFra(ledger, "FRA/second");
  Wait(ledger, {Days(30).us - kLongestStep.us});
  EXPECT_EQ(Fra(ledger).authority_key, TestKey("FRA/authority").public_key());
  const std::uint64_t size = ledger.size();
  Wait(ledger, kLongestStep);
  EXPECT_EQ(Fra(ledger).authority_key, TestKey("FRA/second").public_key());
  EXPECT_TRUE(Fra(ledger).endorsed_key);
  EXPECT_EQ(HistoryOf(ledger.state(), Code("FRA")).back().since_index, EntryIndex(size));
  // What was said of a tree of this size before is still said of it.
  EXPECT_FALSE(SubscriptionOf(ledger.state(), Code("FRA"), size)->member->endorsed_key);
  EXPECT_FALSE(Subscriptions(ledger.state(), 1, Code("DEU"), size)[0].member->endorsed_key);
  EXPECT_TRUE(SubscriptionOf(ledger.state(), Code("FRA"), size + 1)->member->endorsed_key);
  EXPECT_TRUE(SubscriptionOf(ledger.state(), Code("FRA"))->member->endorsed_key);
  ledger.SignWith("FRA", "FRA/second");
  ledger.MustFile("FRA", Notification("A-1"));
}

// In a ledger that idles, no entry lies between the last key that FRA gave itself and the new one.
TEST(Replacement, KeepsTheKeyThatItEndsInTheHistory) {
  TestLedger ledger(kFour);
  AskForNewKeyOfFra(ledger, "FRA/second");
  ledger.MustFile("FRA", RotationTo("FRA", "FRA/third"));
  const Time rotated = ledger.now();
  Wait(ledger, Days(30));
  std::vector<std::optional<PublicKey>> keys;
  for (const SubscriptionView& was : HistoryOf(ledger.state(), Code("FRA"))) {
    keys.push_back(was.member->authority_key);
  }
  EXPECT_THAT(keys,
              ElementsAre(TestKey("FRA/authority").public_key(), TestKey("FRA/third").public_key(),
                          TestKey("FRA/second").public_key()));
  const auto key_after = [&](Time block_time) {
    return SubscriptionsAfter(ledger.state(), 1, Code("DEU"), block_time)[0].member->authority_key;
  };
  EXPECT_EQ(key_after({rotated.us - 1}), TestKey("FRA/authority").public_key());
  EXPECT_EQ(key_after(rotated), TestKey("FRA/third").public_key());
  EXPECT_EQ(key_after({ledger.now().us - 1}), TestKey("FRA/third").public_key());
  EXPECT_EQ(key_after(ledger.now()), TestKey("FRA/second").public_key());
}

TEST(Replacement, AlsoGivesAKeyToAMemberThatHasRevokedItsOwn) {
  TestLedger ledger(kFour);
  ledger.MustFile("FRA", Revoking());
  AskForNewKeyOfFra(ledger, "FRA/second");
  Wait(ledger, Days(30));
  EXPECT_EQ(Fra(ledger).authority_key, TestKey("FRA/second").public_key());
}

TEST(Replacement, CountsAtMostTwoHeartbeatsBetweenBlocks) {
  TestLedger ledger(kFour);
  AskForNewKeyOfFra(ledger, "FRA/second");
  ledger.Pass(Days(365));  // the ledger stood still
  ledger.PutEmptyBlock();
  EXPECT_FALSE(Fra(ledger).endorsed_key);
  EXPECT_EQ(ledger.Reason("FRA", RefusingReplacement()), "");
}

TEST(Replacement, IsRefusedByTheKeyBefore) {
  TestLedger ledger(kFour);
  AskForNewKeyOfFra(ledger, "FRA/second");
  ledger.MustFile("FRA", RefusingReplacement());
  Wait(ledger, Days(31));
  EXPECT_EQ(Fra(ledger).authority_key, TestKey("FRA/authority").public_key());
  EXPECT_EQ(ledger.Reason("NOR", ReplacementOf("FRA", "FRA/second")), "KEY_REGISTERED");
  AskForNewKeyOfFra(ledger, "FRA/third");
  Wait(ledger, Days(30));
  EXPECT_EQ(Fra(ledger).authority_key, TestKey("FRA/third").public_key());
}

TEST(Replacement, WaitsApartFromAnother) {
  TestLedger ledger(kFour);
  AskForNewKeyOfFra(ledger, "FRA/second");
  Wait(ledger, Days(10));
  const EntryIndex question = ledger.MustFile("NOR", ReplacementOf("DEU", "DEU/second"));
  ledger.MustFile("FRA", EndorsementOf(question));
  ledger.MustFile("ITA", EndorsementOf(question));
  Wait(ledger, Days(20));
  EXPECT_TRUE(Fra(ledger).endorsed_key);
  EXPECT_FALSE(MemberOf(ledger.state(), Code("DEU"))->endorsed_key);
  Wait(ledger, Days(10));
  EXPECT_TRUE(MemberOf(ledger.state(), Code("DEU"))->endorsed_key);
}

TEST(Replacement, EndsWhenTheMemberLeaves) {
  TestLedger ledger(kFour);
  AskForNewKeyOfFra(ledger, "FRA/second");
  ledger.MustFile("FRA", Leaving());
  Wait(ledger, Days(31));
  EXPECT_FALSE(MemberOf(ledger.state(), Code("FRA")));
}

TEST(EndorsedKey, SignsNoRoundThatWasOpenBeforeAndMarksTheNext) {
  TestLedger ledger(kFour);
  const EntryIndex before = ledger.MustFile("NOR", Proposing(0, "New.\n"));
  AskForNewKeyOfFra(ledger, "FRA/second");
  Wait(ledger, Days(30));
  ledger.SignWith("FRA", "FRA/second");
  EXPECT_EQ(ledger.Reason("FRA", SignRound(before, "New.\n")), "ENDORSED_KEY");
  // Handing it on does not wash the mark off.
  ledger.MustFile("FRA", RotationTo("FRA", "FRA/third"));
  ledger.SignWith("FRA", "FRA/third");
  EXPECT_EQ(ledger.Reason("FRA", SignRound(before, "New.\n")), "ENDORSED_KEY");

  ledger.MustFile("NOR", TakeBack(before));
  const EntryIndex round = ledger.MustFile("NOR", Proposing(0, "New.\n"));
  for (const std::string& code : kFour) ledger.MustFile(code, SignRound(round, "New.\n"));
  const RoundView view = RoundAt(ledger.state(), round, ledger.now()).value();
  EXPECT_EQ(view.status, RoundStatus::kFinalWithEndorsedKey);
  for (const RoundSignature& each : view.signatures) {
    EXPECT_EQ(each.endorsed, each.member == Code("FRA"));
  }
}

TEST(EndorsedKey, ThatARevisionDidNotNeedDoesNotMarkIt) {
  TestLedger ledger(kFour);
  AskForNewKeyOfFra(ledger, "FRA/second");
  Wait(ledger, Days(30));
  ledger.SignWith("FRA", "FRA/second");
  const EntryIndex round = ledger.MustFile("NOR", Proposing(0, "New.\n"));
  for (const char* code : {"FRA", "DEU", "ITA"}) ledger.MustFile(code, SignRound(round, "New.\n"));
  ledger.MustFile("FRA", Leaving());
  ledger.MustFile("NOR", SignRound(round, "New.\n"));
  EXPECT_EQ(RoundAt(ledger.state(), round, ledger.now())->status, RoundStatus::kFinal);
}

TEST(Contact, ChangesWhatIsGivenAndNothingElse) {
  TestLedger ledger;
  ledger.MustFile("FRA", NewContact());
  EXPECT_EQ(Fra(ledger).contact, "Department of Disarmament");
  EXPECT_EQ(Fra(ledger).peer_endpoint, "FRA.example:7401");
  ledger.MustFile("FRA", NewReaderKey("FRA", "FRA/reader 2"));
  EXPECT_EQ(Fra(ledger).reader_key, TestKey("FRA/reader 2").public_key());
  EXPECT_EQ(Fra(ledger).contact, "Department of Disarmament");
  v1::Body endpoint = NewContact();
  endpoint.mutable_contact_update()->clear_contact();
  endpoint.mutable_contact_update()->set_peer_endpoint("[2001:db8::1]:7401");
  ledger.MustFile("FRA", endpoint);
  EXPECT_EQ(Fra(ledger).peer_endpoint, "[2001:db8::1]:7401");
}

TEST(CheckpointKey, WithTheIdOfARegisteredOneIsRefused) {
  TestLedger ledger;
  // Nobody finds such a key in time for a test: the id of the new one is taken by hand.
  TestLedger other;
  other.MustFile("NOR", NodeKeysOf("NOR", "NOR/2"));
  StateWrites taken;
  other.state().Scan("checkpoint_id/", "checkpoint_id/", [&](auto key, auto value) {
    taken.emplace(key, value);
    return true;
  });
  ASSERT_EQ(taken.size(), 4u);
  ledger.Write(taken);
  EXPECT_EQ(ledger.Reason("NOR", NodeKeysOf("NOR", "NOR/2")), "KEY_REGISTERED");
}

}  // namespace
}  // namespace assent::rules
