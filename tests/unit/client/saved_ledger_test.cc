// assent audit --save, and what can be asked and checked offline from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/saved_evidence.h"
#include "client/tree.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/checkpoint.h"
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

// What BBB has signed and no honest node signs.
class AuditedEvidenceTest : public SavedLedgerTest {
 protected:
  AuditedEvidenceTest() {
    for (const char* state : {"AAA", "BBB"}) Report(state);
  }
  const testing::TestState& bbb() { return node_.chain().ledger.state("BBB"); }
  std::uint64_t TipView() { return node_.chain().tip->header.view.value(); }

  // As the node's store has it: node/query/evidence.cc.
  void KeepEvidence(const std::string& key, const std::string& value) {
    replica::Batch batch;
    batch.evidence.emplace_back(key, value);
    ASSERT_TRUE(node_.chain().store.Write(batch).ok());
  }
  void VoteTwice(std::uint64_t view) {
    std::string bytes;
    AppendU8(bytes, 1);
    for (const std::uint64_t number : {std::uint64_t{1}, view, std::uint64_t{1}}) {
      AppendU64(bytes, number);
    }
    for (const char* block : {"one", "two"}) {
      std::string said = node_.chain().ledger.id().str();
      AppendU64(said, 1);
      AppendU64(said, view);
      said += Sha256(block).view();
      AppendU8(bytes, 1);
      bytes += Sha256(block).view();
      bytes += bbb().node.vote.Sign(tag::kNotarize, said).view();
    }
    KeepEvidence(absl::StrCat("vote/BBB/1/", view, "/00"), bytes);
  }
  void SignFalseRoots(std::uint64_t size, const std::vector<std::string>& histories) {
    std::string bytes;
    for (const std::string& history : histories) {
      const Hash root = Sha256(history);
      AppendU64(bytes, 1);
      AppendU64(bytes, size);
      bytes += root.view();
      bytes +=
          SignCheckpoint({node_.chain().ledger.act.text.origin, size, root}, bbb().node.checkpoint)
              .view();
    }
    KeepEvidence(absl::StrCat("checkpoint/BBB/", size), bytes);
  }
  ProgramResult AskEvidence(bool online, std::vector<std::string> more = {"--json"}) {
    std::vector<std::string> arguments{"ask", "evidence"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    if (!online) arguments.insert(arguments.end(), {"--from", saved_});
    return Run(arguments, online);
  }
  static std::size_t RowsOf(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return ParseJson(result.out, "out")->Find("rows")->As<Tree::List>()->size();
  }
  // Rewrites what was saved.
  void Change(const std::function<void(v1::AskResponse&)>& change) {
    auto evidence = LoadEvidence(saved_);
    ASSERT_TRUE(evidence.ok()) << evidence.status();
    change(*evidence);
    ASSERT_TRUE(SaveEvidence(saved_, *evidence).ok());
  }
};

TEST_F(AuditedEvidenceTest, OfflineAnswersAreThoseOfTheNode) {
  for (const std::uint64_t view : {TipView() - 1, TipView(), TipView() + 1}) VoteTwice(view);
  SignFalseRoots(1, {"another history"});
  SignFalseRoots(90, {"one", "two"});
  const auto saved = Save();
  ASSERT_EQ(saved.exit_code, 0) << saved.err;
  EXPECT_THAT(saved.out, HasSubstr("5 rows, good and saved"));
  EXPECT_THAT(saved.out, HasSubstr("good: all of it"));
  EXPECT_EQ(RowsOf(AskEvidence(false)), 5u);
  EXPECT_EQ(AskEvidence(false).out, AskEvidence(true).out);
  EXPECT_EQ(AskEvidence(false, {"--csv"}).out, AskEvidence(true, {"--csv"}).out);
  EXPECT_EQ(AskEvidence(false, {}).out, AskEvidence(true, {}).out);
  EXPECT_EQ(AskEvidence(false, {"--json", "--limit", "2"}).out,
            AskEvidence(true, {"--json", "--limit", "2"}).out);
  const std::size_t rows[] = {0, 2, 3};  // as of each height
  for (std::size_t height = 0; height <= 2; ++height) {
    const std::vector<std::string> as_of{"--json", "--as-of", absl::StrCat(height)};
    const auto offline = AskEvidence(false, as_of);
    EXPECT_EQ(RowsOf(offline), rows[height]);
    EXPECT_EQ(offline.out, AskEvidence(true, as_of).out);
  }
  EXPECT_THAT(AskEvidence(false, {}).err,
              HasSubstr("what the audited node had seen when the audit was saved"));
  EXPECT_THAT(AskEvidence(false, {"--as-of", "3"}).err, HasSubstr("was not saved"));
  EXPECT_THAT(CheckSaved().out, HasSubstr("5 rows, good\n"));
}

TEST_F(AuditedEvidenceTest, IsThatOfTheNewestAudit) {
  ASSERT_EQ(Save().exit_code, 0);
  EXPECT_EQ(RowsOf(AskEvidence(false)), 0u);
  SignFalseRoots(1, {"another history"});
  EXPECT_EQ(RowsOf(AskEvidence(false)), 0u) << "it was not asked since";
  ASSERT_EQ(Save().exit_code, 0);
  EXPECT_EQ(RowsOf(AskEvidence(false)), 1u);
}

TEST_F(AuditedEvidenceTest, WhatIsNoProofIsSaidAndNotSaved) {
  SignFalseRoots(1, {"another history"});
  SignFalseRoots(90, {"one", "two"});
  VoteTwice(1);
  node_.after_ask = [](v1::AskResponse& answer) {
    answer.mutable_rows(0)->mutable_evidence()->set_voter("CCC");
    answer.mutable_rows(2)->mutable_evidence()->set_view(2);
  };
  const auto saved = Save();
  EXPECT_EQ(saved.exit_code, 0) << saved.err;
  EXPECT_THAT(saved.out, HasSubstr("1 row, good and saved"));
  EXPECT_THAT(saved.out,
              HasSubstr("not saved: 2 rows of the node's evidence: the evidence against CCC by a "
                        "checkpoint proves nothing: its key was never that of the voter's node"));
  EXPECT_EQ(RowsOf(AskEvidence(false)), 1u);
  const auto json = Run({"audit", "--save", saved_, "--json"}, true);
  EXPECT_EQ(*ParseJson(json.out, "out")->Find("evidence_refused")->As<std::int64_t>(), 2);
}

TEST_F(AuditedEvidenceTest, ThatNoneCouldBeHadIsSaid) {
  node_.after_ask = [](v1::AskResponse& answer) { answer.add_rows()->mutable_due(); };
  const auto saved = Save();
  EXPECT_EQ(saved.exit_code, 0) << saved.err;
  EXPECT_THAT(saved.out, HasSubstr("not saved: evidence: the node answers another question"));
  const auto offline = AskEvidence(false);
  EXPECT_EQ(offline.exit_code, 1) << "that is not the same as none";
  EXPECT_THAT(offline.err, HasSubstr("no evidence was saved"));
  EXPECT_EQ(Ask(false).exit_code, 0);
}

TEST_F(AuditedEvidenceTest, AFolderOfAnEarlierVersionHasNone) {
  ASSERT_EQ(Save().exit_code, 0);
  std::filesystem::remove(saved_ + "/evidence");
  EXPECT_THAT(AskEvidence(false).err, HasSubstr("no evidence was saved"));
  EXPECT_EQ(CheckSaved().exit_code, 0);
}

TEST_F(AuditedEvidenceTest, WhatWasChangedIsFound) {
  SignFalseRoots(1, {"another history"});
  ASSERT_EQ(Save().exit_code, 0);
  const auto good = LoadEvidence(saved_).value();
  const auto is_found = [&](std::string_view what) {
    for (const auto& result : {AskEvidence(false), CheckSaved()}) {
      EXPECT_EQ(result.exit_code, 1) << what;
      EXPECT_THAT(result.err, HasSubstr(std::string(what)));
    }
    ASSERT_TRUE(SaveEvidence(saved_, good).ok());
  };
  Change([](v1::AskResponse& evidence) { evidence.set_as_of(3); });
  is_found("later height");
  // All is as it should be, but for the key.
  Change([this](v1::AskResponse& evidence) {
    v1::EvidenceRow& row = *evidence.mutable_rows(0)->mutable_evidence();
    const SigningKey stranger(*SecretSeed::From(Sha256("a stranger").view()));
    const Checkpoint said{node_.chain().ledger.act.text.origin, 1, Sha256("another history")};
    row.set_key(stranger.public_key().str());
    row.set_first_signature(SignCheckpoint(said, stranger).str());
  });
  is_found("its key was never that of the voter's node");
  Change([](v1::AskResponse& evidence) {
    v1::EvidenceRow& row = *evidence.mutable_rows(0)->mutable_evidence();
    (*row.mutable_first_signature())[9] ^= 1;
  });
  is_found("a signature is not good");
  std::ofstream(saved_ + "/evidence", std::ios::app) << "more";
  is_found("damaged");
  EXPECT_EQ(CheckSaved().exit_code, 0);
}

TEST_F(SavedLedgerTest, ThereIsNoAnswerFromAnEmptyFolder) {
  const auto result = Ask(false);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, Not(HasSubstr("0 rows")));
}

}  // namespace
}  // namespace assent::client
