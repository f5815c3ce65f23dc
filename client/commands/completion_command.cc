// assent completion
#include <memory>
#include <string>

#include "client/command_words.h"
#include "client/commands/command.h"
#include "client/templates.h"

namespace assent::client {
namespace {

// What `assent new` makes is no command.
void AddRecordNames(CommandWords& program) {
  for (CommandWords& command : program.commands) {
    if (command.name != "new") continue;
    for (const RecordTemplate& record : RecordTemplates()) {
      command.values.emplace_back(record.command);
    }
  }
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
    CommandWords words = WordsOf(app);
    AddRecordNames(words);
    Print(CompletionFor(*shell, words));
    return absl::OkStatus();
  });
}

}  // namespace assent::client
