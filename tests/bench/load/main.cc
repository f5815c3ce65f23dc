// assent-bench: load on four nodes of Assent, of etcd, or of both one after the other, on this
// machine.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/bench/load/assent_target.h"
#include "tests/bench/load/etcd_target.h"
#include "tests/bench/load/load.h"
#include "tests/bench/load/payload.h"
#include "tests/bench/load/report.h"

namespace assent::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

constexpr std::size_t kNodesMax = 64;
constexpr std::size_t kConnectionsMax = 64;
constexpr std::size_t kClientsMax = 1'024;  // on one node they fit into its author's window
constexpr double kRateMax = 1'000'000;
constexpr double kSecondsMax = 3'600;

struct Options {
  std::string target = "assent";
  std::size_t nodes = 4;
  std::vector<std::size_t> clients{64};
  std::size_t connections = 1;
  double rate = 0;
  double seconds = 10;
  double warmup = 2;
  std::size_t payload = 400;
  std::string json;
  std::string assent_node;
  std::string etcd = "/usr/bin/etcd";
  std::string dir;
};

// A new folder for the nodes' data: removed at the end unless the user named it or something
// failed.
class Folder {
 public:
  static absl::StatusOr<Folder> Make(const std::string& wanted) {
    std::error_code error;
    if (!wanted.empty()) {
      if (!fs::create_directory(wanted, error)) {
        return absl::InvalidArgumentError(absl::StrCat("cannot make ", wanted, ": ",
                                                       error ? error.message() : "it exists",
                                                       "; give a new folder"));
      }
      return Folder(fs::absolute(wanted).string(), false);
    }
    std::string path = (fs::temp_directory_path() / "assent-bench.XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot make ", path));
    }
    return Folder(path, true);
  }
  const std::string& path() const { return path_; }
  bool temporary() const { return temporary_; }
  void Remove() const {
    std::error_code ignored;
    if (temporary_) fs::remove_all(path_, ignored);
  }

 private:
  Folder(std::string path, bool temporary) : path_(std::move(path)), temporary_(temporary) {}
  std::string path_;
  bool temporary_;
};

std::vector<LoadOptions> Loads(const Options& options) {
  const auto milliseconds = [](double seconds) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1'000));
  };
  LoadOptions load;
  load.warmup = milliseconds(options.warmup);
  load.measured = milliseconds(options.seconds);
  load.rate = options.rate;
  if (options.rate > 0) return {load};
  std::vector<LoadOptions> loads;
  for (const std::size_t clients : options.clients) {
    load.clients = clients;
    loads.push_back(load);
  }
  return loads;
}

absl::StatusOr<TargetReport> Measure(Target& target, const Options& options) {
  const std::string name(target.name());
  std::fprintf(stderr, "%s: starting %zu nodes\n", name.c_str(), options.nodes);
  if (auto status = target.Start(); !status.ok()) return status;
  TargetReport report;
  report.target = name;
  report.conditions = target.conditions();
  for (const LoadOptions& load : Loads(options)) {
    if (load.rate > 0) {
      std::fprintf(stderr, "%s: %g payloads a second\n", name.c_str(), load.rate);
    } else {
      std::fprintf(stderr, "%s: %zu clients\n", name.c_str(), load.clients);
    }
    auto result = RunLoad(target, load);
    if (!result.ok()) return result.status();
    report.loads.push_back(*std::move(result));
  }
  auto checked = target.Check();
  if (!checked.ok()) return checked.status();
  report.checked = *std::move(checked);
  return report;
}

absl::StatusOr<TargetReport> MeasureAssent(const Options& options, const std::string& folder,
                                           const PayloadMaker& payloads) {
  AssentTarget target(options.assent_node, folder, options.nodes, options.connections, &payloads);
  auto report = Measure(target, options);
  if (report.ok()) report->verify_seconds = target.MeasureVerifySeconds();
  return report;
}

absl::StatusOr<TargetReport> MeasureEtcd(const Options& options, const std::string& folder,
                                         const PayloadMaker& payloads) {
  EtcdTarget target(options.etcd, folder, options.nodes, options.connections, &payloads);
  return Measure(target, options);
}

absl::Status WriteJson(const std::string& path, const Report& report) {
  if (path.empty()) return absl::OkStatus();
  std::ofstream file(path);
  file << FormatJson(report);
  file.close();
  if (file.fail()) return absl::InternalError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

absl::Status Run(const Options& options, const Folder& folder) {
  Report report;
  report.machine = ThisMachine();
  report.nodes = options.nodes;
  report.connections = options.connections;
  report.payload_bytes = options.payload;
  const auto founded = ParseTime(report.machine.time);
  const PayloadMaker payloads(options.payload, founded.value());
  for (const auto& [name, measure] :
       {std::pair{"assent", &MeasureAssent}, std::pair{"etcd", &MeasureEtcd}}) {
    if (options.target != name && options.target != "both") continue;
    const fs::path own = fs::path(folder.path()) / name;
    std::error_code error;
    fs::create_directory(own, error);
    if (error) return absl::InternalError(absl::StrCat("cannot make ", own.string()));
    auto result = measure(options, own.string(), payloads);
    if (!result.ok()) {
      return absl::Status(result.status().code(),
                          absl::StrCat(name, ": ", result.status().message()));
    }
    report.targets.push_back(*std::move(result));
  }
  std::fputs(FormatText(report).c_str(), stdout);
  return WriteJson(options.json, report);
}

// build/.../tests/bench/assent-bench stands beside build/.../node/assent-node.
std::string BuiltNode() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return (self.parent_path().parent_path().parent_path() / "node" / "assent-node").string();
}

void AddOptions(CLI::App& run, Options& options) {
  run.add_option("--target", options.target, "what to put load on")
      ->check(CLI::IsMember({"assent", "etcd", "both"}))
      ->capture_default_str();
  run.add_option("--nodes", options.nodes, "nodes, all on this machine")
      ->check(CLI::Range(std::size_t{1}, kNodesMax))
      ->capture_default_str();
  run.add_option("--clients", options.clients,
                 "closed loop: clients, each with one payload under way; several numbers are "
                 "measured one after the other")
      ->delimiter(',')
      ->check(CLI::Range(std::size_t{1}, kClientsMax))
      ->capture_default_str();
  run.add_option("--rate", options.rate, "open loop instead: payloads a second")
      ->check(CLI::Range(0.001, kRateMax));
  run.add_option("--connections", options.connections, "connections to each node")
      ->check(CLI::Range(std::size_t{1}, kConnectionsMax))
      ->capture_default_str();
  run.add_option("--seconds", options.seconds, "measured time of each load")
      ->check(CLI::Range(0.1, kSecondsMax))
      ->capture_default_str();
  run.add_option("--warmup", options.warmup, "seconds of load before it, not measured")
      ->check(CLI::Range(0.0, kSecondsMax))
      ->capture_default_str();
  run.add_option("--payload", options.payload, "bytes of a launch notification")
      ->check(CLI::Range(kPayloadBytesMin, kPayloadBytesMax))
      ->capture_default_str();
  run.add_option("--json", options.json, "write the figures to this file, too")->type_name("FILE");
  run.add_option("--assent-node", options.assent_node, "the node (default: of the same build)")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  run.add_option("--etcd", options.etcd, "etcd 3.4")->type_name("FILE")->capture_default_str();
  run.add_option("--dir", options.dir,
                 "new folder for data and logs, kept (default: a temporary one, removed)")
      ->type_name("FOLDER");
}

int Main(int argc, char** argv) {
  CLI::App app{
      "Load on nodes of Assent, or of etcd for comparison, on this machine.\n\n"
      "Exit status: 0 done, 1 failed, 2 usage."};
  app.name("assent-bench");
  app.require_subcommand(1);
  Options options;
  options.assent_node = BuiltNode();
  CLI::App* run =
      app.add_subcommand("run", "Starts nodes, puts load on them, and says how they did.");
  AddOptions(*run, options);
  run->footer(
      "Examples:\n  assent-bench run --target both --clients 1,64,256 --json figures.json\n"
      "  assent-bench run --rate 500 --seconds 60");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  const auto folder = Folder::Make(options.dir);
  const absl::Status status = folder.ok() ? Run(options, *folder) : folder.status();
  if (status.ok()) {
    folder->Remove();
    return kDone;
  }
  std::fprintf(stderr, "assent-bench: %s\n", std::string(status.message()).c_str());
  if (folder.ok()) std::fprintf(stderr, "data and logs are in %s\n", folder->path().c_str());
  return kFailed;
}

}  // namespace
}  // namespace assent::bench

int main(int argc, char** argv) { return assent::bench::Main(argc, argv); }
