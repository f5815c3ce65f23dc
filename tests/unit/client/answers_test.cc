#include "client/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/entry/proto.h"
#include "tests/support/releases.h"
#include "tests/support/test_ledger.h"

namespace assent::client {
namespace {

using assent::testing::MakeEntry;
using assent::testing::NotificationBody;
using assent::testing::Released;
using assent::testing::TestLedger;
using ::testing::HasSubstr;
using ::testing::Not;

class AnswersTest : public ::testing::Test {
 protected:
  AnswersTest()
      : entry_(MakeEntry(ledger_, ledger_.states[0], AuthorHead{}, NotificationBody("N-1"))) {
    *answer_.mutable_entry() = ToProto(entry_);
    answer_.set_index(41);
    answer_.set_leaf_hash(entry_.leaf_hash().str());
    answer_.set_height(7);
    answer_.set_time_us(assent::testing::kFounded.us);
    answer_.set_type("LaunchNotification");
    answer_.set_status(v1::AMENDED);
    answer_.set_replaced_by(44);
    answer_.set_timeliness(v1::POST_FACTO);
  }

  std::string Fault() const {
    return std::string(CheckAnswer(answer_, ledger_.act).status().message());
  }

  const TestLedger ledger_{2};
  const Entry entry_;
  v1::LedgerEntry answer_;
};

TEST_F(AnswersTest, AGoodAnswerIsTakenApart) {
  const auto entry = CheckAnswer(answer_, ledger_.act);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->signature, SignatureCheck::kByFoundingAct);
  EXPECT_EQ(entry->body->launch_notification().reference(), "N-1");
  EXPECT_EQ(StatusText(*entry), "amended by 44");
  EXPECT_EQ(TimelinessText(entry->timeliness), "post facto");
  EXPECT_THAT(ToJsonLine(AnswerTree(*entry)), HasSubstr("\"index\":41,\"entry\":\"AAA/1\""));
  EXPECT_THAT(ToJsonLine(AnswerTree(*entry)),
              HasSubstr("\"signature_checked\":true,\"signing_key\":\"FOUNDING_ACT\""));
}

TEST_F(AnswersTest, AnAmendmentIsShownAsAmended) {
  v1::Body body = NotificationBody("N-1");
  body.set_supersedes(39);
  const Entry amendment = MakeEntry(ledger_, ledger_.states[0], AuthorHead{}, body);
  *answer_.mutable_entry() = ToProto(amendment);
  answer_.set_leaf_hash(amendment.leaf_hash().str());
  answer_.set_status(v1::CURRENT);
  answer_.clear_replaced_by();
  EXPECT_EQ(StatusText(*CheckAnswer(answer_, ledger_.act)), "current, amended");
  answer_.set_first_index(37);
  answer_.set_first_time_us(assent::testing::kFounded.us);
  const auto entry = CheckAnswer(answer_, ledger_.act);
  EXPECT_TRUE(IsAmendment(*entry));
  EXPECT_EQ(StatusText(*entry), "current, amended from 37");
  EXPECT_THAT(ToJsonLine(AnswerTree(*entry)),
              HasSubstr("\"first_index\":37,\"first_time\":\"2026-01-01T00:00:00Z\""));
}

TEST_F(AnswersTest, ACancelledNotificationIsShownAsCancelled) {
  answer_.set_status(v1::CANCELLED);
  const auto entry = CheckAnswer(answer_, ledger_.act);
  EXPECT_EQ(StatusText(*entry), "cancelled by 44");
  EXPECT_THAT(ToJsonLine(AnswerTree(*entry)),
              HasSubstr("\"status\":\"CANCELLED\",\"replaced_by\":44"));
}

TEST_F(AnswersTest, FlagsAreShown) {
  EXPECT_EQ(FlagsText(*CheckAnswer(answer_, ledger_.act)), "");
  answer_.set_more_reports(true);
  EXPECT_EQ(FlagsText(*CheckAnswer(answer_, ledger_.act)), "more reports than announced");
  answer_.set_counts_differ(true);
  const auto entry = CheckAnswer(answer_, ledger_.act);
  EXPECT_EQ(FlagsText(*entry), "counts differ");
  EXPECT_THAT(ToJsonLine(AnswerTree(*entry)),
              HasSubstr("\"counts_differ\":true,\"more_reports\":true"));
}

TEST_F(AnswersTest, AnObservedLaunchIsShownAsAClaim) {
  EXPECT_THAT(ToJsonLine(AnswerTree(*CheckAnswer(answer_, ledger_.act))), Not(HasSubstr("claim")));
  v1::Body body;
  body.mutable_observed_launch()->set_attributed("BBB");
  const Entry observed = MakeEntry(ledger_, ledger_.states[0], AuthorHead{}, body);
  *answer_.mutable_entry() = ToProto(observed);
  answer_.set_leaf_hash(observed.leaf_hash().str());
  answer_.set_type("ObservedLaunch");
  const auto entry = CheckAnswer(answer_, ledger_.act);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(FlagsText(*entry), "a claim about BBB");
  EXPECT_THAT(ToJsonLine(AnswerTree(*entry)),
              HasSubstr("\"type\":\"ObservedLaunch\",\"claim\":true"));
}

TEST_F(AnswersTest, ABodyThatIsNotShownIsNoFault) {
  *answer_.mutable_entry() = ToProto(entry_.WithoutBody());
  answer_.clear_type();
  const auto entry = CheckAnswer(answer_, ledger_.act);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_FALSE(entry->body.has_value());
  EXPECT_EQ(entry->signature, SignatureCheck::kByFoundingAct);
}

TEST_F(AnswersTest, WhatCanBeCheckedIsChecked) {
  const v1::LedgerEntry good = answer_;
  answer_.set_leaf_hash(std::string(32, 'x'));
  EXPECT_THAT(Fault(), HasSubstr("the node's answer is wrong: entry 41: the leaf hash differs"));
  answer_ = good;
  answer_.set_type("Withdrawal");
  EXPECT_THAT(Fault(), HasSubstr("the record type differs"));
  answer_ = good;
  (*answer_.mutable_entry()->mutable_body())[5] ^= 1;
  EXPECT_FALSE(CheckAnswer(answer_, ledger_.act).ok());
  answer_ = good;
  (*answer_.mutable_entry()->mutable_signature())[0] ^= 1;
  answer_.set_leaf_hash(FromProto(answer_.entry())->leaf_hash().str());
  EXPECT_THAT(Fault(), HasSubstr("the signature is not by its author"));
}

TEST_F(AnswersTest, WhoReleasedIsCheckedAndShown) {
  const SigningKey head(SecretSeed::Random());
  const auto answer_with = [&](std::uint64_t released_sequence) {
    const Entry entry = MakeEntry(ledger_, ledger_.states[0], AuthorHead{},
                                  Released(ledger_, "AAA", released_sequence, "Head of Division",
                                           head, NotificationBody("N-1")));
    *answer_.mutable_entry() = ToProto(entry);
    answer_.set_leaf_hash(entry.leaf_hash().str());
  };
  answer_with(1);
  const auto entry = CheckAnswer(answer_, ledger_.act);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_THAT(ToJsonLine(AnswerTree(*entry)),
              HasSubstr("\"released_by\":{\"name\":\"Head of Division\",\"public_key\":\"" +
                        head.public_key().hex()));
  answer_with(2);
  EXPECT_THAT(Fault(), HasSubstr("its release is not signed by the key that it names"));
}

TEST_F(AnswersTest, AnEntryOfAnotherLedgerIsWrong) {
  const TestLedger other(3);
  EXPECT_THAT(std::string(CheckAnswer(answer_, other.act).status().message()),
              HasSubstr("of another ledger"));
}

TEST_F(AnswersTest, AKeyThatTheActDoesNotHaveIsNotCalledChecked) {
  EntryHeader header = entry_.header();
  const auto entry = SignEntry(header, NotificationBody("N-1").SerializeAsString(), RandomSalt(),
                               ledger_.states[1].authority);
  *answer_.mutable_entry() = ToProto(*entry);
  answer_.set_leaf_hash(entry->leaf_hash().str());
  const auto checked = CheckAnswer(answer_, ledger_.act);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->signature, SignatureCheck::kNotChecked);
  EXPECT_EQ(FlagsText(*checked), "signature not checked");
  EXPECT_THAT(ToJsonLine(AnswerTree(*checked)), HasSubstr("\"signature_checked\":false"));
  EXPECT_THAT(ToJsonLine(AnswerTree(*checked)), Not(HasSubstr("signing_key")));
}

}  // namespace
}  // namespace assent::client
