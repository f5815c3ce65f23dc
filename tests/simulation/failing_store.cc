#include "tests/simulation/failing_store.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace assent::simulation {

absl::Status FailingStore::Write(const replica::Batch& batch) {
  if (fault_ == DiskFault::kFailsUnwritten) return absl::UnavailableError("the disk fails");
  for (const auto& [key, value] : batch.evidence) CheckEvidence(key, value);
  const absl::Status status = store_.Write(batch);
  if (fault_ == DiskFault::kFailsWritten) return absl::UnavailableError("the disk seems to fail");
  return status;
}

// Keys are vote/CODE/... and checkpoint/CODE/...
void FailingStore::CheckEvidence(std::string_view key, std::string_view value) {
  const std::vector<std::string> parts = absl::StrSplit(AbslView(key), '/');
  const auto code = parts.size() < 2 ? std::nullopt : MemberCode::From(parts[1]);
  const auto accused = code ? accused_(*code) : std::nullopt;
  if (!accused || (parts[0] == "vote" && !consensus::ParseEvidence(value).ok())) {
    checker_->Fail(absl::StrCat("node ", owner_, " stores evidence that is none"));
  } else {
    checker_->OnEvidence(owner_, *accused);
  }
}

absl::Status FailingStore::ReadJournal(
    absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const {
  if (rotten_) return absl::DataLossError("a checksum does not match");
  return store_.ReadJournal(visit);
}

}  // namespace assent::simulation
