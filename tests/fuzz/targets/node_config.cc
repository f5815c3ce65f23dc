// The configuration file of a node.
#include "node/config.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kNodeConfigTarget{
    "node_config", 2 * 1024,
    [](std::string_view input) {
      const auto [config, faults] = node::ParseConfig(input, "/etc/assent/node.toml");
      if (!faults.empty()) return;
      ASSENT_CHECK(!config.data_dir.empty() && !config.client_listen.empty());
      ASSENT_CHECK(config.mirror() == config.peer_listen.empty());
      ASSENT_CHECK(!config.inspection_log.empty());
    },
    [] {
      const std::string needed =
          "data_dir = \"data\"\nact = \"/etc/assent/act.txt\"\nseed_file = \"node.seed\"\n"
          "peer.listen = \"0.0.0.0:7401\"\nclient.listen = \"[::1]:7402\"\n";
      return std::vector<Seed>{
          {"needed", needed},
          {"all", needed + "member = \"FRA\"\npeer.join = \"IND=node.example:7401=" +
                      std::string(64, 'a') +
                      "\"\nadmin.socket = \"admin.socket\"\nmetrics.listen = \"127.0.0.1:7403\"\n"
                      "metrics.beyond_loopback = \"no\"\ninspection.log = \"inspections.log\"\n"
                      "log.level = \"debug\"\nlog.format = \"json\"\n"},
          {"mirror",
           "data_dir = \"d\"\nact = \"a\"\nseed_file = \"s\"\nclient.listen = \"h:1\"\n"
           "mirror.sources = \"FRA=h:2 IND=[::1]:3\"\ntiles.listen = \"127.0.0.1:7405\"\n"},
          {"tables", "[peer]\nlisten = \"host:1\"\n[log]\nlevel = \"error\"\n"}};
    }};

}  // namespace assent::fuzz
