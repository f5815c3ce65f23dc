// assent due, report
#include <memory>
#include <optional>
#include <string>

#include "client/asking.h"
#include "client/commands/answer_output.h"
#include "client/commands/command.h"
#include "client/compliance_report.h"
#include "client/errors.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

struct DueOptions {
  std::string state;
  bool all = false;
  AnswerOptions output;
};

absl::Status Due(const DueOptions& options, const Invocation& invocation) {
  v1::AskRequest request;
  v1::Due& question = *request.mutable_due();
  if (options.all) {
    if (!options.state.empty()) return UsageError("STATE and --all exclude each other");
    return AskAndPrint(request, options.output, invocation);
  }
  question.set_state(options.state);
  if (options.state.empty()) {
    const auto settings = invocation.ResolveSettings();
    if (!settings.ok()) return settings.status();
    const auto code = OwnCode(*settings);
    if (!code.ok())
      return UsageError("name a STATE, or --all (or \"code\" in the configuration file)");
    question.set_state(code->str());
  }
  return AskAndPrint(request, options.output, invocation);
}

void AddDue(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<DueOptions>();
  CLI::App* command = AddCommand(
      app, "due",
      "what a state owes or is asked for, and by when: declarations, reports, signatures",
      {"due", "due FRA --json", "due --all"});
  command->add_option("STATE", options->state, "whose [your own]");
  command->add_flag("--all", options->all, "of all members");
  AddAnswerOptions(command, invocation, options->output);
  SetRun(command, invocation, [&invocation, options] { return Due(*options, invocation); });
}

struct ReportOptions {
  std::uint32_t year = 0;
  std::optional<std::uint64_t> as_of;
  std::string from;
};

absl::Status Report(const ReportOptions& options, const Invocation& invocation) {
  const auto source = OpenSource(options.from, invocation);
  if (!source.ok()) return source.status();
  const auto report = FetchReport(source->ask, options.year, options.as_of);
  if (!report.ok()) return report.status();
  const std::string& origin = source->act.text.origin;
  Print(invocation.json ? ToJson(ReportTree(*report, origin)) : ReportText(*report, origin));
  return absl::OkStatus();
}

void AddReport(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command =
      AddCommand(app, "report", "the compliance report of a year, to be printed",
                 {"report 2026 --reader inspector.key > report-2026.txt", "report 2026 --json"});
  command->add_option("YEAR", options->year, "from 2002")->required();
  command->add_option("--as-of", options->as_of, "as the ledger was at this height")
      ->type_name("HEIGHT");
  AddFrom(command, options->from);
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Report(*options, invocation); });
}

}  // namespace

void AddComplianceCommands(CLI::App& app, Invocation& invocation) {
  AddDue(app, invocation);
  AddReport(app, invocation);
}

}  // namespace assent::client
