// Answers to questions on standard output: tables, JSON, CSV.
#ifndef ASSENT_CLIENT_COMMANDS_ANSWER_OUTPUT_H_
#define ASSENT_CLIENT_COMMANDS_ANSWER_OUTPUT_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/questions.pb.h"
#include "client/asking.h"
#include "client/commands/command.h"
#include "client/session.h"
#include "ledger/act/founding_act.h"

namespace assent::client {

inline constexpr std::uint64_t kRowsDefault = 100'000;

// What all commands that print an answer take.
struct AnswerOptions {
  std::string from;  // folder of a saved audit; empty: a node is asked
  std::optional<std::uint64_t> as_of;
  std::uint64_t limit = kRowsDefault;
  bool csv = false;
};
// --as-of, --limit, --csv, --json, --from and those of a connection. `options` must outlive the
// command.
void AddAnswerOptions(CLI::App* command, Invocation& invocation, AnswerOptions& options);

// Who answers: a node, or what an audit has saved.
struct AnswerSource {
  AskPage ask;
  FoundingAct act;
  std::unique_ptr<Session> session;  // null offline; `ask` needs it
};
// From the folder `from` when it is given, else from the node.
absl::StatusOr<AnswerSource> OpenSource(const std::string& from, const Invocation& invocation);
// --from
void AddFrom(CLI::App* command, std::string& from);

// Asks, fetches all pages and prints the rows. UsageError: --csv and --json.
absl::Status AskAndPrint(v1::AskRequest request, const AnswerOptions& options,
                         const Invocation& invocation);

// A table of the columns that are not empty everywhere; nothing without rows.
std::string FormatRows(const std::vector<std::string>& columns,
                       const std::vector<v1::AnswerRow>& rows);

// "as of height 7, 2026-01-01T00:00:00Z, from what is PUBLIC ..."
std::string AsOfText(const AnswerEnd& end);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMANDS_ANSWER_OUTPUT_H_
