// file and submit, as the program runs them against a node that fails at the worst moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/entry_files.h"
#include "client/tree.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/key_file.h"
#include "ledger/entry/proto.h"
#include "tests/unit/client/fake_node.h"
#include "tests/unit/client/program.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRecord[] = R"(type = "LaunchNotification"
visibility = "PUBLIC"
issued_at = 2026-01-01T00:00:00Z
not_after = 2026-06-01T00:00:00Z
reference = "R-1"
kind = "SPACE_LAUNCH"
class_id = "SLV_MEDIUM"
window_start = 2026-02-01T06:00:00Z
window_end = 2026-02-01T12:00:00Z
count = 1
area = { sea_area = "Sea of Tests" }
direction = { azimuth_deg = 90 }
)";

class FilingTest : public ::testing::Test {
 protected:
  FilingTest() {
    folder_.Write("launch.toml", kRecord);
    folder_.Write("pass", "correct horse battery");
    // As the test ledger makes it.
    const SecretSeed seed = *SecretSeed::From(Sha256({"BBB", "/", "authority"}).view());
    folder_.Write(
        "b.key",
        SealKey(KeyPurpose::kAuthority, seed, "correct horse battery", SealCost{1, 8192}).value());
  }

  ProgramResult Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--node", node_.address(), "--act", node_.act_path()});
    return RunAssent(folder_.Path(""), arguments);
  }
  ProgramResult File(std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"file", "launch.toml", "--code", "BBB", "--authority", "b.key",
                                     "--passphrase-file", "pass"});
    return Run(std::move(options));
  }
  bool Exists(const std::string& name) const { return std::filesystem::exists(folder_.Path(name)); }
  std::uint64_t EntriesOnLedger() { return node_.chain().tip->header.tree_size; }

  FakeNode node_{4};
  const TempFolder folder_;
};

TEST_F(FilingTest, SignedEntriesAreSavedBeforeTheyAreSentAndRemovedWhenFinal) {
  std::vector<Hash> saved, sent;
  node_.before_submit = [&](const v1::SubmitRequest& request) {
    const auto entries = ParseEntries(folder_.Read("launch.entries.json"), "saved");
    if (entries.ok()) saved.push_back(entries->front().entry.leaf_hash());
    sent.push_back(FromProto(request.entry())->leaf_hash());
    return grpc::Status::OK;
  };
  const auto result = File();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(saved, sent);
  EXPECT_FALSE(Exists("launch.entries.json"));
}

TEST_F(FilingTest, WhatMayBeFiledIsNotSignedAgainButSentAgain) {
  // The node takes the entry, and is never heard of again.
  node_.after_submit = [](v1::SubmitResponse& response) { response.clear_receipt(); };
  const auto broken = File();
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_THAT(broken.err, HasSubstr("assent submit launch.entries.json"));
  EXPECT_EQ(EntriesOnLedger(), 1u);
  node_.after_submit = nullptr;

  const auto again = File();
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("launch.entries.json exists already"));
  EXPECT_THAT(again.err, Not(HasSubstr("to be signed")));

  const auto resumed = Run({"submit", "launch.entries.json"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(resumed.out, HasSubstr("final"));
  EXPECT_EQ(EntriesOnLedger(), 1u);
}

TEST_F(FilingTest, WhatIsFiledIsSaidEvenWhenItsReceiptCannotBeWritten) {
  const auto result = File({"--receipt", "no-such-folder/launch.receipt"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("BBB/1"));
  EXPECT_THAT(result.out, HasSubstr("final"));
  EXPECT_THAT(result.err,
              HasSubstr("BBB/1 is filed, but its receipt is not written (assent receipt "
                        "BBB/1 fetches it again): cannot create no-such-folder/"));
  EXPECT_FALSE(Exists("launch.entries.json"));
}

TEST_F(FilingTest, ARefusalLeavesNothingToSendAgain) {
  std::string record = kRecord;
  record.replace(record.find("SLV_MEDIUM"), 10, "SLV_WRONG");
  folder_.Write("launch.toml", record);
  const auto result = File();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("refused: "));
  EXPECT_FALSE(Exists("launch.entries.json"));
}

TEST_F(FilingTest, WithoutWaitingTheSignedEntriesStay) {
  const auto result = File({"--no-wait", "--keep", "mine.json", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto tree = ParseJson(result.out, "out");
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(*tree->Find("kept")->As<std::string>(), "mine.json");
  EXPECT_EQ(Run({"submit", "mine.json"}).exit_code, 0);
}

TEST_F(FilingTest, NothingIsSentThatCannotBeSaved) {
  const auto result = File({"--keep", "no-such-folder/e.json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("nothing was sent (--keep): cannot create no-such-folder/e"));
  EXPECT_EQ(EntriesOnLedger(), 0u);
}

}  // namespace
}  // namespace assent::client
