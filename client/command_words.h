// A command line, as CLI11 has it, in the words that completion takes.
#ifndef ASSENT_CLIENT_COMMAND_WORDS_H_
#define ASSENT_CLIENT_COMMAND_WORDS_H_

#include <CLI/CLI.hpp>

#include "client/completion.h"

namespace assent::client {

// Of `command` and of all commands below it that help lists.
CommandWords WordsOf(const CLI::App& command);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMAND_WORDS_H_
