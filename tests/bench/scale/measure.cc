#include "tests/bench/scale/measure.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string_view>
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

// Whether somebody listens on a port of 127.0.0.1.
bool Listens(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool connected =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  ::close(fd);
  return connected;
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
  // A channel that is refused at first waits before it tries again.
  while (!Listens((*ports)[1])) {
    if (const absl::Status runs = process->CheckRuns(); !runs.ok()) return runs;
    if (Clock::now() - start > kStartPatience) {
      return absl::DeadlineExceededError("the node does not listen; its output is in " +
                                         process->log());
    }
    std::this_thread::sleep_for(kPoll);
  }
  while (true) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + kStartPatience);
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

// A folder while it is measured.
struct Measured {
  std::string folder;
  Running node;
  std::vector<Inquiry> inquiries;
  LedgerReport report;
};

absl::StatusOr<Measured> StartOn(const std::string& folder, const std::string& binary) {
  const auto marks = ReadMarks(folder);
  if (!marks.ok()) return marks.status();
  auto node = StartNode(folder, binary);
  if (!node.ok()) return node.status();
  const auto started = UsageOf(node->process.pid());
  if (!started.ok()) return started.status();
  LedgerReport report;
  report.marks = *marks;
  report.start_seconds = node->start_seconds;
  report.resident_start_bytes = started->resident_bytes;
  return Measured{folder, *std::move(node), AllInquiries(*marks), std::move(report)};
}

// One page of one ledger, from the first call on.
struct PageTimes {
  std::string token;     // where it begins
  std::string next;      // where the one after it does; empty: there is none
  std::size_t rows = 0;  // of the newest call
  std::vector<double> ms;
};

absl::Status CallOnce(const Measured& ledger, std::size_t inquiry, std::size_t rows_max,
                      PageTimes& page) {
  const Inquiry& asked = ledger.inquiries[inquiry];
  v1::Ledger::Stub& stub = asked.as_member ? *ledger.node.member : *ledger.node.anonymous;
  const Clock::time_point start = Clock::now();
  const auto answer = asked.ask(stub, page.token, rows_max);
  page.ms.push_back(SecondsSince(start) * 1'000);
  if (!answer.ok()) {
    return absl::Status(answer.status().code(), absl::StrCat(ledger.folder, ": ", asked.name, ": ",
                                                             answer.status().message()));
  }
  page.rows = answer->rows;
  // The page after a whole one, whatever is asked for later.
  if (page.ms.size() == 1) page.next = answer->next_page_token;
  return absl::OkStatus();
}

Timing ToTiming(const std::string& name, PageTimes page) {
  Timing timing{.name = name, .rows = page.rows, .first_ms = page.ms.front()};
  page.ms.erase(page.ms.begin());
  std::sort(page.ms.begin(), page.ms.end());
  timing.p50_ms = Percentile(page.ms, 0.5);
  timing.p99_ms = Percentile(page.ms, 0.99);
  return timing;
}

// How many rows all ledgers that have the page have on it; a whole page where one has none.
std::size_t CommonRows(const std::vector<PageTimes>& pages) {
  std::size_t rows = kPageRows;
  for (const PageTimes& page : pages) {
    if (!page.ms.empty()) rows = std::min(rows, page.rows);
  }
  return rows == 0 ? kPageRows : rows;
}

// Asks for the page that begins at `tokens`, one for each ledger, by turns; sets them to the next.
// A ledger that has no such page has no token.
absl::Status TimePage(std::vector<Measured>& ledgers, std::size_t inquiry, std::size_t calls,
                      std::string_view which, std::vector<std::optional<std::string>>& tokens) {
  std::vector<PageTimes> pages(ledgers.size());
  std::size_t rows_max = kPageRows;
  for (std::size_t call = 0; call <= calls; ++call) {
    if (call == 1) rows_max = CommonRows(pages);
    for (std::size_t i = 0; i < ledgers.size(); ++i) {
      if (!tokens[i]) continue;
      pages[i].token = *tokens[i];
      absl::Status asked = CallOnce(ledgers[i], inquiry, rows_max, pages[i]);
      if (!asked.ok()) return asked;
    }
  }
  for (std::size_t i = 0; i < ledgers.size(); ++i) {
    if (!tokens[i]) continue;
    tokens[i] = pages[i].next.empty() ? std::nullopt : std::optional(pages[i].next);
    const std::string name = absl::StrCat(ledgers[i].inquiries[inquiry].name, std::string(which));
    ledgers[i].report.timings.push_back(ToTiming(name, std::move(pages[i])));
  }
  return absl::OkStatus();
}

absl::Status AskAll(std::vector<Measured>& ledgers, std::size_t calls) {
  for (std::size_t inquiry = 0; inquiry < ledgers.front().inquiries.size(); ++inquiry) {
    std::vector<std::optional<std::string>> tokens(ledgers.size(), "");
    for (const std::string_view which : {"", ", page 2"}) {
      if (absl::Status timed = TimePage(ledgers, inquiry, calls, which, tokens); !timed.ok()) {
        return timed;
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<LedgerReport>> MeasureFolders(const std::vector<std::string>& folders,
                                                         const MeasureOptions& options) {
  std::vector<Measured> ledgers;
  for (const std::string& folder : folders) {
    auto started = StartOn(folder, options.assent_node);
    if (!started.ok()) {
      return absl::Status(started.status().code(),
                          absl::StrCat(folder, ": ", started.status().message()));
    }
    ledgers.push_back(*std::move(started));
  }
  if (absl::Status asked = AskAll(ledgers, options.calls); !asked.ok()) return asked;
  std::vector<LedgerReport> reports;
  for (Measured& ledger : ledgers) {
    const auto used = UsageOf(ledger.node.process.pid());
    if (!used.ok()) return used.status();
    ledger.report.resident_bytes = used->resident_bytes;
    const auto bytes = BytesOf(ledger.folder + "/data");
    if (!bytes.ok()) return bytes.status();
    ledger.report.disk_bytes = *bytes;
    reports.push_back(std::move(ledger.report));
  }
  return reports;
}

}  // namespace assent::bench
