#include "client/saved_evidence.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/evidence_check.h"
#include "client/kept_message.h"

namespace assent::client {
namespace {

constexpr std::string_view kName = "evidence";

}  // namespace

absl::StatusOr<FetchedEvidence> FetchEvidence(const AskPage& ask, const Auditor& auditor,
                                              const FoundingAct& act) {
  v1::AskRequest request;
  request.mutable_evidence();
  FetchedEvidence fetched;
  fetched.good.set_as_of(auditor.tip().height.value());
  fetched.good.set_as_of_us(auditor.tip().time.us);
  std::size_t bytes = 0;
  const auto end = FetchAnswer(ask, request, kEvidenceRowsMax, [&](const v1::AnswerRow& row) {
    if (!row.has_evidence()) return absl::DataLossError("the node answers another question");
    absl::Status checked = CheckEvidence(row.evidence(), act);
    if (checked.ok()) checked = CheckVoterKey(row.evidence(), auditor.state());
    if (!checked.ok()) {
      if (++fetched.refused == 1) fetched.fault = std::move(checked);
      return absl::OkStatus();
    }
    bytes += row.ByteSizeLong();
    if (bytes > kEvidenceBytesMax) {
      fetched.more = true;
    } else {
      *fetched.good.add_rows()->mutable_evidence() = row.evidence();
    }
    return absl::OkStatus();
  });
  if (!end.ok()) return end.status();
  fetched.more = fetched.more || end->more;
  return fetched;
}

absl::Status SaveEvidence(const std::string& folder, const v1::AskResponse& evidence) {
  return SaveKept(folder, kName, evidence);
}

absl::StatusOr<v1::AskResponse> LoadEvidence(const std::string& folder) {
  v1::AskResponse evidence;
  auto status = LoadKept(folder, kName, kEvidenceFileBytesMax, evidence);
  if (!status.ok()) return status;
  for (const v1::AnswerRow& row : evidence.rows()) {
    if (!row.has_evidence()) {
      return absl::InvalidArgumentError(
          absl::StrCat(folder, ": the saved evidence is damaged: save the audit once more"));
    }
  }
  return evidence;
}

}  // namespace assent::client
