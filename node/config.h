// The node's configuration file (TOML). Every key is known, every value checked: a mistake is
// refused with its line.
#ifndef ASSENT_NODE_CONFIG_H_
#define ASSENT_NODE_CONFIG_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "ledger/types.h"
#include "node/replica/log.h"

namespace assent::node {

enum class LogFormat { kText, kJson };

struct Config {
  std::string data_dir;       // absolute, or relative to the file
  std::string act;            // founding act
  std::string seed_file;      // node seed; only its owner may read it
  MemberCode member;          // whose node it is; empty: the founder's whose keys the seed gives
  std::string peer_listen;    // host:port
  std::string client_listen;  // host:port
  std::string admin_socket;   // path; empty: none
  std::string inspection_log;  // path; what inspectors have read
  replica::LogLevel log_level = replica::LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;
};

// Reads and checks the file. InvalidArgument: "FILE:LINE: what is wrong and what is allowed".
absl::StatusOr<Config> LoadConfig(const std::string& path);

// "debug", "info", "warning", "error".
std::optional<replica::LogLevel> LogLevelFromName(std::string_view name);
std::string_view LogLevelName(replica::LogLevel level);

}  // namespace assent::node

#endif  // ASSENT_NODE_CONFIG_H_
