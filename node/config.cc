#include "node/config.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "client/files.h"
#include "client/toml.h"
#include "ledger/limits.h"
#include "ledger/membership/endpoint.h"
#include "ledger/types.h"
#include "node/mirror/limits.h"

namespace assent::node {
namespace {

namespace fs = std::filesystem;
using replica::LogLevel;

constexpr std::array<std::pair<LogLevel, std::string_view>, 4> kLevels = {{
    {LogLevel::kDebug, "debug"},
    {LogLevel::kInfo, "info"},
    {LogLevel::kWarning, "warning"},
    {LogLevel::kError, "error"},
}};

absl::Status Fault(const std::string& path, const toml::source_region& where,
                   const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(path, ":", where.begin.line, ": ", what));
}

// "host:port" with a port from 0 to 65535; [v6]:port for IPv6.
bool IsEndpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || text.size() > kEndpointBytesMax)
    return false;
  const auto visible = [](char c) { return c > ' ' && c < '\x7F'; };
  if (!std::all_of(text.begin(), text.end(), visible)) return false;
  const std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (!bracketed && host.find(':') != std::string_view::npos) return false;
  std::uint32_t port = 0;
  return absl::SimpleAtoi(AbslView(text.substr(colon + 1)), &port) && port <= 65'535;
}

// Who can reach an address of "IP:port".
enum class Reach { kNone, kLoopback, kAny };  // kNone: it is no such address

Reach ReachOf(std::string_view endpoint) {
  if (!IsEndpoint(endpoint)) return Reach::kNone;
  std::string host(endpoint.substr(0, endpoint.rfind(':')));
  if (host.starts_with('[')) {
    host = host.substr(1, host.size() - 2);
    in6_addr address{};
    if (::inet_pton(AF_INET6, host.c_str(), &address) != 1) return Reach::kNone;
    return IN6_IS_ADDR_LOOPBACK(&address) ? Reach::kLoopback : Reach::kAny;
  }
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) != 1) return Reach::kNone;
  return ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET ? Reach::kLoopback : Reach::kAny;
}

// "FRA=host:port" or "FRA=host:port=KEY". Returns what is wrong, empty when nothing is.
std::string ReadPeer(JoinPeer& peer, const std::string& value) {
  const std::size_t at = value.find('=');
  const std::size_t key_at = at == std::string::npos ? at : value.find('=', at + 1);
  const auto code = MemberCode::From(value.substr(0, at));
  if (at != std::string::npos) peer.endpoint = value.substr(at + 1, key_at - at - 1);
  // A port that can be dialled, too.
  if (!code || !IsEndpoint(peer.endpoint) || !assent::IsEndpoint(peer.endpoint)) {
    return "\"" + value + "\" is not MEMBER=host:port";
  }
  peer.code = *code;
  if (key_at != std::string::npos) {
    peer.transport_key = PublicKey::FromHexText(value.substr(key_at + 1));
    if (!peer.transport_key) return "what follows host:port= is no transport key of 64 hex digits";
  }
  return "";
}

std::string ReadJoin(Config& config, const std::string& value) {
  return ReadPeer(config.join.emplace(), value);
}

// "FRA=host:port IND=host:port=KEY".
std::string ReadSources(Config& config, const std::string& value) {
  std::set<MemberCode> names;
  for (const absl::string_view one : absl::StrSplit(value, ' ', absl::SkipEmpty())) {
    JoinPeer& source = config.mirror_sources.emplace_back();
    if (std::string wrong = ReadPeer(source, std::string(one)); !wrong.empty()) return wrong;
    if (!names.insert(source.code).second) return source.code.str() + " is there twice";
  }
  if (names.empty()) return "NAME=host:port is needed, one or more, with blanks between them";
  if (names.size() > mirror::kSourcesMax) {
    return absl::StrCat("at most ", mirror::kSourcesMax, " nodes can be copied");
  }
  return "";
}

// What must be said, and what must not be, of a mirror and of a member's node.
void CheckKind(const std::string& path, const Config& config, const std::set<std::string>& seen,
               std::vector<absl::Status>& faults) {
  if (!config.mirror() && !seen.contains("peer.listen")) {
    faults.push_back(absl::InvalidArgumentError(absl::StrCat(path, ": peer.listen is missing")));
  }
  for (const char* key : {"member", "peer.listen", "peer.join"}) {
    if (!config.mirror() || !seen.contains(key)) continue;
    faults.push_back(absl::InvalidArgumentError(
        absl::StrCat(path, ": ", key,
                     " is for a member's node: a mirror, which mirror.sources makes this one, "
                     "has no member and no peers")));
  }
}

// One setting: where it goes, and what it accepts. Returns what is wrong, empty when nothing is.
struct Setting {
  bool required;
  std::function<std::string(Config&, const std::string&)> set;
};

std::map<std::string, Setting> Settings(const fs::path& folder) {
  const auto path = [folder](std::string Config::*field) {
    return [folder, field](Config& config, const std::string& value) -> std::string {
      if (value.empty()) return "a path is needed";
      config.*field = (folder / value).lexically_normal().string();
      return "";
    };
  };
  const auto endpoint = [](std::string Config::*field) {
    return [field](Config& config, const std::string& value) -> std::string {
      if (!IsEndpoint(value)) return "\"" + value + "\" is not host:port";
      config.*field = value;
      return "";
    };
  };
  const auto ip_port = [](std::string Config::*field) {
    return [field](Config& config, const std::string& value) -> std::string {
      if (ReachOf(value) == Reach::kNone) return "\"" + value + "\" is not IP:port";
      config.*field = value;
      return "";
    };
  };
  const auto yes_or_no = [](bool Config::*field) {
    return [field](Config& config, const std::string& value) -> std::string {
      if (value != "yes" && value != "no") return "\"" + value + "\" is neither yes nor no";
      config.*field = value == "yes";
      return "";
    };
  };
  const auto number = [](std::uint32_t quota::Quotas::*field) {
    return [field](Config& config, const std::string& value) -> std::string {
      std::uint32_t parsed = 0;
      const bool digits = value.find_first_not_of("0123456789") == std::string::npos;
      if (!digits || !absl::SimpleAtoi(value, &parsed) || parsed == 0 ||
          parsed > quota::kQuotaMax) {
        return absl::StrCat("\"", value, "\" is no number from 1 to ", quota::kQuotaMax);
      }
      config.quotas.*field = parsed;
      return "";
    };
  };
  std::map<std::string, Setting> settings;
  settings["data_dir"] = {true, path(&Config::data_dir)};
  settings["act"] = {true, path(&Config::act)};
  settings["seed_file"] = {true, path(&Config::seed_file)};
  settings["member"] = {false, [](Config& config, const std::string& value) -> std::string {
                          const auto code = MemberCode::From(value);
                          if (!code) return "\"" + value + "\" is no code of 3 to 8 letters A-Z";
                          config.member = *code;
                          return "";
                        }};
  settings["peer.listen"] = {false, endpoint(&Config::peer_listen)};
  settings["peer.join"] = {false, ReadJoin};
  settings["client.listen"] = {true, endpoint(&Config::client_listen)};
  settings["mirror.sources"] = {false, ReadSources};
  settings["admin.socket"] = {false, path(&Config::admin_socket)};
  settings["metrics.listen"] = {false, ip_port(&Config::metrics_listen)};
  settings["metrics.beyond_loopback"] = {false, yes_or_no(&Config::metrics_beyond_loopback)};
  settings["tiles.listen"] = {false, ip_port(&Config::tiles_listen)};
  settings["tiles.beyond_loopback"] = {false, yes_or_no(&Config::tiles_beyond_loopback)};
  settings["page.listen"] = {false, ip_port(&Config::page_listen)};
  settings["page.beyond_loopback"] = {false, yes_or_no(&Config::page_beyond_loopback)};
  settings["inspection.log"] = {false, path(&Config::inspection_log)};
  using quota::Quotas;
  settings["quota.connections_of_address"] = {false, number(&Quotas::connections_of_address)};
  settings["quota.reads_of_address"] = {false, number(&Quotas::reads_of_address)};
  settings["quota.reads_of_key"] = {false, number(&Quotas::reads_of_key)};
  settings["quota.submissions_of_address"] = {false, number(&Quotas::submissions_of_address)};
  settings["quota.submissions_of_key"] = {false, number(&Quotas::submissions_of_key)};
  settings["quota.entries_of_author"] = {false, number(&Quotas::entries_of_author)};
  settings["log.level"] = {false, [](Config& config, const std::string& value) -> std::string {
                             const auto level = LogLevelFromName(value);
                             if (!level) {
                               return "\"" + value +
                                      "\" is no log level: debug, info, warning or error";
                             }
                             config.log_level = *level;
                             return "";
                           }};
  settings["log.format"] = {false, [](Config& config, const std::string& value) -> std::string {
                              if (value != "text" && value != "json") {
                                return "\"" + value + "\" is no log format: text or json";
                              }
                              config.log_format =
                                  value == "json" ? LogFormat::kJson : LogFormat::kText;
                              return "";
                            }};
  return settings;
}

// Walks the file's tables, naming keys with dots.
void Read(const std::string& path, const toml::table& table, const std::string& prefix,
          const std::map<std::string, Setting>& settings, std::set<std::string>& seen,
          ConfigReading& reading) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      if (prefix.empty()) {
        Read(path, *inner, name + ".", settings, seen, reading);
        continue;
      }
    }
    const auto fault = [&path, &reading, where = node.source()](const std::string& what) {
      reading.faults.push_back(Fault(path, where, what));
    };
    const auto setting = settings.find(name);
    if (setting == settings.end()) {
      fault("unknown key " + name + "; remove it or mend its spelling");
      continue;
    }
    seen.insert(name);
    const auto value = node.value<std::string>();
    if (!node.is_string() || !value) {
      fault(name + " must be a string");
      continue;
    }
    const std::string wrong = setting->second.set(reading.config, *value);
    if (!wrong.empty()) fault(name + ": " + wrong);
  }
}

}  // namespace

std::optional<LogLevel> LogLevelFromName(std::string_view name) {
  for (const auto& [level, text] : kLevels) {
    if (text == name) return level;
  }
  return std::nullopt;
}

std::string_view LogLevelName(LogLevel level) {
  for (const auto& [candidate, text] : kLevels) {
    if (candidate == level) return text;
  }
  return "";
}

ConfigReading ReadConfig(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    return {{}, {absl::NotFoundError(absl::StrCat(path, ": no such configuration file"))}};
  }
  const auto text = client::ReadFile(path, kConfigBytesMax);
  if (!text.ok()) return {{}, {text.status()}};
  return ParseConfig(*text, path);
}

ConfigReading ParseConfig(std::string_view text, const std::string& path) {
  ConfigReading reading;
  const auto parsed = toml::parse(text, path);
  if (!parsed) {
    reading.faults.push_back(
        Fault(path, parsed.error().source(), std::string(parsed.error().description())));
    return reading;
  }
  std::set<std::string> seen;
  const auto settings = Settings(fs::absolute(path).parent_path());
  Read(path, parsed.table(), "", settings, seen, reading);
  for (const auto& [name, setting] : settings) {
    if (setting.required && !seen.contains(name)) {
      reading.faults.push_back(
          absl::InvalidArgumentError(absl::StrCat(path, ": ", name, " is missing")));
    }
  }
  Config& config = reading.config;
  CheckKind(path, config, seen, reading.faults);
  for (const auto& [name, what, listen, beyond] :
       {std::tuple("metrics", "the metrics", &config.metrics_listen,
                   config.metrics_beyond_loopback),
        std::tuple("tiles", "the tiles", &config.tiles_listen, config.tiles_beyond_loopback),
        std::tuple("page", "the page", &config.page_listen, config.page_beyond_loopback)}) {
    if (beyond || ReachOf(*listen) != Reach::kAny) continue;
    reading.faults.push_back(absl::InvalidArgumentError(
        absl::StrCat(path, ": ", name, ".listen: others than this machine could read ", what,
                     " at ", *listen, "; say ", name, ".beyond_loopback = \"yes\" if they may")));
  }
  if (config.inspection_log.empty() && !config.data_dir.empty()) {
    config.inspection_log = config.data_dir + "/inspections.log";
  }
  return reading;
}

absl::StatusOr<Config> LoadConfig(const std::string& path) {
  ConfigReading reading = ReadConfig(path);
  if (!reading.faults.empty()) return reading.faults.front();
  return std::move(reading.config);
}

std::vector<std::string> ConfigKeys() {
  std::vector<std::string> keys;
  for (const auto& [key, setting] : Settings("/")) keys.push_back(key);
  return keys;
}

}  // namespace assent::node
