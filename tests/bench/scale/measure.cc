#include "tests/bench/scale/measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/bench/load/process.h"
#include "tests/bench/scale/folder.h"
#include "tests/bench/scale/inquiries.h"
#include "tests/bench/scale/states.h"
#include "transport/credentials.h"

namespace assent::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStartPatience{120};
constexpr std::chrono::milliseconds kPoll{5};
constexpr int kReconnectMs = 10;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

absl::StatusOr<std::unique_ptr<v1::Ledger::Stub>> Connect(const State& node, std::uint16_t port,
                                                          const SecretSeed* reader) {
  auto credentials = transport::ClientCredentials(reader, {node.node.transport.public_key()});
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments = transport::ClientArguments();
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // each reader has its own connection
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMs);
  return v1::Ledger::NewStub(
      grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port), *credentials, arguments));
}

// A node that runs on a folder, and who asks it.
struct Running {
  Process process;
  std::unique_ptr<v1::Ledger::Stub> member;
  std::unique_ptr<v1::Ledger::Stub> anonymous;
  double start_seconds;
};

absl::StatusOr<Running> StartNode(const std::string& folder, const std::string& binary) {
  const auto ports = FreePorts(2);
  if (!ports.ok()) return ports.status();
  const auto config = WriteConfig(folder, "measured.toml", (*ports)[0], (*ports)[1]);
  if (!config.ok()) return config.status();
  const State state(0);
  auto member = Connect(state, (*ports)[1], &state.reader_seed);
  if (!member.ok()) return member.status();
  auto anonymous = Connect(state, (*ports)[1], nullptr);
  if (!anonymous.ok()) return anonymous.status();
  const Clock::time_point start = Clock::now();
  auto process = Process::Start({binary, "run", "--config", *config}, folder + "/node.log");
  if (!process.ok()) return process.status();
  while (true) {
    grpc::ClientContext context;
    v1::LedgerStatus answer;
    if ((*member)->GetLedgerStatus(&context, {}, &answer).ok()) break;
    if (const absl::Status runs = process->CheckRuns(); !runs.ok()) return runs;
    if (Clock::now() - start > kStartPatience) {
      return absl::DeadlineExceededError("the node does not answer; its output is in " +
                                         process->log());
    }
    std::this_thread::sleep_for(kPoll);
  }
  return Running{*std::move(process), *std::move(member), *std::move(anonymous),
                 SecondsSince(start)};
}

double Percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

// `next` is set to where the page after this one begins.
absl::StatusOr<Timing> TimePage(const Inquiry& inquiry, v1::Ledger::Stub& stub,
                                const std::string& token, std::size_t calls, std::string& next) {
  Timing timing;
  std::vector<double> times;
  for (std::size_t i = 0; i <= calls; ++i) {
    const Clock::time_point start = Clock::now();
    const auto answer = inquiry.ask(stub, token);
    const double ms = SecondsSince(start) * 1'000;
    if (!answer.ok()) {
      return absl::Status(answer.status().code(),
                          absl::StrCat(inquiry.name, ": ", answer.status().message()));
    }
    if (i == 0) {
      timing.first_ms = ms;
      timing.rows = answer->rows;
      next = answer->next_page_token;
    } else {
      times.push_back(ms);
    }
  }
  std::sort(times.begin(), times.end());
  timing.p50_ms = Percentile(times, 0.5);
  timing.p99_ms = Percentile(times, 0.99);
  return timing;
}

absl::Status AskAll(const Running& node, const Marks& marks, std::size_t calls,
                    std::vector<Timing>& timings) {
  for (const Inquiry& inquiry : AllInquiries(marks)) {
    v1::Ledger::Stub& stub = inquiry.as_member ? *node.member : *node.anonymous;
    std::string next;
    auto first = TimePage(inquiry, stub, "", calls, next);
    if (!first.ok()) return first.status();
    first->name = inquiry.name;
    timings.push_back(*std::move(first));
    if (next.empty()) continue;
    const std::string token = next;
    auto second = TimePage(inquiry, stub, token, calls, next);
    if (!second.ok()) return second.status();
    second->name = inquiry.name + ", page 2";
    timings.push_back(*std::move(second));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LedgerReport> MeasureFolder(const std::string& folder,
                                           const MeasureOptions& options) {
  LedgerReport report;
  const auto marks = ReadMarks(folder);
  if (!marks.ok()) return marks.status();
  report.marks = *marks;
  auto node = StartNode(folder, options.assent_node);
  if (!node.ok()) return node.status();
  report.start_seconds = node->start_seconds;
  const auto started = UsageOf(node->process.pid());
  if (!started.ok()) return started.status();
  report.resident_start_bytes = started->resident_bytes;
  if (const absl::Status asked = AskAll(*node, *marks, options.calls, report.timings);
      !asked.ok()) {
    return asked;
  }
  const auto used = UsageOf(node->process.pid());
  if (!used.ok()) return used.status();
  report.resident_bytes = used->resident_bytes;
  const auto bytes = BytesOf(folder + "/data");
  if (!bytes.ok()) return bytes.status();
  report.disk_bytes = *bytes;
  return report;
}

}  // namespace assent::bench
