#include "tests/unit/client/program.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace assent::client {
namespace {

constexpr char kOut[] = "/.stdout";
constexpr char kErr[] = "/.stderr";

std::string ReadBack(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What a child needs, made before the fork: other threads of this process may hold the allocator's
// locks then, and in the child nobody would ever release them. So Become() only makes system calls.
class Child {
 public:
  Child(std::string folder, const std::vector<std::string>& arguments)
      : folder_(std::move(folder)),
        out_(folder_ + kOut),
        err_(folder_ + kErr),
        arguments_(arguments),
        home_("HOME=" + folder_) {
    argv_.push_back(const_cast<char*>("assent"));
    for (std::string& argument : arguments_) argv_.push_back(argument.data());
    argv_.push_back(nullptr);
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string_view text(*variable);
      if (text.starts_with("HOME=") || text.starts_with("XDG_CONFIG_HOME=")) continue;
      environment_.push_back(*variable);
    }
    environment_.push_back(home_.data());
    environment_.push_back(nullptr);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void LeaveTerminal() const {
    ::setsid();
    Redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    Redirect(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    Redirect(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  }
  [[noreturn]] void Become() const {
    if (::chdir(folder_.c_str()) != 0) ::_exit(126);
    ::execve(ASSENT_PROGRAM, argv_.data(), environment_.data());
    ::_exit(127);
  }

 private:
  static void Redirect(const char* path, int flags, int to) {
    const int fd = ::open(path, flags, 0600);
    if (fd < 0 || ::dup2(fd, to) < 0) ::_exit(126);
  }

  const std::string folder_;
  const std::string out_;
  const std::string err_;
  std::vector<std::string> arguments_;
  std::string home_;
  std::vector<char*> argv_;
  std::vector<char*> environment_;
};

}  // namespace

ProgramResult RunAssent(const std::string& folder, const std::vector<std::string>& arguments) {
  const Child program(folder, arguments);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    program.LeaveTerminal();
    program.Become();
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadBack(folder + kOut),
          ReadBack(folder + kErr)};
}

ProgramResult RunAssentAtTerminal(const std::string& folder,
                                  const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& typed) {
  const Child program(folder, arguments);
  int screen = -1;
  const pid_t child = ::forkpty(&screen, nullptr, nullptr, nullptr);
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) program.Become();
  ProgramResult result;
  std::size_t answered = 0;
  char chunk[1024];
  // Reading fails with EIO when the program has gone.
  for (ssize_t size = 0; (size = ::read(screen, chunk, sizeof(chunk))) > 0;) {
    result.out.append(chunk, static_cast<std::size_t>(size));
    if (!result.out.ends_with(": ") || answered == typed.size()) continue;
    const std::string line = typed[answered++] + "\r";
    if (::write(screen, line.data(), line.size()) < 0) break;
  }
  ::close(screen);
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait");
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

}  // namespace assent::client
