// assent completion
#include <memory>
#include <string>

#include "client/commands/command.h"
#include "client/completion.h"
#include "client/templates.h"

namespace assent::client {
namespace {

std::vector<OptionWords> OptionsOf(const CLI::App& command) {
  std::vector<OptionWords> options;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->nonpositional()) continue;
    OptionWords words;
    for (const std::string& name : option->get_snames()) words.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) words.names.push_back("--" + name);
    words.takes_value = option->get_items_expected_max() > 0;
    words.help = option->get_description();
    options.push_back(std::move(words));
  }
  return options;
}

CommandWords WordsOf(const CLI::App& command) {
  CommandWords words;
  words.name = command.get_name();
  words.help = command.get_description();
  words.options = OptionsOf(command);
  for (const CLI::App* inner : command.get_subcommands([](const CLI::App* inner) {
         return !inner->get_group().empty();  // help does not list it either
       })) {
    words.commands.push_back(WordsOf(*inner));
  }
  if (words.name == "new" && words.commands.empty() &&
      command.get_parent()->get_parent() == nullptr) {
    for (const RecordTemplate& record : RecordTemplates())
      words.values.emplace_back(record.command);
  }
  return words;
}

}  // namespace

void AddCompletionCommand(CLI::App& app, Invocation& invocation) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = AddCommand(
      app, "completion", "print a script that completes commands in a shell",
      {"completion bash > /etc/bash_completion.d/assent", "completion zsh > ~/.zfunc/_assent",
       "completion fish > ~/.config/fish/completions/assent.fish"});
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  SetRun(command, invocation, [&app, shell] {
    const CommandWords words = WordsOf(app);
    Print(*shell == "bash"  ? BashCompletion(words)
          : *shell == "zsh" ? ZshCompletion(words)
                            : FishCompletion(words));
    return absl::OkStatus();
  });
}

}  // namespace assent::client
