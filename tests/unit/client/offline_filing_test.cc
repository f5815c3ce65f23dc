// prepare and sign without any network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assent/v1/entry.pb.h"
#include "client/entry_files.h"
#include "client/tree.h"
#include "ledger/act/founding_act.h"
#include "ledger/crypto/key_file.h"
#include "ledger/entry/release.h"
#include "tests/support/test_ledger.h"
#include "tests/unit/client/program.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using assent::testing::TestLedger;
using ::testing::HasSubstr;

constexpr char kWithdrawal[] = "type = \"Withdrawal\"\ntarget = 4\nreason = \"cancelled\"\n";

class OfflineFilingTest : public ::testing::Test {
 protected:
  OfflineFilingTest() {
    folder_.Write("act.txt", FormatAct(ledger_.act));
    folder_.Write("pass", "correct horse battery");
    folder_.Write("a.key", SealKey(KeyPurpose::kAuthority, SecretSeed::Random(),
                                   "correct horse battery", SealCost{1, 8192})
                               .value());
    folder_.Write("a.toml", kWithdrawal);
    folder_.Write("b.json", "{\"type\": \"Withdrawal\", \"target\": 5, \"reason\": \"too\"}");
  }
  ProgramResult Run(const std::vector<std::string>& arguments) {
    return RunAssent(folder_.Path(""), arguments);
  }
  ProgramResult Prepare() {
    return Run({"prepare", "a.toml", "b.json", "--act", "act.txt", "--code", "AAA", "--sequence",
                "8", "--previous", std::string(64, '1'), "-o", "d.draft.json"});
  }
  ProgramResult Sign() {
    return Run({"sign", "d.draft.json", "--act", "act.txt", "--authority", "a.key",
                "--passphrase-file", "pass"});
  }

  const TestLedger ledger_{1};
  const TempFolder folder_;
};

TEST_F(OfflineFilingTest, TwoRecordsAreSignedInARow) {
  ASSERT_EQ(Prepare().exit_code, 0) << Prepare().err;
  const auto result = Sign();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("# AAA/8  a.toml"));
  EXPECT_THAT(result.err, HasSubstr("reason = \"cancelled\""));
  const auto entries = ParseEntries(folder_.Read("d.entries.json"), "e");
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2u);
  const Entry& first = (*entries)[0].entry;
  EXPECT_EQ(first.header().ledger_id, ledger_.id());
  EXPECT_EQ(first.header().sequence, Sequence(8));
  EXPECT_EQ((*entries)[1].entry.header().previous, first.leaf_hash());
}

TEST_F(OfflineFilingTest, ProgramsAreToldWhatWasWritten) {
  const auto prepared = Run({"prepare", "a.toml", "b.json", "--act", "act.txt", "--code", "AAA",
                             "--sequence", "8", "--previous", std::string(64, '1'), "--json"});
  ASSERT_EQ(prepared.exit_code, 0) << prepared.err;
  const Tree draft = ParseJson(prepared.out, "out").value();
  EXPECT_EQ(*draft.Find("written")->As<std::string>(), "a.draft.json");
  const auto& drafted = *draft.Find("entries")->As<Tree::List>();
  ASSERT_EQ(drafted.size(), 2u);
  EXPECT_EQ(*drafted[1].Find("entry")->As<std::string>(), "AAA/9");
  EXPECT_EQ(*drafted[1].Find("from")->As<std::string>(), "b.json");

  const auto made = Run({"sign", "a.draft.json", "--act", "act.txt", "--authority", "a.key",
                         "--passphrase-file", "pass", "--json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const Tree entries = ParseJson(made.out, "out").value();
  EXPECT_EQ(*entries.Find("written")->As<std::string>(), "a.entries.json");
  const auto leaf = ParseEntries(folder_.Read("a.entries.json"), "e")->at(1).entry.leaf_hash();
  EXPECT_EQ(*entries.Find("entries")->As<Tree::List>()->at(1).Find("leaf_hash")->As<std::string>(),
            leaf.hex());
}

TEST_F(OfflineFilingTest, ADraftForAnotherLedgerIsNotSigned) {
  ASSERT_EQ(Prepare().exit_code, 0);
  folder_.Write("act.txt", FormatAct(TestLedger(2).act));
  const auto result = Sign();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("the draft is for ledger"));
}

TEST_F(OfflineFilingTest, ADraftWhoseWordsWereAlteredIsNotSigned) {
  ASSERT_EQ(Prepare().exit_code, 0);
  std::string text = folder_.Read("d.draft.json");
  text.replace(text.find("cancelled"), 9, "postponed");
  folder_.Write("d.draft.json", text);
  EXPECT_EQ(Sign().exit_code, 1);
}

TEST_F(OfflineFilingTest, AWrongPassphraseSignsNothing) {
  ASSERT_EQ(Prepare().exit_code, 0);
  folder_.Write("pass", "correct horse wrong");
  const auto result = Sign();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("passphrase"));
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("d.entries.json")));
}

TEST_F(OfflineFilingTest, AMistakeInARecordIsGivenWithItsLine) {
  folder_.Write("a.toml", "type = \"Withdrawal\"\ntargte = 4\n");
  const auto result = Prepare();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              HasSubstr("assent: a.toml:2: unknown key targte; Withdrawal has target, reason"));
}

TEST_F(OfflineFilingTest, AReleaserReleasesBeforeItIsSigned) {
  folder_.Write("head.key", SealKey(KeyPurpose::kReleaser, SecretSeed::Random(),
                                    "correct horse battery", SealCost{1, 8192})
                                .value());
  ASSERT_EQ(Prepare().exit_code, 0);
  const auto release = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"release",
                                          "d.draft.json",
                                          "--act",
                                          "act.txt",
                                          "--releaser",
                                          "head.key",
                                          "--releaser-passphrase-file",
                                          "pass"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  };
  // It was made without a node, which would have told who releases.
  EXPECT_THAT(release({}).err, HasSubstr("the draft names no releasers of AAA"));
  const auto released = release({"--name", "Head of Division"});
  ASSERT_EQ(released.exit_code, 0) << released.err;
  EXPECT_THAT(released.err, HasSubstr("to be released for AAA"));
  EXPECT_THAT(released.err, HasSubstr("reason = \"cancelled\""));
  const auto made = Run({"sign", "d.released.draft.json", "--act", "act.txt", "--authority",
                         "a.key", "--passphrase-file", "pass"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr("name = \"Head of Division\""));
  const auto entries = ParseEntries(folder_.Read("d.released.entries.json"), "e");
  ASSERT_TRUE(entries.ok()) << entries.status();
  for (const SignedEntry& item : *entries) {
    v1::Body body;
    ASSERT_TRUE(body.ParseFromString(item.entry.body()));
    EXPECT_TRUE(VerifyRelease(item.entry.header(), item.entry.body(), body.release().public_key(),
                              body.release().signature()));
  }
}

TEST_F(OfflineFilingTest, AReleaserSignsNothingElse) {
  folder_.Write("head.key", SealKey(KeyPurpose::kReleaser, SecretSeed::Random(),
                                    "correct horse battery", SealCost{1, 8192})
                                .value());
  ASSERT_EQ(Prepare().exit_code, 0);
  EXPECT_THAT(
      Run({"sign", "d.draft.json", "--authority", "head.key", "--passphrase-file", "pass"}).err,
      HasSubstr("is a releaser key: an authority key is needed"));
  EXPECT_THAT(Run({"release", "d.draft.json", "--name", "Head", "--releaser", "a.key",
                   "--releaser-passphrase-file", "pass"})
                  .err,
              HasSubstr("is an authority key: a releaser key is needed"));
}

TEST_F(OfflineFilingTest, ASequenceNeedsThePreviousHash) {
  EXPECT_EQ(
      Run({"prepare", "a.toml", "--act", "act.txt", "--code", "AAA", "--sequence", "8"}).exit_code,
      2);
  EXPECT_EQ(Run({"prepare", "a.toml", "--act", "act.txt", "--sequence", "1"}).exit_code,
            2);  // no --code
  EXPECT_EQ(
      Run({"prepare", "a.toml", "--act", "act.txt", "--code", "AAA", "--sequence", "1"}).exit_code,
      0);
  EXPECT_TRUE(std::filesystem::exists(folder_.Path("a.draft.json")));
}

}  // namespace
}  // namespace assent::client
