// Height 0 is what the founding act says, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "ledger/log/merkle.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

TEST(Genesis, IsTheSameForTheSameAct) {
  const Genesis one = MakeGenesis(TestLedger().act());
  const Genesis two = MakeGenesis(TestLedger().act());
  EXPECT_EQ(one.writes, two.writes);
  EXPECT_EQ(one.header, two.header);
}

TEST(Genesis, DigestFollowsEveryPartOfTheAct) {
  const FoundingAct act = TestLedger().act();
  const Hash digest = MakeGenesis(act).header.state_digest;
  const auto differs = [&](const std::function<void(FoundingAct&)>& change) {
    FoundingAct changed = act;
    change(changed);
    return MakeGenesis(changed).header.state_digest != digest;
  };
  EXPECT_FALSE(differs([](FoundingAct&) {}));
  EXPECT_TRUE(differs([](FoundingAct& a) { a.ledger_id = LedgerId(); }));
  EXPECT_TRUE(differs([](FoundingAct& a) { a.text.founded.us += 1; }));
  EXPECT_TRUE(differs([](FoundingAct& a) { a.text.code_text += "More.\n"; }));
  EXPECT_TRUE(differs([](FoundingAct& a) { a.text.parameters.report_due = Hours(1); }));
  EXPECT_TRUE(differs([](FoundingAct& a) { std::swap(a.text.classes[0], a.text.classes[1]); }));
  EXPECT_TRUE(differs([](FoundingAct& a) { a.text.founders[0].name = "Other"; }));
  EXPECT_TRUE(differs([](FoundingAct& a) { a.text.founders.pop_back(); }));
}

TEST(Genesis, HeaderIsOfHeightZero) {
  const FoundingAct act = TestLedger().act();
  const BlockHeader header = MakeGenesis(act).header;
  EXPECT_EQ(header.kind, BlockKind::kNormal);
  EXPECT_EQ(header.ledger_id, act.ledger_id);
  EXPECT_EQ(header.epoch, Epoch(1));
  EXPECT_EQ(header.view, View(0));
  EXPECT_EQ(header.height, Height(0));
  EXPECT_TRUE(header.parent.IsZero());
  EXPECT_EQ(header.time, act.text.founded);
  EXPECT_EQ(header.tree_size, 0u);
  EXPECT_EQ(header.tree_root, MerkleEmptyRoot());
  EXPECT_EQ(header.author_heads_root, AuthorHeadsRoot({}));
}

TEST(Genesis, HashesAreThoseOfTheState) {
  const TestLedger ledger;
  const BlockHeader header = MakeGenesis(ledger.act()).header;
  EXPECT_EQ(header.voters_hash, VotersOf(ledger.state()).hash());
  EXPECT_EQ(header.members_hash, MembersHash(MembersOf(ledger.state())));
}

TEST(Genesis, StateHasParametersClassesAndMembers) {
  const TestLedger ledger;
  const LedgerParameters parameters = ParametersOf(ledger.state());
  EXPECT_EQ(parameters.ledger_id, ledger.act().ledger_id);
  EXPECT_EQ(parameters.founded, ledger.act().text.founded);
  EXPECT_EQ(parameters.notification_lead, Hours(24));
  EXPECT_EQ(parameters.signature_period, Days(180));
  EXPECT_EQ(parameters.heartbeat, Hours(1));
  EXPECT_EQ(parameters.entries_per_author_and_day, 50u);
  EXPECT_EQ(parameters.revision, 0u);
  EXPECT_EQ(parameters.revision_text_hash, Sha256(ledger.act().text.code_text));
  EXPECT_EQ(parameters.revision_round, std::nullopt);

  std::vector<std::string> classes;
  for (const LaunchClass& listed : ClassList(ledger.state())) classes.push_back(listed.id);
  EXPECT_THAT(classes, testing::ElementsAre("BM_A", "SLV_A", "BM_B", "SLV_B"));

  const std::vector<MemberView> members = Members(ledger.state(), 10);
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[1].code, Code("FRA"));
  EXPECT_EQ(members[1].name, "State FRA");
  EXPECT_EQ(members[1].peer_endpoint, "FRA.example:7401");
  EXPECT_EQ(members[1].member_since, ledger.act().text.founded);
  EXPECT_EQ(members[1].membership, EntryIndex(0));
  EXPECT_TRUE(members[1].votes);
  EXPECT_EQ(members[1].entries, 0u);
  EXPECT_EQ(members[1].reader_key, ledger.act().text.founders[1].reader_key);
}

}  // namespace
}  // namespace assent::rules
