// Each tile has one name.
#include "node/tiles/path.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace assent::tiles {
namespace {

using Kind = TilePath::Kind;

TEST(TilePathTest, NamesAreThoseOfTheSpecification) {
  EXPECT_EQ(FormatPath({}), "checkpoint");
  EXPECT_EQ(FormatPath({.kind = Kind::kHashes, .level = 0, .index = 0}), "tile/0/000");
  EXPECT_EQ(FormatPath({.kind = Kind::kHashes, .level = 3, .index = 1'234'067}),
            "tile/3/x001/x234/067");
  EXPECT_EQ(FormatPath({.kind = Kind::kHashes, .level = 1, .index = 5, .width = 17}),
            "tile/1/005.p/17");
  EXPECT_EQ(FormatPath({.kind = Kind::kEntries, .index = 1'000, .width = 255}),
            "tile/entries/x001/000.p/255");
}

TEST(TilePathTest, WhatIsWrittenIsRead) {
  for (const std::uint64_t index :
       {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{999}, std::uint64_t{1'000},
        std::uint64_t{123'456'789}, std::numeric_limits<std::uint64_t>::max()}) {
    for (const std::uint32_t width : {1u, 255u, 256u}) {
      const TilePath hashes{.kind = Kind::kHashes, .level = 7, .index = index, .width = width};
      EXPECT_EQ(ParsePath(FormatPath(hashes)), hashes);
      const TilePath entries{.kind = Kind::kEntries, .index = index, .width = width};
      EXPECT_EQ(ParsePath(FormatPath(entries)), entries);
    }
  }
  EXPECT_EQ(ParsePath("checkpoint"), TilePath{});
}

TEST(TilePathTest, NothingElseIsAName) {
  const std::vector<std::string> wrong = {"",
                                          "checkpoint/",
                                          "/checkpoint",
                                          "tile",
                                          "tile/",
                                          "tile/0",
                                          "tile/0/",
                                          "tile/0/0",
                                          "tile/0/00",
                                          "tile/0/0000",
                                          "tile/0/x000/000",
                                          "tile/0/001/234",
                                          "tile/0/x001/x234",
                                          "tile/0/x01/234",
                                          "tile/00/000",
                                          "tile/8/000",
                                          "tile/-1/000",
                                          "tile/+1/000",
                                          "tile/a/000",
                                          "tile/0/000.p/0",
                                          "tile/0/000.p/256",
                                          "tile/0/000.p/01",
                                          "tile/0/000.p/",
                                          "tile/0/000.p",
                                          "tile/0/000.p/1/",
                                          "tile/0/000.p/1.p/1",
                                          "tile/0/ 00",
                                          "tile/0/../0",
                                          "tile/0//000",
                                          "tile/entries/0",
                                          "tile/entries/",
                                          "tile/names/000",
                                          "tile/0/x018/x446/x744/x073/x709/x551/616",
                                          "tile/0/" + std::string(kPathBytesMax, '0')};
  for (const std::string& text : wrong) EXPECT_FALSE(ParsePath(text)) << text;
}

}  // namespace
}  // namespace assent::tiles
