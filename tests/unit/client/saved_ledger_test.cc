// assent audit --save, and what can be asked and checked offline from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/client/fake_node.h"
#include "tests/unit/client/program.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SavedLedgerTest : public ::testing::Test {
 protected:
  ProgramResult Run(std::vector<std::string> arguments, bool online) {
    arguments.insert(arguments.end(), {"--act", node_.act_path()});
    if (online) arguments.insert(arguments.end(), {"--node", node_.address()});
    return RunAssent(folder_.Path(""), arguments);
  }
  ProgramResult Save() { return Run({"audit", "--save", saved_}, true); }
  ProgramResult CheckSaved() { return Run({"audit", "--from", saved_}, false); }
  ProgramResult Ask(bool online, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"ask", "launches-without-timely-notification", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    if (!online) arguments.insert(arguments.end(), {"--from", saved_});
    return Run(arguments, online);
  }

  // A block with a launch that was never notified.
  void Report(std::string_view state) {
    v1::Body body;
    body.set_visibility(v1::MEMBERS);
    body.set_issued_at_us(testing::kFounded.us);
    v1::LaunchReport& report = *body.mutable_launch_report();
    report.set_outcome(v1::LAUNCHED);
    report.set_launched_at_us(testing::kFounded.us);
    report.set_kind(v1::SPACE_LAUNCH);
    report.set_class_id("SLV_MEDIUM");
    node_.chain().CommitEntries({node_.chain().File(state, body)});
  }

  FakeNode node_{4};
  const TempFolder folder_;
  const std::string saved_ = folder_.Path("ledger");
};

TEST_F(SavedLedgerTest, OfflineAnswersAreThoseOfTheNode) {
  for (const char* state : {"BBB", "AAA", "CCC"}) Report(state);
  const auto saved = Save();
  ASSERT_EQ(saved.exit_code, 0) << saved.err;
  const auto offline = Ask(false);
  EXPECT_EQ(offline.exit_code, 0) << offline.err;
  EXPECT_EQ(offline.out, Ask(true).out);
  EXPECT_EQ(Ask(false, {"--as-of", "2"}).out, Ask(true, {"--as-of", "2"}).out);
  EXPECT_EQ(Ask(false, {"--as-of", "0"}).out, Ask(true, {"--as-of", "0"}).out);
  EXPECT_THAT(Ask(false, {"--as-of", "4"}).err, HasSubstr("was not saved"));
  const auto report = Run({"report", "2026", "--from", saved_}, false);
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_EQ(report.out, Run({"report", "2026"}, true).out);
}

TEST_F(SavedLedgerTest, AnAuditGoesOnWhereItWasSaved) {
  Report("BBB");
  ASSERT_EQ(Save().exit_code, 0);
  Report("AAA");
  std::uint64_t first = 0;
  node_.before_block = [&first](std::uint64_t height) {
    if (first == 0) first = height;
    return grpc::Status::OK;
  };
  const auto again = Save();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(first, 2u) << "what was checked is not fetched again";
  EXPECT_THAT(again.err, HasSubstr("going on behind height 1"));
  EXPECT_THAT(again.out, HasSubstr("height 2"));
  EXPECT_EQ(Ask(false).out, Ask(true).out);
  // And once more with nothing new.
  EXPECT_EQ(Save().exit_code, 0);
}

TEST_F(SavedLedgerTest, WhatWasSavedCanBeCheckedAnew) {
  for (const char* state : {"BBB", "AAA"}) Report(state);
  ASSERT_EQ(Save().exit_code, 0);
  const auto checked = CheckSaved();
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("good: all of it"));
}

TEST_F(SavedLedgerTest, WhatWasWrittenBeforeACrashIsCutOff) {
  Report("BBB");
  ASSERT_EQ(Save().exit_code, 0);
  for (const char* name : {"/blocks", "/heights"}) {
    std::ofstream(saved_ + name, std::ios::app) << "half a block";
  }
  Report("AAA");
  ASSERT_EQ(Save().exit_code, 0);
  EXPECT_EQ(CheckSaved().exit_code, 0);
  EXPECT_EQ(Ask(false).out, Ask(true).out);
}

TEST_F(SavedLedgerTest, DamageIsFound) {
  Report("BBB");
  ASSERT_EQ(Save().exit_code, 0);
  const auto flip = [this](const std::string& name, std::streamoff at) {
    std::fstream file(saved_ + name, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char byte = static_cast<char>(file.get());
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 1));
  };
  flip("/audit", 100);
  EXPECT_EQ(Ask(false).exit_code, 1);
  EXPECT_THAT(Ask(false).err, HasSubstr("damaged"));
  flip("/audit", 100);
  EXPECT_EQ(Ask(false).exit_code, 0);
  flip("/blocks", 300);
  EXPECT_EQ(CheckSaved().exit_code, 1);
}

TEST_F(SavedLedgerTest, AFolderOfAnotherLedgerIsRefused) {
  Report("BBB");
  ASSERT_EQ(Save().exit_code, 0);
  FakeNode other{3};
  const auto result = RunAssent(folder_.Path(""), {"ask", "year-totals", "2026", "--from", saved_,
                                                   "--act", other.act_path()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("another ledger"));
}

TEST_F(SavedLedgerTest, ThereIsNoAnswerFromAnEmptyFolder) {
  const auto result = Ask(false);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, Not(HasSubstr("0 rows")));
}

}  // namespace
}  // namespace assent::client
