// What a state makes offline to join, and to bring new keys.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assent/v1/entry.pb.h"
#include "client/records.h"
#include "client/tree.h"
#include "ledger/act/founding_act.h"
#include "ledger/crypto/key_file.h"
#include "ledger/membership/key_role.h"
#include "tests/support/test_ledger.h"
#include "tests/unit/client/program.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using assent::testing::TestLedger;
using ::testing::HasSubstr;

class JoiningTest : public ::testing::Test {
 protected:
  JoiningTest() {
    folder_.Write("act.txt", FormatAct(ledger_.act));
    folder_.Write("pass", "correct horse battery");
    folder_.Write("swe.key", SealKey(KeyPurpose::kAuthority, SecretSeed::Random(),
                                     "correct horse battery", SealCost{1, 8192})
                                 .value());
    EXPECT_EQ(Run({"keygen", "reader", "-o", "reader.key"}).exit_code, 0);
    EXPECT_EQ(Run({"keygen", "node", "-o", "node.seed"}).exit_code, 0);
  }
  ProgramResult Run(const std::vector<std::string>& arguments) {
    return RunAssent(folder_.Path(""), arguments);
  }
  ProgramResult Prove(const std::string& file) {
    return Run({"key", "prove", file, "--code", "SWE", "--act", "act.txt", "--passphrase-file",
                "pass", "--json"});
  }
  // True when the output shows possession of a key in this role.
  bool Shows(const ProgramResult& result, const std::string& key, const std::string& possession,
             KeyRole role) const {
    const auto tree = ParseJson(result.out, "out");
    if (!tree.ok() || tree->Find(key) == nullptr || tree->Find(possession) == nullptr) return false;
    const auto shown = PublicKey::FromHexText(*tree->Find(key)->As<std::string>());
    const auto proof = Signature::FromHexText(*tree->Find(possession)->As<std::string>());
    return shown && proof &&
           VerifyPossession(ledger_.id(), *MemberCode::From("SWE"), role, *shown, *proof);
  }

  const TestLedger ledger_{1};
  const TempFolder folder_;
};

TEST_F(JoiningTest, KeysOfEachKindAreProved) {
  EXPECT_TRUE(Shows(Prove("swe.key"), "new_key", "possession", KeyRole::kAuthority));
  EXPECT_TRUE(Shows(Prove("reader.key"), "reader_key", "reader_possession", KeyRole::kReader));
  const auto node = Prove("node.seed");
  EXPECT_TRUE(Shows(node, "vote_key", "vote_possession", KeyRole::kVote));
  EXPECT_TRUE(Shows(node, "checkpoint_key", "checkpoint_possession", KeyRole::kCheckpoint));
  EXPECT_TRUE(Shows(node, "transport_key", "transport_possession", KeyRole::kTransport));
}

TEST_F(JoiningTest, AReleasersKeyIsProvedUnderItsName) {
  folder_.Write("head.key", SealKey(KeyPurpose::kReleaser, SecretSeed::Random(),
                                    "correct horse battery", SealCost{1, 8192})
                                .value());
  EXPECT_THAT(Prove("head.key").err, HasSubstr("--name is needed"));
  const auto proof = Run({"key", "prove", "head.key", "--name", "Head", "--code", "SWE", "--act",
                          "act.txt", "--passphrase-file", "pass"});
  ASSERT_EQ(proof.exit_code, 0) << proof.err;
  const std::string file = "type = \"Releasers\"\nvisibility = \"PUBLIC\"\n" + proof.out;
  // The lines of two go into one file.
  const auto record = ReadRecord(ParseToml(file + proof.out, "f").value(), "f", Time{0});
  ASSERT_TRUE(record.ok()) << record.status();
  ASSERT_EQ(record->body.releasers().releasers_size(), 2);
  const v1::Releaser& said = record->body.releasers().releasers(1);
  EXPECT_EQ(said.name(), "Head");
  EXPECT_TRUE(VerifyPossession(ledger_.id(), *MemberCode::From("SWE"), KeyRole::kReleaser,
                               *PublicKey::From(said.public_key()),
                               *Signature::From(said.possession())));
  EXPECT_THAT(Run({"key", "prove", "swe.key", "--name", "Head", "--code", "SWE", "--act", "act.txt",
                   "--passphrase-file", "pass"})
                  .err,
              HasSubstr("is an authority key: a releaser key is needed"));
}

TEST_F(JoiningTest, ProofsGoAtTheEndOfATemplate) {
  std::string text = Run({"new", "node-keys"}).out;
  const auto mark = text.find("template = true");
  ASSERT_NE(mark, std::string::npos);
  text.erase(mark, text.find('\n', mark) - mark);
  text += Run({"key", "prove", "node.seed", "--code", "SWE", "--act", "act.txt"}).out;
  const auto record = ReadRecord(ParseToml(text, "f").value(), "f", Time{0});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->body.visibility(), v1::PUBLIC);
  EXPECT_EQ(record->body.node_keys().vote_key().size(), PublicKey::kSize);
  EXPECT_EQ(record->body.node_keys().transport_possession().size(), Signature::kSize);
}

TEST_F(JoiningTest, ANoteIsSignedAndReadyToBeLodged) {
  const auto made = Run({"subscription", "note", "--code", "SWE", "--name", "Sweden", "--contact",
                         "Utrikesdepartementet", "--authority", "swe.key", "--passphrase-file",
                         "pass", "--reader-key", "reader.key", "--act", "act.txt"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr(ledger_.id().hex()));
  const auto tree = ParseToml(folder_.Read("subscription.toml"), "f");
  ASSERT_TRUE(tree.ok()) << tree.status();
  const auto record = ReadRecord(*tree, "f", Time{0});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->body.visibility(), v1::PUBLIC);
  const v1::SubscriptionNote& note = record->body.subscription_note();
  v1::SubscriptionStatement said;
  ASSERT_TRUE(said.ParseFromString(note.statement()));
  EXPECT_EQ(said.code(), "SWE");
  EXPECT_EQ(said.name(), "Sweden");
  EXPECT_EQ(said.ledger_id(), ledger_.id().str());
  EXPECT_TRUE(Verify(*PublicKey::From(said.authority_key()), "assent/subscription/v1",
                     note.statement(), *Signature::From(note.signature())));
  EXPECT_TRUE(VerifyPossession(ledger_.id(), *MemberCode::From("SWE"), KeyRole::kReader,
                               *PublicKey::From(said.reader_key()),
                               *Signature::From(said.reader_possession())));
}

TEST_F(JoiningTest, ANoteNeedsItsAuthorityKey) {
  const auto made = Run({"subscription", "note", "--code", "SWE", "--name", "Sweden", "--contact",
                         "Utrikesdepartementet", "--reader-key", "reader.key", "--act", "act.txt"});
  EXPECT_EQ(made.exit_code, 2);
  EXPECT_THAT(made.err, HasSubstr("--authority is needed"));
}

}  // namespace
}  // namespace assent::client
