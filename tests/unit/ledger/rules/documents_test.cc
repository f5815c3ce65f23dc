// docs/rules.md lists every rule; the list follows from AllRules().
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "ledger/rules/rules.h"

namespace assent::rules {
namespace {

constexpr std::string_view kMark = "<!-- What follows is made from AllRules(). -->\n";

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string RulesAsText() {
  std::string text;
  for (const RecordRules& record : AllRules()) {
    text += "\n## " + std::string(record.record) + "\n\n";
    if (record.amendable) text += "Can be amended and withdrawn.\n\n";
    text += "| reason | what must hold |\n|---|---|\n";
    for (const Rule& rule : record.rules) {
      text += "| `" + std::string(rule.reason) + "` | " + std::string(rule.requirement) + " |\n";
    }
  }
  return text;
}

TEST(Documents, RulesAreThoseOfTheCode) {
  const std::string path = ASSENT_SOURCE_DIR "/docs/rules.md";
  const std::string document = ReadFile(path);
  const std::size_t mark = document.find(kMark);
  const std::string expected = document.substr(0, mark) + std::string(kMark) + RulesAsText();
  if (document == expected) return;
  const std::string made = testing::TempDir() + "rules.md";
  std::ofstream(made, std::ios::binary) << expected;
  FAIL() << "docs/rules.md is not what the rules say. To bring it up to date:\n  cp " << made << " "
         << path;
}

}  // namespace
}  // namespace assent::rules
