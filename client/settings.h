// What daily commands need and nobody wants to type: where the node is, which ledger, which keys.
// From the command line, else from the configuration file.
#ifndef ASSENT_CLIENT_SETTINGS_H_
#define ASSENT_CLIENT_SETTINGS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace assent::client {

// Empty means not given.
struct Settings {
  std::string node;       // host:port of a node's client port
  std::string act;        // founding act file
  std::string member;     // code of the state whose node is asked: its transport key is pinned
  std::string node_key;   // hex, the node's transport key, where the act does not give it
  std::string reader;     // reader key file: who asks
  std::string authority;  // authority key, a file or a token's URI: who signs
  std::string passphrase_file;           // its passphrase or PIN, for machines that nobody sits at
  std::string releaser;                  // releaser's key, a file or a token's URI: who releases
  std::string releaser_passphrase_file;  // its passphrase or PIN
  std::string code;                      // code of the own state

  // Takes from `other` what is empty here.
  void FillFrom(const Settings& other);
};

// The keys of a configuration file, which are the names of the fields above, and what each is for.
struct SettingKey {
  std::string_view name;
  std::string Settings::*field;
  bool is_path;
  std::string_view help;
};
const std::vector<SettingKey>& SettingKeys();

// $XDG_CONFIG_HOME/assent/config.toml, or ~/.config/assent/config.toml; empty without a home.
std::string DefaultConfigPath();

// Reads a TOML file. Paths in it are relative to its folder (URIs of tokens stay); "~/" is the
// home. An unknown key is InvalidArgument with its line; NotFound when there is no such file.
absl::StatusOr<Settings> ReadConfig(const std::string& path);
// The same of its text.
absl::StatusOr<Settings> ParseConfig(std::string_view text, const std::string& path);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_SETTINGS_H_
