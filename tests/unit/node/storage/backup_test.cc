#include "node/storage/backup.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "node/storage/database.h"
#include "node/storage/rocks_store.h"
#include "tests/unit/node/storage/chain.h"
#include "tests/unit/node/storage/scratch.h"

namespace assent::storage {
namespace {

using ::testing::HasSubstr;

namespace fs = std::filesystem;

class BackupTest : public ::testing::Test {
 protected:
  BackupTest()
      : options_{scratch_.path("db"), TestLedger(), {}}, folder_(scratch_.path("backups")) {
    EXPECT_TRUE(RocksStore::Create(options_, chain_.genesis(), Start::kFounding).ok());
    store_ = RocksStore::Open(options_).value();
  }

  void WriteBlocks(int blocks) {
    for (int i = 0; i < blocks; ++i) {
      const std::string number = std::to_string(store_->Read()->tip().header.height.value());
      replica::Batch batch = chain_.Commit({chain_.File("FRA", number)}, {{"param", number}});
      batch.journal = {{"journal " + number, number}};
      ASSERT_TRUE(store_->Write(batch).ok());
    }
  }
  // So that what is stored is in files that never change.
  void Flush() {
    for (std::size_t i = 0; i < kFamilies; ++i) {
      const Database& database = store_->database();
      ASSERT_TRUE(database.db().Flush({}, database.handle(Family{i})).ok());
    }
  }
  std::uint32_t MakeBackup() {
    const auto made = store_->Backup(folder_);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->id : 0;
  }
  OpenOptions Target() const { return {scratch_.path("restored"), TestLedger(), {}}; }
  absl::Status Restore(std::uint32_t backup) const {
    return RocksStore::Restore(folder_, backup, Target());
  }
  // Each file that backups share, and when it was written.
  std::map<std::string, fs::file_time_type> SharedFiles() const {
    std::map<std::string, fs::file_time_type> files;
    for (const auto& file : fs::directory_iterator(fs::path(folder_) / "shared_checksum")) {
      files[file.path().filename()] = file.last_write_time();
    }
    return files;
  }
  // A byte in the middle of every table that the backups have.
  void DamageTables() const {
    for (const auto& [name, written] : SharedFiles()) {
      const fs::path path = fs::path(folder_) / "shared_checksum" / name;
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      const auto middle = static_cast<std::streamoff>(fs::file_size(path) / 2);
      file.seekg(middle);
      const int byte = file.get();
      file.seekp(middle);
      file.put(static_cast<char>(byte ^ 0x40));
    }
  }

  Scratch scratch_;
  Chain chain_;
  const OpenOptions options_;
  const std::string folder_;
  std::unique_ptr<RocksStore> store_;
};

TEST_F(BackupTest, OfADatabaseInUseHasAllThatWasCommitted) {
  WriteBlocks(3);
  const auto made = store_->Backup(folder_);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->height, Height(3));
  WriteBlocks(2);

  const absl::Status restored = Restore(made->id);
  ASSERT_TRUE(restored.ok()) << restored;
  const auto copy = RocksStore::Open(Target());
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ((*copy)->Read()->tip().header.height, Height(3));
  EXPECT_EQ((*copy)->Read()->EntryAt(EntryIndex(2)).value()->body(), "2");
  EXPECT_EQ((*copy)->Read()->state().Get("param"), "2");
  EXPECT_EQ(store_->Read()->tip().header.height, Height(5));
}

TEST_F(BackupTest, WhatIsRestoredMayHaveForgottenVotes) {
  WriteBlocks(1);
  const std::uint32_t backup = MakeBackup();
  EXPECT_FALSE(store_->restoring());
  ASSERT_TRUE(Restore(backup).ok());
  EXPECT_TRUE(RocksStore::Open(Target()).value()->restoring());
}

TEST_F(BackupTest, FilesThatAreThereAreNotCopiedAgain) {
  WriteBlocks(3);
  Flush();
  MakeBackup();
  const auto first = SharedFiles();
  EXPECT_FALSE(first.empty());
  WriteBlocks(1);
  Flush();
  MakeBackup();
  const auto second = SharedFiles();
  EXPECT_GT(second.size(), first.size());
  for (const auto& [name, written] : first) {
    ASSERT_TRUE(second.contains(name)) << name;
    EXPECT_EQ(second.at(name), written) << name << " was copied again";
  }
}

TEST_F(BackupTest, AreListedOldestFirst) {
  EXPECT_EQ(ListBackups(folder_).status().code(), absl::StatusCode::kNotFound);
  WriteBlocks(2);
  const std::uint32_t first = MakeBackup();
  WriteBlocks(2);
  const std::uint32_t second = MakeBackup();
  const auto backups = ListBackups(folder_);
  ASSERT_TRUE(backups.ok()) << backups.status();
  ASSERT_EQ(backups->size(), 2u);
  EXPECT_EQ(backups->at(0).id, first);
  EXPECT_EQ(backups->at(0).height, Height(2));
  EXPECT_EQ(backups->at(1).id, second);
  EXPECT_EQ(backups->at(1).height, Height(4));
  EXPECT_EQ(backups->at(1).ledger, TestLedger());
  EXPECT_GT(backups->at(1).bytes, 0u);
  EXPECT_TRUE(VerifyBackup(folder_, first).ok());
}

TEST_F(BackupTest, PruningKeepsTheNewest) {
  for (int i = 0; i < 4; ++i) {
    WriteBlocks(1);
    MakeBackup();
  }
  const auto gone = PruneBackups(folder_, 2);
  ASSERT_TRUE(gone.ok()) << gone.status();
  EXPECT_EQ(*gone, 2u);
  const auto left = ListBackups(folder_).value();
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].height, Height(3));
  EXPECT_EQ(left[1].height, Height(4));
  EXPECT_TRUE(Restore(left[1].id).ok());
}

TEST_F(BackupTest, DamageIsFoundAndNotRestored) {
  WriteBlocks(3);
  Flush();
  const std::uint32_t backup = MakeBackup();
  DamageTables();
  EXPECT_EQ(VerifyBackup(folder_, backup).code(), absl::StatusCode::kDataLoss);
  const absl::Status restored = Restore(backup);
  EXPECT_EQ(restored.code(), absl::StatusCode::kDataLoss) << restored;
  EXPECT_FALSE(fs::exists(Target().path));
}

TEST_F(BackupTest, NothingIsOverwritten) {
  WriteBlocks(1);
  const std::uint32_t backup = MakeBackup();
  ASSERT_TRUE(Restore(backup).ok());
  const absl::Status again = Restore(backup);
  EXPECT_EQ(again.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(again.message(), HasSubstr("is not empty"));
  EXPECT_EQ(Restore(backup + 1).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(BackupTest, AnotherLedgersIsRefused) {
  WriteBlocks(1);
  const std::uint32_t backup = MakeBackup();
  OpenOptions target = Target();
  target.ledger_id = *LedgerId::From(std::string(32, 'M'));
  const absl::Status restored = RocksStore::Restore(folder_, backup, target);
  EXPECT_EQ(restored.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(fs::exists(target.path));
}

TEST_F(BackupTest, ThatIsNotThereIsNotFound) {
  WriteBlocks(1);
  const std::uint32_t backup = MakeBackup();
  EXPECT_EQ(Restore(backup + 1).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(VerifyBackup(folder_, backup + 1).code(), absl::StatusCode::kNotFound);
}

// As after a power cut in the middle of it.
TEST_F(BackupTest, HalfARestoreIsNoDatabaseAndIsBegunAgain) {
  WriteBlocks(1);
  const std::uint32_t backup = MakeBackup();
  fs::create_directory(Target().path + ".restoring");
  std::ofstream(Target().path + ".restoring/CURRENT") << "half";
  EXPECT_EQ(RocksStore::Open(Target()).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Restore(backup).ok());
  EXPECT_TRUE(RocksStore::Open(Target()).ok());
}

TEST_F(BackupTest, ANodeThatStopsMakesNone) {
  WriteBlocks(1);
  store_->StopBackups();
  EXPECT_EQ(store_->Backup(folder_).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace assent::storage
