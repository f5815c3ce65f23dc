#include "tests/bench/load/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

namespace assent::bench {
namespace {

constexpr int kCannotExecute = 127;

// The value of "NAME: VALUE ..." in a file of /proc; 0 when it is not there.
std::uint64_t FieldOf(const std::string& path, const std::string& name) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind(name + ":", 0) == 0) return std::stoull(line.substr(name.size() + 1));
  }
  return 0;
}

// In the child: nothing but calls that are safe between fork and exec.
[[noreturn]] void Execute(char* const* arguments, int log_fd) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(log_fd, STDOUT_FILENO);
  ::dup2(log_fd, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(kCannotExecute);
}

}  // namespace

absl::StatusOr<Usage> UsageOf(pid_t pid) {
  const std::string folder = absl::StrCat("/proc/", pid);
  std::ifstream file(folder + "/stat");
  std::string text;
  if (!std::getline(file, text)) {
    return absl::NotFoundError(absl::StrCat("there is no process ", pid));
  }
  // Behind the name, which is in parentheses: state is field 3, utime and stime are 14 and 15.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  Usage usage;
  usage.cpu_seconds =
      static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  usage.resident_bytes = FieldOf(folder + "/status", "VmRSS") * 1024;
  usage.written_bytes = FieldOf(folder + "/io", "write_bytes");
  return usage;
}

Process::Process(pid_t pid, std::string name, std::string log)
    : pid_(pid), name_(std::move(name)), log_(std::move(log)) {}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      name_(std::move(other.name_)),
      log_(std::move(other.log_)) {}

absl::StatusOr<Process> Process::Start(const std::vector<std::string>& command, std::string log) {
  const int log_fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", log));
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) Execute(arguments.data(), log_fd);
  const int error = errno;
  ::close(log_fd);
  if (pid < 0) return absl::ErrnoToStatus(error, absl::StrCat("cannot start ", command[0]));
  return Process(pid, command[0], std::move(log));
}

absl::Status Process::Ended(int wait_status) const {
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return absl::OkStatus();
  const std::string how = WIFEXITED(wait_status)
                              ? absl::StrCat("ended with status ", WEXITSTATUS(wait_status))
                              : absl::StrCat("was ended by signal ", WTERMSIG(wait_status));
  return absl::FailedPreconditionError(absl::StrCat(name_, " ", how, "; its output is in ", log_));
}

absl::Status Process::Wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) return absl::ErrnoToStatus(errno, absl::StrCat("cannot wait for ", name_));
  }
  pid_ = 0;
  return Ended(status);
}

absl::Status Process::CheckRuns() {
  if (pid_ == 0) return absl::FailedPreconditionError(absl::StrCat(name_, " does not run"));
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == 0) return absl::OkStatus();
  pid_ = 0;
  if (const absl::Status ended = Ended(status); !ended.ok()) return ended;
  return absl::FailedPreconditionError(
      absl::StrCat(name_, " ended by itself; its output is in ", log_));
}

void Process::Stop() {
  if (pid_ == 0) return;
  const auto deadline = std::chrono::steady_clock::now() + kStopPatience;
  ::kill(pid_, SIGTERM);
  while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  pid_ = 0;
}

absl::StatusOr<std::vector<std::uint16_t>> FreePorts(std::size_t count) {
  std::vector<std::uint16_t> ports;
  std::vector<int> sockets;  // held until all are found, so that no port is found twice
  absl::Status status;
  while (ports.size() < count && status.ok()) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (fd < 0 || ::bind(fd, raw, size) != 0 || ::getsockname(fd, raw, &size) != 0) {
      status = absl::ErrnoToStatus(errno, "cannot find a free port of 127.0.0.1");
    }
    if (fd >= 0) sockets.push_back(fd);
    ports.push_back(ntohs(address.sin_port));
  }
  for (const int fd : sockets) ::close(fd);
  if (!status.ok()) return status;
  return ports;
}

}  // namespace assent::bench
