#include "ledger/receipt/restart_act.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/receipt/member_list.h"
#include "ledger/receipt/receipt.h"
#include "ledger/receipt/receipt_file.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Block 1 is notarized and never final by itself; an act of three of the four members starts epoch
// 2 on it, in which block 2 becomes final. Each has an entry.
class RestartActTest : public ::testing::Test {
 protected:
  RestartActTest() {
    const Entry first = ledger_.Sign(0);
    ledger_.AddBlock({first});
    ledger_.Alter([this](BlockHeader& header) { header.members_hash = MembersHash(members_); });
    before_ = ledger_.Receipt(first, 0);
    act_.set_epoch(2);
    act_.set_header(ledger_.newest_bytes());
    act_.set_certificate(ledger_.Certify({0, 1, 2}, VoteKind::kNotarize));
    AddMembers(members_, act_.mutable_members());
    Sign(act_, {0, 2, 3});

    ledger_.BeginEpoch(4);
    const Entry second = ledger_.Sign(1);
    before_.add_descendants(ledger_.AddBlock({second}));
    after_ = ledger_.Receipt(second, 1);
    for (v1::Receipt* receipt : {&before_, &after_}) {
      receipt->set_certificate(ledger_.Certify({0, 1, 3}));
      v1::EpochChange& change = *receipt->add_epochs();
      *change.mutable_restart() = act_;
      AddVoters(4, change);
    }
  }

  static std::vector<MemberIdentity> Members() {
    std::vector<MemberIdentity> members;
    for (std::size_t i = 0; i < 4; ++i) {
      members.push_back({sample::CodeAt(i), sample::MemberKey(i, KeyRole::kAuthority).public_key(),
                         EntryIndex(0)});
    }
    return members;
  }

  void Sign(v1::RestartAct& act, const std::vector<std::size_t>& members) const {
    act.clear_signatures();
    const NamedHeader block = ReadHeader(act.header(), ledger_.act().ledger_id).value();
    const std::string statement =
        RestartStatement(ledger_.act().ledger_id, Epoch(act.epoch()), block);
    for (const std::size_t i : members) {
      v1::RestartSignature& signature = *act.add_signatures();
      signature.set_code(sample::CodeAt(i).str());
      signature.set_signature(
          sample::MemberKey(i, KeyRole::kAuthority).Sign(tag::kRestart, statement).str());
    }
  }

  absl::StatusOr<ReceiptProof> Verify(const v1::Receipt& receipt) const {
    return VerifyReceipt(FormatReceiptFile(receipt), ledger_.act());
  }
  // Of the entry after the act, when the act is changed.
  std::string Refusal(const std::function<void(v1::RestartAct&)>& change) const {
    v1::Receipt receipt = after_;
    change(*receipt.mutable_epochs(0)->mutable_restart());
    return std::string(Verify(receipt).status().message());
  }
  // The same, and the members sign what was changed.
  std::string SignedRefusal(const std::function<void(v1::RestartAct&)>& change) const {
    return Refusal([&](v1::RestartAct& act) {
      change(act);
      Sign(act, {0, 2, 3});
    });
  }

  SmallLedger ledger_;
  const std::vector<MemberIdentity> members_ = Members();
  v1::RestartAct act_;
  v1::Receipt before_;
  v1::Receipt after_;
};

TEST_F(RestartActTest, ReceiptsLeadAcrossIt) {
  for (const v1::Receipt* receipt : {&before_, &after_}) {
    const auto proof = Verify(*receipt);
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_THAT(proof->proved,
                Contains(HasSubstr("epoch 2 began at block 1 by an act that 3 of 4")));
  }
  EXPECT_EQ(Verify(before_)->header.epoch, Epoch(1));
}

TEST_F(RestartActTest, EveryFlippedBitIsRefused) {
  const std::string good = FormatReceiptFile(after_);
  const std::size_t begin = good.find(act_.header());
  ASSERT_NE(begin, std::string::npos);
  for (std::size_t at = begin; at < good.size(); ++at) {
    ASSERT_FALSE(VerifyReceipt(sample::WithBitFlipped(good, 8 * at + at % 8), ledger_.act()).ok())
        << "byte " << at;
  }
}

TEST_F(RestartActTest, MoreThanTwoThirdsOfTheMembersMustSign) {
  EXPECT_THAT(Refusal([&](auto& act) {
                Sign(act, {0, 2});
              }),
              StartsWith("voters: end of epoch 1: 2 of 4 members have signed it, 3 are needed"));
  EXPECT_THAT(Refusal([&](auto& act) { Sign(act, {0, 2, 2}); }), HasSubstr("not in code order"));
  EXPECT_THAT(Refusal([&](auto& act) {
                Sign(act, {0, 2, 5});
              }),
              HasSubstr("AAF has signed and is not among the members"));
  EXPECT_THAT(Refusal([&](auto& act) {
                act.mutable_signatures(1)->set_signature(act.signatures(0).signature());
              }),
              HasSubstr("the signature of AAC is not by the authority key"));
}

// Who forges the members must forge the block that names them, and for that has no certificate.
TEST_F(RestartActTest, TheNamedBlockIsNotarizedByItsVoters) {
  EXPECT_THAT(Refusal([](auto& act) { act.clear_certificate(); }), HasSubstr("certificate"));
  EXPECT_THAT(SignedRefusal([&](auto& act) {
                BlockHeader header = ParseBlockHeader(act.header()).value();
                header.tree_root = sample::HashNamed("another");
                act.set_header(EncodeBlockHeader(header));
              }),
              HasSubstr("its certificate is not for the named block"));
  EXPECT_THAT(Refusal([](auto& act) { act.mutable_members()->RemoveLast(); }),
              HasSubstr("its members are not those that the named block has"));
  EXPECT_THAT(Refusal([](auto& act) { act.mutable_members()->SwapElements(0, 1); }),
              HasSubstr("not in code order"));
}

TEST_F(RestartActTest, ItBeginsALaterEpoch) {
  EXPECT_THAT(SignedRefusal([](auto& act) { act.set_epoch(1); }),
              HasSubstr("epoch 1 follows the named block anyway"));
  EXPECT_THAT(SignedRefusal([](auto& act) { act.set_epoch(1 + kRestartEpochsMax + 1); }),
              HasSubstr("leaves out more than 64 epochs"));
  // Epoch 3 is not the one that the blocks are of.
  EXPECT_THAT(
      SignedRefusal([](auto& act) { act.set_epoch(3); }),
      HasSubstr("the block is of epoch 2, the proof leads from the founding act to epoch 3"));
}

TEST_F(RestartActTest, WithoutTheActNothingLeadsAcross) {
  v1::Receipt receipt = before_;
  receipt.clear_epochs();
  EXPECT_THAT(std::string(Verify(receipt).status().message()), StartsWith("voters: "));
  receipt = before_;
  receipt.clear_descendants();
  EXPECT_THAT(std::string(Verify(receipt).status().message()), StartsWith("voters: "));
}

TEST_F(RestartActTest, ItsFileIsReadBack) {
  const auto read = ParseRestartFile(FormatRestartFile(act_));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(FormatRestartFile(*read), FormatRestartFile(act_));
  const auto restart = CheckRestart(*read, ledger_.act().ledger_id);
  ASSERT_TRUE(restart.ok()) << restart.status();
  EXPECT_EQ(restart->signers.size(), 3u);
  EXPECT_FALSE(ParseRestartFile(act_.SerializeAsString()).ok());
  EXPECT_FALSE(ParseRestartFile(FormatRestartFile(act_) + "x").ok());
  EXPECT_FALSE(CheckRestart(*read, sample::MakeAct(3).ledger_id).ok());
}

}  // namespace
}  // namespace assent
