// Manual pages (man(7)) of a program that CLI11 describes: one for the program and one for each of
// its commands, so that they cannot say anything else than --help.
#ifndef ASSENT_MANUAL_MAN_PAGE_H_
#define ASSENT_MANUAL_MAN_PAGE_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace assent::manual {

struct ManPage {
  std::string file;  // "assent-ask-evidence.1"
  std::string text;
};

// The pages of `app` and of all commands below it that help lists. `version` is what stands at the
// foot of each: "assent 1.0.0".
std::vector<ManPage> ManPages(const CLI::App& app, std::string_view version);

// Adds the command "manual DIR", which help does not list: it writes the pages into a folder.
// `done` is told what became of that, once it was chosen; `app` must outlive the command.
void AddManualCommand(CLI::App& app, std::string_view version,
                      std::function<void(const absl::Status& written)> done);

// Text as troff shows it unchanged. Must be UTF-8.
std::string EscapeRoff(std::string_view text);

}  // namespace assent::manual

#endif  // ASSENT_MANUAL_MAN_PAGE_H_
