#include "client/command_words.h"

#include <string>
#include <utility>
#include <vector>

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

}  // namespace

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
  return words;
}

}  // namespace assent::client
