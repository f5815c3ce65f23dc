#include "node/query/members.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "node/query/reader.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::query {
namespace {

using ::testing::IsEmpty;

TEST(MembersTest, AreListedInCodeOrderWithTheirKeys) {
  FilledLedger ledger;
  ledger.File("BBB", PublicNotification("b1"));
  ledger.File("BBB", PublicNotification("b2"));
  ledger.Commit();
  const auto response = ListMembers(*ledger.view(), {});
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->members_size(), 3);
  EXPECT_EQ(response->as_of(), 1u);
  EXPECT_THAT(response->next_page_token(), IsEmpty());
  const v1::Member& member = response->members(1);
  const testing::TestState& state = ledger.ledger().state("BBB");
  EXPECT_EQ(member.code(), "BBB");
  EXPECT_EQ(member.name(), "State of BBB");
  EXPECT_EQ(member.status(), "ACTIVE");
  EXPECT_TRUE(member.votes());
  EXPECT_EQ(member.authority_key(), state.authority.public_key().str());
  EXPECT_EQ(member.node().code(), "BBB");
  EXPECT_EQ(member.node().vote_key(), state.node.vote.public_key().str());
  EXPECT_EQ(member.node().checkpoint_key(), state.node.checkpoint.public_key().str());
  EXPECT_EQ(member.node().transport_key(), state.node.transport.public_key().str());
  EXPECT_EQ(member.reader_key(), state.reader.public_key().str());
  EXPECT_EQ(member.peer_endpoint(), "127.0.0.1:7402");
  EXPECT_EQ(member.entries(), 2u);
}

TEST(MembersTest, ComeInPages) {
  FilledLedger ledger;
  v1::ListMembersRequest request;
  request.set_page_size(2);
  const auto first = ListMembers(*ledger.view(), request);
  ASSERT_EQ(first->members_size(), 2);
  request.set_page_token(first->next_page_token());
  const auto second = ListMembers(*ledger.view(), request);
  ASSERT_EQ(second->members_size(), 1);
  EXPECT_EQ(second->members(0).code(), "CCC");
  EXPECT_THAT(second->next_page_token(), IsEmpty());

  request.set_page_token("x");
  EXPECT_EQ(ListMembers(*ledger.view(), request).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(MembersTest, AnAuthorsHeadIsItsNewestEntry) {
  FilledLedger ledger;
  const auto none = AuthorHeadOf(*ledger.view(), "AAA");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->sequence(), 0u);
  EXPECT_EQ(none->leaf_hash(), Hash().str());

  ledger.File("AAA", PublicNotification("a1"));
  ledger.File("AAA", PublicNotification("a2"));
  ledger.Commit();
  const auto head = AuthorHeadOf(*ledger.view(), "AAA");
  EXPECT_EQ(head->sequence(), 2u);
  EXPECT_EQ(head->leaf_hash(), ledger.view()->EntryAt(EntryIndex(1)).value()->leaf_hash().str());
  EXPECT_EQ(head->membership(), 0u);

  EXPECT_EQ(AuthorHeadOf(*ledger.view(), "ZZZ").status().message(), "ZZZ is not a member");
  EXPECT_EQ(AuthorHeadOf(*ledger.view(), "").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(MembersTest, TheStatusIsThatOfTheTip) {
  FilledLedger ledger;
  ledger.Add("AAA", PublicNotification("a1"));
  const BlockHeader tip = ledger.view()->tip().header;
  const v1::LedgerStatus status =
      StatusOf(*ledger.view(), "code.example/test", *MemberCode::From("BBB"), "1.2.3");
  EXPECT_EQ(status.ledger_id(), ledger.ledger().id().str());
  EXPECT_EQ(status.origin(), "code.example/test");
  EXPECT_EQ(status.code(), "BBB");
  EXPECT_EQ(status.version(), "1.2.3");
  EXPECT_EQ(status.height(), 1u);
  EXPECT_EQ(status.time_us(), tip.time.us);
  EXPECT_EQ(status.tree_size(), 1u);
  EXPECT_EQ(status.root(), tip.tree_root.str());
  EXPECT_EQ(status.state_digest(), tip.state_digest.str());
  EXPECT_EQ(status.epoch(), 1u);
}

TEST(ReaderTest, IsAMemberByItsReaderKeyOrItsNodesKey) {
  FilledLedger ledger;
  const testing::TestState& state = ledger.ledger().state("CCC");
  for (const PublicKey& key : {state.reader.public_key(), state.node.transport.public_key()}) {
    const Reader reader = ResolveReader(*ledger.view(), key);
    EXPECT_EQ(reader.rights, Rights::kMember);
    EXPECT_EQ(reader.code.str(), "CCC");
  }
}

TEST(ReaderTest, IsAnonymousWithAnyOtherKeyOrNone) {
  FilledLedger ledger;
  const testing::TestState& state = ledger.ledger().state("CCC");
  EXPECT_EQ(ResolveReader(*ledger.view(), std::nullopt).rights, Rights::kAnonymous);
  EXPECT_EQ(ResolveReader(*ledger.view(), PublicKey()).rights, Rights::kAnonymous);
  EXPECT_EQ(ResolveReader(*ledger.view(), state.node.vote.public_key()).rights, Rights::kAnonymous);
  EXPECT_EQ(ResolveReader(*ledger.view(), testing::TestState("DDD").reader.public_key()).rights,
            Rights::kAnonymous);
}

}  // namespace
}  // namespace assent::query
