#include "node/query/members.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "node/query/member_questions.h"
#include "node/query/reader.h"
#include "tests/support/releases.h"
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

v1::Body Invitation(std::string_view code) {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(testing::kFounded.us);
  body.mutable_subscription_invitation()->set_code(std::string(code));
  body.mutable_subscription_invitation()->set_name("State of " + std::string(code));
  return body;
}

v1::Body Leaving() {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(testing::kFounded.us);
  body.mutable_membership_withdrawal()->set_reason("We leave.");
  return body;
}

v1::Body Term(std::string_view chair) {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(testing::kFounded.us);
  body.mutable_chair_term()->set_chair(std::string(chair));
  body.mutable_chair_term()->set_from_us((testing::kFounded + Days(30)).us);
  body.mutable_chair_term()->set_until_us((testing::kFounded + Days(60)).us);
  return body;
}

v1::Body Endorsement(EntryIndex question) {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(testing::kFounded.us);
  body.mutable_endorsement()->set_question(question.value());
  return body;
}

// "AAA ACTIVE, ..."
std::string Listed(const FilledLedger& ledger, const v1::ListMembersRequest& request) {
  const auto response = ListMembers(*ledger.view(), request);
  if (!response.ok()) return std::string(response.status().message());
  std::string text;
  for (const v1::Member& member : response->members()) {
    text += (text.empty() ? "" : ", ") + member.code() + " " + member.status();
  }
  return text;
}

TEST(MembersTest, AreListedAsTheyWereAtAHeight) {
  FilledLedger ledger;
  ledger.Add("AAA", Invitation("SWE"));
  v1::ListMembersRequest request;
  EXPECT_EQ(Listed(ledger, request), "AAA ACTIVE, BBB ACTIVE, CCC ACTIVE");
  request.set_all_states(true);
  EXPECT_EQ(Listed(ledger, request), "AAA ACTIVE, BBB ACTIVE, CCC ACTIVE, SWE INVITED");
  ledger.Add("BBB", Leaving());
  EXPECT_EQ(Listed(ledger, request), "AAA ACTIVE, BBB WITHDRAWN, CCC ACTIVE, SWE INVITED");
  request.set_as_of(1);
  EXPECT_EQ(Listed(ledger, request), "AAA ACTIVE, BBB ACTIVE, CCC ACTIVE, SWE INVITED");
  request.set_as_of(0);
  EXPECT_EQ(Listed(ledger, request), "AAA ACTIVE, BBB ACTIVE, CCC ACTIVE");
  request.set_as_of(3);
  EXPECT_EQ(Listed(ledger, request), "height 3 is not final at this node yet: its newest is 2");
}

TEST(MembersTest, PagesHoldAtTheHeightOfTheFirstAndReadOverOtherStates) {
  FilledLedger ledger;
  ledger.Add("AAA", Invitation("ABC"));
  v1::ListMembersRequest request;
  request.set_page_size(1);
  const auto first = ListMembers(*ledger.view(), request);
  ASSERT_EQ(first->members_size(), 1);
  ledger.Add("BBB", Leaving());
  request.set_page_token(first->next_page_token());
  const auto second = ListMembers(*ledger.view(), request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->as_of(), 1u);
  ASSERT_EQ(second->members_size(), 1);
  EXPECT_EQ(second->members(0).code(), "BBB");
  EXPECT_EQ(second->members(0).status(), "ACTIVE");
  request.set_all_states(true);
  EXPECT_EQ(ListMembers(*ledger.view(), request).status().code(),
            absl::StatusCode::kInvalidArgument)
      << "the token is of another listing";
}

TEST(MemberQuestionsTest, ComeNewestFirstInPagesOfOneHeight) {
  FilledLedger ledger;
  const EntryIndex first = ledger.Add("AAA", Term("BBB"));
  const EntryIndex second = ledger.Add("CCC", Term("CCC"));
  v1::ListMemberQuestionsRequest request;
  request.set_page_size(1);
  const auto newest = ListMemberQuestions(*ledger.view(), request);
  ASSERT_TRUE(newest.ok()) << newest.status();
  ASSERT_EQ(newest->questions_size(), 1);
  EXPECT_EQ(newest->questions(0).question(), second.value());
  ledger.Add("BBB", Endorsement(first));
  ledger.Add("CCC", Endorsement(first));
  request.set_page_token(newest->next_page_token());
  const auto before = ListMemberQuestions(*ledger.view(), request);
  ASSERT_EQ(before->questions_size(), 1);
  EXPECT_EQ(before->questions(0).status(), v1::QUESTION_OPEN);
  EXPECT_EQ(before->questions(0).endorsements_size(), 1);
  EXPECT_EQ(before->questions(0).needed(), 3u);
  EXPECT_THAT(before->next_page_token(), IsEmpty());

  const auto now = ListMemberQuestions(*ledger.view(), {});
  ASSERT_EQ(now->questions_size(), 2);
  const v1::MemberQuestion& decided = now->questions(1);
  EXPECT_EQ(decided.type(), "ChairTerm");
  EXPECT_EQ(decided.about(), "BBB");
  EXPECT_EQ(decided.author(), "AAA");
  EXPECT_EQ(decided.status(), v1::QUESTION_DECIDED);
  EXPECT_EQ(decided.decided_by(), 3u);
  EXPECT_EQ(decided.endorsements_size(), 3);
  EXPECT_EQ(decided.endorsements(0).member(), "AAA");
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

TEST(MembersTest, ReleasersAreNamedToWhoListsAndToWhoPrepares) {
  FilledLedger ledger;
  const SigningKey head(*SecretSeed::From(std::string(32, 'h')));
  ledger.Add("BBB", testing::NamingReleaser(ledger.ledger(), "BBB", "Head", head));
  const auto members = ListMembers(*ledger.view(), {});
  EXPECT_EQ(members->members(0).releasers_size(), 0);
  ASSERT_EQ(members->members(1).releasers_size(), 1);
  EXPECT_EQ(members->members(1).releasers(0).name(), "Head");
  EXPECT_EQ(members->members(1).releasers(0).public_key(), head.public_key().str());
  EXPECT_EQ(AuthorHeadOf(*ledger.view(), "AAA")->releasers_size(), 0);
  ASSERT_EQ(AuthorHeadOf(*ledger.view(), "BBB")->releasers_size(), 1);
  EXPECT_EQ(AuthorHeadOf(*ledger.view(), "BBB")->releasers(0).public_key(),
            head.public_key().str());

  v1::ListMembersRequest before;
  before.set_as_of(0);
  EXPECT_EQ(ListMembers(*ledger.view(), before)->members(1).releasers_size(), 0);
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
