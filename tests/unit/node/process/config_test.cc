// The configuration file: what is accepted, and that every mistake is refused with its place.
#include "node/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace assent::node {
namespace {

constexpr char kGood[] =
    "data_dir = \"data\"\n"
    "act = \"/etc/assent/act.txt\"\n"
    "seed_file = \"node.seed\"\n"
    "peer.listen = \"0.0.0.0:7401\"\n"
    "client.listen = \"[::1]:7402\"\n";

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() { std::filesystem::create_directories(folder_); }
  ~ConfigTest() override { std::filesystem::remove_all(folder_); }

  absl::StatusOr<Config> Load(const std::string& text) {
    std::ofstream(path_) << text;
    return LoadConfig(path_);
  }
  std::string Refusal(const std::string& text) {
    const auto config = Load(text);
    return config.ok() ? "accepted" : std::string(config.status().message());
  }

  const std::string folder_ =
      std::filesystem::temp_directory_path() / ("assent-config-test." + std::to_string(::getpid()));
  const std::string path_ = folder_ + "/node.toml";
};

TEST_F(ConfigTest, PathsAreRelativeToTheFile) {
  const auto config = Load(kGood);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->data_dir, folder_ + "/data");
  EXPECT_EQ(config->act, "/etc/assent/act.txt");
  EXPECT_EQ(config->peer_listen, "0.0.0.0:7401");
  EXPECT_EQ(config->admin_socket, "");
  EXPECT_EQ(config->inspection_log, folder_ + "/data/inspections.log");
  EXPECT_EQ(config->log_level, replica::LogLevel::kInfo);
}

TEST_F(ConfigTest, TablesAndDotsAreTheSame) {
  const auto config = Load(
      "data_dir = \"d\"\nact = \"a\"\nseed_file = \"s\"\n"
      "[peer]\nlisten = \"h:1\"\n[client]\nlisten = \"h:2\"\n[log]\nlevel = \"debug\"\nformat = "
      "\"json\"\n"
      "[inspection]\nlog = \"/var/log/reads\"\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->inspection_log, "/var/log/reads");
  EXPECT_EQ(config->client_listen, "h:2");
  EXPECT_EQ(config->log_level, replica::LogLevel::kDebug);
  EXPECT_EQ(config->log_format, LogFormat::kJson);
}

TEST_F(ConfigTest, AnIpv6AddressStandsInBrackets) {
  const auto config = Load(
      "data_dir = \"d\"\nact = \"a\"\nseed_file = \"s\"\n"
      "peer.listen = \"[::]:7401\"\nclient.listen = \"[::1]:7402\"\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->client_listen, "[::1]:7402");
}

TEST_F(ConfigTest, MistakesAreRefusedWithTheirLine) {
  const std::string good = kGood;
  EXPECT_EQ(Refusal(good + "data_dri = \"x\"\n"),
            path_ + ":6: unknown key data_dri; remove it or mend its spelling");
  EXPECT_EQ(Refusal(good + "log.level = \"loud\"\n"),
            path_ + ":6: log.level: \"loud\" is no log level: debug, info, warning or error");
  EXPECT_EQ(Refusal(good + "log.format = 3\n"), path_ + ":6: log.format must be a string");
  EXPECT_EQ(Refusal("act = \"a\"\nseed_file = \"s\"\npeer.listen = \"7401\"\n"),
            path_ + ":3: peer.listen: \"7401\" is not host:port");
  EXPECT_EQ(Refusal("act = \"a\"\nseed_file = \"s\"\npeer.listen = \"h:70000\"\n"),
            path_ + ":3: peer.listen: \"h:70000\" is not host:port");
  for (const std::string wrong :
       {":7401", "10.0.0.1:7401:7402", "::1:7401", "h :7401", "h:74o1", "h:"}) {
    EXPECT_EQ(Refusal("peer.listen = \"" + wrong + "\"\n"),
              path_ + ":1: peer.listen: \"" + wrong + "\" is not host:port");
  }
  EXPECT_EQ(Refusal("act = \"a\"\n"), path_ + ": client.listen is missing");
  EXPECT_NE(Refusal("act = \n").find(path_ + ":1: "), std::string::npos);
}

TEST_F(ConfigTest, AllMistakesOfAFileAreFound) {
  std::ofstream(path_) << "act = \"a\"\nseed_fil = \"s\"\nlog.level = 7\nlog.format = \"x\"\n";
  std::vector<std::string> faults;
  for (const absl::Status& fault : ReadConfig(path_).faults) {
    faults.emplace_back(fault.message());
  }
  EXPECT_THAT(faults, ::testing::UnorderedElementsAre(
                          path_ + ":2: unknown key seed_fil; remove it or mend its spelling",
                          path_ + ":3: log.level must be a string",
                          path_ + ":4: log.format: \"x\" is no log format: text or json",
                          path_ + ": client.listen is missing", path_ + ": data_dir is missing",
                          path_ + ": peer.listen is missing", path_ + ": seed_file is missing"));
  EXPECT_EQ(ReadConfig(path_).config.act, folder_ + "/a");
}

TEST_F(ConfigTest, QuotasAreNumbersWithABound) {
  const std::string good = kGood;
  auto config = Load(good);
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->quotas.entries_of_author, quota::Quotas().entries_of_author);
  config = Load(good + "quota.entries_of_author = \"7\"\nquota.reads_of_key = \"1000000\"\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->quotas.entries_of_author, 7u);
  EXPECT_EQ(config->quotas.reads_of_key, 1'000'000u);
  for (const std::string wrong :
       {"", "0", "-1", " 1", "1.5", "many", "1000001", "99999999999999"}) {
    EXPECT_EQ(
        Refusal(good + "quota.reads_of_address = \"" + wrong + "\"\n"),
        path_ + ":6: quota.reads_of_address: \"" + wrong + "\" is no number from 1 to 1000000");
  }
}

std::string ReadSource(const std::string& name) {
  std::ifstream file(std::string(ASSENT_SOURCE_DIR) + "/" + name);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// What `key` captures, on each line of a text.
std::vector<std::string> KeysIn(const std::string& text, const std::string& key) {
  std::vector<std::string> keys;
  const std::regex line(key);
  std::istringstream lines(text);
  for (std::string one; std::getline(lines, one);) {
    if (std::smatch found; std::regex_search(one, found, line)) keys.push_back(found[1]);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

TEST_F(ConfigTest, TheExampleHasEveryKey) {
  const std::string example = ReadSource("deploy/node.toml");
  EXPECT_EQ(KeysIn(example, "^(?:# )?([a-z_]+(?:\\.[a-z_]+)?) = "), ConfigKeys());
  const auto config = Load(example);
  ASSERT_TRUE(config.ok()) << config.status();
  // And what is behind a # there is accepted, too. A mirror is something else.
  const auto all = Load(std::regex_replace(example, std::regex("# ((?!mirror)[a-z_.]+ = )"), "$1"));
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->metrics_listen, "127.0.0.1:9464");
  EXPECT_EQ(all->inspection_log, config->inspection_log);
  EXPECT_EQ(all->log_level, config->log_level);
  EXPECT_EQ(all->log_format, config->log_format);
  EXPECT_EQ(all->metrics_beyond_loopback, config->metrics_beyond_loopback);
  EXPECT_EQ(all->quotas, quota::Quotas());
}

TEST_F(ConfigTest, TheManualHasEveryKey) {
  EXPECT_EQ(
      KeysIn(ReadSource("docs/operate.md"), "^\\| `([a-z_]+(?:\\.[a-z_]+)?)` \\| (?:yes|no) \\|"),
      ConfigKeys());
}

// Once this ended the program.
TEST_F(ConfigTest, ATableWithoutANameIsRefused) {
  EXPECT_NE(Refusal("[=").find(":1: "), std::string::npos);
}

TEST_F(ConfigTest, ALargeFileIsRefused) {
  EXPECT_NE(Refusal(kGood + std::string(kConfigBytesMax, '#')).find("is larger than"),
            std::string::npos)
      << Refusal(kGood + std::string(kConfigBytesMax, '#'));
}

TEST_F(ConfigTest, OnePeerIsReachedAsItsOperatorSays) {
  const std::string good = kGood;
  const std::string key(64, 'a');
  auto config = Load(good + "peer.join = \"FRA=192.0.2.7:7401\"\n");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_TRUE(config->join);
  EXPECT_EQ(config->join->code, *MemberCode::From("FRA"));
  EXPECT_EQ(config->join->endpoint, "192.0.2.7:7401");
  EXPECT_FALSE(config->join->transport_key);
  config = Load(good + "peer.join = \"FRA=[2001:db8::7]:7401=" + key + "\"\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->join->endpoint, "[2001:db8::7]:7401");
  EXPECT_EQ(config->join->transport_key->hex(), key);
  for (const std::string wrong :
       {"FRA", "FRA=", "192.0.2.7:7401", "FRA=192.0.2.7", "FRA=192.0.2.7:0", "fr=h:1"}) {
    EXPECT_EQ(Refusal(good + "peer.join = \"" + wrong + "\"\n"),
              path_ + ":6: peer.join: \"" + wrong + "\" is not MEMBER=host:port");
  }
  for (const std::string& wrong : {std::string(), std::string("a"), key + "a"}) {
    EXPECT_EQ(
        Refusal(good + "peer.join = \"FRA=h:1=" + wrong + "\"\n"),
        path_ + ":6: peer.join: what follows host:port= is no transport key of 64 hex digits");
  }
}

TEST_F(ConfigTest, MetricsAreForThisMachineUnlessTold) {
  const std::string good = kGood;
  EXPECT_EQ(Load(good)->metrics_listen, "");
  for (const std::string address : {"127.0.0.1:9464", "127.1.2.3:0", "[::1]:9464"}) {
    const auto config = Load(good + "metrics.listen = \"" + address + "\"\n");
    ASSERT_TRUE(config.ok()) << config.status();
    EXPECT_EQ(config->metrics_listen, address);
  }
  for (const std::string address :
       {"0.0.0.0:9464", "128.0.0.1:9464", "[::]:9464", "[::ffff:127.0.0.1]:1"}) {
    const std::string listen = good + "metrics.listen = \"" + address + "\"\n";
    const std::string refusal =
        path_ + ": metrics.listen: others than this machine could read the metrics at " + address +
        "; say metrics.beyond_loopback = \"yes\" if they may";
    EXPECT_EQ(Refusal(listen), refusal);
    EXPECT_EQ(Refusal(listen + "metrics.beyond_loopback = \"no\"\n"), refusal);
    EXPECT_EQ(Refusal(listen + "metrics.beyond_loopback = \"yes\"\n"), "accepted");
  }
  for (const std::string wrong : {"", "9464", "localhost:9464", "127.0.0.1", "127.0.0.1:70000",
                                  "::1:9464", "[127.0.0.1]:1", "127.1:9464"}) {
    EXPECT_EQ(Refusal(good + "metrics.listen = \"" + wrong + "\"\n"),
              path_ + ":6: metrics.listen: \"" + wrong + "\" is not IP:port");
  }
  EXPECT_EQ(Refusal(good + "metrics.beyond_loopback = \"true\"\n"),
            path_ + ":6: metrics.beyond_loopback: \"true\" is neither yes nor no");
}

TEST_F(ConfigTest, TilesAreForThisMachineUnlessTold) {
  const std::string good = kGood;
  EXPECT_EQ(Load(good + "tiles.listen = \"127.0.0.1:7405\"\n")->tiles_listen, "127.0.0.1:7405");
  const std::string open = good + "tiles.listen = \"0.0.0.0:7405\"\n";
  EXPECT_EQ(Refusal(open), path_ +
                               ": tiles.listen: others than this machine could read the tiles at "
                               "0.0.0.0:7405; say tiles.beyond_loopback = \"yes\" if they may");
  EXPECT_EQ(Refusal(open + "metrics.beyond_loopback = \"yes\"\n"), Refusal(open));
  EXPECT_EQ(Refusal(open + "tiles.beyond_loopback = \"yes\"\n"), "accepted");
}

TEST_F(ConfigTest, AMirrorHasSourcesAndNoPeers) {
  const std::string base =
      "data_dir = \"d\"\nact = \"a\"\nseed_file = \"s\"\nclient.listen = \"h:1\"\n";
  const std::string key(64, 'b');
  EXPECT_EQ(Refusal(base), path_ + ": peer.listen is missing");
  EXPECT_FALSE(Load(kGood)->mirror());
  const auto config = Load(
      base + "mirror.sources = \"FRA=192.0.2.7:7402  OTHER=[2001:db8::7]:7402=" + key + "\"\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_TRUE(config->mirror());
  ASSERT_EQ(config->mirror_sources.size(), 2u);
  EXPECT_EQ(config->mirror_sources[0].code, *MemberCode::From("FRA"));
  EXPECT_EQ(config->mirror_sources[0].endpoint, "192.0.2.7:7402");
  EXPECT_FALSE(config->mirror_sources[0].transport_key);
  EXPECT_EQ(config->mirror_sources[1].transport_key->hex(), key);

  const std::string mirror = base + "mirror.sources = \"FRA=h:1\"\n";
  for (const std::string setting :
       {"peer.listen = \"h:2\"", "member = \"FRA\"", "peer.join = \"FRA=h:1\""}) {
    EXPECT_NE(Refusal(mirror + setting + "\n").find("is for a member's node"), std::string::npos);
  }
  std::string many;
  for (char name = 'A'; name <= 'Q'; ++name) many += std::string(3, name) + "=h:1 ";
  for (const auto& [sources, why] :
       {std::pair<std::string, std::string>("", "NAME=host:port is needed"),
        {"FRA", "is not MEMBER=host:port"},
        {"FRA=h:1 FRA=h:2", "FRA is there twice"},
        {"FRA=h:1=" + key + "b", "no transport key"},
        {many, "at most 16 nodes can be copied"}}) {
    EXPECT_NE(Refusal(base + "mirror.sources = \"" + sources + "\"\n").find(why), std::string::npos)
        << sources;
  }
}

TEST_F(ConfigTest, ThePageIsForThisMachineUnlessTold) {
  const std::string good = kGood;
  EXPECT_EQ(Load(good)->page_listen, "");
  EXPECT_EQ(Load(good + "page.listen = \"[::1]:7403\"\n")->page_listen, "[::1]:7403");
  const std::string listen = good + "page.listen = \"0.0.0.0:7403\"\n";
  EXPECT_EQ(Refusal(listen),
            path_ +
                ": page.listen: others than this machine could read the page at 0.0.0.0:7403; "
                "say page.beyond_loopback = \"yes\" if they may");
  // What is said of the metrics is not said of the page.
  EXPECT_NE(Refusal(listen + "metrics.beyond_loopback = \"yes\"\n"), "accepted");
  EXPECT_EQ(Refusal(listen + "page.beyond_loopback = \"yes\"\n"), "accepted");
  EXPECT_EQ(Refusal(good + "page.listen = \"localhost:7403\"\n"),
            path_ + ":6: page.listen: \"localhost:7403\" is not IP:port");
}

TEST_F(ConfigTest, AMissingFileIsSaid) {
  EXPECT_EQ(LoadConfig("/nowhere/node.toml").status().message(),
            "/nowhere/node.toml: no such configuration file");
}

}  // namespace
}  // namespace assent::node
