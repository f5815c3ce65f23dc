// Runs the `assent` program as its users do: with arguments, a folder, and no terminal.
#ifndef ASSENT_TESTS_UNIT_CLIENT_PROGRAM_H_
#define ASSENT_TESTS_UNIT_CLIENT_PROGRAM_H_

#include <string>
#include <vector>

namespace assent::client {

struct ProgramResult {
  int exit_code = -1;  // -1 when a signal ended it
  std::string out;
  std::string err;
};

// In `folder`, which is its home as well; standard input is empty, and there is no controlling
// terminal.
ProgramResult RunAssent(const std::string& folder, const std::vector<std::string>& arguments);

// The same at a terminal of its own: each time the screen ends in ": ", the next of `typed` is
// typed and Enter pressed. `out` is all that the screen has shown.
ProgramResult RunAssentAtTerminal(const std::string& folder,
                                  const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& typed);

}  // namespace assent::client

#endif  // ASSENT_TESTS_UNIT_CLIENT_PROGRAM_H_
