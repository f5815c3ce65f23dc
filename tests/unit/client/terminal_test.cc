#include "client/terminal.h"

#include <gtest/gtest.h>

#include "client/errors.h"

namespace assent::client {
namespace {

constexpr char kMark[] = "\xEF\xBF\xBD";

TEST(PrintableTest, TextOfAnyScriptStays) {
  EXPECT_EQ(Printable("Côte d’Ivoire, Ελλάδα, 日本"), "Côte d’Ivoire, Ελλάδα, 日本");
}

TEST(PrintableTest, WhatControlsATerminalIsReplaced) {
  EXPECT_EQ(Printable("\x1b]0;title\x07"), std::string(kMark) + "]0;title" + kMark);
  EXPECT_EQ(Printable("a\nb"), std::string("a") + kMark + "b");
  EXPECT_EQ(Printable("a\nb\r", true), std::string("a\nb") + kMark);
  EXPECT_EQ(Printable("\xc2\x9b"), kMark);  // C1 control
  EXPECT_EQ(Printable("\xe2\x80\xae"
                      "abc"),
            std::string(kMark) + "abc");  // right-to-left override
}

TEST(PrintableTest, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(Printable("a\xff"
                      "b"),
            std::string("a") + kMark + "b");
}

TEST(ErrorsTest, ARefusalKeepsItsReasonThroughPrefixes) {
  const absl::Status status = Prefixed("a.toml", RefusedError("SEQUENCE", "sequence 7 is taken"));
  EXPECT_EQ(Describe(status), "refused: SEQUENCE: a.toml: sequence 7 is taken");
  EXPECT_EQ(ExitCodeOf(status), kExitFailed);
}

TEST(ErrorsTest, ExitCodesTellUsageFromFailure) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("x")), 1);
  EXPECT_EQ(ExitCodeOf(UsageError("x")), 2);
  EXPECT_EQ(Describe(UsageError("--act is needed")), "--act is needed");
}

}  // namespace
}  // namespace assent::client
