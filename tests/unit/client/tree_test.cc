#include "client/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assent::client {
namespace {

using ::testing::HasSubstr;

std::string Fault(const absl::StatusOr<Tree>& tree) { return std::string(tree.status().message()); }

TEST(TreeTest, TomlKeepsLinesAndOrder) {
  const auto tree = ParseToml("b = 1\na = \"x\"\n\n[t]\nc = true\n", "f.toml");
  ASSERT_TRUE(tree.ok()) << tree.status();
  const auto& members = *tree->As<Tree::Map>();
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[0].key, "b");
  EXPECT_EQ(members[1].key, "a");
  EXPECT_EQ(tree->Find("a")->line, 2);
  EXPECT_EQ(tree->Find("t")->Find("c")->line, 5);
}

TEST(TreeTest, JsonKeepsLines) {
  const auto tree =
      ParseJson("{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [1, 2.5, \"x\", null]\n  }\n}\n", "f.json");
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(tree->Find("a")->line, 2);
  EXPECT_EQ(tree->Find("b")->Find("c")->line, 4);
  EXPECT_EQ(tree->Find("b")->Find("c")->As<Tree::List>()->size(), 4u);
}

TEST(TreeTest, TomlTimesAreInstants) {
  const auto tree = ParseToml(
      "z = 2026-03-31T23:59:59Z\nplus = 2026-04-01T01:59:59+02:00\nminus = "
      "2026-03-31T21:29:59.5-02:30\n",
      "f");
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(FormatTime(*tree->Find("z")->As<Time>()), "2026-03-31T23:59:59Z");
  EXPECT_EQ(*tree->Find("plus")->As<Time>(), *tree->Find("z")->As<Time>());
  EXPECT_EQ(FormatTime(*tree->Find("minus")->As<Time>()), "2026-03-31T23:59:59.5Z");
}

TEST(TreeTest, ATimeWithoutOffsetIsRefused) {
  EXPECT_THAT(Fault(ParseToml("\nt = 2026-03-31T23:59:59\n", "f.toml")), HasSubstr("f.toml:2: "));
  EXPECT_THAT(Fault(ParseToml("t = 2026-03-31\n", "f")), HasSubstr("no instant"));
  EXPECT_THAT(Fault(ParseToml("t = 2026-03-31T23:59:59.0000001Z\n", "f")),
              HasSubstr("microseconds"));
}

TEST(TreeTest, FaultsAreGivenWithTheirLine) {
  EXPECT_THAT(Fault(ParseToml("a = 1\na = 2\n", "f.toml")), HasSubstr("f.toml:2: "));
  EXPECT_THAT(Fault(ParseToml("a = \n", "f.toml")), HasSubstr("f.toml:1: "));
  EXPECT_THAT(Fault(ParseJson("{\n\"a\": 1,\n\"a\": 2}", "f.json")),
              HasSubstr("f.json:3: a stands twice"));
  EXPECT_THAT(Fault(ParseJson("{\n\"a\": }", "f.json")), HasSubstr("f.json:2: "));
  EXPECT_THAT(Fault(ParseJson("{\"a\": 18446744073709551615}", "f")), HasSubstr("too large"));
  EXPECT_FALSE(ParseJson("", "f").ok());
  EXPECT_FALSE(ParseJson("{} {}", "f").ok());
}

// Once these ended the program.
TEST(TreeTest, ATableWithoutANameIsRefused) {
  for (const std::string text : {"[=", "[ =]\n", "[[.a]]\n", "[\n]\n", "[#]\n", "[[]]\n"}) {
    EXPECT_THAT(Fault(ParseToml(text, "f.toml")), HasSubstr("f.toml:1: ")) << text;
  }
}

// Once what followed was anything.
TEST(TreeTest, ACharacterOfAnyScriptIsRefusedOutsideOfAString) {
  for (const std::string text : {"\uFEFD", "a = \uFB26\n", "\uFDFA = 1\n", "[t]\uFE0F\n"}) {
    EXPECT_THAT(Fault(ParseToml(text, "f.toml")), HasSubstr("f.toml:1: ")) << text;
  }
  const auto tree = ParseToml("a = \"\uFDFA\"\n", "f.toml");
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(*tree->Find("a")->As<std::string>(), "\uFDFA");
}

TEST(TreeTest, DepthIsBounded) {
  EXPECT_THAT(Fault(ParseJson(std::string(10'000, '['), "f")), HasSubstr("levels deep"));
  EXPECT_THAT(Fault(ParseToml("a = " + std::string(40, '[') + std::string(40, ']'), "f")),
              HasSubstr("levels deep"));
}

TEST(TreeTest, FormatIsSeenFromTheFirstCharacter) {
  EXPECT_TRUE(ParseTree("\n { \"a\": 1 }", "f").ok());
  EXPECT_TRUE(ParseTree("a = 1", "f").ok());
  EXPECT_FALSE(ParseTree("{ a = 1 }", "f").ok());
}

TEST(TreeTest, TomlThatIsWrittenReadsBackTheSame) {
  const std::string text =
      "type = \"X\"\nwhen = 2026-03-31T23:59:59.000001Z\nreal = -1.25\nwhole = 5.0\n"
      "text = \"quote \\\" back \\\\ line\\nend \\u0001\"\nempty = \"\"\nlist = [1, 2]\n"
      "[part]\nform = \"NIL\"\n[[part.sites]]\nname = \"a\"\n[part.sites.location]\nlatitude = "
      "1.5\n"
      "[[part.sites]]\nname = \"b\"\n[other]\nflag = true\n";
  const auto tree = ParseToml(text, "f");
  ASSERT_TRUE(tree.ok()) << tree.status();
  const auto again = ParseToml(ToToml(*tree), "g");
  ASSERT_TRUE(again.ok()) << again.status() << "\n" << ToToml(*tree);
  EXPECT_EQ(ToJson(*again), ToJson(*tree));
}

TEST(TreeTest, TextOfSeveralLinesStaysReadable) {
  Tree tree = Tree::OfMap();
  tree.Add("text", Tree::Of("Article 1\nStates \"declare\" \\.\n\n"));
  EXPECT_EQ(ToToml(tree), "text = \"\"\"\nArticle 1\nStates \\\"declare\\\" \\\\.\n\n\"\"\"\n");
  EXPECT_EQ(*ParseToml(ToToml(tree), "f")->Find("text")->As<std::string>(),
            *tree.Find("text")->As<std::string>());
}

TEST(TreeTest, WhatIsNotSeenInPrintIsWrittenAsItsCodePoint) {
  Tree tree = Tree::OfMap();
  tree.Add("text", Tree::Of("a\x1b[2J\r\xe2\x80\xae"));
  EXPECT_EQ(ToToml(tree), "text = \"a\\U0000001B[2J\\U0000000D\\U0000202E\"\n");
  EXPECT_EQ(*ParseToml(ToToml(tree), "f")->Find("text")->As<std::string>(),
            *tree.Find("text")->As<std::string>());
}

TEST(TreeTest, JsonHasStableOrderAndRfc3339Times) {
  Tree tree = Tree::OfMap();
  tree.Add("z", Tree::Of(std::uint64_t{7}));
  tree.Add("a", Tree::Of(Time{0}));
  tree.Add("n", Tree());
  EXPECT_EQ(ToJsonLine(tree), "{\"z\":7,\"a\":\"1970-01-01T00:00:00Z\",\"n\":null}\n");
}

TEST(TreeTest, JsonOfBytesThatAreNoUtf8DoesNotFail) {
  Tree tree = Tree::OfMap();
  tree.Add("a", Tree::Of("\xff\xfe"));
  EXPECT_TRUE(ParseJson(ToJson(tree), "f").ok());
}

}  // namespace
}  // namespace assent::client
