#include "client/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>

#include "tests/unit/client/temp_folder.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

CommandWords Tool() {
  return {"tool",
          "a tool",
          {{{"-h", "--help"}, false, "tell more"}},
          {},
          {{"found",
            "begin",
            {},
            {},
            {{"new", "make it's act", {{{"--title"}, true, "its title"}}, {}, {}}}},
           {"new", "make a record", {{{"-o"}, true, "file"}}, {"alpha", "beta"}, {}}}};
}

// What bash offers for a line whose last word is being completed.
std::string Offered(const std::string& line, std::size_t words) {
  const TempFolder folder;
  const std::string script = folder.Write("c.sh", BashCompletion(Tool()) + "COMP_WORDS=(" + line +
                                                      ")\nCOMP_CWORD=" + std::to_string(words - 1) +
                                                      "\n_tool\necho \"${COMPREPLY[@]}\"\n");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      ::popen(("bash " + script).c_str(), "r"), ::pclose);
  std::array<char, 4096> buffer{};
  const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
  return std::string(buffer.data(), size);
}

TEST(CompletionTest, BashOffersWhatMayFollow) {
  EXPECT_EQ(Offered("tool ''", 2), "found new -h --help\n");
  EXPECT_EQ(Offered("tool found ''", 3), "new\n");
  EXPECT_EQ(Offered("tool found new --t", 4), "--title\n");
  EXPECT_EQ(Offered("tool new a", 3), "alpha\n");
  EXPECT_EQ(Offered("tool new -o file b", 5), "beta\n");
}

TEST(CompletionTest, FishAndZshKnowAllCommands) {
  const std::string fish = FishCompletion(Tool());
  EXPECT_THAT(
      fish, HasSubstr("complete -c tool -n '__tool_at \"found\"' -f -a new -d 'make it\\'s act'"));
  EXPECT_THAT(
      fish, HasSubstr("complete -c tool -n '__tool_at \"found new\"' -l title -r -d 'its title'"));
  EXPECT_THAT(ZshCompletion(Tool()), HasSubstr("'found new') follow='--title' ;;"));
}

}  // namespace
}  // namespace assent::client
