// Receipts and consistency proofs made offline, from what assent audit --save has kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/saved_log.h"
#include "ledger/log/checkpoint.h"
#include "tests/unit/client/fake_node.h"
#include "tests/unit/client/program.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

class SavedProofsTest : public ::testing::Test {
 protected:
  SavedProofsTest() {
    for (const char* author : {"AAA", "BBB", "CCC"}) {
      node_.chain().CommitEntries({node_.chain().Notify(author), node_.chain().Notify("DDD")});
      SignTree();
    }
  }

  ProgramResult Run(std::vector<std::string> arguments, bool online) {
    arguments.insert(arguments.end(), {"--act", node_.act_path()});
    if (online) arguments.insert(arguments.end(), {"--node", node_.address()});
    return RunAssent(folder_.Path(""), arguments);
  }
  void Save() {
    const auto saved = Run({"audit", "--save", saved_}, true);
    ASSERT_EQ(saved.exit_code, 0) << saved.err;
  }
  // All voters sign the tree as it is.
  void SignTree() {
    const BlockHeader& tip = node_.chain().tip->header;
    const auto& ledger = node_.chain().ledger;
    replica::CheckpointRecord record{tip.height, tip.tree_size, tip.tree_root, {}};
    const VoterSet voters = ledger.act.voters();
    for (const Voter& voter : voters.voters()) {
      record.signatures[voter.code] =
          SignCheckpoint({ledger.act.text.origin, tip.tree_size, tip.tree_root},
                         ledger.state(voter.code.str()).node.checkpoint);
    }
    replica::Batch batch;
    batch.checkpoint = std::move(record);
    ASSERT_TRUE(node_.chain().store.Write(batch).ok());
  }
  // What the command writes to a file online, or offline.
  std::string FileOf(std::vector<std::string> arguments, bool online) {
    const std::string path = folder_.Path(online ? "online" : "offline");
    std::filesystem::remove(path);
    arguments.insert(arguments.end(), {"-o", path});
    if (!online) arguments.insert(arguments.end(), {"--from", saved_});
    const auto result = Run(arguments, online);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return folder_.Read(online ? "online" : "offline");
  }

  FakeNode node_{4};
  const TempFolder folder_;
  const std::string saved_ = folder_.Path("ledger");
};

TEST_F(SavedProofsTest, ReceiptsAreThoseOfTheNode) {
  Save();
  for (const char* name : {"0", "1", "4", "5", "BBB/1", "DDD/3"}) {
    const std::string offline = FileOf({"receipt", name}, false);
    EXPECT_EQ(offline, FileOf({"receipt", name}, true)) << name;
    EXPECT_EQ(Run({"verify", folder_.Path("offline")}, false).exit_code, 0);
  }
  const auto missing = Run({"receipt", "6", "--from", saved_}, false);
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("entry 6 was not saved: the log had 6"));
}

TEST_F(SavedProofsTest, TlogProofsAreUnderTheSavedCheckpoint) {
  Save();
  const auto proof = [this](bool online) {
    FileOf({"receipt", "2", "--tlog-proof", folder_.Path("tlog")}, online);
    return folder_.Read("tlog");
  };
  EXPECT_EQ(proof(false), proof(true));
}

TEST_F(SavedProofsTest, ConsistencyIsThatOfTheNode) {
  Save();
  const std::string newest = Run({"checkpoint"}, true).out;
  const std::string older = folder_.Write("older", newest);
  for (const char* author : {"AAA", "BBB", "AAA"}) {
    node_.chain().CommitEntries({node_.chain().Notify(author)});
  }
  SignTree();
  Save();
  const std::string newer = folder_.Write("newer", Run({"checkpoint"}, true).out);
  EXPECT_EQ(FileOf({"consistency", older}, false), FileOf({"consistency", older}, true));
  EXPECT_EQ(FileOf({"consistency", older, newer}, false),
            FileOf({"consistency", older, newer}, true));
  EXPECT_EQ(FileOf({"consistency", newer}, false), FileOf({"consistency", newer}, true));
  const auto reversed = Run({"consistency", newer, older, "--from", saved_}, false);
  EXPECT_EQ(reversed.exit_code, 1);
  EXPECT_THAT(reversed.err, HasSubstr("give them in their order"));
}

TEST_F(SavedProofsTest, AFolderOfAnEarlierVersionHasNoCheckpoint) {
  Save();
  const std::string older = folder_.Write("older", Run({"checkpoint"}, true).out);
  std::filesystem::remove(saved_ + "/checkpoint");
  const auto none = Run({"consistency", older, "--from", saved_}, false);
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("no checkpoint was saved with this audit"));
  FileOf({"consistency", older, older}, false);
  FileOf({"receipt", "3"}, false);
  EXPECT_EQ(Run({"audit", "--from", saved_}, false).exit_code, 0);
}

TEST_F(SavedProofsTest, ACheckpointOfAnotherLogIsFound) {
  Save();
  EXPECT_THAT(Run({"audit", "--from", saved_}, false).out, HasSubstr("agrees, signed by 4 voters"));
  const auto good = LoadCheckpoint(saved_).value();
  auto changed = good;
  changed.mutable_note()->back() = ' ';
  ASSERT_TRUE(SaveCheckpoint(saved_, changed).ok());
  const auto audit = Run({"audit", "--from", saved_}, false);
  EXPECT_EQ(audit.exit_code, 1);
  EXPECT_THAT(audit.err, HasSubstr("saved checkpoint"));
  // Signed by all, and not of this log: all its voters have lied.
  const auto& ledger = node_.chain().ledger;
  SignedCheckpoint other;
  other.checkpoint = {ledger.act.text.origin, 2, Hash()};
  const VoterSet voters = ledger.act.voters();
  for (const Voter& voter : voters.voters()) {
    other.signatures.push_back(
        {NoteKeyId(ledger.act.text.origin, voter.checkpoint_key),
         SignCheckpoint(other.checkpoint, ledger.state(voter.code.str()).node.checkpoint)});
  }
  changed = good;
  changed.set_note(FormatNote(other));
  ASSERT_TRUE(SaveCheckpoint(saved_, changed).ok());
  const auto lied = Run({"audit", "--from", saved_}, false);
  EXPECT_EQ(lied.exit_code, 1);
  EXPECT_THAT(lied.err, HasSubstr("checkpoint: its root is"));
  const std::string older = folder_.Write("older", good.note());
  EXPECT_EQ(Run({"consistency", older, "--from", saved_}, false).exit_code, 1);
}

}  // namespace
}  // namespace assent::client
