// The figures of MeasureFolders, for people and for programs.
#include "tests/bench/load/report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/scale/measure.h"

namespace assent::bench {
namespace {

using nlohmann::ordered_json;

constexpr double kMegabyte = 1'000'000;

const Timing* Find(const LedgerReport& report, const std::string& name) {
  for (const Timing& timing : report.timings) {
    if (timing.name == name) return &timing;
  }
  return nullptr;
}

double BytesPerEntry(const LedgerReport& report) {
  return static_cast<double>(report.disk_bytes) / static_cast<double>(report.marks.entries);
}

std::string Line(const std::vector<LedgerReport>& reports, const std::string& name) {
  std::string line = absl::StrFormat("%-62s", name);
  for (const LedgerReport& report : reports) {
    const Timing* timing = Find(report, name);
    absl::StrAppend(&line, timing == nullptr ? absl::StrFormat("%6s%9s%9s", "-", "-", "-")
                                             : absl::StrFormat("%6d%9.2f%9.2f", timing->rows,
                                                               timing->p50_ms, timing->p99_ms));
  }
  const Timing* first = Find(reports.front(), name);
  const Timing* last = Find(reports.back(), name);
  if (first == nullptr || last == nullptr) return line + "       -\n";
  return line + absl::StrFormat("%8.2f\n", last->p50_ms / first->p50_ms);
}

}  // namespace

std::string FormatScaleText(const std::vector<LedgerReport>& reports) {
  std::string text;
  for (const LedgerReport& report : reports) {
    absl::StrAppend(
        &text,
        absl::StrFormat("%d entries, height %d: start-up %.2f s, memory %.0f MB after it and "
                        "%.0f MB after all, disk %.0f MB, %.0f bytes an entry\n",
                        report.marks.entries, report.marks.height, report.start_seconds,
                        static_cast<double>(report.resident_start_bytes) / kMegabyte,
                        static_cast<double>(report.resident_bytes) / kMegabyte,
                        static_cast<double>(report.disk_bytes) / kMegabyte, BytesPerEntry(report)));
  }
  absl::StrAppend(&text, "\n", absl::StrFormat("%-62s", "entries"));
  for (const LedgerReport& report : reports) {
    absl::StrAppend(&text, absl::StrFormat("%24d", report.marks.entries));
  }
  absl::StrAppend(&text, "   ratio\n", absl::StrFormat("%-62s", "page"));
  for (std::size_t i = 0; i < reports.size(); ++i) {
    absl::StrAppend(&text, absl::StrFormat("%6s%9s%9s", "rows", "p50 ms", "p99 ms"));
  }
  absl::StrAppend(&text, "  of p50\n");
  for (const Timing& timing : reports.back().timings) {
    absl::StrAppend(&text, Line(reports, timing.name));
  }
  return text;
}

std::string FormatScaleJson(const std::vector<LedgerReport>& reports) {
  const Machine machine = ThisMachine();
  ordered_json json = {{"processors", machine.processors},
                       {"load_average", machine.load_average},
                       {"ledgers", ordered_json::array()}};
  for (const LedgerReport& report : reports) {
    ordered_json pages = ordered_json::array();
    for (const Timing& timing : report.timings) {
      pages.push_back({{"name", timing.name},
                       {"rows", timing.rows},
                       {"first_ms", timing.first_ms},
                       {"p50_ms", timing.p50_ms},
                       {"p99_ms", timing.p99_ms}});
    }
    json["ledgers"].push_back({{"entries", report.marks.entries},
                               {"height", report.marks.height},
                               {"start_seconds", report.start_seconds},
                               {"resident_start_bytes", report.resident_start_bytes},
                               {"resident_bytes", report.resident_bytes},
                               {"disk_bytes", report.disk_bytes},
                               {"pages", std::move(pages)}});
  }
  return json.dump(2) + "\n";
}

}  // namespace assent::bench
