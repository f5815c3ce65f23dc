#include "client/settings.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "client/files.h"
#include "client/token_uri.h"
#include "client/tree.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kConfigBytesMax = 64 * 1024;

std::string Home() {
  const char* home = std::getenv("HOME");
  return home == nullptr ? "" : home;
}

std::string Resolve(const std::string& path, const fs::path& folder) {
  if (path.starts_with("~/") && !Home().empty()) return Home() + path.substr(1);
  return (folder / path).lexically_normal().string();
}

}  // namespace

void Settings::FillFrom(const Settings& other) {
  for (const SettingKey& key : SettingKeys()) {
    if ((this->*key.field).empty()) this->*key.field = other.*key.field;
  }
}

const std::vector<SettingKey>& SettingKeys() {
  static const auto& keys = *new std::vector<SettingKey>{
      {"node", &Settings::node, false, "host:port of a node's client port"},
      {"act", &Settings::act, true, "founding act of the ledger"},
      {"member", &Settings::member, false,
       "code of the state whose node is asked; its key is pinned"},
      {"node_key", &Settings::node_key, false,
       "transport key of the node that is asked, hex: of one that the founding act does not name"},
      {"reader", &Settings::reader, true, "reader key file: who asks"},
      {"authority", &Settings::authority, true,
       "authority key, a sealed file or the pkcs11: URI of a token's key: who signs"},
      {"passphrase_file", &Settings::passphrase_file, true,
       "file with the authority key's passphrase or PIN"},
      {"releaser", &Settings::releaser, true,
       "releaser's key, a sealed file or the pkcs11: URI of a token's key: who releases"},
      {"releaser_passphrase_file", &Settings::releaser_passphrase_file, true,
       "file with the releaser's key's passphrase or PIN"},
      {"code", &Settings::code, false, "code of the own state"},
  };
  return keys;
}

std::string DefaultConfigPath() {
  const char* folder = std::getenv("XDG_CONFIG_HOME");
  if (folder != nullptr && *folder != '\0') return absl::StrCat(folder, "/assent/config.toml");
  return Home().empty() ? "" : Home() + "/.config/assent/config.toml";
}

absl::StatusOr<Settings> ReadConfig(const std::string& path) {
  const auto text = ReadFile(path, kConfigBytesMax);
  if (!text.ok()) return text.status();
  return ParseConfig(*text, path);
}

absl::StatusOr<Settings> ParseConfig(std::string_view text, const std::string& path) {
  const auto tree = ParseToml(text, path);
  if (!tree.ok()) return tree.status();
  const fs::path folder = fs::absolute(path).parent_path();
  Settings settings;
  for (const auto& [name, value] : *tree->As<Tree::Map>()) {
    const SettingKey* found = nullptr;
    std::string known;
    for (const SettingKey& key : SettingKeys()) {
      if (key.name == name) found = &key;
      absl::StrAppend(&known, known.empty() ? "" : ", ", AbslView(key.name));
    }
    if (found == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", value.line, ": unknown key ", name, "; known are ", known));
    }
    const auto* given = value.As<std::string>();
    if (given == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", value.line, ": ", name, " must be a string"));
    }
    settings.*found->field =
        found->is_path && !TokenUri::Is(*given) ? Resolve(*given, folder) : *given;
  }
  return settings;
}

}  // namespace assent::client
