// Shell completion, made from the command line's own description so that it is never out of date.
#ifndef ASSENT_CLIENT_COMPLETION_H_
#define ASSENT_CLIENT_COMPLETION_H_

#include <string>
#include <string_view>
#include <vector>

namespace assent::client {

// An option as completion sees it.
struct OptionWords {
  std::vector<std::string> names;  // "-o", "--output"
  bool takes_value = false;
  std::string help;
};

// A command, and those below it.
struct CommandWords {
  std::string name;
  std::string help;
  std::vector<OptionWords> options;
  std::vector<std::string> values;  // of its first positional argument, when they are known
  std::vector<CommandWords> commands;
};

std::string BashCompletion(const CommandWords& root);
std::string ZshCompletion(const CommandWords& root);
std::string FishCompletion(const CommandWords& root);
// `shell`: "bash", "zsh" or "fish".
std::string CompletionFor(std::string_view shell, const CommandWords& root);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMPLETION_H_
