#include "client/authority_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/answers.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "tests/support/test_ledger.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

// The third founder has rotated its key: the voters name the new one.
class AuthorityKeysTest : public ::testing::Test {
 protected:
  AuthorityKeysTest() : new_key_(*SecretSeed::From(Sha256("a new key").view())) {
    std::vector<MemberIdentity> members;
    for (std::size_t i = 0; i < 4; ++i) {
      const PublicKey key =
          i == 2 ? new_key_.public_key() : sample::MemberKey(i, KeyRole::kAuthority).public_key();
      members.push_back({sample::CodeAt(i), key, EntryIndex(0)});
    }
    entry_ = Sign(1, new_key_);
    ledger_.AddBlock({*entry_});
    ledger_.Alter([&](BlockHeader& header) { header.members_hash = MembersHash(members); });
    receipt_ = ledger_.Receipt(*entry_, 0);
    receipt_.set_certificate(ledger_.Certify({0, 1, 3}));
    for (const MemberIdentity& one : members) {
      v1::MemberInfo& info = *receipt_.add_members();
      info.set_code(one.code.str());
      info.set_authority_key(one.authority_key.str());
    }
  }
  Entry Sign(std::uint64_t sequence, const SigningKey& key) const {
    EntryHeader header;
    header.ledger_id = ledger_.act().ledger_id;
    header.author = sample::CodeAt(2);
    header.sequence = Sequence(sequence);
    header.not_after = FromCivil({2027, 1, 1});
    return SignEntry(header, testing::NotificationBody("N").SerializeAsString(), RandomSalt(), key)
        .value();
  }
  AnsweredEntry Answered(const Entry& entry) const {
    v1::LedgerEntry answer;
    *answer.mutable_entry() = ToProto(entry);
    answer.set_leaf_hash(entry.leaf_hash().str());
    answer.set_type("LaunchNotification");
    return CheckAnswer(answer, ledger_.act()).value();
  }
  AuthorityKeys Keys() {
    return AuthorityKeys(ledger_.act(), [this](EntryIndex) -> absl::StatusOr<v1::Receipt> {
      ++fetched_;
      if (!available_) return absl::UnavailableError("not yet");
      return receipt_;
    });
  }

  SmallLedger ledger_;
  const SigningKey new_key_;
  std::optional<Entry> entry_;
  v1::Receipt receipt_;
  int fetched_ = 0;
  bool available_ = true;
};

TEST_F(AuthorityKeysTest, AKeyThatTheVotersNameIsLearnedOnce) {
  AuthorityKeys keys = Keys();
  AnsweredEntry entry = Answered(*entry_);
  EXPECT_EQ(entry.signature, SignatureCheck::kNotChecked);
  ASSERT_TRUE(keys.Check(entry).ok()) << keys.Check(entry);
  EXPECT_EQ(entry.signature, SignatureCheck::kByVoters);
  EXPECT_THAT(ToJsonLine(AnswerTree(entry)),
              HasSubstr("\"signature_checked\":true,\"signing_key\":\"VOTERS\""));
  AnsweredEntry next = Answered(Sign(2, new_key_));
  EXPECT_TRUE(keys.Check(next).ok());
  EXPECT_EQ(next.signature, SignatureCheck::kByVoters);
  EXPECT_EQ(fetched_, 1);
}

TEST_F(AuthorityKeysTest, AFoundersKeyNeedsNoReceipt) {
  AuthorityKeys keys = Keys();
  AnsweredEntry entry = Answered(Sign(1, sample::MemberKey(2, KeyRole::kAuthority)));
  EXPECT_TRUE(keys.Check(entry).ok());
  EXPECT_EQ(entry.signature, SignatureCheck::kByFoundingAct);
  EXPECT_EQ(fetched_, 0);
}

TEST_F(AuthorityKeysTest, WithoutAReceiptItStaysUnchecked) {
  AuthorityKeys keys = Keys();
  available_ = false;
  AnsweredEntry entry = Answered(*entry_);
  EXPECT_TRUE(keys.Check(entry).ok());
  EXPECT_EQ(entry.signature, SignatureCheck::kNotChecked);
  available_ = true;
  EXPECT_TRUE(keys.Check(entry).ok());
  EXPECT_EQ(entry.signature, SignatureCheck::kByVoters) << "once it is there";
}

TEST_F(AuthorityKeysTest, AReceiptThatProvesNothingIsAnError) {
  receipt_.set_certificate(ledger_.Certify({0, 1}));
  AnsweredEntry entry = Answered(*entry_);
  EXPECT_THAT(std::string(Keys().Check(entry).message()),
              HasSubstr("the node's receipt proves nothing"));
  EXPECT_EQ(entry.signature, SignatureCheck::kNotChecked);
}

TEST_F(AuthorityKeysTest, ABadSignatureUnderAKnownKeyIsAnError) {
  AuthorityKeys keys = Keys();
  AnsweredEntry entry = Answered(*entry_);
  ASSERT_TRUE(keys.Check(entry).ok());
  v1::Entry forged = ToProto(Sign(2, new_key_));
  (*forged.mutable_signature())[0] ^= 1;
  AnsweredEntry next = Answered(FromProto(forged).value());
  EXPECT_THAT(std::string(keys.Check(next).message()),
              HasSubstr("the signature is not by its author"));
}

}  // namespace
}  // namespace assent::client
