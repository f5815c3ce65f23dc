// Logs that RocksDB has written, with the end that a power cut leaves.
#include "node/storage/torn_log.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "node/storage/rocks_options.h"
#include "rocksdb/db.h"
#include "tests/unit/node/storage/scratch.h"

namespace assent::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPageBytes = 4'096;

std::string Noise(std::size_t bytes, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string noise(bytes, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  return noise;
}

class TornLogTest : public testing::Test {
 protected:
  // One record in the log for each size, of that many bytes and a few more.
  void Write(const std::vector<std::size_t>& sizes) {
    fs::remove_all(folder_);
    ends_.clear();
    values_.clear();
    rocksdb::Options options(DatabaseOptions(), rocksdb::ColumnFamilyOptions());
    options.create_if_missing = true;
    options.avoid_flush_during_shutdown = true;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, folder_, &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    rocksdb::WriteOptions synced;
    synced.sync = true;
    for (std::uint32_t i = 0; i < sizes.size(); ++i) {
      values_.push_back(Noise(sizes[i], i));
      ASSERT_TRUE(db->Put(synced, Key(i), values_.back()).ok());
      ends_.push_back(fs::file_size(Log()));
    }
  }
  static std::string Key(std::size_t i) { return "key " + std::to_string(i); }

  fs::path Log() const {
    for (const auto& file : fs::directory_iterator(folder_)) {
      if (file.path().extension() == ".log") return file.path();
    }
    return {};
  }
  std::string Read() const {
    std::ifstream file(Log(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // Where record `i` begins.
  std::size_t Begin(std::size_t i) const { return i == 0 ? 0 : ends_[i - 1]; }
  // Zeros, as of what was never written.
  void Unwrite(std::size_t begin, std::size_t end) {
    std::fstream file(Log(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(begin));
    const std::string zeros(end - begin, '\0');
    file.write(zeros.data(), static_cast<std::streamsize>(zeros.size()));
  }
  static std::size_t PageFrom(std::size_t place) {
    return (place + kPageBytes - 1) / kPageBytes * kPageBytes;
  }

  // Whether RocksDB opens it, and then has the first `records` as they were and no more.
  bool Has(std::size_t records) const {
    rocksdb::Options options(DatabaseOptions(), rocksdb::ColumnFamilyOptions());
    rocksdb::DB* opened = nullptr;
    if (!rocksdb::DB::OpenForReadOnly(options, folder_, &opened).ok()) return false;
    const std::unique_ptr<rocksdb::DB> db(opened);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      std::string value;
      const bool found = db->Get({}, Key(i), &value).ok();
      if (found != (i < records) || (found && value != values_[i])) return false;
    }
    return true;
  }
  std::size_t Cut() const {
    const auto end = CutTornLog(folder_);
    EXPECT_TRUE(end.ok()) << end.status();
    return end.ok() ? end->bytes.size() : 0;
  }

  Scratch scratch_;
  const std::string folder_ = scratch_.path("db");
  std::vector<std::uint64_t> ends_;  // of each record in the log
  std::vector<std::string> values_;
};

TEST_F(TornLogTest, AWholeLogStaysAsItIs) {
  for (const std::size_t last : {0u, 1u, 500u, 5'000u, 32'700u, 32'761u, 33'000u, 200'000u}) {
    Write({100, 40'000, last});
    EXPECT_EQ(EndOfLog(Read()), ends_.back()) << last;
    EXPECT_EQ(Cut(), 0u) << last;
    EXPECT_TRUE(Has(3)) << last;
  }
}

TEST_F(TornLogTest, APageThatWasNotWrittenTakesItsRecordOff) {
  for (const std::size_t last : {10'000u, 40'000u, 200'000u}) {
    Write({100, 3'000, last});
    const std::size_t size = ends_.back();
    for (std::size_t page = PageFrom(Begin(2)); page + kLastSectorBytesMin <= size;
         page += kPageBytes) {
      Write({100, 3'000, last});
      Unwrite(page, std::min(page + kPageBytes, size));
      ASSERT_FALSE(Has(3)) << "RocksDB can tell it by itself: " << page;
      EXPECT_EQ(Cut(), size - Begin(2)) << last << " page at " << page;
      EXPECT_TRUE(Has(2)) << last << " page at " << page;
    }
  }
}

TEST_F(TornLogTest, TheRecordBeforeStaysWhenOnlyItsPageHasTheBeginning) {
  // The last record begins in the middle of a page that was written before, for the record before.
  Write({100, 3'000, 20'000});
  Unwrite(Begin(2), ends_.back());
  EXPECT_EQ(Cut(), ends_.back() - Begin(2));
  EXPECT_TRUE(Has(2));
}

TEST_F(TornLogTest, ASectorIsEnough) {
  Write({100, 3'000, 20'000});
  const std::size_t sector = PageFrom(Begin(2)) + 3 * kSectorBytes;
  Unwrite(sector, sector + kSectorBytes);
  EXPECT_EQ(Cut(), ends_.back() - Begin(2));
  EXPECT_TRUE(Has(2));
}

TEST_F(TornLogTest, RotIsNotTorn) {
  // A record before the last, and one bit of the last.
  Write({100, 20'000, 3'000});
  Unwrite(PageFrom(Begin(1)), PageFrom(Begin(1)) + kPageBytes);
  EXPECT_FALSE(Has(2));
  EXPECT_EQ(Cut(), 0u);

  Write({100, 3'000, 20'000});
  std::fstream file(Log(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(ends_.back() - 1'000));
  file.put(static_cast<char>(~values_.back()[values_.back().size() - 1'000]));
  file.close();
  EXPECT_FALSE(Has(2));
  EXPECT_EQ(Cut(), 0u);
}

TEST_F(TornLogTest, WhatDoesNotHelpIsPutBack) {
  Write({100, 3'000, 20'000});
  Unwrite(PageFrom(Begin(2)), ends_.back());
  const std::string before = Read();
  const auto end = CutTornLog(folder_);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_LT(Read().size(), before.size());
  EXPECT_TRUE(PutBack(*end).ok());
  EXPECT_EQ(Read(), before);
}

TEST_F(TornLogTest, AnythingIsRead) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string log = Noise(random() % 70'000, static_cast<std::uint32_t>(round));
    if (!log.empty()) {
      const std::size_t at = random() % log.size();
      std::fill_n(log.begin() + static_cast<std::ptrdiff_t>(at),
                  std::min<std::size_t>(log.size() - at, random() % 5'000), '\0');
    }
    EXPECT_LE(EndOfLog(log), log.size());
  }
  EXPECT_EQ(EndOfLog(""), 0u);
}

TEST_F(TornLogTest, AFolderWithoutALogIsLeftAlone) {
  fs::create_directory(folder_);
  EXPECT_EQ(Cut(), 0u);
  std::ofstream(folder_ + "/000007.log");
  std::ofstream(folder_ + "/x.log") << "not a log";
  EXPECT_EQ(Cut(), 0u);
}

}  // namespace
}  // namespace assent::storage
