#include "client/saved_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "client/parallel.h"
#include "client/saved_ledger.h"
#include "ledger/entry/proto.h"
#include "tests/support/test_chain.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

// A log of five blocks, one of them without entries, saved as an audit saves it.
class SavedLogTest : public ::testing::Test {
 protected:
  SavedLogTest() {
    for (const std::vector<const char*>& authors : std::vector<std::vector<const char*>>{
             {"AAA", "BBB", "AAA"}, {}, {"CCC"}, {"AAA", "BBB"}, {"CCC"}}) {
      std::vector<EntryPtr> entries;
      for (const char* author : authors) entries.push_back(chain_.Notify(author));
      blocks_.push_back(chain_.Serve(*chain_.CommitEntries(entries)));
    }
    Save();
  }

  void Save() {
    Auditor auditor(chain_.ledger.act, OnThreads(1));
    auto saver = LedgerSaver::Open(folder_.Path(""));
    ASSERT_TRUE(saver.ok()) << saver.status();
    ASSERT_TRUE(auditor.Check(blocks_).ok());
    ASSERT_TRUE((*saver)->Add(blocks_).ok());
    ASSERT_TRUE((*saver)->Keep(auditor).ok());
  }

  absl::StatusOr<std::unique_ptr<SavedLog>> Open() {
    return SavedLog::Open(folder_.Path(""), chain_.ledger.act);
  }

  testing::TestChain chain_{4};
  std::vector<v1::FinalBlock> blocks_;
  const TempFolder folder_;
};

TEST_F(SavedLogTest, IsTheLogOfTheNode) {
  const auto log = Open();
  ASSERT_TRUE(log.ok()) << log.status();
  const auto node = chain_.store.Read();
  EXPECT_EQ((*log)->tip(), chain_.tip->header);
  EXPECT_EQ((*log)->tree_size(), 7u);
  for (std::uint64_t h = 0; h <= 6; ++h) {
    const auto here = (*log)->BlockAt(Height(h));
    const auto there = node->BlockAt(Height(h));
    ASSERT_EQ(here.status().code(), there.status().code()) << h;
    if (h == 6) continue;
    EXPECT_EQ(here->header, there->header);
    EXPECT_EQ(here->header_bytes, there->header_bytes);
    EXPECT_EQ(here->certificate, there->certificate);
    EXPECT_EQ((*log)->RestartActOn(Height(h)).value(), "");
  }
  for (std::uint64_t i = 0; i <= 7; ++i) {
    const EntryIndex index(i);
    EXPECT_EQ((*log)->HeightOf(index).status().code(), node->HeightOf(index).status().code());
    ASSERT_EQ((*log)->EntryAt(index).ok(), i < 7);
    if (i == 7) continue;
    const EntryPtr entry = (*log)->EntryAt(index).value();
    EXPECT_EQ(ToProto(*entry).SerializeAsString(),
              ToProto(**node->EntryAt(index)).SerializeAsString());
    EXPECT_EQ((*log)->HeightOf(index).value(), node->HeightOf(index).value());
    EXPECT_EQ((*log)->IndexOf(entry->header().author, entry->header().sequence).value(), index);
  }
  for (std::uint8_t level = 0; level < 4; ++level) {
    for (std::uint64_t i = 0; i < 8; ++i) {
      const auto here = (*log)->MerkleNodeAt(level, i);
      const auto there = node->MerkleNodeAt(level, i);
      ASSERT_EQ(here.ok(), there.ok()) << int{level} << " " << i;
      if (here.ok()) {
        EXPECT_EQ(*here, *there);
      }
    }
  }
}

TEST_F(SavedLogTest, AnEntryThatIsNotThereIsNotFound) {
  const auto log = Open();
  ASSERT_TRUE(log.ok()) << log.status();
  const auto message = [&](const char* author, std::uint64_t sequence) {
    return std::string(
        (*log)->IndexOf(*MemberCode::From(author), Sequence(sequence)).status().message());
  };
  EXPECT_EQ(message("AAA", 4), "entry AAA/4 was not saved: AAA had filed 3");
  EXPECT_EQ(message("AAA", 0), "entry AAA/0 was not saved: AAA had filed 3");
  EXPECT_EQ(message("DDD", 1), "entry DDD/1 was not saved: DDD had filed 0");
}

TEST_F(SavedLogTest, TheNextCertificateIsFound) {
  blocks_[1].clear_certificate();
  blocks_[2].clear_certificate();
  std::filesystem::remove_all(folder_.Path(""));
  Save();
  const auto log = Open();
  ASSERT_TRUE(log.ok()) << log.status();
  const std::uint64_t next[] = {1, 1, 4, 4, 4, 5};
  for (std::uint64_t h = 0; h <= 5; ++h) {
    EXPECT_EQ((*log)->CertifiedAtOrAfter(Height(h)).value(), Height(next[h]));
  }
  EXPECT_EQ((*log)->CertifiedAtOrAfter(Height(6)).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(SavedLogTest, OtherBlocksThanThoseAuditedAreRefused) {
  const std::string good = folder_.Read("blocks");
  // Of the same length, and well formed: two entries change places.
  blocks_[0].mutable_entries()->SwapElements(0, 1);
  std::filesystem::remove(folder_.Path("blocks"));
  std::string bytes;
  for (const v1::FinalBlock& block : blocks_) {
    AppendU32(bytes, static_cast<std::uint32_t>(block.ByteSizeLong()));
    bytes += block.SerializeAsString();
  }
  ASSERT_EQ(bytes.size(), good.size());
  folder_.Write("blocks", bytes);
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("not those that were audited"));
  folder_.Write("blocks", good.substr(0, good.size() - 1));
  EXPECT_FALSE(Open().ok());
  folder_.Write("blocks", good);
  EXPECT_TRUE(Open().ok());
}

}  // namespace
}  // namespace assent::client
