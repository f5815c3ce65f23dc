// The questions, each in the file of its family. They fill a page; the public face is questions.h.
#ifndef ASSENT_LEDGER_QUESTIONS_ANSWERS_H_
#define ASSENT_LEDGER_QUESTIONS_ANSWERS_H_

#include <array>
#include <string_view>

#include "absl/status/status.h"
#include "assent/v1/questions.pb.h"
#include "ledger/questions/page.h"
#include "ledger/questions/snapshot.h"

namespace assent::questions {

// Records from which the totals of launches follow.
inline constexpr std::array<std::string_view, 2> kLaunchTypes{"LaunchNotification", "LaunchReport"};

// What one answer is made of.
struct Asked {
  const Snapshot& ledger;
  const Sight& sight;
  Page& page;
};

absl::Status Answer(const Asked& asked, const v1::LaunchesWithoutTimelyNotification& question);
absl::Status Answer(const Asked& asked, const v1::MissingDeclarations& question);
absl::Status Answer(const Asked& asked, const v1::NilFilers& question);
absl::Status Answer(const Asked& asked, const v1::Discrepancies& question);
absl::Status Answer(const Asked& asked, const v1::ActiveNotifications& question);
absl::Status Answer(const Asked& asked, const v1::ExpiredUnresolved& question);
absl::Status Answer(const Asked& asked, const v1::RevisionStatus& question);
absl::Status Answer(const Asked& asked, const v1::RecordHistory& question);
absl::Status Answer(const Asked& asked, const v1::OpenClarifications& question);
absl::Status Answer(const Asked& asked, const v1::PledgesAndOffers& question);
absl::Status Answer(const Asked& asked, const v1::Due& question);
absl::Status Answer(const Asked& asked, const v1::YearTotals& question);

}  // namespace assent::questions

#endif  // ASSENT_LEDGER_QUESTIONS_ANSWERS_H_
