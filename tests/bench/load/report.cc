#include "tests/bench/load/report.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ledger/types.h"

namespace assent::bench {
namespace {

using nlohmann::ordered_json;

constexpr double kMegabyte = 1'000'000;

std::string LoadName(const LoadOptions& options) {
  if (options.rate > 0) return absl::StrFormat("%g/s due", options.rate);
  return absl::StrFormat("%d client%s", options.clients, options.clients == 1 ? "" : "s");
}

double Cores(const Usage& usage, const LoadResult& load) {
  return usage.cpu_seconds / load.seconds;
}

// Over the nodes: the mean of CPU and disk, and the largest memory.
std::string LoadLine(const TargetReport& target, const LoadResult& load) {
  double written = 0;
  std::uint64_t resident = 0;
  for (const Usage& node : load.nodes) {
    written += static_cast<double>(node.written_bytes) / load.seconds;
    resident = std::max(resident, node.resident_bytes);
  }
  const auto nodes = static_cast<double>(load.nodes.size());
  return absl::StrFormat("%-8s %-12s %10.1f %9.2f %9.2f %9.2f %10.2f %9.1f %9.2f %9.2f\n",
                         target.target, LoadName(load.options), load.Throughput(),
                         load.PercentileMs(0.5), load.PercentileMs(0.99), load.PercentileMs(1),
                         load.NodesCpuSeconds() / load.seconds / nodes,
                         static_cast<double>(resident) / kMegabyte, written / nodes / kMegabyte,
                         Cores(load.self, load));
}

// Each node by itself, in the order of their start.
std::string NodesLine(const LoadResult& load) {
  std::string cores;
  std::string megabytes;
  for (const Usage& node : load.nodes) {
    absl::StrAppend(&cores, absl::StrFormat(" %.2f", Cores(node, load)));
    const double resident = static_cast<double>(node.resident_bytes) / kMegabyte;
    absl::StrAppend(&megabytes, absl::StrFormat(" %.0f", resident));
  }
  return absl::StrCat("  each node  ", LoadName(load.options), ": cores", cores, ", MB", megabytes,
                      "\n");
}

ordered_json UsageJson(const Usage& usage, const LoadResult& load) {
  return {{"cpu_seconds", usage.cpu_seconds},
          {"cores", Cores(usage, load)},
          {"resident_bytes", usage.resident_bytes},
          {"written_bytes", usage.written_bytes}};
}

ordered_json LoadJson(const TargetReport& target, const LoadResult& load) {
  ordered_json json;
  if (load.options.rate > 0) {
    json["loop"] = "open";
    json["rate_per_second"] = load.options.rate;
  } else {
    json["loop"] = "closed";
    json["clients"] = load.options.clients;
  }
  json["measured_seconds"] = load.seconds;
  json["completed"] = load.completed;
  json["throughput_per_second"] = load.Throughput();
  json["latency_ms"] = {{"samples", load.latencies_us.size()},
                        {"p50", load.PercentileMs(0.5)},
                        {"p99", load.PercentileMs(0.99)},
                        {"max", load.PercentileMs(1)}};
  json["nodes"] = ordered_json::array();
  for (const Usage& node : load.nodes) json["nodes"].push_back(UsageJson(node, load));
  json["load_generator"] = UsageJson(load.self, load);
  if (target.verify_seconds > 0) {
    json["signature_check_share_estimate"] = SignatureShare(target, load);
  }
  return json;
}

}  // namespace

Machine ThisMachine() {
  Machine machine;
  machine.processors = std::thread::hardware_concurrency();
  std::ifstream("/proc/loadavg") >> machine.load_average;
  machine.time = FormatTime({std::chrono::duration_cast<std::chrono::seconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count() *
                             1'000'000});
  return machine;
}

double SignatureShare(const TargetReport& target, const LoadResult& load) {
  const double cpu_seconds = load.NodesCpuSeconds();
  if (cpu_seconds <= 0) return 0;
  return static_cast<double>(load.completed) * static_cast<double>(load.nodes.size()) *
         target.verify_seconds / cpu_seconds;
}

std::string FormatText(const Report& report) {
  std::string text = absl::StrFormat(
      "%s, %d processors, load average %.1f before the run; %d nodes, the clients on the same "
      "machine; payload %d bytes, %d connection%s to each node\n\n",
      report.machine.time, report.machine.processors, report.machine.load_average, report.nodes,
      report.payload_bytes, report.connections, report.connections == 1 ? "" : "s");
  absl::StrAppend(&text, absl::StrFormat("%-8s %-12s %10s %9s %9s %9s %10s %9s %9s %9s\n", "target",
                                         "load", "answers/s", "p50 ms", "p99 ms", "max ms",
                                         "cores/node", "MB/node", "MB/s disk", "cores gen"));
  for (const TargetReport& target : report.targets) {
    for (const LoadResult& load : target.loads) absl::StrAppend(&text, LoadLine(target, load));
  }
  for (const TargetReport& target : report.targets) {
    absl::StrAppend(&text, "\n", target.target, "\n  an answer  ", target.conditions.answer,
                    "\n  tls        ", target.conditions.tls, "\n  sync       ",
                    target.conditions.sync, "\n  checked    ", target.checked, "\n");
    for (const LoadResult& load : target.loads) absl::StrAppend(&text, NodesLine(load));
    if (target.verify_seconds <= 0) continue;
    absl::StrAppend(&text, absl::StrFormat("  signatures one check of an entry takes %.0f us; "
                                           "estimated share of the nodes' CPU:",
                                           target.verify_seconds * 1e6));
    for (const LoadResult& load : target.loads) {
      absl::StrAppend(&text, absl::StrFormat(" %.0f %% (%s)", 100 * SignatureShare(target, load),
                                             LoadName(load.options)));
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

std::string FormatJson(const Report& report) {
  ordered_json json;
  json["time"] = report.machine.time;
  json["processors"] = report.machine.processors;
  json["load_average_before"] = report.machine.load_average;
  json["nodes"] = report.nodes;
  json["connections_per_node"] = report.connections;
  json["payload_bytes"] = report.payload_bytes;
  json["targets"] = ordered_json::array();
  for (const TargetReport& target : report.targets) {
    ordered_json one;
    one["target"] = target.target;
    one["answer_means"] = target.conditions.answer;
    one["tls"] = target.conditions.tls;
    one["sync"] = target.conditions.sync;
    one["checked"] = target.checked;
    if (target.verify_seconds > 0) one["signature_check_us"] = target.verify_seconds * 1e6;
    one["loads"] = ordered_json::array();
    for (const LoadResult& load : target.loads) one["loads"].push_back(LoadJson(target, load));
    json["targets"].push_back(std::move(one));
  }
  return json.dump(2) + "\n";
}

}  // namespace assent::bench
