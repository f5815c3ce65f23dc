#include "client/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ledger/utf8.h"

namespace assent::client {
namespace {

constexpr char kInterrupt = 0x03;
constexpr char kEndOfInput = 0x04;
constexpr char kBackspace = 0x08;
constexpr char kKillLine = 0x15;
constexpr char kDelete = 0x7f;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// A terminal that neither echoes nor turns keys into signals, until the end of scope: Ctrl-C
// arrives as a character, so that the terminal is never left without echo.
class SilentTerminal {
 public:
  explicit SilentTerminal(int fd) : fd_(fd) {
    good_ = ::tcgetattr(fd_, &before_) == 0;
    if (!good_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
    silent.c_cc[VMIN] = 1;
    silent.c_cc[VTIME] = 0;
    good_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (good_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  bool good() const { return good_; }

 private:
  int fd_;
  termios before_{};
  bool good_ = false;
};

void Say(int fd, std::string_view text) {
  // A prompt that cannot be written is no reason to stop.
  [[maybe_unused]] const ssize_t written = ::write(fd, text.data(), text.size());
}

void DropLastCharacter(SecretText& text) {
  std::string_view left = text.view();
  while (!left.empty() && (static_cast<unsigned char>(left.back()) & 0xC0) == 0x80) {
    left.remove_suffix(1);
  }
  if (!left.empty()) left.remove_suffix(1);
  text.Shrink(left.size());
}

absl::StatusOr<SecretText> ReadSilently(int fd) {
  SecretText text(kPassphraseBytesMax);
  while (true) {
    char c = 0;
    const ssize_t size = ::read(fd, &c, 1);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0 || c == kInterrupt || (c == kEndOfInput && text.view().empty())) {
      return absl::CancelledError("cancelled");
    }
    if (c == '\n' || c == '\r' || c == kEndOfInput) return text;
    if (c == kDelete || c == kBackspace) {
      DropLastCharacter(text);
    } else if (c == kKillLine) {
      text.Shrink(0);
    } else if (!text.room().empty()) {
      text.room().front() = static_cast<std::uint8_t>(c);
      text.Grow(1);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("the passphrase is longer than ", kPassphraseBytesMax, " bytes"));
    }
  }
}

}  // namespace

bool IsTerminal(std::FILE* stream) { return ::isatty(::fileno(stream)) == 1; }

bool WantsColor(std::FILE* stream) {
  const char* refused = std::getenv("NO_COLOR");
  return IsTerminal(stream) && (refused == nullptr || *refused == '\0');
}

std::string Printable(std::string_view text, bool multiline) {
  std::string out;
  while (!text.empty()) {
    const std::string_view before = text;
    const auto point = TakeCodePoint(text);
    if (!point) {
      text.remove_prefix(1);
      out += kReplacement;
    } else if ((IsControl(*point) || IsInvisible(*point)) && !(multiline && *point == U'\n')) {
      out += kReplacement;
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out;
}

absl::StatusOr<SecretText> AskPassphrase(const std::string& prompt) {
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    return absl::FailedPreconditionError(
        "a passphrase is needed and there is no terminal to ask on: use --passphrase-file");
  }
  absl::StatusOr<SecretText> answer = absl::InternalError("the terminal cannot be silenced");
  {
    const SilentTerminal silent(fd);
    if (silent.good()) {
      Say(fd, prompt);
      answer = ReadSilently(fd);
      Say(fd, "\n");
    }
  }
  ::close(fd);
  return answer;
}

}  // namespace assent::client
