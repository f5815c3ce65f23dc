// What is known of the terminal, and asking for a passphrase on it.
#ifndef ASSENT_CLIENT_TERMINAL_H_
#define ASSENT_CLIENT_TERMINAL_H_

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "client/secret_text.h"

namespace assent::client {

inline constexpr std::size_t kPassphraseBytesMax = 1024;

bool IsTerminal(std::FILE* stream);
// A terminal whose user has not set NO_COLOR (no-color.org).
bool WantsColor(std::FILE* stream);

// Text from elsewhere, safe to print: control characters (an escape sequence could rewrite the
// screen), what is not seen in print, and what is not UTF-8 become U+FFFD; line feeds stay when
// `multiline`.
std::string Printable(std::string_view text, bool multiline = false);

// Asks on the controlling terminal, without echo; nothing is asked of standard input.
// FailedPrecondition when there is no terminal; Cancelled on Ctrl-C or Ctrl-D.
absl::StatusOr<SecretText> AskPassphrase(const std::string& prompt);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_TERMINAL_H_
