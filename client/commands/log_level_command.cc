// assent log-level
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/commands/command.h"
#include "client/commands/operator.h"

namespace assent::client {
namespace {

struct LogLevelOptions {
  std::string level;
  std::string socket;
};

absl::Status ChangeLogLevel(const LogLevelOptions& options, const Invocation& invocation) {
  v1::SetLogLevelRequest request;
  request.set_level(options.level);
  const auto done = AskNode(options.socket, invocation, &v1::Node::Stub::SetLogLevel, request);
  if (!done.ok()) return done.status();
  if (invocation.json) {
    Tree tree = Tree::OfMap();
    tree.Add("level", Tree::Of(options.level));
    Print(ToJson(tree));
    return absl::OkStatus();
  }
  Print(absl::StrCat("the node logs ", options.level, " and above, until its next start\n"));
  return absl::OkStatus();
}

}  // namespace

void AddLogLevelCommand(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<LogLevelOptions>();
  CLI::App* command =
      AddCommand(app, "log-level", "change what your node logs, until its next start",
                 {"log-level debug --admin /run/assent/admin.sock"});
  command->add_option("level", options->level, "debug, info, warning or error")->required();
  command->add_option("--admin", options->socket, "the node's admin socket")
      ->required()
      ->type_name("SOCKET");
  AddJson(command, invocation);
  SetRun(command, invocation,
         [&invocation, options] { return ChangeLogLevel(*options, invocation); });
}

}  // namespace assent::client
