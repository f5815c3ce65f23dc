// members, watch and receipt, as the program runs them against a node that may be hostile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/tree.h"
#include "ledger/log/checkpoint.h"
#include "tests/unit/client/fake_node.h"
#include "tests/unit/client/program.h"

namespace assent::client {
namespace {

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

}  // namespace
}  // namespace assent::client
