#include "tests/unit/client/program.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace assent::client {
namespace {

constexpr char kOut[] = "/.stdout";
constexpr char kErr[] = "/.stderr";

std::string ReadBack(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Redirect(const std::string& path, int flags, int to) {
  const int fd = ::open(path.c_str(), flags, 0600);
  if (fd < 0 || ::dup2(fd, to) < 0) ::_exit(126);
}

void LeaveTerminal(const std::string& folder) {
  ::setsid();
  Redirect("/dev/null", O_RDONLY, STDIN_FILENO);
  Redirect(folder + kOut, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  Redirect(folder + kErr, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
}

[[noreturn]] void Become(const std::string& folder, const std::vector<std::string>& arguments) {
  if (::chdir(folder.c_str()) != 0) ::_exit(126);
  ::setenv("HOME", folder.c_str(), 1);
  ::unsetenv("XDG_CONFIG_HOME");
  std::vector<char*> argv = {const_cast<char*>("assent")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(ASSENT_PROGRAM, argv.data());
  ::_exit(127);
}

}  // namespace

ProgramResult RunAssent(const std::string& folder, const std::vector<std::string>& arguments) {
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    LeaveTerminal(folder);
    Become(folder, arguments);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadBack(folder + kOut),
          ReadBack(folder + kErr)};
}

ProgramResult RunAssentAtTerminal(const std::string& folder,
                                  const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& typed) {
  int screen = -1;
  const pid_t child = ::forkpty(&screen, nullptr, nullptr, nullptr);
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) Become(folder, arguments);
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
