// Keys and the founding act, made with the program from nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "client/tree.h"
#include "ledger/act/founding_act.h"
#include "tests/unit/client/program.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class FoundingTest : public ::testing::Test {
 protected:
  FoundingTest() { folder_.Write("pass", "correct horse battery\n"); }

  ProgramResult Run(const std::vector<std::string>& arguments) {
    return RunAssent(folder_.Path(""), arguments);
  }
  void Do(const std::vector<std::string>& arguments) {
    const auto result = Run(arguments);
    ASSERT_EQ(result.exit_code, 0) << arguments[0] << " " << arguments[1] << ": " << result.err;
  }

  void MakeKeys(const std::string& code) {
    Do({"keygen", "authority", "-o", code + ".key", "--passphrase-file", "pass"});
    Do({"keygen", "node", "-o", code + ".seed"});
    Do({"keygen", "reader", "-o", code + ".reader"});
  }
  void AddFounder(const std::string& code) {
    Do({"found", "add", "act.txt", "--code", code, "--name", "State of " + code, "--authority-key",
        code + ".key.pub", "--node", code + ".seed.pub", "--reader", code + ".reader.pub",
        "--endpoint", "node." + code + ".example:7401"});
  }
  void BeginAct() {
    folder_.Write("code.txt", "Article 1\nStates declare.\n");
    Do({"found", "new", "--origin", "code.example/test", "--text", "code.txt", "--title", "Code",
        "--signature-period", "90d", "--heartbeat", "30s"});
  }

  const TempFolder folder_;
};

TEST_F(FoundingTest, KeysAreForTheirOwnerOnlyAndNeverOverwritten) {
  MakeKeys("FRA");
  for (const char* file : {"FRA.key", "FRA.seed", "FRA.reader"}) {
    EXPECT_EQ(fs::status(folder_.Path(file)).permissions(), fs::perms(0600)) << file;
  }
  const std::string before = folder_.Read("FRA.seed");
  const auto again = Run({"keygen", "node", "-o", "FRA.seed"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("exists already"));
  EXPECT_EQ(folder_.Read("FRA.seed"), before);
}

TEST_F(FoundingTest, SecretsAreNeverPrinted) {
  MakeKeys("FRA");
  const std::string seed = folder_.Read("FRA.seed");
  const auto at = seed.find("seed: ");
  ASSERT_NE(at, std::string::npos);
  const std::string secret = seed.substr(at + 6, 64);
  for (const char* file : {"FRA.seed", "FRA.key", "FRA.reader"}) {
    const auto shown = Run({"key", "show", file, "--origin", "code.example/test"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_THAT(shown.out + shown.err, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(Run({"key", "show", "FRA.seed", "--origin", "code.example/test"}).out,
              HasSubstr("code.example/test+"));
}

TEST_F(FoundingTest, WithoutATerminalAPassphraseComesFromAFile) {
  const auto result = Run({"keygen", "authority", "-o", "a.key"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("--passphrase-file"));
  EXPECT_FALSE(fs::exists(folder_.Path("a.key")));
  folder_.Write("open", "correct horse battery\n", fs::perms(0644));
  EXPECT_EQ(Run({"keygen", "authority", "-o", "a.key", "--passphrase-file", "open"}).exit_code, 1);
}

TEST_F(FoundingTest, AtATerminalAPassphraseIsAskedTwiceAndNeverShown) {
  const std::string secret = "correct horse battery";
  const auto made = RunAssentAtTerminal(folder_.Path(""), {"keygen", "authority", "-o", "a.key"},
                                        {secret, secret});
  EXPECT_EQ(made.exit_code, 0) << made.out;
  EXPECT_THAT(made.out, HasSubstr("the same again: "));
  EXPECT_THAT(made.out, Not(HasSubstr("horse")));

  const auto differ = RunAssentAtTerminal(folder_.Path(""), {"keygen", "authority", "-o", "b.key"},
                                          {secret, secret + "!"});
  EXPECT_EQ(differ.exit_code, 1);
  EXPECT_THAT(differ.out, HasSubstr("the two passphrases differ"));

  // A slip of the finger is taken back: backspace, then Ctrl-U.
  const auto corrected =
      RunAssentAtTerminal(folder_.Path(""), {"keygen", "authority", "-o", "c.key"},
                          {"nonsense\x15" + secret, secret + "xx\x7f\x7f"});
  EXPECT_EQ(corrected.exit_code, 0) << corrected.out;

  const auto cancelled =
      RunAssentAtTerminal(folder_.Path(""), {"keygen", "authority", "-o", "d.key"}, {"corr\x03"});
  EXPECT_EQ(cancelled.exit_code, 1);
  EXPECT_THAT(cancelled.out, HasSubstr("cancelled"));
  EXPECT_FALSE(fs::exists(folder_.Path("d.key")));
}

TEST_F(FoundingTest, TwoStatesFoundALedger) {
  MakeKeys("NOR");
  MakeKeys("FRA");
  BeginAct();
  AddFounder("NOR");
  AddFounder("FRA");
  const auto begun = Run({"found", "check", "act.txt"});
  EXPECT_EQ(begun.exit_code, 1);
  EXPECT_THAT(begun.err, HasSubstr("FRA authority"));

  // Each signs a copy, at home; the copies are put together.
  fs::copy_file(folder_.Path("act.txt"), folder_.Path("copy.txt"));
  Do({"found", "sign", "act.txt", "--code", "FRA", "--authority", "FRA.key", "--passphrase-file",
      "pass"});
  Do({"found", "sign", "act.txt", "--code", "FRA", "--node-seed", "FRA.seed", "--reader",
      "FRA.reader"});
  Do({"found", "sign", "copy.txt", "--code", "NOR", "--authority", "NOR.key", "--passphrase-file",
      "pass", "--node-seed", "NOR.seed", "--reader", "NOR.reader"});
  EXPECT_EQ(Run({"found", "check", "act.txt"}).exit_code, 1);
  Do({"found", "merge", "act.txt", "copy.txt"});
  const auto done = Run({"found", "check", "act.txt"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("complete"));

  const auto act = ParseAct(folder_.Read("act.txt"));
  ASSERT_TRUE(act.ok()) << act.status();
  EXPECT_TRUE(CheckAct(*act).ok());
  EXPECT_EQ(act->text.founders.front().code.str(), "FRA");
  EXPECT_EQ(act->text.parameters.signature_period, Days(90));
  EXPECT_EQ(act->text.parameters.heartbeat, Seconds(30));
  EXPECT_EQ(act->text.parameters.report_due, Hours(48));
  EXPECT_EQ(act->text.classes.size(), 9u);
}

TEST_F(FoundingTest, ASignedActTakesNoMoreFounders) {
  MakeKeys("FRA");
  MakeKeys("NOR");
  BeginAct();
  AddFounder("FRA");
  Do({"found", "sign", "act.txt", "--code", "FRA", "--reader", "FRA.reader"});
  const std::vector<std::string> add = {"found",      "add",        "act.txt",  "--code",
                                        "NOR",        "--name",     "Norway",   "--authority-key",
                                        "NOR.key",    "--node",     "NOR.seed", "--reader",
                                        "NOR.reader", "--endpoint", "a:1"};
  const auto refused = Run(add);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("--drop-signatures"));
  auto dropped = add;
  dropped.push_back("--drop-signatures");
  Do(dropped);
  EXPECT_TRUE(ParseAct(folder_.Read("act.txt"))->signatures.empty());
}

TEST_F(FoundingTest, OnlyTheKeysOfTheActCanSignIt) {
  MakeKeys("FRA");
  MakeKeys("NOR");
  BeginAct();
  AddFounder("FRA");
  const auto wrong = Run({"found", "sign", "act.txt", "--code", "FRA", "--node-seed", "NOR.seed"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("not the vote key that the act names for FRA"));
  EXPECT_EQ(Run({"found", "sign", "act.txt", "--code", "NOR", "--node-seed", "NOR.seed"}).exit_code,
            1);
  EXPECT_EQ(Run({"found", "sign", "act.txt", "--code", "FRA"}).exit_code, 2);
}

TEST_F(FoundingTest, AnActThatCannotBeReadBackIsNotWritten) {
  folder_.Write("code.txt", std::string("bad \x01 text\n"));
  EXPECT_EQ(Run({"found", "new", "--origin", "a.example/b", "--text", "code.txt", "--title", "T"})
                .exit_code,
            1);
  EXPECT_FALSE(fs::exists(folder_.Path("act.txt")));
  folder_.Write("code.txt", "good\n");
  EXPECT_EQ(
      Run({"found", "new", "--origin", "a b", "--text", "code.txt", "--title", "T"}).exit_code, 2);
  EXPECT_EQ(Run({"found", "new", "--origin", "a", "--text", "code.txt", "--title", "T",
                 "--heartbeat", "soon"})
                .exit_code,
            2);
}

TEST_F(FoundingTest, AClassListOfOnesOwn) {
  folder_.Write("code.txt", "good\n");
  folder_.Write("classes.toml",
                "[[class]]\nid = \"ONE\"\nkind = \"SPACE_LAUNCH\"\nname = \"the one\"\n");
  Do({"found", "new", "--origin", "a", "--text", "code.txt", "--title", "T", "--classes",
      "classes.toml"});
  EXPECT_EQ(ParseAct(folder_.Read("act.txt"))->text.classes.at(0).id, "ONE");
  folder_.Write("classes.toml", "[[class]]\nid = \"ONE\"\nkind = \"BOAT\"\nname = \"the one\"\n");
  EXPECT_THAT(Run({"found", "new", "--origin", "a", "--text", "code.txt", "--title", "T",
                   "--classes", "classes.toml", "-o", "b.txt"})
                  .err,
              HasSubstr("classes.toml:1: kind must be"));
}

TEST_F(FoundingTest, ProgramsAreToldWhatTheActHasBecome) {
  MakeKeys("FRA");
  folder_.Write("code.txt", "Article 1\n");
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.push_back("--json");
    const auto result = Run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    Tree act = ParseJson(result.out, "out").value();
    EXPECT_EQ(*act.Find("written")->As<std::string>(), "act.txt");
    return act;
  };
  const auto id = [](const Tree& act) { return *act.Find("ledger_id")->As<std::string>(); };
  const Tree begun = run(
      {"found", "new", "--origin", "code.example/test", "--text", "code.txt", "--title", "Code"});
  const Tree added = run({"found", "add", "act.txt", "--code", "FRA", "--name", "France",
                          "--authority-key", "FRA.key.pub", "--node", "FRA.seed.pub", "--reader",
                          "FRA.reader.pub", "--endpoint", "127.0.0.1:7401"});
  EXPECT_NE(id(added), id(begun));
  fs::copy(folder_.Path("act.txt"), folder_.Path("copy.txt"));
  const Tree half = run({"found", "sign", "act.txt", "--code", "FRA", "--authority", "FRA.key",
                         "--passphrase-file", "pass"});
  EXPECT_FALSE(*half.Find("complete")->As<bool>());
  Do({"found", "sign", "copy.txt", "--code", "FRA", "--node-seed", "FRA.seed", "--reader",
      "FRA.reader"});
  const Tree whole = run({"found", "merge", "act.txt", "copy.txt"});
  EXPECT_TRUE(*whole.Find("complete")->As<bool>());
  EXPECT_EQ(id(whole), id(added));
}

}  // namespace
}  // namespace assent::client
