#include "client/completion.h"

#include <functional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

using Visit = std::function<void(const CommandWords&, const std::string& path)>;

// Every command with its path below the program: "" for the program, "found", "found new", ...
void Walk(const CommandWords& command, const std::string& path, const Visit& visit) {
  visit(command, path);
  for (const CommandWords& inner : command.commands) {
    Walk(inner, path.empty() ? inner.name : path + " " + inner.name, visit);
  }
}

// What may come next after this command, between spaces.
std::string Words(const CommandWords& command) {
  std::string words;
  const auto add = [&words](const std::string& word) {
    words += (words.empty() ? "" : " ") + word;
  };
  for (const CommandWords& inner : command.commands) add(inner.name);
  for (const std::string& value : command.values) add(value);
  for (const OptionWords& option : command.options) {
    for (const std::string& name : option.names) add(name);
  }
  return words;
}

// The program's commands as a shell function that sets `at` to the deepest command on the line and
// `follow` to what may come next; bash and zsh both run it (`path` and `words` mean something else
// to zsh).
std::string PathFunction(const CommandWords& root) {
  std::string paths;
  std::string cases;
  Walk(root, "", [&](const CommandWords& command, const std::string& path) {
    if (!path.empty()) absl::StrAppend(&paths, paths.empty() ? "" : "|", "'", path, "'");
    absl::StrAppend(&cases, "    '", path, "') follow='", Words(command), "' ;;\n");
  });
  return absl::StrCat("_", root.name, "_words() {\n",
                      "  local word next\n"
                      "  at=''\n"
                      "  for word in \"$@\"; do\n"
                      "    next=\"${at:+$at }$word\"\n"
                      "    case \"$next\" in\n"
                      "      ",
                      paths, ") at=\"$next\" ;;\n",
                      "    esac\n"
                      "  done\n"
                      "  case \"$at\" in\n",
                      cases,
                      "  esac\n"
                      "}\n");
}

std::string FishQuoted(std::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(AbslView(text), {{"\\", "\\\\"}, {"'", "\\'"}}),
                      "'");
}

std::string FishOption(const OptionWords& option) {
  std::string words;
  for (const std::string& name : option.names) {
    if (name.starts_with("--")) {
      absl::StrAppend(&words, " -l ", name.substr(2));
    } else {
      absl::StrAppend(&words, " -s ", name.substr(1));
    }
  }
  return words + (option.takes_value ? " -r" : "") + " -d " + FishQuoted(option.help);
}

}  // namespace

std::string BashCompletion(const CommandWords& root) {
  return absl::StrCat(
      "# bash completion for ", root.name, "\n", PathFunction(root), "_", root.name,
      "() {\n"
      "  local at follow\n"
      "  COMPREPLY=()\n"
      "  _",
      root.name, "_words \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"\n",
      "  mapfile -t COMPREPLY < <(compgen -W \"$follow\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
      "}\n"
      "complete -o default -F _",
      root.name, " ", root.name, "\n");
}

std::string ZshCompletion(const CommandWords& root) {
  return absl::StrCat("#compdef ", root.name, "\n", PathFunction(root), "_", root.name,
                      "() {\n"
                      "  local at follow\n"
                      "  _",
                      root.name, "_words \"${words[@]:1:$((CURRENT-2))}\"\n",
                      "  compadd -- ${=follow}\n"
                      "  _files\n"
                      "}\n"
                      // Loaded by name from the function path this file is the function itself.
                      "if [ \"$funcstack[1]\" = _",
                      root.name, " ]; then _", root.name, "; else compdef _", root.name, " ",
                      root.name, "; fi\n");
}

std::string FishCompletion(const CommandWords& root) {
  std::string paths;
  std::string lines;
  Walk(root, "", [&](const CommandWords& command, const std::string& path) {
    if (!path.empty()) absl::StrAppend(&paths, " ", FishQuoted(path));
    const std::string at = absl::StrCat("complete -c ", root.name, " -n ",
                                        FishQuoted("__" + root.name + "_at \"" + path + "\""));
    for (const CommandWords& inner : command.commands) {
      absl::StrAppend(&lines, at, " -f -a ", inner.name, " -d ", FishQuoted(inner.help), "\n");
    }
    for (const std::string& value : command.values)
      absl::StrAppend(&lines, at, " -f -a ", value, "\n");
    for (const OptionWords& option : command.options)
      absl::StrAppend(&lines, at, FishOption(option), "\n");
  });
  return absl::StrCat("# fish completion for ", root.name, "\nfunction __", root.name,
                      "_at\n"
                      "  set -l path ''\n"
                      "  for word in (commandline -opc)[2..-1]\n"
                      "    set -l next (string trim \"$path $word\")\n"
                      "    contains -- \"$next\"",
                      paths, "; and set path $next\n",
                      "  end\n"
                      "  test \"$path\" = \"$argv[1]\"\n"
                      "end\n",
                      lines);
}

std::string CompletionFor(std::string_view shell, const CommandWords& root) {
  return shell == "bash"  ? BashCompletion(root)
         : shell == "zsh" ? ZshCompletion(root)
                          : FishCompletion(root);
}

}  // namespace assent::client
