#include "client/saved_evidence.h"

#include "absl/strings/str_cat.h"
#include "client/evidence_check.h"
#include "client/files.h"
#include "ledger/bytes.h"
#include "ledger/crypto/hash.h"

namespace assent::client {
namespace {

constexpr std::string_view kEvidenceMagic = "assent evidence 1\n";
constexpr std::string_view kEvidenceOfAnyVersion = "assent evidence ";

std::string EvidencePath(const std::string& folder) { return folder + "/evidence"; }

absl::Status DamagedEvidence() {
  return absl::InvalidArgumentError("the saved evidence is damaged");
}

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

std::string FormatEvidence(const v1::AskResponse& evidence) {
  std::string out(kEvidenceMagic);
  out += evidence.SerializeAsString();
  out += Sha256(out).view();
  return out;
}

absl::StatusOr<v1::AskResponse> ParseEvidence(std::string_view bytes) {
  if (bytes.starts_with(kEvidenceOfAnyVersion) && !bytes.starts_with(kEvidenceMagic)) {
    return absl::InvalidArgumentError("the evidence was saved by another version");
  }
  if (!bytes.starts_with(kEvidenceMagic) || bytes.size() < kEvidenceMagic.size() + Hash::kSize)
    return DamagedEvidence();
  const std::string_view hashed = bytes.substr(0, bytes.size() - Hash::kSize);
  v1::AskResponse evidence;
  if (Sha256(hashed).view() != bytes.substr(hashed.size()) ||
      !evidence.ParseFromString(std::string(hashed.substr(kEvidenceMagic.size())))) {
    return DamagedEvidence();
  }
  for (const v1::AnswerRow& row : evidence.rows()) {
    if (!row.has_evidence()) return DamagedEvidence();
  }
  return evidence;
}

absl::Status SaveEvidence(const std::string& folder, const v1::AskResponse& evidence) {
  return ReplaceFile(EvidencePath(folder), FormatEvidence(evidence), kSecretMode);
}

absl::StatusOr<v1::AskResponse> LoadEvidence(const std::string& folder) {
  const auto bytes = ReadFile(EvidencePath(folder), kEvidenceFileBytesMax);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(absl::StrCat(
        folder, ": no evidence was saved with this audit: let it go on with assent audit --save"));
  }
  if (!bytes.ok()) return bytes.status();
  auto evidence = ParseEvidence(*bytes);
  if (evidence.ok()) return evidence;
  return absl::InvalidArgumentError(
      absl::StrCat(folder, ": ", evidence.status().message(), ": save the audit once more"));
}

}  // namespace assent::client
