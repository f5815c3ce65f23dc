// The compliance report of a year: several answers as of one height, put together for print.
#ifndef ASSENT_CLIENT_COMPLIANCE_REPORT_H_
#define ASSENT_CLIENT_COMPLIANCE_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/questions.pb.h"
#include "client/asking.h"
#include "client/tree.h"

namespace assent::client {

inline constexpr std::uint64_t kReportRowsMax = 1'000'000;  // of one of its answers

struct ComplianceReport {
  std::uint32_t year = 0;
  AnswerEnd end;
  std::vector<v1::AnswerRow> totals;         // one a member
  std::vector<v1::AnswerRow> missing;        // declarations
  std::vector<v1::AnswerRow> discrepancies;  // none where `for_members` is false
  std::vector<v1::AnswerRow> untimely;       // launches
  std::vector<v1::AnswerRow> historic;       // launches of a time before membership
  std::vector<v1::AnswerRow> unresolved;     // notifications whose window ended in the year
  bool for_members = false;                  // the reader sees all records
};

// Asks all of it, as of one height: the newest when `as_of` is absent. DataLoss: an answer has more
// than kReportRowsMax rows.
absl::StatusOr<ComplianceReport> FetchReport(const AskPage& ask, std::uint32_t year,
                                             std::optional<std::uint64_t> as_of);

// For people, to be printed: plain text without colour. `origin` names the ledger.
std::string ReportText(const ComplianceReport& report, const std::string& origin);
// For programs.
Tree ReportTree(const ComplianceReport& report, const std::string& origin);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMPLIANCE_REPORT_H_
