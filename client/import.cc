#include "client/import.h"

#include <limits>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/answers.h"
#include "client/entry_files.h"
#include "client/errors.h"
#include "client/filing.h"
#include "client/releases.h"
#include "client/transfers.h"
#include "ledger/crypto/hash.h"

namespace assent::client {
namespace {

constexpr std::int32_t kPageSize = 1'000;
constexpr std::chrono::milliseconds kLookAgain{200};
constexpr Duration kValidFor = Days(7);

// All entries of a type by an author that this session may read, in the order of the log.
absl::Status ForEach(Session& session, const MemberCode& author, const char* type,
                     const std::function<void(const AnsweredEntry&)>& visit) {
  v1::ListEntriesRequest request;
  request.set_author(author.str());
  request.set_type(type);
  return FetchEntries(session, std::move(request), kPageSize,
                      std::numeric_limits<std::uint64_t>::max(),
                      [&](const v1::LedgerEntry& answer) {
                        const auto entry = CheckAnswer(answer, session.act());
                        if (entry.ok() && entry->body) visit(*entry);
                        return entry.status();
                      })
      .status();
}

absl::StatusOr<Draft> ReleaseWith(Signer* releaser, const Draft& draft) {
  if (releaser == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("what ", draft.author.str(),
                     " files must be released: \"releaser\" is needed in its configuration file"));
  }
  const auto name = ReleaserName(draft, releaser->public_key(), "");
  if (!name.ok()) return name.status();
  return ReleaseDraft(draft, *releaser, *name);
}

}  // namespace

StateImport::StateImport(Session& session, MemberCode state, std::unique_ptr<Signer> signer,
                         std::unique_ptr<Signer> releaser, std::vector<ClassedLaunch> launches,
                         ImportTerms terms, Time now)
    : session_(session),
      state_(std::move(state)),
      signer_(std::move(signer)),
      releaser_(std::move(releaser)),
      launches_(std::move(launches)),
      terms_(std::move(terms)),
      now_(now) {}

absl::Status StateImport::Look() {
  if (auto status = WaitForEntriesUnderWay(); !status.ok()) return status;
  if (auto status = LookForNotifications(); !status.ok()) return status;
  if (auto status = LookForReports(); !status.ok()) return status;
  Count();
  return absl::OkStatus();
}

// What an import before this one has sent is on the ledger or will never be, then.
absl::Status StateImport::WaitForEntriesUnderWay() {
  const auto deadline = std::chrono::steady_clock::now() + kUnderWayPatience;
  while (true) {
    const auto all = FetchStanding(session_, state_);
    if (!all.ok()) return all.status();
    const auto final = FetchStanding(session_, state_, false);
    if (!final.ok()) return final.status();
    if (final->head.sequence >= all->head.sequence) return absl::OkStatus();
    if (std::chrono::steady_clock::now() >= deadline) {
      return absl::UnavailableError(
          absl::StrCat("entries of ", state_.str(), " up to ", all->head.sequence.value(),
                       " wait at the node, and ", final->head.sequence.value(),
                       " is the newest that is final: too few nodes may be up; try again later"));
    }
    std::this_thread::sleep_for(kLookAgain);
  }
}

absl::Status StateImport::LookForNotifications() {
  return ForEach(session_, state_, "LaunchNotification", [this](const AnsweredEntry& entry) {
    const std::string& reference = entry.body->launch_notification().reference();
    const bool holds = entry.status == v1::CURRENT || entry.status == v1::AMENDED;
    on_ledger_.insert_or_assign(reference, OnLedger{.newest = entry.index, .holds = holds});
    reference_of_notification_.insert_or_assign(entry.index, reference);
  });
}

// A report that its author has taken back is not filed again.
absl::Status StateImport::LookForReports() {
  return ForEach(session_, state_, "LaunchReport", [this](const AnsweredEntry& entry) {
    const v1::LaunchReport& report = entry.body->launch_report();
    if (!report.has_notification()) return;
    const auto reference = reference_of_notification_.find(EntryIndex(report.notification()));
    if (reference == reference_of_notification_.end()) return;
    on_ledger_.at(reference->second).reported = true;
  });
}

bool StateImport::HasTakenPlace(const Launch& launch) const {
  return launch.time + terms_.shift <= now_ - kClockMargin;
}

bool StateImport::ToBeReported(const Launch& launch) const {
  if (!HasTakenPlace(launch)) return false;
  const auto found = on_ledger_.find(launch.reference);
  return found == on_ledger_.end() || (found->second.holds && !found->second.reported);
}

void StateImport::Count() {
  counts_ = ImportCounts{};
  counts_.launches = launches_.size();
  for (const auto& [launch, class_id] : launches_) {
    const auto found = on_ledger_.find(launch.reference);
    if (found != on_ledger_.end()) {
      ++counts_.notified_before;
      if (found->second.reported) {
        ++counts_.reported_before;
        continue;
      }
      if (!found->second.holds) {
        ++counts_.dropped;
        continue;
      }
    }
    if (!HasTakenPlace(launch)) ++counts_.ahead;
  }
}

std::size_t StateImport::Wanted() const {
  std::size_t wanted = 0;
  for (const auto& [launch, class_id] : launches_) {
    if (!on_ledger_.contains(launch.reference)) ++wanted;
    if (ToBeReported(launch)) ++wanted;
  }
  return wanted;
}

absl::Status StateImport::File(const std::function<void(std::size_t done)>& on_progress) {
  if (auto status = FileNotifications(on_progress); !status.ok()) return status;
  return FileReports(on_progress);
}

absl::Status StateImport::FileNotifications(const std::function<void(std::size_t)>& on_progress) {
  std::vector<v1::Body> bodies;
  std::vector<int> lines;
  std::vector<const Launch*> filed;
  for (const auto& [launch, class_id] : launches_) {
    if (on_ledger_.contains(launch.reference)) continue;
    bodies.push_back(NotificationOf(launch, class_id, session_.act().text.classes, terms_));
    lines.push_back(launch.line);
    filed.push_back(&launch);
  }
  std::vector<EntryIndex> indices;
  absl::Status status = FileBodies(bodies, lines, on_progress, indices);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    on_ledger_.emplace(filed[i]->reference, OnLedger{.newest = indices[i]});
  }
  counts_.notified = indices.size();
  return status;
}

absl::Status StateImport::FileReports(const std::function<void(std::size_t)>& on_progress) {
  std::vector<v1::Body> bodies;
  std::vector<int> lines;
  for (const auto& [launch, class_id] : launches_) {
    if (!ToBeReported(launch)) continue;
    bodies.push_back(ReportOf(launch, on_ledger_.at(launch.reference).newest, terms_));
    lines.push_back(launch.line);
  }
  std::vector<EntryIndex> indices;
  absl::Status status = FileBodies(
      bodies, lines, [&](std::size_t done) { on_progress(counts_.notified + done); }, indices);
  counts_.reported = indices.size();
  return status;
}

absl::Status StateImport::FileBodies(const std::vector<v1::Body>& bodies,
                                     const std::vector<int>& lines,
                                     const std::function<void(std::size_t)>& on_progress,
                                     std::vector<EntryIndex>& indices) {
  if (bodies.empty()) return absl::OkStatus();
  const auto standing = FetchStanding(session_, state_);
  if (!standing.ok()) return standing.status();
  Draft draft{session_.act().ledger_id, state_, standing->head, {}, standing->releasers};
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    draft.entries.push_back({.source = absl::StrCat("line ", lines[i]),
                             .body = bodies[i].SerializeAsString(),
                             .salt = RandomSalt(),
                             .not_after = now_ + kValidFor});
  }
  if (!draft.releasers.empty()) {
    auto released = ReleaseWith(releaser_.get(), draft);
    if (!released.ok()) return released.status();
    draft = *std::move(released);
  }
  const auto entries = SignDraft(draft, *signer_);
  if (!entries.ok()) return entries.status();
  FilingOptions options;
  options.on_progress = on_progress;
  const FilingResult result = FileEntries(session_, *entries, options);
  for (const VerifiedReceipt& receipt : result.receipts) indices.push_back(receipt.proof.index);
  return result.status;
}

}  // namespace assent::client
