// assent-scale: makes ledgers of any size, and measures how a node answers on them.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/bench/scale/folder.h"
#include "tests/bench/scale/measure.h"
#include "tests/bench/scale/states.h"

namespace assent::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

constexpr std::uint64_t kEntriesMax = 100'000'000;
constexpr std::size_t kCallsMax = 10'000;

struct MakeOptions {
  std::string folder;
  std::uint64_t entries = 10'000;
  std::size_t states = 100;
};

absl::Status Make(const MakeOptions& options) {
  if (const std::uint64_t least = EntriesMin(options.states); options.entries < least) {
    return absl::InvalidArgumentError(absl::StrCat(options.states, " states need at least ", least,
                                                   " entries: ask for more, or for fewer states"));
  }
  return MakeFolder(options.folder, options.states, options.entries, [](std::uint64_t made) {
    std::fprintf(stderr, "%llu entries\n", static_cast<unsigned long long>(made));
  });
}

absl::Status Measure(const std::vector<std::string>& folders, const MeasureOptions& options,
                     const std::string& json) {
  std::vector<std::string> paths;
  for (const std::string& folder : folders) paths.push_back(fs::absolute(folder).string());
  const auto reports = MeasureFolders(paths, options);
  if (!reports.ok()) return reports.status();
  std::fputs(FormatScaleText(*reports).c_str(), stdout);
  if (json.empty()) return absl::OkStatus();
  std::ofstream file(json);
  file << FormatScaleJson(*reports);
  file.close();
  return file.fail() ? absl::InternalError("cannot write " + json) : absl::OkStatus();
}

// build/.../tests/bench/assent-scale stands beside build/.../node/assent-node.
std::string BuiltNode() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return (self.parent_path().parent_path().parent_path() / "node" / "assent-node").string();
}

int Main(int argc, char** argv) {
  CLI::App app{
      "Makes ledgers of any size, and measures how a node answers on them.\n\n"
      "Exit status: 0 done, 1 failed, 2 usage."};
  app.name("assent-scale");
  app.require_subcommand(1);

  MakeOptions making;
  CLI::App* make = app.add_subcommand("make", "Makes the folder of a node with a ledger in it.");
  make->add_option("folder", making.folder, "a new folder")->required();
  make->add_option("--entries", making.entries, "entries of the ledger")
      ->check(CLI::Range(std::uint64_t{1}, kEntriesMax))
      ->capture_default_str();
  make->add_option("--states", making.states, "member states")
      ->check(CLI::Range(kVotingStates + 2, kStatesMax))
      ->capture_default_str();

  MeasureOptions measuring;
  measuring.assent_node = BuiltNode();
  std::vector<std::string> folders;
  std::string json;
  CLI::App* measure = app.add_subcommand(
      "measure", "Starts a node on each folder, asks it everything, and compares the times.");
  measure->add_option("folders", folders, "folders that were made, the smallest ledger first")
      ->required();
  measure->add_option("--calls", measuring.calls, "calls for each page")
      ->check(CLI::Range(std::size_t{1}, kCallsMax))
      ->capture_default_str();
  measure->add_option("--json", json, "write the figures to this file, too")->type_name("FILE");
  measure
      ->add_option("--assent-node", measuring.assent_node, "the node (default: of the same build)")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  app.footer(
      "Examples:\n  assent-scale make /tmp/small --entries 10000\n"
      "  assent-scale make /tmp/large --entries 1000000\n"
      "  assent-scale measure /tmp/small /tmp/large --json figures.json");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  const absl::Status status = make->parsed() ? Make(making) : Measure(folders, measuring, json);
  if (status.ok()) return kDone;
  std::fprintf(stderr, "assent-scale: %s\n", std::string(status.message()).c_str());
  return kFailed;
}

}  // namespace
}  // namespace assent::bench

int main(int argc, char** argv) { return assent::bench::Main(argc, argv); }
