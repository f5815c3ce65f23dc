// assent-node check
#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "node/check/check.h"
#include "node/commands/command.h"

namespace assent::node {
namespace {

void PrintFacts(const std::string& path, const check::Subject& subject) {
  std::printf("config   %s\n", path.c_str());
  if (subject.act) {
    std::printf("ledger   %s (%s)\n", subject.act->text.origin.c_str(),
                subject.act->ledger_id.hex().c_str());
  }
  if (subject.self) {
    std::printf("member   %s\n",
                subject.config.mirror() ? "none: a mirror" : subject.self->str().c_str());
  }
  if (!subject.config.data_dir.empty()) {
    std::printf("data     %s\n", subject.config.data_dir.c_str());
  }
  if (const auto& standing = subject.standing) {
    std::printf("height   %" PRIu64 "\nentries  %" PRIu64 "\nvotes    %s\n",
                standing->height.value(), standing->entries,
                subject.config.mirror() ? "never"
                : standing->restoring   ? "not yet: restoring"
                                        : "yes");
  }
  std::printf("\n");
}

void PrintFindings(const check::Report& report) {
  for (const check::Finding& finding : report.findings()) {
    std::printf("%-7s  %-19s  %s\n", std::string(OutcomeName(finding.outcome)).c_str(),
                finding.what.c_str(), finding.says.c_str());
    if (!finding.hint.empty()) std::printf("%30s-> %s\n", "", finding.hint.c_str());
  }
}

// "2 wrong, 1 note, 3 not run of 14 checks"
std::string Totals(const check::Report& report) {
  std::string totals;
  for (const auto outcome : {check::Outcome::kWrong, check::Outcome::kNotRun, check::Outcome::kNote,
                             check::Outcome::kGood}) {
    if (const std::size_t count = report.Count(outcome); count > 0) {
      absl::StrAppend(&totals, totals.empty() ? "" : ", ", count, " ",
                      std::string(OutcomeName(outcome)));
    }
  }
  return totals;
}

void PrintJson(const std::string& path, const check::Result& result) {
  nlohmann::ordered_json json;
  json["good"] = result.report.good();
  json["config"] = path;
  if (result.subject.act) json["ledger"] = result.subject.act->ledger_id.hex();
  if (result.subject.self) json["member"] = result.subject.self->str();
  if (const auto& standing = result.subject.standing) {
    json["height"] = standing->height.value();
    json["entries"] = standing->entries;
    json["restoring"] = standing->restoring;
  }
  json["checks"] = nlohmann::ordered_json::array();
  for (const check::Finding& finding : result.report.findings()) {
    nlohmann::ordered_json one{{"check", finding.what},
                               {"outcome", std::string(OutcomeName(finding.outcome))},
                               {"says", finding.says}};
    if (!finding.hint.empty()) one["hint"] = finding.hint;
    json["checks"].push_back(std::move(one));
  }
  // What comes from a file may be no UTF-8.
  std::printf("%s\n",
              json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

}  // namespace

int Check(const std::string& path, const CheckOptions& options) {
  check::Options what;
  what.peers = options.peers;
  const check::Result result = check::Check(path, what);
  if (options.json) {
    PrintJson(path, result);
  } else {
    PrintFacts(path, result.subject);
    PrintFindings(result.report);
  }
  if (result.report.good()) {
    if (!options.json) std::printf("\nready: %s\n", Totals(result.report).c_str());
    return kDone;
  }
  return Refuse(absl::FailedPreconditionError(absl::StrCat("not ready: ", Totals(result.report))));
}

}  // namespace assent::node
