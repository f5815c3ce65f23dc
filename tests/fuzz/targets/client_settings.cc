// The configuration file of the command line.
#include "client/settings.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kClientSettingsTarget{
    "client_settings", 2 * 1024,
    [](std::string_view input) {
      static_cast<void>(client::ParseConfig(input, "/etc/assent/config.toml").ok());
    },
    [] {
      std::string all;
      for (const client::SettingKey& key : client::SettingKeys()) {
        all += std::string(key.name) + " = \"value\"\n";
      }
      return std::vector<Seed>{{"all", all}, {"home", "act = \"~/act.txt\"\n"}};
    }};

}  // namespace assent::fuzz
