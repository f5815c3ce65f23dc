// Pages say what help says, in the form that man reads.
#include "manual/man_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

namespace assent::manual {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// What a shell command prints, on both of its outputs.
std::string Output(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      ::popen((command + " 2>&1").c_str(), "r"), ::pclose);
  std::string out;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    out.append(buffer.data(), size);
  }
  return out;
}

bool HasGroff() { return std::system("command -v groff >/dev/null 2>&1") == 0; }

class ManPageTest : public ::testing::Test {
 protected:
  ManPageTest() {
    std::string path = (std::filesystem::temp_directory_path() / "manual.XXXXXX").string();
    folder_ = ::mkdtemp(path.data());
    app_.footer("Exit codes: 0 done.\n.looks like a request");
    CLI::App* ask = app_.add_subcommand("ask", "ask a question");
    ask->require_subcommand(1);
    CLI::App* due = ask->add_subcommand("due", "what's owed \u2014 and by when");
    due->add_option("STATE", state_, "whose")->required()->type_name("");
    due->add_option("-o,--output", output_, "a \\file to write")->type_name("FILE");
    due->add_option("--limit", limit_, "at most so many")
        ->capture_default_str()
        ->group("Connection");
    due->add_flag("--json", json_, "print JSON");
    due->footer("Examples:\n  tool ask due FRA -o x");
    app_.add_subcommand("secret", "not for everyone")->group("");
  }
  ~ManPageTest() override { std::filesystem::remove_all(folder_); }

  std::map<std::string, std::string> Pages() const {
    std::map<std::string, std::string> pages;
    for (ManPage& page : ManPages(app_, "tool 1.2")) pages[page.file] = std::move(page.text);
    return pages;
  }
  std::string Rendered(const std::string& page) const {
    const std::string path = folder_ + "/page.1";
    std::ofstream(path) << page;
    return Output("groff -man -Tutf8 -P-c -ww " + path);
  }

  std::string folder_;
  CLI::App app_{"Does things.\n\nSlowly.", "tool"};
  std::string state_;
  std::string output_;
  int limit_ = 7;
  bool json_ = false;
};

TEST_F(ManPageTest, EveryListedCommandHasAPage) {
  std::vector<std::string> files;
  for (const auto& [file, text] : Pages()) files.push_back(file);
  EXPECT_THAT(files, ElementsAre("tool-ask-due.1", "tool-ask.1", "tool.1"));
  EXPECT_THAT(Pages()["tool.1"], HasSubstr("\\fBtool\\-ask\\fR(1)\nask a question"));
  EXPECT_THAT(Pages()["tool.1"], HasSubstr("tool \\- Does things.\n.SH SYNOPSIS\n"));
  EXPECT_THAT(Pages()["tool.1"], HasSubstr(".SH DESCRIPTION\nSlowly.\n"));
  EXPECT_THAT(Pages()["tool.1"], Not(HasSubstr("secret")));
}

TEST_F(ManPageTest, APageHasWhatHelpHas) {
  const std::string page = Pages()["tool-ask-due.1"];
  EXPECT_THAT(page, HasSubstr(".TH \"TOOL\\-ASK\\-DUE\" 1 \"\" \"tool 1.2\"\n.ad l\n.SH NAME\n"
                              "tool\\-ask\\-due \\- what\\(aqs owed \\[u2014] and by when\n"));
  EXPECT_THAT(page, HasSubstr("\\fBtool ask due\\fR [\\fIOPTIONS\\fR] \\fISTATE\\fR\n"));
  EXPECT_THAT(page, HasSubstr(".SH ARGUMENTS\n.TP\n\\fISTATE\\fR\nwhose\n"));
  EXPECT_THAT(page, HasSubstr(".TP\n\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fIFILE\\fR\n"
                              "a \\efile to write\n"));
  EXPECT_THAT(page, HasSubstr(".SH CONNECTION\n.TP\n\\fB\\-\\-limit\\fR"));
  EXPECT_THAT(page, HasSubstr("at most so many [7]\n"));
  EXPECT_THAT(page, HasSubstr(".TP\n\\fB\\-\\-json\\fR\nprint JSON\n"));
  EXPECT_THAT(page, HasSubstr(".SH EXAMPLES\n.nf\n  tool ask due FRA \\-o x\n.fi\n"));
  EXPECT_THAT(page, HasSubstr(".SH SEE ALSO\n\\fBtool\\-ask\\fR(1)\n"));
  EXPECT_THAT(Pages()["tool.1"], HasSubstr("Exit codes: 0 done.\n\\&.looks like a request\n"));
}

TEST_F(ManPageTest, TextIsShownUnchanged) {
  ASSERT_TRUE(HasGroff()) << "it is missing: deploy/install-dependencies";
  const std::string text = "\\fB .x 'y' \"z\" -1 `a` ^ ~ \u2014 \u00e9";
  const std::string shown =
      Rendered(".TH X 1\n.SH NAME\nx \\- y\n.nf\n" + EscapeRoff(text) + "\n.fi\n");
  EXPECT_THAT(shown, HasSubstr(text));
}

TEST_F(ManPageTest, GroffHasNothingToSayOfAnyPage) {
  ASSERT_TRUE(HasGroff()) << "it is missing: deploy/install-dependencies";
  for (const auto& [file, text] : Pages()) {
    const std::string shown = Rendered(text);
    EXPECT_THAT(shown, Not(HasSubstr("warning"))) << file;
    EXPECT_THAT(shown, Not(HasSubstr("error"))) << file;
  }
  EXPECT_THAT(Rendered(Pages()["tool-ask-due.1"]), HasSubstr("what's owed \u2014 and by when"));
  EXPECT_THAT(Rendered(".TH X 1\n.SH NAME\nx \\- y\n\\*[nothing]\n"), HasSubstr("warning"))
      << "it would say so";
}

TEST_F(ManPageTest, TheCommandWritesThem) {
  absl::Status written = absl::UnknownError("not chosen");
  AddManualCommand(app_, "tool 1.2", [&](const absl::Status& status) { written = status; });
  app_.parse("manual " + folder_);
  EXPECT_TRUE(written.ok()) << written;
  std::stringstream page;
  page << std::ifstream(folder_ + "/tool-ask.1").rdbuf();
  EXPECT_EQ(page.str(), Pages()["tool-ask.1"]);
  app_.parse("manual " + folder_ + "/none");
  EXPECT_THAT(std::string(written.message()), HasSubstr("cannot write "));
}

}  // namespace
}  // namespace assent::manual
