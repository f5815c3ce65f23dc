// The node's configuration file (TOML). Every key is known, every value checked: a mistake is
// refused with its line.
#ifndef ASSENT_NODE_CONFIG_H_
#define ASSENT_NODE_CONFIG_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/types.h"
#include "node/quota/quotas.h"
#include "node/replica/log.h"

namespace assent::node {

enum class LogFormat { kText, kJson };

// A node as the operator has told of it: of a member where the ledger is too old to know where, or
// with which key, its node is to be found; or one that a mirror copies, under any name.
struct JoinPeer {
  MemberCode code;
  std::string endpoint;                    // host:port
  std::optional<PublicKey> transport_key;  // nothing: as the ledger says
};

struct Config {
  std::string data_dir;          // absolute, or relative to the file
  std::string act;               // founding act
  std::string seed_file;         // node seed; only its owner may read it
  MemberCode member;             // whose node it is; empty: the founder's whose keys the seed gives
  std::string peer_listen;       // host:port; empty for a mirror
  std::optional<JoinPeer> join;  // how one peer is reached, whatever the ledger says
  std::string client_listen;     // host:port
  std::vector<JoinPeer> mirror_sources;  // whom it copies; empty unless it is a mirror
  std::string admin_socket;              // path; empty: none
  std::string metrics_listen;            // IP:port; empty: none
  bool metrics_beyond_loopback = false;  // others than this machine may read the metrics
  std::string tiles_listen;              // IP:port; empty: none
  bool tiles_beyond_loopback = false;    // others than this machine may read the tiles
  std::string page_listen;               // IP:port; empty: none
  bool page_beyond_loopback = false;     // others than this machine may read the page
  std::string inspection_log;            // path; what inspectors have read
  quota::Quotas quotas;
  replica::LogLevel log_level = replica::LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;

  bool mirror() const { return !mirror_sources.empty(); }
};

inline constexpr std::size_t kConfigBytesMax = 64 * 1024;

// What a file says, and all that is wrong with it: "FILE:LINE: what is wrong and what is allowed".
// What is wrong or missing is as in an empty Config.
struct ConfigReading {
  Config config;
  std::vector<absl::Status> faults;
};
ConfigReading ReadConfig(const std::string& path);
// The same of its text; `path` says what paths are relative to, and stands in messages.
ConfigReading ParseConfig(std::string_view text, const std::string& path);

// The same for who needs it to be right. The first fault, when there is one.
absl::StatusOr<Config> LoadConfig(const std::string& path);

// All keys that a file can have, in order.
std::vector<std::string> ConfigKeys();

// "debug", "info", "warning", "error".
std::optional<replica::LogLevel> LogLevelFromName(std::string_view name);
std::string_view LogLevelName(replica::LogLevel level);

}  // namespace assent::node

#endif  // ASSENT_NODE_CONFIG_H_
