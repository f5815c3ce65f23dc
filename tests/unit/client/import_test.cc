// import, as the program runs it against a node: what is filed, and what is left out when it is run
// again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "client/tree.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/key_file.h"
#include "ledger/entry/proto.h"
#include "tests/unit/client/fake_node.h"
#include "tests/unit/client/program.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

constexpr char kList[] =
    "launch_time_utc,state,site,latitude_deg,longitude_deg,vehicle,outcome\n"
    "2002-01-23T23:46:00Z,BBB,Site of B,5.24,-52.77,Berta 1,launched\n"
    "2003-03-01T10:00:00Z,CCC,Sea of C,,,Carla,failed\n"
    "2004-05-02T10:00:00Z,BBB,Site of B,5.24,-52.77,Berta 2,failed\n";
constexpr char kClasses[] = "[classes]\n\"Berta\" = \"SLV_MEDIUM\"\n\"Carla\" = \"SLV_LIGHT\"\n";

class ImportTest : public ::testing::Test {
 protected:
  ImportTest() {
    folder_.Write("list.csv", kList);
    folder_.Write("classes.toml", kClasses);
    folder_.Write("pass", "correct horse battery");
    for (const char* state : {"BBB", "CCC"}) {
      // As the test ledger makes them.
      const auto seed = [&](const char* use) {
        return *SecretSeed::From(Sha256({state, "/", use}).view());
      };
      folder_.Write(absl::StrCat(state, ".key"), SealKey(KeyPurpose::kAuthority, seed("authority"),
                                                         "correct horse battery", SealCost{1, 8192})
                                                     .value());
      folder_.Write(absl::StrCat(state, ".reader"),
                    WritePlainKey(KeyPurpose::kReader, seed("reader")));
      folder_.Write(
          absl::StrCat(state, ".toml"),
          absl::StrCat("code = \"", state, "\"\nauthority = \"", state, ".key\"\nreader = \"",
                       state, ".reader\"\npassphrase_file = \"pass\"\nnode = \"", node_.address(),
                       "\"\nact = \"", node_.act_path(), "\"\n"));
    }
  }

  ProgramResult Import(std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"import", "list.csv", "--classes", "classes.toml", "--state",
                                     "BBB.toml", "--state", "CCC.toml", "--json"});
    return RunAssent(folder_.Path(""), options);
  }
  std::uint64_t EntriesOnLedger() { return node_.chain().tip->header.tree_size; }

  // What the summary says of a state.
  static std::int64_t Fact(const ProgramResult& result, const std::string& state,
                           const std::string& key) {
    const auto tree = ParseJson(result.out, "out");
    if (!tree.ok()) throw std::runtime_error(result.out + result.err);
    for (const Tree& facts : *tree->Find("states")->As<Tree::List>()) {
      if (*facts.Find("state")->As<std::string>() == state) {
        return *facts.Find(key)->As<std::int64_t>();
      }
    }
    throw std::runtime_error("no " + state);
  }

  FakeNode node_{4};
  const TempFolder folder_;
};

TEST_F(ImportTest, FilesANotificationAndAReportOfEachLaunch) {
  const auto result = Import();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Fact(result, "BBB", "launches"), 2);
  EXPECT_EQ(Fact(result, "BBB", "notified"), 2);
  EXPECT_EQ(Fact(result, "BBB", "reported"), 2);
  EXPECT_EQ(Fact(result, "CCC", "notified"), 1);
  EXPECT_EQ(Fact(result, "CCC", "reported"), 1);
  EXPECT_EQ(EntriesOnLedger(), 6u);
}

TEST_F(ImportTest, AgainFilesNothing) {
  EXPECT_EQ(Import().exit_code, 0);
  const auto again = Import();
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(Fact(again, "BBB", "notified_before"), 2);
  EXPECT_EQ(Fact(again, "BBB", "reported_before"), 2);
  EXPECT_EQ(Fact(again, "BBB", "wanted"), 0);
  EXPECT_EQ(EntriesOnLedger(), 6u);
}

TEST_F(ImportTest, GoesOnWhereItWasInterrupted) {
  int submitted = 0;
  node_.before_submit = [&](const v1::SubmitRequest& request) {
    const bool new_entry = !request.wait_until_final();
    return new_entry && ++submitted > 3
               ? grpc::Status(grpc::StatusCode::INTERNAL, "the node has had enough")
               : grpc::Status::OK;
  };
  const auto broken = Import();
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_THAT(broken.err, HasSubstr("the node has had enough"));
  EXPECT_THAT(broken.err, HasSubstr("run the same command again"));
  EXPECT_EQ(EntriesOnLedger(), 3u);

  node_.before_submit = nullptr;
  const auto resumed = Import();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(EntriesOnLedger(), 6u);
}

TEST_F(ImportTest, LaunchesAheadAreReportedByALaterImport) {
  const auto result = Import({"--shift", "36500d"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Fact(result, "BBB", "notified"), 2);
  EXPECT_EQ(Fact(result, "BBB", "reported"), 0);
  EXPECT_EQ(Fact(result, "BBB", "ahead"), 2);
  EXPECT_EQ(EntriesOnLedger(), 3u);
  // By the same references: as if the launches had taken place since.
  const auto later = Import();
  EXPECT_EQ(Fact(later, "BBB", "notified"), 0);
  EXPECT_EQ(Fact(later, "BBB", "reported"), 2);
  EXPECT_EQ(Fact(later, "BBB", "ahead"), 0);
}

TEST_F(ImportTest, DryRunFilesNothing) {
  const auto result = Import({"--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Fact(result, "BBB", "wanted"), 4);
  EXPECT_EQ(Fact(result, "BBB", "notified"), 0);
  EXPECT_EQ(EntriesOnLedger(), 0u);
}

TEST_F(ImportTest, OneStateThatFailsLeavesTheOthersAlone) {
  folder_.Write("classes.toml", "[classes]\n\"Berta\" = \"SLV_MEDIUM\"\n\"\" = \"SLV_WRONG\"\n");
  const auto result = Import();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("refused: CLASS_UNKNOWN: CCC: line 3: "));
  EXPECT_EQ(Fact(result, "BBB", "reported"), 2);
  EXPECT_EQ(Fact(result, "CCC", "notified"), 0);
}

TEST_F(ImportTest, EveryLaunchHasAStateAndAClass) {
  const auto without_state = RunAssent(
      folder_.Path(""), {"import", "list.csv", "--classes", "classes.toml", "--state", "CCC.toml"});
  EXPECT_EQ(without_state.exit_code, 2);
  EXPECT_THAT(without_state.err, HasSubstr("launches of BBB"));
  const auto twice = Import({"--state", "CCC.toml"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("CCC has a configuration file already"));
  folder_.Write("classes.toml", "[classes]\n\"Carla\" = \"SLV_LIGHT\"\n");
  const auto without_class = Import();
  EXPECT_EQ(without_class.exit_code, 1);
  EXPECT_THAT(without_class.err, HasSubstr("classes.toml has no class for Berta 1, Berta 2"));
  EXPECT_EQ(EntriesOnLedger(), 0u);
}

TEST_F(ImportTest, OthersAreLeftOutWhenThatIsWanted) {
  const auto result = RunAssent(
      folder_.Path(""),
      {"import", "list.csv", "--classes", "classes.toml", "--state", "CCC.toml", "--skip-others"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("CCC"));
  EXPECT_EQ(EntriesOnLedger(), 2u);
}

}  // namespace
}  // namespace assent::client
