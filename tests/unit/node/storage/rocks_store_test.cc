// What only a database on disk can do: be opened again, be somebody else's, be in use, be damaged.
#include "node/storage/rocks_store.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "assent/v1/index.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/types.h"
#include "node/storage/keys.h"
#include "node/storage/rocks_options.h"
#include "rocksdb/db.h"
#include "tests/unit/node/storage/chain.h"
#include "tests/unit/node/storage/scratch.h"

namespace assent::storage {
namespace {

using replica::Batch;
using testing::HasSubstr;

namespace fs = std::filesystem;

class RocksStoreTest : public testing::Test {
 protected:
  RocksStoreTest() : options_{scratch_.path("db"), TestLedger(), {}} {}

  void Create(Start start = Start::kFounding) {
    const absl::Status status = RocksStore::Create(options_, chain_.genesis(), start);
    ASSERT_TRUE(status.ok()) << status;
  }
  absl::StatusOr<std::unique_ptr<RocksStore>> Open() const { return RocksStore::Open(options_); }
  // Why the database cannot be opened.
  absl::Status OpenFailure() const {
    const auto store = Open();
    EXPECT_FALSE(store.ok());
    return store.status();
  }

  // Writes `blocks` blocks of one entry each, with the block's number as body, and a journal
  // record.
  void WriteBlocks(RocksStore& store, int blocks) {
    for (int i = 0; i < blocks; ++i) {
      const std::string number = std::to_string(store.Read()->tip().header.height.value());
      Batch batch = chain_.Commit({chain_.File("FRA", number)}, {{"param", number}});
      batch.journal = {{"journal " + number, number}};
      ASSERT_TRUE(store.Write(batch).ok());
    }
  }

  // The newest file of the database with this ending.
  static fs::path NewestFile(const fs::path& folder, std::string_view ending) {
    std::vector<fs::path> found;
    for (const auto& file : fs::directory_iterator(folder)) {
      if (file.path().extension() == ending && file.file_size() > 0) found.push_back(file.path());
    }
    EXPECT_FALSE(found.empty()) << "no " << ending;
    return found.empty() ? fs::path() : *std::max_element(found.begin(), found.end());
  }

  static void FlipByte(const fs::path& path, std::streamoff offset) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(offset);
    const int byte = file.get();
    ASSERT_NE(byte, EOF);
    file.seekp(offset);
    file.put(static_cast<char>(byte ^ 0x40));
  }

  // Name and size of each file of the open store.
  std::map<std::string, std::uintmax_t> OpenFiles() const {
    std::map<std::string, std::uintmax_t> files;
    for (const auto& file : fs::directory_iterator(options_.path)) {
      std::error_code vanished;
      files[file.path().filename()] = file.file_size(vanished);
    }
    return files;
  }

  // What a power cut would leave: the files as they are while the store is open. RocksDB may be
  // rewriting some: that is waited for.
  OpenOptions CopyOpenFiles() const {
    const OpenOptions copy{scratch_.path("copy"), TestLedger(), {}};
    std::map<std::string, std::uintmax_t> before;
    do {
      before = OpenFiles();
      fs::remove_all(copy.path);
      fs::create_directory(copy.path);
      for (const auto& [name, size] : before) {
        std::error_code vanished;
        fs::copy_file(fs::path(options_.path) / name, fs::path(copy.path) / name, vanished);
      }
    } while (OpenFiles() != before);
    return copy;
  }

  // Opens the database as a program of another kind would, and closes it after `use`.
  void WithRocksDb(const std::function<void(rocksdb::DB&)>& use) {
    std::vector<std::string> names;
    ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, options_.path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) families.emplace_back(name, rocksdb::Options());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, options_.path, families, &handles, &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    use(*db);
    for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
  }

  void PutMetadata(std::string_view key, std::string_view value) {
    WithRocksDb([&](rocksdb::DB& db) {
      EXPECT_TRUE(db.Put({}, std::string(key), std::string(value)).ok());
    });
  }

  Scratch scratch_;
  Chain chain_;
  OpenOptions options_;
};

TEST_F(RocksStoreTest, KeepsEverythingOverAReopen) {
  Create();
  {
    const auto store = Open().value();
    WriteBlocks(*store, 3);
    Batch batch;
    batch.restoring = true;
    batch.evidence = {{"key", "value"}};
    ASSERT_TRUE(store->Write(batch).ok());
  }
  const auto store = Open().value();
  EXPECT_EQ(store->Read()->tip().header.height, Height(3));
  EXPECT_EQ(store->Read()->EntryAt(EntryIndex(2)).value()->body(), "2");
  EXPECT_EQ(store->Read()->state().Get("param"), "2");
  EXPECT_TRUE(store->restoring());
  int records = 0;
  ASSERT_TRUE(store->ReadJournal([&](std::string_view, std::string_view) { ++records; }).ok());
  EXPECT_EQ(records, 3);

  WriteBlocks(*store, 1);
  EXPECT_EQ(store->Read()->tip().header.height, Height(4));
}

TEST_F(RocksStoreTest, ForgetsTheJournalOverAReopen) {
  Create();
  WriteBlocks(*Open().value(), 3);
  {
    Batch batch;
    batch.journal_forget_below = "journal 2";
    ASSERT_TRUE(Open().value()->Write(batch).ok());
  }
  std::string keys;
  ASSERT_TRUE(Open()
                  .value()
                  ->ReadJournal([&](std::string_view key, std::string_view) { keys += key; })
                  .ok());
  EXPECT_EQ(keys, "journal 2");
}

// RocksDB 7.8 opens one table of many when it is first read. When that fails, and a newer table has
// a range deletion, it takes that one twice, and frees it twice: the journal has none.
TEST_F(RocksStoreTest, SaysThatTheJournalIsDamagedWhateverWasForgotten) {
  Create();
  for (int round = 0; round < 3; ++round) {
    const auto store = Open().value();  // what the last round wrote is made into tables
    WriteBlocks(*store, 1);
    Batch batch;
    for (int i = 0; i < 20; ++i) {
      batch.journal.emplace_back("a" + std::to_string(100 + 20 * round + i), "record");
    }
    ASSERT_TRUE(store->Write(batch).ok());
    Batch forget;
    forget.journal_forget_below = "a" + std::to_string(110 + 20 * round);
    ASSERT_TRUE(store->Write(forget).ok());
  }
  constexpr int kLeft = 10 + 3;
  const auto records = [](const RocksStore& store) -> absl::StatusOr<int> {
    int found = 0;
    const auto read = store.ReadJournal([&](std::string_view, std::string_view) { ++found; });
    if (!read.ok()) return read;
    return found;
  };
  ASSERT_EQ(records(*Open().value()).value(), kLeft);

  options_.read_only = true;  // nothing is made anew beside us
  std::vector<rocksdb::LiveFileMetaData> files;
  WithRocksDb([&](rocksdb::DB& db) { db.GetLiveFilesMetaData(&files); });
  int said = 0;
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.column_family_name != kJournalFamily) continue;
    const fs::path path = options_.path + "/" + file.relative_filename;
    for (std::uint64_t at = 0; at < file.size; at += 100) {
      const auto offset = static_cast<std::streamoff>(at);
      FlipByte(path, offset);
      const auto store = Open();
      const auto found = store.ok() ? records(**store) : store.status();
      FlipByte(path, offset);
      if (found.ok()) {
        EXPECT_EQ(*found, kLeft) << path << " " << at;
      } else if (store.ok()) {
        EXPECT_EQ(found.status().code(), absl::StatusCode::kDataLoss) << found.status();
        ++said;
      }
    }
  }
  EXPECT_GT(said, 0) << "no damage was met by reading the journal";
}

TEST_F(RocksStoreTest, RefusesToMakeADatabaseWhereSomethingIs) {
  Create();
  const absl::Status again = RocksStore::Create(options_, chain_.genesis(), Start::kRestoring);
  EXPECT_EQ(again.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(again.message()), HasSubstr("is not empty"));
  EXPECT_FALSE(Open().value()->restoring());
}

TEST_F(RocksStoreTest, RefusesAFolderThatIsNotThere) {
  const absl::Status status = OpenFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("there is no database in "));
}

TEST_F(RocksStoreTest, AFolderThatCannotBeLookedAtIsNotMissing) {
  const fs::path folder = scratch_.path("a folder");
  fs::create_symlink(folder.filename(), folder);  // to itself: ELOOP, also for root
  options_.path = folder;
  const absl::Status failure = OpenFailure();
  EXPECT_EQ(failure.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(failure.message()), HasSubstr("cannot read "));
  EXPECT_THAT(std::string(failure.message()), HasSubstr("mend the disk"));
}

TEST_F(RocksStoreTest, RefusesAFolderOfOtherFiles) {
  fs::create_directories(options_.path);
  std::ofstream(options_.path + "/notes.txt") << "hello";
  const absl::Status status = OpenFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is not the database of a ledger"));
}

TEST_F(RocksStoreTest, RefusesTheDatabaseOfAnotherProgram) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, options_.path, &opened).ok());
  delete opened;
  const absl::Status status = OpenFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("it has no format version"));
}

TEST_F(RocksStoreTest, RefusesAnotherLedgerAndNamesBoth) {
  Create();
  options_.ledger_id = LedgerId::From(std::string(LedgerId::kSize, 'M')).value();
  const absl::Status status = OpenFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr(TestLedger().hex()));
  EXPECT_THAT(std::string(status.message()), HasSubstr(options_.ledger_id.hex()));
}

TEST_F(RocksStoreTest, RefusesAnotherFormatVersion) {
  Create();
  std::string version;
  AppendU32(version, 2);
  PutMetadata(kFormatKey, version);
  const absl::Status status = OpenFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("has format version 2, this program reads version 1"));
}

TEST_F(RocksStoreTest, RefusesAFormatVersionThatIsNoNumber) {
  Create();
  PutMetadata(kFormatKey, "one");
  EXPECT_THAT(std::string(OpenFailure().message()), HasSubstr("format version cannot be read"));
}

TEST_F(RocksStoreTest, RefusesADatabaseWithoutItsTip) {
  Create();
  PutMetadata(kTipKey, NumberKey(9));
  const absl::Status status = OpenFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("the newest block is missing"));
}

TEST_F(RocksStoreTest, RefusesADatabaseThatIsInUse) {
  Create();
  const auto store = Open().value();
  const absl::Status status = OpenFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is in use by another process"));
  EXPECT_TRUE(store->Write(chain_.Commit({})).ok());
}

TEST_F(RocksStoreTest, CanBeOpenedOnceTheOtherHasClosedIt) {
  Create();
  Open().value().reset();
  EXPECT_TRUE(Open().ok());
}

TEST_F(RocksStoreTest, ReadOnlyItShowsEverythingAndChangesNoFile) {
  Create();
  WriteBlocks(*Open().value(), 3);  // what the next opening finds in the log of writes
  const auto files = [this] {
    std::map<std::string, std::pair<std::uintmax_t, fs::file_time_type>> found;
    for (const auto& file : fs::directory_iterator(options_.path)) {
      found[file.path().filename()] = {file.file_size(), file.last_write_time()};
    }
    return found;
  };
  const auto before = files();
  OpenOptions options = options_;
  options.read_only = true;
  {
    const auto store = RocksStore::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ((*store)->Read()->tip().header.height, Height(3));
    EXPECT_EQ((*store)->Read()->EntryAt(EntryIndex(2)).value()->body(), "2");
    EXPECT_FALSE((*store)->Write(chain_.Commit({})).ok());
    // Nor does anybody else meanwhile.
    EXPECT_EQ(Open().status().code(), absl::StatusCode::kUnavailable);
  }
  EXPECT_EQ(files(), before);
  EXPECT_TRUE(Open().ok());
}

// What stands in the family of what is derived.
std::map<std::string, std::string> DerivedIn(const std::string& path) {
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  EXPECT_TRUE(
      rocksdb::DB::OpenForReadOnly(
          {}, path, {{rocksdb::kDefaultColumnFamilyName, {}}, {"derived", {}}}, &handles, &opened)
          .ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::map<std::string, std::string> found;
  {
    const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator({}, handles[1]));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      found.emplace(at->key().ToString(), at->value().ToString());
    }
  }
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  return found;
}

void DropDerived(const std::string& path) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families = Families();
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(DatabaseOptions(), path, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  ASSERT_TRUE(db->DropColumnFamily(handles[static_cast<std::size_t>(Family::kDerived)]).ok());
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
}

TEST_F(RocksStoreTest, CompletesADatabaseThatHasNothingDerived) {
  Create();
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.mutable_launch_report()->set_outcome(v1::LAUNCHED);
  v1::SpanState span;
  span.set_until(3);
  {
    auto store = std::move(Open()).value();
    ASSERT_TRUE(store
                    ->Write(chain_.Commit(
                        {chain_.File("FRA", body.SerializeAsString())},
                        {{"was/windows/m/FRA/1/00000000000000000000", span.SerializeAsString()}}))
                    .ok());
  }
  const std::map<std::string, std::string> before = DerivedIn(options_.path);
  EXPECT_EQ(before.size(), 6u) << "two marks, a span and three keys of a PUBLIC record";
  DropDerived(options_.path);

  OpenOptions read_only = options_;
  read_only.read_only = true;
  const auto refused = RocksStore::Open(read_only);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("start its node once"));

  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(DerivedIn(options_.path), before);
}

TEST_F(RocksStoreTest, KeepsEveryWriteWithoutAnOrderlyEnd) {
  Create();
  const auto store = Open().value();
  WriteBlocks(*store, 5);
  const auto copy = RocksStore::Open(CopyOpenFiles());
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ((*copy)->Read()->tip().header.height, Height(5));
}

TEST_F(RocksStoreTest, AWriteThatWasCutShortLeavesNothing) {
  Create();
  const auto store = Open().value();
  WriteBlocks(*store, 5);
  const OpenOptions copied = CopyOpenFiles();
  const fs::path wal = NewestFile(copied.path, ".log");
  fs::resize_file(wal, fs::file_size(wal) - 3);

  const auto copy = RocksStore::Open(copied);
  ASSERT_TRUE(copy.ok()) << copy.status();
  const auto view = (*copy)->Read();
  EXPECT_EQ(view->tip().header.height, Height(4));
  EXPECT_EQ(view->tip().header.tree_size, 4u);
  EXPECT_EQ(view->state().Get("param"), "3");
  EXPECT_FALSE(view->IndexOf(Code("FRA"), Sequence(5)).ok());
  int records = 0;
  ASSERT_TRUE((*copy)->ReadJournal([&](std::string_view, std::string_view) { ++records; }).ok());
  EXPECT_EQ(records, 4);
}

// While it lives, no file of this process can grow beyond `bytes`: the disk is full.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit full{bytes, before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  }
  ~FullDisk() { EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

TEST_F(RocksStoreTest, AFailedWriteIsFinalAndLeavesNothing) {
  Create();
  {
    const auto store = Open().value();
    WriteBlocks(*store, 2);
    const Batch lost = chain_.Commit({chain_.File("FRA", std::string(20'000, 'x'))});
    absl::Status failure;
    {
      const FullDisk full(fs::file_size(NewestFile(options_.path, ".log")) + 1'000);
      failure = store->Write(lost);
    }
    EXPECT_EQ(failure.code(), absl::StatusCode::kInternal);
    EXPECT_THAT(std::string(failure.message()), HasSubstr("cannot write to the database"));
    EXPECT_EQ(store->Write(lost), failure) << "there is room now, but what is on disk is unknown";
    EXPECT_EQ(store->Read()->tip().header.height, Height(2));
  }
  const auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->Read()->tip().header.height, Height(2));
  EXPECT_FALSE((*store)->Read()->EntryAt(EntryIndex(2)).ok());
}

// Two nodes of four once refused such a log after a power cut, and the ledger stood still.
TEST_F(RocksStoreTest, AWriteThatAPowerCutToreLeavesNothing) {
  Create();
  const auto store = Open().value();
  WriteBlocks(*store, 5);
  const std::uintmax_t before = fs::file_size(NewestFile(options_.path, ".log"));
  ASSERT_TRUE(store->Write(chain_.Commit({chain_.File("FRA", std::string(20'000, 'x'))})).ok());
  OpenOptions copied = CopyOpenFiles();
  const fs::path wal = NewestFile(copied.path, ".log");
  const std::uintmax_t whole = fs::file_size(wal);
  constexpr std::uintmax_t kPageBytes = 4'096;
  std::fstream file(wal, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>((before / kPageBytes + 1) * kPageBytes));
  file << std::string(kPageBytes, '\0');
  file.close();

  copied.read_only = true;
  EXPECT_TRUE(absl::IsDataLoss(RocksStore::Open(copied).status())) << "changes nothing";
  EXPECT_EQ(fs::file_size(wal), whole);
  copied.read_only = false;
  const auto copy = RocksStore::Open(copied);
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ((*copy)->Read()->tip().header.height, Height(5));
  EXPECT_EQ((*copy)->torn_bytes(), whole - before);
}

TEST_F(RocksStoreTest, ATornEndDoesNotHideDamageBeforeIt) {
  Create();
  const auto store = Open().value();
  WriteBlocks(*store, 5);
  const std::uintmax_t before = fs::file_size(NewestFile(options_.path, ".log"));
  const OpenOptions copied = CopyOpenFiles();
  const fs::path wal = NewestFile(copied.path, ".log");
  std::ofstream(wal, std::ios::binary | std::ios::app) << std::string(4'096, '\0');
  FlipByte(wal, static_cast<std::streamoff>(before / 2));
  EXPECT_TRUE(absl::IsDataLoss(RocksStore::Open(copied).status()));
  EXPECT_EQ(fs::file_size(wal), before + 4'096) << "what does not help is put back";
}

TEST_F(RocksStoreTest, RefusesALogThatIsDamagedBeforeItsEnd) {
  Create();
  const auto store = Open().value();
  WriteBlocks(*store, 5);
  const OpenOptions copied = CopyOpenFiles();
  const fs::path wal = NewestFile(copied.path, ".log");
  FlipByte(wal, static_cast<std::streamoff>(fs::file_size(wal) / 2));

  const absl::Status status = RocksStore::Open(copied).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is damaged"));
}

TEST_F(RocksStoreTest, RefusesADatabaseThatMissesAFile) {
  Create();
  WriteBlocks(*Open().value(), 5);
  WriteBlocks(*Open().value(), 1);  // opening writes the log of before to tables
  fs::remove(NewestFile(options_.path, ".sst"));
  EXPECT_EQ(OpenFailure().code(), absl::StatusCode::kDataLoss);
}

class DamagedTablesTest : public RocksStoreTest {
 protected:
  // A ledger of one block in tables, each with a flipped bit in its first block of data but those
  // that opening reads.
  void SetUp() override {
    Create();
    WriteBlocks(*Open().value(), 1);
    Open().value().reset();
    WithRocksDb([&](rocksdb::DB& db) { db.GetLiveFilesMetaData(&files_); });
    for (const std::string_view family :
         {kEntriesFamily, kIndexesFamily, kMerkleFamily, kStateFamily}) {
      Damage(family);
    }
  }

  void Damage(std::string_view family) {
    for (const rocksdb::LiveFileMetaData& file : files_) {
      if (file.column_family_name != family) continue;
      FlipByte(options_.path + "/" + file.relative_filename, 10);
    }
  }

  std::vector<rocksdb::LiveFileMetaData> files_;
};

TEST_F(DamagedTablesTest, AJournalThatCannotBeReadIsFoundOnOpening) {
  Damage(kJournalFamily);
  const absl::Status failure = OpenFailure();
  EXPECT_EQ(failure.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(failure.message()), HasSubstr("restore it, or copy it from another"));
}

TEST_F(DamagedTablesTest, DamageIsNotTakenForAbsence) {
  const auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  const auto view = (*store)->Read();
  EXPECT_EQ(view->EntryAt(EntryIndex(0)).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(view->MerkleNodeAt(0, 0).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(view->IndexOf(Code("FRA"), Sequence(1)).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(view->HeightOf(EntryIndex(0)).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(view->CertifiedAtOrAfter(Height(1)).status().code(), absl::StatusCode::kDataLoss);
  const auto visit_entry = [](EntryIndex, EntryPtr) { return true; };
  EXPECT_EQ(view->ScanEntries(EntryIndex(0), EntryIndex(1), visit_entry).code(),
            absl::StatusCode::kDataLoss);
  const auto visit_type = [](EntryIndex) { return true; };
  EXPECT_EQ(view->ScanType(kReport, EntryIndex(0), visit_type).code(), absl::StatusCode::kDataLoss);
}

TEST_F(DamagedTablesTest, StateThatCannotBeReadStopsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH((void)Open().value()->Read()->state().Get("param"),
               "cannot read the database: .*; the node stops");
  EXPECT_DEATH(Open().value()->Read()->state().Scan(
                   "param", "", [](std::string_view, std::string_view) { return true; }),
               "cannot read the database: .*; the node stops");
}

TEST_F(DamagedTablesTest, TheLastWordIsTheCallers) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  options_.fatal = [](std::string_view line) {
    std::fprintf(stderr, "last word: %.*s\n", static_cast<int>(line.size()), line.data());
    std::_Exit(3);
  };
  EXPECT_EXIT((void)Open().value()->Read()->state().Get("param"), testing::ExitedWithCode(3),
              "last word: cannot read the database");
}

TEST_F(DamagedTablesTest, ACompactionThatMeetsDamageStopsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  options_.fatal = [](std::string_view line) {
    std::fprintf(stderr, "last word: %.*s\n", static_cast<int>(line.size()), line.data());
    std::_Exit(3);
  };
  const auto write_on = [this] {
    const auto store = Open().value();
    // A write releases a snapshot, after which tables are rewritten.
    for (int i = 0; i < 100; ++i) {
      WriteBlocks(*store, 1);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  };
  EXPECT_EXIT(write_on(), testing::ExitedWithCode(3),
              "last word: the database is damaged: Corruption: .*; the node stops: restore it");
}

TEST_F(RocksStoreTest, TellsHowItIsDoing) {
  Create();
  const auto store = Open().value();
  const DatabaseStatus before = store->Status();
  ASSERT_EQ(before.families.size(), kFamilies);
  EXPECT_FALSE(before.write_stopped);
  EXPECT_EQ(before.cache_capacity_bytes, kCacheBytes);
  WriteBlocks(*store, 50);
  const DatabaseStatus after = store->Status();
  const auto entries = static_cast<std::size_t>(Family::kEntries);
  EXPECT_EQ(after.families[entries].name, FamilyName(Family::kEntries));
  EXPECT_GT(after.families[entries].memtable_bytes, before.families[entries].memtable_bytes);
  EXPECT_EQ(after.families[entries].slowdowns, 0u);
  EXPECT_EQ(after.families[entries].stops, 0u);
}

// What was in memory is written out as tables when it is opened again.
TEST_F(RocksStoreTest, TellsOfItsTables) {
  Create();
  WriteBlocks(*Open().value(), 50);
  const auto store = Open().value();
  const FamilyStatus entries = store->Status().families[static_cast<std::size_t>(Family::kEntries)];
  ASSERT_FALSE(entries.level_files.empty());
  EXPECT_GT(std::accumulate(entries.level_files.begin(), entries.level_files.end(), 0ull), 0u);
  EXPECT_GT(entries.table_bytes, 0u);
}

}  // namespace
}  // namespace assent::storage
