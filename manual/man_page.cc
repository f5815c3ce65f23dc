#include "manual/man_page.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace assent::manual {
namespace {

// Abseil's own view of text may be another type than the standard one.
absl::string_view AbslView(std::string_view text) { return {text.data(), text.size()}; }

std::string Bold(std::string_view text) { return absl::StrCat("\\fB", EscapeRoff(text), "\\fR"); }
std::string Italic(std::string_view text) { return absl::StrCat("\\fI", EscapeRoff(text), "\\fR"); }

// The words of a command as they are typed: "assent ask evidence".
std::string Typed(const CLI::App& command) {
  std::string typed;
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent()) {
    typed = at->get_name() + (typed.empty() ? "" : " ") + typed;
  }
  return typed;
}

// Its page's name: "assent-ask-evidence".
std::string PageName(const CLI::App& command) {
  return absl::StrReplaceAll(Typed(command), {{" ", "-"}});
}

bool IsListed(const CLI::App& command) { return !command.get_group().empty(); }

std::vector<const CLI::App*> CommandsOf(const CLI::App& command) {
  std::vector<const CLI::App*> commands =
      command.get_subcommands([](const CLI::App* inner) { return IsListed(*inner); });
  return commands;
}

bool IsListed(const CLI::Option& option) { return !option.get_group().empty(); }

// "-o, --output FILE"
std::string OptionHead(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back(Bold("-" + name));
  for (const std::string& name : option.get_lnames()) names.push_back(Bold("--" + name));
  std::string head = absl::StrJoin(names, ", ");
  const std::string value = option.get_type_name();
  if (option.get_items_expected_max() > 0 && !value.empty()) {
    // A list of what it may be can be longer than a line.
    absl::StrAppend(&head, " ", absl::StrReplaceAll(Italic(value), {{",", ",\\:"}}));
  }
  return head;
}

// What an option says beyond its description.
std::string OptionText(const CLI::Option& option) {
  std::string text = option.get_description();
  if (!option.get_default_str().empty()) {
    absl::StrAppend(&text, " [", option.get_default_str(), "]");
  }
  if (option.get_required() && option.nonpositional()) absl::StrAppend(&text, " (required)");
  return text;
}

void AddItem(std::string& page, const std::string& head, const std::string& text) {
  absl::StrAppend(&page, ".TP\n", head, "\n", EscapeRoff(text), "\n");
}

void AddSection(std::string& page, std::string_view name) {
  absl::StrAppend(&page, ".SH ", EscapeRoff(absl::AsciiStrToUpper(AbslView(name))), "\n");
}

void AddVerbatim(std::string& page, std::string_view text) {
  absl::StrAppend(&page, ".nf\n", EscapeRoff(text), "\n.fi\n");
}

void AddSynopsis(std::string& page, const CLI::App& command) {
  AddSection(page, "Synopsis");
  std::string line = Bold(Typed(command));
  const auto options = command.get_options();
  if (std::any_of(options.begin(), options.end(), [](const CLI::Option* option) {
        return option->nonpositional() && IsListed(*option);
      })) {
    absl::StrAppend(&line, " [", Italic("OPTIONS"), "]");
  }
  for (const CLI::Option* option : options) {
    if (!option->get_positional()) continue;
    const std::string name = Italic(option->get_name(true));
    const std::string more = option->get_items_expected_max() > 1 ? "..." : "";
    absl::StrAppend(&line, " ", option->get_required() ? name : absl::StrCat("[", name, "]"), more);
  }
  if (!CommandsOf(command).empty()) absl::StrAppend(&line, " ", Italic("COMMAND"));
  absl::StrAppend(&page, line, "\n");
}

void AddArguments(std::string& page, const CLI::App& command) {
  bool first = true;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) continue;
    if (std::exchange(first, false)) AddSection(page, "Arguments");
    AddItem(page, Italic(option->get_name(true)), OptionText(*option));
  }
}

// By group, in the order in which the groups appear.
void AddOptions(std::string& page, const CLI::App& command) {
  std::vector<std::string> groups;
  for (const CLI::Option* option : command.get_options()) {
    const bool shown = option->nonpositional() && IsListed(*option);
    if (shown && std::find(groups.begin(), groups.end(), option->get_group()) == groups.end()) {
      groups.push_back(option->get_group());
    }
  }
  for (const std::string& group : groups) {
    AddSection(page, group);
    for (const CLI::Option* option : command.get_options()) {
      if (!option->nonpositional() || option->get_group() != group) continue;
      AddItem(page, OptionHead(*option), OptionText(*option));
    }
  }
}

void AddCommands(std::string& page, const CLI::App& command) {
  const auto commands = CommandsOf(command);
  if (commands.empty()) return;
  AddSection(page, "Commands");
  for (const CLI::App* inner : commands) {
    AddItem(page, absl::StrCat(Bold(PageName(*inner)), "(1)"), inner->get_description());
  }
}

// What stands below the help: examples first, perhaps.
void AddFooter(std::string& page, const CLI::App& command) {
  std::string footer = command.get_footer();
  if (footer.empty()) return;
  const auto paragraphs = std::vector<std::string>(absl::StrSplit(footer, "\n\n"));
  std::string notes;
  for (const std::string& paragraph : paragraphs) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(paragraph, absl::MaxSplits('\n', 1));
    if (parts.first == "Examples:" || parts.first == "Example:") {
      AddSection(page, "Examples");
      AddVerbatim(page, parts.second);
    } else {
      absl::StrAppend(&notes, notes.empty() ? "" : "\n\n", paragraph);
    }
  }
  if (notes.empty()) return;
  AddSection(page, "Notes");
  AddVerbatim(page, notes);
}

void AddSeeAlso(std::string& page, const CLI::App& command) {
  if (command.get_parent() == nullptr) return;
  AddSection(page, "See also");
  absl::StrAppend(&page, Bold(PageName(*command.get_parent())), "(1)\n");
}

std::string PageText(const CLI::App& command, std::string_view version) {
  const std::string name = PageName(command);
  std::string page = absl::StrCat(".TH \"", EscapeRoff(absl::AsciiStrToUpper(name)), "\" 1 \"\" \"",
                                  EscapeRoff(version), "\"\n");
  page += ".ad l\n";
  // One line is the name, as mandb wants it.
  const std::pair<std::string, std::string> about =
      absl::StrSplit(command.get_description(), absl::MaxSplits('\n', 1));
  AddSection(page, "Name");
  absl::StrAppend(&page, EscapeRoff(name), " \\- ", EscapeRoff(about.first), "\n");
  AddSynopsis(page, command);
  const std::string more(absl::StripAsciiWhitespace(about.second));
  if (!more.empty()) {
    AddSection(page, "Description");
    absl::StrAppend(&page, EscapeRoff(more), "\n");
  }
  AddArguments(page, command);
  AddOptions(page, command);
  AddCommands(page, command);
  AddFooter(page, command);
  AddSeeAlso(page, command);
  return page;
}

void AddPages(const CLI::App& command, std::string_view version, std::vector<ManPage>& pages) {
  pages.push_back({PageName(command) + ".1", PageText(command, version)});
  for (const CLI::App* inner : CommandsOf(command)) AddPages(*inner, version, pages);
}

// The code point that `rest` begins with, which is taken from it. A byte that begins none counts as
// itself.
std::uint32_t TakeCodePoint(std::string_view& rest) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
  const unsigned char first = byte(0);
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  std::uint32_t code = length == 1 ? first : first & (0x7fU >> length);
  const std::size_t whole = std::min(length, rest.size());
  for (std::size_t i = 1; i < whole; ++i) code = code << 6 | (byte(i) & 0x3fU);
  rest.remove_prefix(whole);
  return code;
}

absl::Status WritePages(const std::vector<ManPage>& pages, const std::string& folder) {
  for (const ManPage& page : pages) {
    const std::string path = absl::StrCat(folder, "/", page.file);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << page.text;
    file.close();
    if (!file) {
      return absl::InternalError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string EscapeRoff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  while (!text.empty()) {
    const std::uint32_t c = TakeCodePoint(text);
    // These begin a request where a line begins.
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '"':
        out += "\\(dq";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '~':
        out += "\\(ti";
        break;
      default:
        if (c < 0x80) {
          out += static_cast<char>(c);
        } else {
          absl::StrAppendFormat(&out, "\\[u%04X]", c);
        }
    }
  }
  return out;
}

std::vector<ManPage> ManPages(const CLI::App& app, std::string_view version) {
  std::vector<ManPage> pages;
  AddPages(app, version, pages);
  return pages;
}

void AddManualCommand(CLI::App& app, std::string_view version,
                      std::function<void(const absl::Status& written)> done) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("manual", "write the manual pages into a folder");
  command->group("");
  command->add_option("DIR", *folder, "a folder that is there")->required();
  command->callback([&app, folder, version = std::string(version), done = std::move(done)] {
    done(WritePages(ManPages(app, version), *folder));
  });
}

}  // namespace assent::manual
