#include "client/saved_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "ledger/bytes.h"
#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SavedBlocksTest : public ::testing::Test {
 protected:
  SavedBlocksTest() {
    for (const char* header : {"one", "two", "three"}) {
      v1::FinalBlock block;
      block.set_header(header);
      const std::string message = block.SerializeAsString();
      AppendU32(bytes_, static_cast<std::uint32_t>(message.size()));
      bytes_ += message;
    }
  }
  absl::StatusOr<SavedBlocks> Open(std::uint64_t bytes) {
    std::ofstream(folder_.Path("blocks"), std::ios::binary) << bytes_;
    return SavedBlocks::Open(folder_.Path(""), bytes);
  }
  // What can be read of so many bytes.
  absl::Status ReadAll(std::uint64_t bytes) {
    auto blocks = Open(bytes);
    if (!blocks.ok()) return blocks.status();
    while (!blocks->at_end()) {
      if (const auto block = blocks->Next(); !block.ok()) return block.status();
    }
    return absl::OkStatus();
  }

  const TempFolder folder_;
  std::string bytes_;
};

TEST_F(SavedBlocksTest, AreReadInOrderAndByPlace) {
  auto blocks = Open(bytes_.size());
  ASSERT_TRUE(blocks.ok()) << blocks.status();
  std::vector<std::string> headers;
  std::vector<std::uint64_t> places;
  while (!blocks->at_end()) {
    places.push_back(blocks->place());
    headers.push_back(blocks->Next()->header());
  }
  EXPECT_THAT(headers, ElementsAre("one", "two", "three"));
  EXPECT_FALSE(blocks->Next().ok());
  for (const std::size_t i : {1u, 0u, 2u}) {
    ASSERT_TRUE(blocks->Seek(places[i]).ok());
    EXPECT_EQ(blocks->Next()->header(), headers[i]);
  }
}

TEST_F(SavedBlocksTest, WhatWasNotKeptDoesNotCount) {
  const std::size_t kept = bytes_.size();
  bytes_ += "half a block";
  EXPECT_TRUE(ReadAll(kept).ok());
}

TEST_F(SavedBlocksTest, WhatIsCutOffOrDamagedIsRefused) {
  for (std::size_t size = 1; size < bytes_.size(); ++size) {
    const absl::Status status = ReadAll(size);
    const bool between = size == 9 || size == 18;  // 4 + 2 + 3 bytes each
    EXPECT_EQ(status.ok(), between) << size << ": " << status;
  }
  EXPECT_FALSE(ReadAll(bytes_.size() + 1).ok()) << "the file is shorter";
  bytes_[0] = '\xff';  // a length of four billion
  EXPECT_THAT(std::string(ReadAll(bytes_.size()).message()), HasSubstr("damaged"));
}

TEST_F(SavedBlocksTest, AFileThatIsMissingIsNamed) {
  EXPECT_THAT(std::string(SavedBlocks::Open(folder_.Path("none"), 9).status().message()),
              HasSubstr("none/blocks: No such file"));
}

}  // namespace
}  // namespace assent::client
