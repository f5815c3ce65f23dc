#include "node/check/report.h"

#include <algorithm>

namespace assent::check {

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kGood:
      return "good";
    case Outcome::kNote:
      return "note";
    case Outcome::kWrong:
      return "wrong";
    case Outcome::kNotRun:
      return "not run";
  }
  return "";
}

void Report::Good(std::string what, std::string says) {
  Add(Outcome::kGood, std::move(what), std::move(says), "");
}

void Report::Note(std::string what, std::string says, std::string hint) {
  Add(Outcome::kNote, std::move(what), std::move(says), std::move(hint));
}

void Report::Wrong(std::string what, std::string says, std::string hint) {
  Add(Outcome::kWrong, std::move(what), std::move(says), std::move(hint));
}

void Report::Wrong(std::string what, const absl::Status& status, std::string hint) {
  Wrong(std::move(what), std::string(status.message()), std::move(hint));
}

void Report::NotRun(std::string what, std::string why) {
  Add(Outcome::kNotRun, std::move(what), std::move(why), "");
}

std::size_t Report::Count(Outcome outcome) const {
  return static_cast<std::size_t>(
      std::count_if(findings_.begin(), findings_.end(),
                    [outcome](const Finding& finding) { return finding.outcome == outcome; }));
}

void Report::Add(Outcome outcome, std::string what, std::string says, std::string hint) {
  findings_.push_back({std::move(what), outcome, std::move(says), std::move(hint)});
}

}  // namespace assent::check
