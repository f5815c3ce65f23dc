// Exit codes, messages and help of the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "client/templates.h"
#include "ledger/act/founding_act.h"
#include "tests/support/test_ledger.h"
#include "tests/unit/client/program.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class CommandLineTest : public ::testing::Test {
 protected:
  ProgramResult Run(const std::vector<std::string>& arguments) {
    return RunAssent(folder_.Path(""), arguments);
  }
  const TempFolder folder_;
};

TEST_F(CommandLineTest, HelpAndVersionAreNoErrors) {
  const auto help = Run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("Exit codes: 0 done, 1 refused or failed, 2"));
  EXPECT_THAT(help.out, HasSubstr("verify"));
  EXPECT_EQ(help.err, "");
  EXPECT_EQ(Run({"--version"}).exit_code, 0);
}

TEST_F(CommandLineTest, EveryCommandHasHelpWithExamples) {
  for (const auto& command : std::vector<std::vector<std::string>>{{"new"},
                                                                   {"file"},
                                                                   {"prepare"},
                                                                   {"sign"},
                                                                   {"submit"},
                                                                   {"list"},
                                                                   {"show"},
                                                                   {"watch"},
                                                                   {"receipt"},
                                                                   {"verify"},
                                                                   {"consistency"},
                                                                   {"ask", "evidence"},
                                                                   {"audit"},
                                                                   {"members"},
                                                                   {"status"},
                                                                   {"checkpoint"},
                                                                   {"completion"},
                                                                   {"revision"},
                                                                   {"keygen"},
                                                                   {"key"},
                                                                   {"found"},
                                                                   {"revision", "draft"},
                                                                   {"revision", "circulate"},
                                                                   {"revision", "receipt"},
                                                                   {"revision", "comment"},
                                                                   {"revision", "summarise"},
                                                                   {"revision", "open"},
                                                                   {"revision", "sign"},
                                                                   {"revision", "object"},
                                                                   {"revision", "withdraw"},
                                                                   {"revision", "present"},
                                                                   {"revision", "instrument"},
                                                                   {"revision", "show"},
                                                                   {"keygen", "authority"},
                                                                   {"keygen", "node"},
                                                                   {"keygen", "reader"},
                                                                   {"key", "show"},
                                                                   {"found", "new"},
                                                                   {"found", "add"},
                                                                   {"found", "sign"},
                                                                   {"found", "merge"},
                                                                   {"found", "check"}}) {
    auto arguments = command;
    arguments.push_back("--help");
    const auto help = Run(arguments);
    EXPECT_EQ(help.exit_code, 0) << command.back();
    EXPECT_THAT(help.out, HasSubstr("Examples:\n  assent " + command.front())) << command.back();
  }
}

TEST_F(CommandLineTest, HelpListsEveryRecordTypeInItsColumn) {
  const std::string help = Run({"new", "--help"}).out;
  std::set<std::size_t> columns;
  for (const RecordTemplate& record : RecordTemplates()) {
    const std::size_t name = help.find("\n  " + std::string(record.command) + "  ");
    ASSERT_NE(name, std::string::npos) << record.command;
    const std::size_t summary = help.find(record.summary, name);
    ASSERT_NE(summary, std::string::npos) << record.command;
    columns.insert(summary - name);
  }
  EXPECT_EQ(columns.size(), 1u) << help;
}

TEST_F(CommandLineTest, WhatIsNotUnderstoodIsUsage) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{},
                                                                     {"fly"},
                                                                     {"list", "--no-such-flag"},
                                                                     {"show"},
                                                                     {"new", "no-such-type"},
                                                                     {"found"},
                                                                     {"status"},
                                                                     {"list", "--limit", "many"},
                                                                     {"completion", "tcsh"},
                                                                     {"verify", "x.receipt"}}) {
    const auto result = Run(arguments);
    EXPECT_EQ(result.exit_code, 2) << (arguments.empty() ? "" : arguments.back());
    EXPECT_THAT(result.err, StartsWith("assent: "));
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(CommandLineTest, WhatFailsSaysWhyAndIsOne) {
  const auto result = Run({"verify", "none.receipt", "--act", "none.txt"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, StartsWith("assent: cannot open none.txt"));
}

TEST_F(CommandLineTest, ANodeThatIsNotThereIsAFailureInGoodTime) {
  const testing::TestLedger ledger(1);
  folder_.Write("act.txt", FormatAct(ledger.act));
  const auto result =
      Run({"status", "--act", "act.txt", "--node", "127.0.0.1:1", "--timeout", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("the node at 127.0.0.1:1"));
}

TEST_F(CommandLineTest, AConfigurationFileWithAMistakeIsRefused) {
  folder_.Write("c.toml", "nod = \"x\"\n");
  const auto result = Run({"status", "--config", "c.toml"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("c.toml:1: unknown key nod"));
  EXPECT_EQ(Run({"status", "--config", "none.toml"}).exit_code, 1);
}

TEST_F(CommandLineTest, TemplatesGoToStandardOutputOrANewFile) {
  const auto printed = Run({"new", "launch-report"});
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_THAT(printed.out, HasSubstr("type = \"LaunchReport\""));
  EXPECT_EQ(Run({"new", "launch-report", "-o", "r.toml"}).exit_code, 0);
  EXPECT_EQ(folder_.Read("r.toml"), printed.out);
  const auto again = Run({"new", "launch-report", "-o", "r.toml"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("exists already"));
  const auto json = Run({"new", "launch-report", "-o", "j.toml", "--json"});
  EXPECT_EQ(json.out, "{\n  \"type\": \"LaunchReport\",\n  \"written\": \"j.toml\"\n}\n");
  EXPECT_EQ(Run({"new", "launch-report", "--json"}).exit_code, 2);  // two outputs, one place
}

TEST_F(CommandLineTest, CompletionScriptsKnowTheWholeProgram) {
  const auto bash = Run({"completion", "bash"});
  EXPECT_EQ(bash.exit_code, 0);
  EXPECT_THAT(bash.out, HasSubstr("'found new') follow='"));
  EXPECT_THAT(bash.out, HasSubstr("launch-notification"));
  EXPECT_EQ(Run({"completion", "zsh"}).exit_code, 0);
  EXPECT_EQ(Run({"completion", "fish"}).exit_code, 0);
}

}  // namespace
}  // namespace assent::client
