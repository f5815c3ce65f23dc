// assent compare
#ifndef ASSENT_CLIENT_COMMANDS_COMPARE_COMMAND_H_
#define ASSENT_CLIENT_COMMANDS_COMPARE_COMMAND_H_

#include "client/commands/command.h"

namespace assent::client {

void AddCompareCommand(CLI::App& app, Invocation& invocation);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMANDS_COMPARE_COMMAND_H_
