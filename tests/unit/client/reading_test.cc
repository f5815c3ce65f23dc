// members, watch and receipt, as the program runs them against a node that may be hostile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "client/tree.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/checkpoint.h"
#include "tests/unit/client/fake_node.h"
#include "tests/unit/client/program.h"

namespace assent::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReadingTest : public ::testing::Test {
 protected:
  ProgramResult Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--act", node_.act_path()});
    return RunAssent(folder_.Path(""), arguments);
  }
  ProgramResult RunOnline(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--node", node_.address()});
    return Run(std::move(arguments));
  }

  // Files `count` entries of BBB, a second after each other.
  void File(int count) {
    for (int i = 0; i < count; ++i) node_.chain().CommitEntries({node_.chain().Notify("BBB")});
  }
  // Indices that a watch has printed.
  static std::vector<std::int64_t> IndicesOf(const ProgramResult& result) {
    std::vector<std::int64_t> indices;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
      indices.push_back(*ParseJson(line, "line")->Find("index")->As<std::int64_t>());
    }
    return indices;
  }

  FakeNode node_{4};
  const TempFolder folder_;
};

// What `members --vkeys` is to print: the checkpoint key of each founder's node.
std::string VerifierKeysOf(const FoundingAct& act) {
  std::string keys;
  for (const Founder& founder : act.text.founders) {
    keys += VerifierKey(act.text.origin, founder.checkpoint_key) + "\n";
  }
  return keys;
}

// Who could choose the keys could sign a checkpoint of its own under them.
TEST_F(ReadingTest, VerifierKeysAreThoseOfTheActWhateverTheNodeSays) {
  node_.after_members = [&](v1::ListMembersResponse& answer) {
    for (v1::Member& member : *answer.mutable_members()) {
      member.mutable_node()->set_checkpoint_key(std::string(32, 'k'));
    }
  };
  const auto result = RunOnline({"members", "--vkeys"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, VerifierKeysOf(node_.chain().ledger.act));
}

TEST_F(ReadingTest, VerifierKeysNeedNoNode) {
  const auto result = Run({"members", "--vkeys"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, VerifierKeysOf(node_.chain().ledger.act));
}

TEST_F(ReadingTest, VerifierKeysAreGivenToProgramsToo) {
  const auto result = Run({"members", "--vkeys", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto tree = ParseJson(result.out, "out");
  ASSERT_TRUE(tree.ok()) << tree.status();
  const auto& voters = *tree->Find("voters")->As<Tree::List>();
  ASSERT_EQ(voters.size(), 4u);
  const FoundingAct& act = node_.chain().ledger.act;
  EXPECT_EQ(*voters[1].Find("code")->As<std::string>(), "BBB");
  EXPECT_EQ(*voters[1].Find("verifier_key")->As<std::string>(),
            VerifierKey(act.text.origin, act.text.founders[1].checkpoint_key));
}

TEST_F(ReadingTest, AWatchThatHasSeenNothingYetOutlivesARestart) {
  File(2);
  int calls = 0;
  node_.before_watch = [&](const v1::WatchEntriesRequest&) {
    if (++calls > 2) return grpc::Status::OK;
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the node is stopping");
  };
  const auto result = RunOnline({"watch", "--from-index", "0", "--count", "2", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(IndicesOf(result), ElementsAre(0, 1));
  EXPECT_EQ(result.err,
            "the connection broke (the node is stopping); going on behind the last entry as soon "
            "as the node is back\n");
}

TEST_F(ReadingTest, AWatchOfANodeThatWasNeverThereFails) {
  const auto result = Run({"watch", "--node", "127.0.0.1:1", "--timeout", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot reach the node at 127.0.0.1:1"));
}

TEST_F(ReadingTest, AWatchBeginsWithTheFirstEntryFiledAtATimeOrLater) {
  File(5);
  const auto at = [](int seconds) { return FormatTime(testing::kFounded + Seconds(seconds)); };
  const auto watch = [&](std::vector<std::string> filters) {
    filters.insert(filters.begin(), {"watch", "--json"});
    const auto result = RunOnline(std::move(filters));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return IndicesOf(result);
  };
  // Entry i is in block i + 1, so many seconds after the founding.
  EXPECT_THAT(watch({"--from", at(4), "--count", "2"}), ElementsAre(3, 4));
  EXPECT_THAT(watch({"--from", at(1), "--from-index", "2", "--count", "1"}), ElementsAre(2));
  EXPECT_THAT(watch({"--from", at(0), "--author", "BBB", "--count", "1"}), ElementsAre(0));
  EXPECT_EQ(RunOnline({"watch", "--from", "yesterday"}).exit_code, 2);
}

TEST_F(ReadingTest, AWatchDropsWhatIsBeforeItsTimeWhateverTheNodeSends) {
  File(3);
  node_.after_list = [](v1::ListEntriesResponse& page) { page.mutable_entries(0)->set_index(0); };
  const auto result = RunOnline(
      {"watch", "--json", "--count", "1", "--from", FormatTime(testing::kFounded + Seconds(3))});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(IndicesOf(result), ElementsAre(2));
}

TEST_F(ReadingTest, ProgramsAreToldWhichReceiptWasWritten) {
  File(3);
  const auto result = RunOnline({"receipt", "1", "--leaf", "a.leaf", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Tree receipt = ParseJson(result.out, "out").value();
  EXPECT_EQ(*receipt.Find("entry")->As<std::string>(), "BBB/2");
  EXPECT_EQ(*receipt.Find("index")->As<std::int64_t>(), 1);
  EXPECT_EQ(*receipt.Find("receipt")->As<std::string>(), "BBB-2.receipt");
  EXPECT_EQ(*receipt.Find("leaf")->As<std::string>(), "a.leaf");
  EXPECT_EQ(Run({"verify", "BBB-2.receipt"}).exit_code, 0);
  EXPECT_EQ(RunOnline({"receipt", "1", "-o", "-", "--json"}).exit_code, 2);
}

TEST_F(ReadingTest, ARecordIsShownAsTheFileThatAmendsIt) {
  File(1);
  const auto toml = RunOnline({"show", "0", "--record"});
  ASSERT_EQ(toml.exit_code, 0) << toml.err;
  EXPECT_THAT(toml.out, HasSubstr("type = \"LaunchNotification\""));
  const auto json = RunOnline({"show", "0", "--record", "--json"});
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const auto tree = ParseJson(json.out, "out");
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(*tree->Find("type")->As<std::string>(), "LaunchNotification");
  folder_.Write("amended.json", json.out);
  const auto prepared = Run({"prepare", "amended.json", "--code", "BBB", "--sequence", "2",
                             "--previous", std::string(64, 'a')});
  EXPECT_EQ(prepared.exit_code, 0) << prepared.err << "a program's answer is a file as well";
}

TEST_F(ReadingTest, EvidenceTakesAHeight) {
  const auto all = RunOnline({"ask", "evidence"});
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_THAT(all.err, HasSubstr("what this node has seen"));
  const auto genesis = RunOnline({"ask", "evidence", "--as-of", "0", "--json"});
  EXPECT_EQ(genesis.exit_code, 0) << genesis.err;
  EXPECT_EQ(*ParseJson(genesis.out, "out")->Find("as_of")->As<std::int64_t>(), 0);
}

PublicKey InspectorsKey() {
  return SigningKey(*SecretSeed::From(std::string(32, '\x0a'))).public_key();
}

v1::Body Accreditation(bool all_bodies) {
  v1::Body body = testing::NotificationBody("");
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  said.set_public_key(InspectorsKey().str());
  said.set_name("Example Institute");
  said.set_from_us(testing::kFounded.us);
  said.set_until_us((testing::kFounded + Days(1)).us);
  said.set_all_bodies(all_bodies);
  if (!all_bodies) {
    said.add_authors("AAA");
    said.add_types("LaunchReport");
  }
  return body;
}

TEST_F(ReadingTest, InspectorsAreListedWithTheirScopeAndWhereTheyStand) {
  v1::Body end = testing::NotificationBody("");
  end.mutable_inspector_accreditation_end()->set_accreditation(0);
  end.mutable_inspector_accreditation_end()->set_reason("done");
  for (const v1::Body& body : {Accreditation(true), Accreditation(false), end}) {
    node_.chain().CommitEntries({node_.chain().File("BBB", body)});
  }
  const auto table = RunOnline({"inspectors"});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("ended by entry 2"));
  EXPECT_THAT(table.out, HasSubstr("LaunchReport of AAA"));
  EXPECT_THAT(table.out, HasSubstr(InspectorsKey().hex().substr(0, 8)));

  const auto json = RunOnline({"inspectors", "--status", "in-force", "--by", "BBB", "--json"});
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const Tree tree = ParseJson(json.out, "out").value();
  const auto& listed = *tree.Find("accreditations")->As<Tree::List>();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(*listed[0].Find("index")->As<std::int64_t>(), 1);
  EXPECT_EQ(*listed[0].Find("status")->As<std::string>(), "in-force");
  EXPECT_EQ(*tree.Find("as_of")->As<std::int64_t>(), 3);
  EXPECT_EQ(RunOnline({"inspectors", "--status", "good"}).exit_code, 2);
}

}  // namespace
}  // namespace assent::client
