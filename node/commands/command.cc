#include "node/commands/command.h"

#include <cstdio>

#include "node/node.h"

namespace assent::node {

int Refuse(const absl::Status& status) {
  std::fprintf(stderr, "assent-node: %s\n", std::string(status.message()).c_str());
  return kFailed;
}

absl::StatusOr<std::pair<Config, Identity>> Load(const std::string& path) {
  auto config = LoadConfig(path);
  if (!config.ok()) return config.status();
  auto identity = LoadIdentity(*config);
  if (!identity.ok()) return identity.status();
  return std::pair(*std::move(config), *std::move(identity));
}

storage::OpenOptions OptionsFor(const Config& config, const Identity& identity) {
  storage::OpenOptions options;
  options.path = DatabasePath(config);
  options.ledger_id = identity.act.ledger_id;
  return options;
}

}  // namespace assent::node
