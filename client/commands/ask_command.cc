// assent ask QUESTION
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/answer_output.h"
#include "client/commands/command.h"
#include "client/errors.h"

namespace assent::client {
namespace {

// What questions take, each its own part of it.
struct AskOptions {
  std::optional<std::uint64_t> index;
  std::string state;
  std::uint32_t year = 0;
  bool historic = false;
  std::string at;
  std::string box;
  AnswerOptions output;
};

using MakeRequest = std::function<absl::StatusOr<v1::AskRequest>(const AskOptions& options)>;

// "SOUTH,WEST,NORTH,EAST" in decimal degrees.
absl::Status ReadBox(const std::string& text, v1::ActiveNotifications::Box& box) {
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  std::vector<std::int32_t> udeg;
  for (const std::string& part : parts) {
    double degrees = 0;
    if (!absl::SimpleAtod(part, &degrees) || !(std::abs(degrees) <= 180)) break;
    udeg.push_back(static_cast<std::int32_t>(std::lround(degrees * 1'000'000)));
  }
  if (parts.size() != 4 || udeg.size() != 4) {
    return UsageError("--box is SOUTH,WEST,NORTH,EAST in decimal degrees: --box=35,120,50,-170");
  }
  box.set_south_udeg(udeg[0]);
  box.set_west_udeg(udeg[1]);
  box.set_north_udeg(udeg[2]);
  box.set_east_udeg(udeg[3]);
  return absl::OkStatus();
}

absl::Status Ask(const AskOptions& options, const Invocation& invocation,
                 const MakeRequest& make_request) {
  auto request = make_request(options);
  if (!request.ok()) return request.status();
  return AskAndPrint(*std::move(request), options.output, invocation);
}

// One question: its own options, and what all have.
CLI::App* AddQuestion(CLI::App& ask, Invocation& invocation,
                      const std::shared_ptr<AskOptions>& options, const std::string& name,
                      const std::string& description, const std::vector<std::string>& examples,
                      MakeRequest make_request) {
  CLI::App* command = AddCommand(ask, name, description, examples);
  AddAnswerOptions(command, invocation, options->output);
  SetRun(command, invocation, [&invocation, options, make_request = std::move(make_request)] {
    return Ask(*options, invocation, make_request);
  });
  return command;
}

void AddState(CLI::App* command, const std::shared_ptr<AskOptions>& options) {
  command->add_option("--state", options->state, "only of this state")->type_name("CODE");
}

void AddYear(CLI::App* command, const std::shared_ptr<AskOptions>& options) {
  command->add_option("YEAR", options->year, "the year that is covered, from 2002")->required();
}

void AddLaunches(CLI::App& ask, Invocation& invocation,
                 const std::shared_ptr<AskOptions>& options) {
  CLI::App* command = AddQuestion(ask, invocation, options, "launches-without-timely-notification",
                                  "launches that were not notified in time, by state",
                                  {"ask launches-without-timely-notification --year 2026",
                                   "ask launches-without-timely-notification --state FRA --csv"},
                                  [](const AskOptions& given) {
                                    v1::AskRequest request;
                                    auto& question =
                                        *request.mutable_launches_without_timely_notification();
                                    question.set_state(given.state);
                                    question.set_year(given.year);
                                    question.set_historic(given.historic);
                                    return request;
                                  });
  AddState(command, options);
  command->add_option("--year", options->year, "only of this year")->type_name("YEAR");
  command->add_flag("--historic", options->historic,
                    "those of a time before the state was a member, which are counted apart");
}

void AddDeclarations(CLI::App& ask, Invocation& invocation,
                     const std::shared_ptr<AskOptions>& options) {
  AddYear(AddQuestion(ask, invocation, options, "missing-declarations",
                      "members that have not declared a year although it is due",
                      {"ask missing-declarations 2026"},
                      [](const AskOptions& given) {
                        v1::AskRequest request;
                        request.mutable_missing_declarations()->set_year(given.year);
                        return request;
                      }),
          options);
  AddYear(AddQuestion(ask, invocation, options, "nil-filers",
                      "members that have declared that there is nothing to declare",
                      {"ask nil-filers 2026"},
                      [](const AskOptions& given) {
                        v1::AskRequest request;
                        request.mutable_nil_filers()->set_year(given.year);
                        return request;
                      }),
          options);
  AddYear(AddQuestion(ask, invocation, options, "discrepancies",
                      "declarations whose counts are not those of the notified launches",
                      {"ask discrepancies 2026 --reader inspector.key"},
                      [](const AskOptions& given) {
                        v1::AskRequest request;
                        request.mutable_discrepancies()->set_year(given.year);
                        return request;
                      }),
          options);
}

void AddTotals(CLI::App& ask, Invocation& invocation, const std::shared_ptr<AskOptions>& options) {
  AddYear(AddQuestion(ask, invocation, options, "year-totals",
                      "declarations and launches of a year in numbers, one row a member",
                      {"ask year-totals 2026 --csv"},
                      [](const AskOptions& given) {
                        v1::AskRequest request;
                        request.mutable_year_totals()->set_year(given.year);
                        return request;
                      }),
          options);
}

void AddNotifications(CLI::App& ask, Invocation& invocation,
                      const std::shared_ptr<AskOptions>& options) {
  CLI::App* active = AddQuestion(
      ask, invocation, options, "active-notifications",
      "notifications whose window is open, of an area or everywhere",
      {"ask active-notifications", "ask active-notifications --at 2026-05-01 --box=35,120,50,-170"},
      [](const AskOptions& given) -> absl::StatusOr<v1::AskRequest> {
        v1::AskRequest request;
        auto& question = *request.mutable_active_notifications();
        if (!given.at.empty()) {
          const auto time = ParseTime(given.at);
          if (!time.ok()) return UsageError(absl::StrCat("--at: ", time.status().message()));
          question.set_at_us(time->us);
        }
        if (!given.box.empty()) {
          if (auto status = ReadBox(given.box, *question.mutable_box()); !status.ok()) {
            return status;
          }
        }
        return request;
      });
  active->add_option("--at", options->at, "open at this time [that of the newest block]")
      ->type_name("TIME");
  active
      ->add_option("--box", options->box,
                   "where the area may touch these degrees; east may be across the antimeridian")
      ->type_name("SOUTH,WEST,NORTH,EAST");

  AddState(AddQuestion(ask, invocation, options, "expired-unresolved",
                       "notifications whose window has ended without a report or a cancellation",
                       {"ask expired-unresolved --state FRA"},
                       [](const AskOptions& given) {
                         v1::AskRequest request;
                         request.mutable_expired_unresolved()->set_state(given.state);
                         return request;
                       }),
           options);
}

// A question like the others, and a command of its own: it is not about the ledger.
void AddEvidence(CLI::App& parent, const std::string& called, Invocation& invocation,
                 const std::shared_ptr<AskOptions>& options) {
  AddQuestion(
      parent, invocation, options, "evidence",
      "votes, proposals and checkpoints that no honest node signs, checked. They are not "
      "on the ledger: a node says what it has seen, and --from what the audited node had "
      "seen when the audit was saved",
      {called + " --json", called + " --as-of 4711", called + " --from ledger --act act.txt"},
      [](const AskOptions&) {
        v1::AskRequest request;
        request.mutable_evidence();
        return request;
      });
}

void AddRecords(CLI::App& ask, Invocation& invocation, const std::shared_ptr<AskOptions>& options) {
  CLI::App* history =
      AddQuestion(ask, invocation, options, "record-history",
                  "what has become of a record: amendments, withdrawal, what refers to it",
                  {"ask record-history 41"}, [](const AskOptions& given) {
                    v1::AskRequest request;
                    request.mutable_record_history()->set_index(*given.index);
                    return request;
                  });
  history->add_option("INDEX", options->index, "index of any entry of it")->required();

  AddEvidence(ask, "ask evidence", invocation, options);

  CLI::App* revision =
      AddQuestion(ask, invocation, options, "revision-status",
                  "rounds of revision, newest first, with the entries that prove where each stands",
                  {"ask revision-status", "ask revision-status 20 --as-of 4711 --json"},
                  [](const AskOptions& given) {
                    v1::AskRequest request;
                    auto& question = *request.mutable_revision_status();
                    if (given.index) question.set_round(*given.index);
                    return request;
                  });
  revision->add_option("ROUND", options->index, "only that which this entry opened");

  AddState(AddQuestion(ask, invocation, options, "open-clarifications",
                       "requests for clarification that are not closed, by state asked",
                       {"ask open-clarifications --state FRA"},
                       [](const AskOptions& given) {
                         v1::AskRequest request;
                         request.mutable_open_clarifications()->set_state(given.state);
                         return request;
                       }),
           options);

  AddState(AddQuestion(ask, invocation, options, "pledges-and-offers",
                       "pledges that hold, and what was offered for them",
                       {"ask pledges-and-offers --state FRA"},
                       [](const AskOptions& given) {
                         v1::AskRequest request;
                         request.mutable_pledges_and_offers()->set_state(given.state);
                         return request;
                       }),
           options);
}

}  // namespace

void AddAskCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* ask = AddCommand(app, "ask", "ask what inspectors ask, now or as of any height",
                             {"ask missing-declarations 2026",
                              "ask launches-without-timely-notification --year 2026 --csv",
                              "ask expired-unresolved --as-of 4711 --json"});
  ask->require_subcommand(1);
  ask->footer(absl::StrCat(
      ask->get_footer(),
      "\n\nRows name the entries that prove them. To prove one to others:\n"
      "  assent receipt INDEX        that the entry is on the ledger, where and since when\n"
      "  assent checkpoint           what the whole log comes to, signed by a quorum\n"
      "  assent consistency OLDER    that the log has only grown since a checkpoint\n"
      "  assent verify FILE          checks receipts and consistency proofs offline\n"
      "  assent audit                that nothing is missing\n"
      "What assent audit --save DIR has kept answers offline: ask, receipt and consistency with "
      "--from "
      "DIR."));
  const auto options = std::make_shared<AskOptions>();
  AddLaunches(*ask, invocation, options);
  AddDeclarations(*ask, invocation, options);
  AddNotifications(*ask, invocation, options);
  AddTotals(*ask, invocation, options);
  AddRecords(*ask, invocation, options);
  AddEvidence(app, "evidence", invocation, options);
}

}  // namespace assent::client
