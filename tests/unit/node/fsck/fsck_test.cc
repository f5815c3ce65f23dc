#include "node/fsck/fsck.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/checkpoint.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/record_index.h"
#include "ledger/rules/rules.h"
#include "node/consensus/journal.h"
#include "node/execution/execution.h"
#include "node/storage/database.h"
#include "node/storage/keys.h"
#include "tests/support/test_chain.h"
#include "tests/unit/node/storage/scratch.h"

namespace assent::fsck {
namespace {

using assent::testing::DeclarationBody;
using assent::testing::TestChain;
using storage::Family;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

void InOrder(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t i = 0; i < count; ++i) work(i);
}

// A ledger of four blocks and six entries in a database on disk, as a node has it, and ways to
// spoil it.
class FsckTest : public ::testing::Test {
 protected:
  FsckTest() : chain_(4), options_{scratch_.path("db"), chain_.ledger.id(), {}} {
    const auto genesis = rules::MakeGenesis(chain_.ledger.act);
    EXPECT_TRUE(storage::RocksStore::Create(options_, genesis, storage::Start::kFounding).ok());
    const auto store = storage::RocksStore::Open(options_).value();
    Add(*store, {chain_.Notify("AAA"), chain_.File("BBB", DeclarationBody(2025, 100)),
                 chain_.Notify("AAA")});
    Add(*store, {});
    Add(*store, {chain_.Notify("CCC")});
    Add(*store, {chain_.Notify("AAA"), chain_.Notify("BBB")});
    WriteCheckpoint(*store);
    WriteJournal(*store);
  }

  void Add(storage::RocksStore& store, const std::vector<EntryPtr>& entries) {
    const auto block = chain_.CommitEntries(entries);
    replica::Batch batch;
    batch.blocks.push_back(execution::Executor::MakeCommit(*block, chain_.Certify(*block)));
    ASSERT_TRUE(store.Write(batch).ok());
  }
  void WriteCheckpoint(storage::RocksStore& store) {
    const BlockHeader header = store.Read()->tip().header;
    replica::CheckpointRecord record{header.height, header.tree_size, header.tree_root, {}};
    const Checkpoint text{chain_.ledger.act.text.origin, header.tree_size, header.tree_root};
    for (const std::string_view code : {"AAA", "BBB", "CCC"}) {
      const auto& state = chain_.ledger.state(code);
      record.signatures[state.code] = SignCheckpoint(text, state.node.checkpoint);
    }
    replica::Batch batch;
    batch.checkpoint = record;
    ASSERT_TRUE(store.Write(batch).ok());
  }
  void WriteJournal(storage::RocksStore& store) {
    replica::Batch batch;
    batch.journal.emplace_back(VoteRecord(OwnVote("AAA")).Key(), VoteRecord(OwnVote("AAA")).bytes);
    ASSERT_TRUE(store.Write(batch).ok());
  }
  consensus::Vote OwnVote(std::string_view code) const {
    consensus::Vote vote;
    vote.statement = {VoteKind::kSkip, Epoch(1), View(9), Hash()};
    vote.voter = chain_.ledger.act.voters().Find(chain_.ledger.state(code).code).value();
    vote.signature =
        SignStatement(vote.statement, chain_.ledger.id(), chain_.ledger.state(code).node.vote);
    return vote;
  }
  static consensus::JournalRecord VoteRecord(const consensus::Vote& vote) {
    return {Epoch(1), View(9), consensus::RecordKind::kSkip, consensus::EncodeVote(vote)};
  }

  // What a fault of the disk or of a program may have done.
  void Change(const std::function<void(const storage::Database&)>& change) {
    const auto store = storage::RocksStore::Open(options_).value();
    change(store->database());
  }
  void Put(Family family, const std::string& key, const std::string& value) {
    Change([&](const storage::Database& database) {
      ASSERT_TRUE(database.db().Put({}, database.handle(family), key, value).ok());
    });
  }
  void Delete(Family family, const std::string& key) {
    Change([&](const storage::Database& database) {
      ASSERT_TRUE(database.db().Delete({}, database.handle(family), key).ok());
    });
  }
  // The value of a key with one bit turned at `offset`.
  void FlipBit(Family family, const std::string& key, std::size_t offset) {
    std::string value;
    Change([&](const storage::Database& database) {
      value = database.Get(family, key, nullptr).value().value();
    });
    ASSERT_LT(offset, value.size());
    value[offset] = static_cast<char>(value[offset] ^ 1);
    Put(family, key, value);
  }
  std::string Stored(Family family, const std::string& key) {
    std::string value;
    Change([&](const storage::Database& database) {
      value = database.Get(family, key, nullptr).value().value();
    });
    return value;
  }

  Report Run() {
    storage::OpenOptions open = options_;
    open.read_only = true;
    const auto store = storage::RocksStore::Open(open);
    EXPECT_TRUE(store.ok()) << store.status();
    return Check(
        *store.value(),
        {&chain_.ledger.act, chain_.ledger.state("AAA").node.vote.public_key(), InOrder, {}});
  }
  std::vector<std::string> Faults() { return Run().findings.faults(); }

  storage::Scratch scratch_;
  TestChain chain_;
  const storage::OpenOptions options_;
};

TEST_F(FsckTest, AGoodLedgerIsGood) {
  const Report report = Run();
  EXPECT_THAT(report.findings.faults(), IsEmpty());
  EXPECT_EQ(report.height, Height(4));
  EXPECT_EQ(report.audited.entries, 6u);
  EXPECT_EQ(report.audited.signatures, 6u);
  EXPECT_EQ(report.audited.certificates, 4u);
  EXPECT_EQ(report.index_keys, 4u + 3u + 2 * 6u);
  EXPECT_EQ(report.merkle_nodes, 6u + 3u + 1u);
  EXPECT_GT(report.state_keys, 20u);
  EXPECT_EQ(report.checkpoint_signers, 3u);
  EXPECT_EQ(report.journal_records, 1u);
  // What no database can show.
  EXPECT_THAT(report.findings.unchecked(), ElementsAre(HasSubstr("the journal")));
}

TEST_F(FsckTest, TellsHowFarItIs) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
  storage::OpenOptions open = options_;
  open.read_only = true;
  const auto store = storage::RocksStore::Open(open).value();
  Check(*store, {&chain_.ledger.act, {}, InOrder, [&](std::uint64_t done, std::uint64_t total) {
                   told.emplace_back(done, total);
                 }});
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back(), (std::pair<std::uint64_t, std::uint64_t>(4, 4)));
}

TEST_F(FsckTest, AKeyOfTheStateThatDiffersIsNamed) {
  const std::string key = rules::MemberKey(chain_.ledger.state("BBB").code);
  FlipBit(Family::kState, key, 0);
  EXPECT_THAT(Faults(), ElementsAre(AllOf(StartsWith("state: a member (member/BBB): it is "),
                                          HasSubstr("the rules make"), HasSubstr("at block 4"))));
}

TEST_F(FsckTest, AMissingKeyOfTheStateIsNamed) {
  Delete(Family::kState, rules::AuthorKey(chain_.ledger.state("CCC").code));
  EXPECT_THAT(
      Faults(),
      ElementsAre(StartsWith("state: an author's newest entry (author/CCC): it is missing")));
}

TEST_F(FsckTest, AKeyTooManyOfTheStateIsNamed) {
  Put(Family::kState, "member/ZZZ", "x");
  EXPECT_THAT(Faults(), ElementsAre(AllOf(StartsWith("state: a member (member/ZZZ)"),
                                          HasSubstr("the rules make no such key"))));
}

TEST_F(FsckTest, AMissingIndexKeyIsNamed) {
  const MemberCode aaa = chain_.ledger.state("AAA").code;
  Delete(Family::kIndexes, storage::AuthorKey(aaa, Sequence(2)));
  EXPECT_THAT(Faults(), ElementsAre("indexes: the place of AAA/2: it is missing"));
}

TEST_F(FsckTest, AWrongIndexKeyIsNamed) {
  const MemberCode aaa = chain_.ledger.state("AAA").code;
  Put(Family::kIndexes, storage::AuthorKey(aaa, Sequence(2)), storage::NumberKey(4));
  EXPECT_THAT(Faults(), ElementsAre(AllOf(StartsWith("indexes: the place of AAA/2: it is "),
                                          HasSubstr("the blocks make"))));
}

TEST_F(FsckTest, AnIndexKeyTooManyIsNamed) {
  Put(Family::kIndexes, storage::TypeKey("LaunchReport", EntryIndex(3)), "");
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("indexes: entry 3 as a LaunchReport: nothing")));
}

TEST_F(FsckTest, AnIndexOfBlocksTooManyIsNamed) {
  Put(Family::kIndexes, storage::HeightKey(EntryIndex(1)), storage::NumberKey(1));
  Put(Family::kIndexes, storage::CertifiedKey(Height(9)), "");
  EXPECT_THAT(Faults(),
              ElementsAre(StartsWith("indexes: the certificate of block 9: nothing"),
                          StartsWith("indexes: the block that begins with entry 1: nothing")));
}

TEST_F(FsckTest, ADerivedKeyThatIsMissingOrTooManyIsNamed) {
  const std::string record = rules::RecordsPrefix(
      rules::Audience::kMembers, chain_.ledger.state("AAA").code, "LaunchNotification");
  std::string key;
  Change([&](const storage::Database& database) {
    storage::Range range(database, Family::kDerived, record, storage::PrefixEnd(record), nullptr);
    ASSERT_TRUE(range.Valid());
    key = range.key();
  });
  Delete(Family::kDerived, key);
  EXPECT_THAT(Faults(), ElementsAre("derived: the key " + key + ": it is missing"));
  Put(Family::kDerived, key, "x");
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("derived: the key " + key + ": it is ")));
  Put(Family::kDerived, key, "");
  Put(Family::kDerived, key + "0", "");
  EXPECT_THAT(Faults(), ElementsAre("derived: all keys: 1 are there for nothing"));
}

TEST_F(FsckTest, AWrongTreeNodeIsNamed) {
  FlipBit(Family::kMerkle, storage::MerkleKey(1, 1), 5);
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("merkle: subtree 1 of level 1: it is ")));
}

TEST_F(FsckTest, ATreeNodeTooManyIsNamed) {
  Put(Family::kMerkle, storage::MerkleKey(3, 0), std::string(32, 'x'));
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("merkle: subtree 0 of level 3: nothing")));
}

TEST_F(FsckTest, BlocksAndEntriesTooManyAreNamed) {
  Put(Family::kBlocks, storage::NumberKey(5), "x");
  Put(Family::kEntries, storage::NumberKey(6), "x");
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("blocks: block 5: nothing"),
                                    StartsWith("entries: entry 6: nothing")));
}

// Nothing in the database alone shows it but the rules' own work.
TEST_F(FsckTest, ASignatureThatIsNotGoodIsTheFirstFault) {
  // The last byte before "has body" is the signature's.
  const std::string key = storage::NumberKey(3);
  const auto entry = storage::DecodeEntry(Stored(Family::kEntries, key)).value();
  FlipBit(Family::kEntries, key, 4 + entry->header_bytes().size() + 3);
  const Report report = Run();
  EXPECT_THAT(report.findings.faults(),
              ElementsAre(AllOf(StartsWith("log: height 3: entry 3 (CCC/1): signature:"))));
  EXPECT_EQ(report.height, Height(2));
  EXPECT_THAT(report.findings.unchecked(),
              Contains(HasSubstr("signatures, certificates, rules and tree of blocks 3 to 4")));
  EXPECT_THAT(report.findings.unchecked(), Contains(HasSubstr("the state")));
}

TEST_F(FsckTest, ACertificateThatIsNotGoodIsAFault) {
  const std::string key = storage::NumberKey(2);
  FlipBit(Family::kBlocks, key, Stored(Family::kBlocks, key).size() - 3);
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("log: height 2: certificate:")));
}

TEST_F(FsckTest, ABlockWhoseParentIsAnotherIsAFault) {
  FlipBit(Family::kBlocks, storage::NumberKey(2), 58);
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("log: height 2: parent:")));
}

TEST_F(FsckTest, TheFoundingBlockIsThatOfTheAct) {
  FlipBit(Family::kBlocks, storage::NumberKey(0), 150);
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("blocks: block 0: it is ")));
}

TEST_F(FsckTest, BehindAMissingBlockNothingIsSaidToBeGood) {
  Delete(Family::kBlocks, storage::NumberKey(2));
  const Report report = Run();
  EXPECT_THAT(report.findings.faults(), Contains("blocks: block 2: it is missing"));
  EXPECT_EQ(report.height, Height(1));
  EXPECT_THAT(report.findings.unchecked(), Contains(HasSubstr("blocks 3 to 4, their entries")));
  EXPECT_THAT(report.findings.unchecked(), Contains(HasSubstr("index keys belongs to an entry")));
  EXPECT_THAT(report.findings.unchecked(), Contains(HasSubstr("the state")));
}

TEST_F(FsckTest, AMissingEntryIsNamedAndThoseAfterItAreStillFound) {
  Delete(Family::kEntries, storage::NumberKey(1));
  const MemberCode ccc = chain_.ledger.state("CCC").code;
  Delete(Family::kIndexes, storage::AuthorKey(ccc, Sequence(1)));
  const Report report = Run();
  EXPECT_THAT(report.findings.faults(), ElementsAre("entries: entry 1 of block 1: it is missing",
                                                    "indexes: the place of CCC/1: it is missing"));
  EXPECT_EQ(report.height, Height(0));
}

TEST_F(FsckTest, AMissingBodyIsToldAsNotChecked) {
  const std::string key = storage::NumberKey(1);
  const auto entry = storage::DecodeEntry(Stored(Family::kEntries, key)).value();
  Put(Family::kEntries, key, storage::EncodeEntry(entry->WithoutBody()));
  const Report report = Run();
  EXPECT_THAT(report.findings.faults(), IsEmpty());
  EXPECT_EQ(report.audited.bodies_hidden, 1u);
  EXPECT_EQ(report.height, Height(4));
  EXPECT_THAT(report.findings.unchecked(), Contains(StartsWith("1 body, which is not here")));
  EXPECT_THAT(report.findings.unchecked(), Contains(HasSubstr("the state")));
}

TEST_F(FsckTest, ACheckpointIsAboutATreeAndSignedByVoters) {
  auto record =
      storage::DecodeCheckpoint(Stored(Family::kMetadata, std::string(storage::kCheckpointKey)))
          .value();
  const auto good = record;
  record.signatures.begin()->second = Signature();
  Put(Family::kMetadata, std::string(storage::kCheckpointKey), storage::EncodeCheckpoint(record));
  EXPECT_THAT(Faults(),
              ElementsAre("default: the public checkpoint: the signature of AAA is not good"));
  record = good;
  record.height = Height(3);
  Put(Family::kMetadata, std::string(storage::kCheckpointKey), storage::EncodeCheckpoint(record));
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("it is not about the tree of block 3")));
  Put(Family::kMetadata, std::string(storage::kCheckpointKey), "x");
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("default: the public checkpoint:")));
}

TEST_F(FsckTest, AVoteInTheJournalIsByTheNodesKey) {
  const auto record = VoteRecord(OwnVote("BBB"));
  Put(Family::kJournal, record.Key(), record.bytes);
  EXPECT_THAT(Faults(), ElementsAre(AllOf(StartsWith("journal: "),
                                          HasSubstr("not by this node's vote key"))));
}

TEST_F(FsckTest, ARecordOfTheJournalIsCheckedByTheVotersOfItsEpoch) {
  auto record = VoteRecord(OwnVote("AAA"));
  record.bytes.back() = static_cast<char>(record.bytes.back() ^ 1);
  Put(Family::kJournal, record.Key(), record.bytes);
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("not signed by the vote key of AAA")));
  // Whose voters nobody knows, it is only counted.
  Delete(Family::kJournal, record.Key());
  record.epoch = Epoch(2);
  Put(Family::kJournal, record.Key(), record.bytes);
  const Report report = Run();
  EXPECT_THAT(report.findings.faults(), IsEmpty());
  EXPECT_THAT(report.findings.unchecked(),
              Contains(HasSubstr("the signatures of 1 record of the journal")));
}

TEST_F(FsckTest, WithoutTheVotersTheJournalIsNotSaidToBeGood) {
  Delete(Family::kBlocks, storage::NumberKey(2));
  EXPECT_THAT(Run().findings.unchecked(),
              Contains(HasSubstr("the signatures of 1 record of the journal")));
}

TEST_F(FsckTest, WhatIsNoRecordOfTheJournalIsAFault) {
  Put(Family::kJournal, "x", "y");
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("journal: the key x:")));
}

TEST_F(FsckTest, MetadataThatNobodyWritesIsAFault) {
  Put(Family::kMetadata, "other", "x");
  EXPECT_THAT(Faults(), ElementsAre(StartsWith("default: the key other:")));
}

TEST_F(FsckTest, ManyFaultsAreCounted) {
  for (int i = 0; i < 30; ++i)
    Put(Family::kState,
        "member/Z" + std::string(1, static_cast<char>('A' + i % 26)) + std::to_string(i), "x");
  const Report report = Run();
  EXPECT_EQ(report.findings.faults_count(), 30u);
  EXPECT_THAT(report.findings.faults(), SizeIs(kFaultsToldMax));
  EXPECT_FALSE(report.findings.good());
}

}  // namespace
}  // namespace assent::fsck
