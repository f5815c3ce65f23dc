#include "tests/simulation/failing_store.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/simulation/rotten_view.h"

namespace assent::simulation {

absl::Status FailingStore::Write(const replica::Batch& batch) {
  return disk_->Write([&] {
    for (const auto& [key, value] : batch.evidence) CheckEvidence(key, value);
    store_.Write(batch).IgnoreError();  // in memory it does not fail
    if (trace_) trace_->Wrote(owner_, batch.journal.size(), batch.blocks.size());
  });
}

std::shared_ptr<const replica::ReadView> FailingStore::Read() const {
  if (!disk_->rotten()) return store_.Read();
  return std::make_shared<const RottenView>(store_.Read(), disk_);
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
  if (disk_->FindsRot(Part::kJournal, std::nullopt)) return Disk::BadChecksum();
  return store_.ReadJournal(visit);
}

}  // namespace assent::simulation
