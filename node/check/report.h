// What a check of a node has found: everything, not the first thing only, each with what to do.
#ifndef ASSENT_NODE_CHECK_REPORT_H_
#define ASSENT_NODE_CHECK_REPORT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace assent::check {

enum class Outcome {
  kGood,
  kNote,    // worth a look; the node can run
  kWrong,   // to be mended
  kNotRun,  // could not be looked at, so nothing is known
};
// "good", "note", "wrong", "not run"
std::string_view OutcomeName(Outcome outcome);

struct Finding {
  std::string what;  // was looked at
  Outcome outcome = Outcome::kNotRun;
  std::string says;
  std::string hint;  // what to do; may be empty
};

// One thread.
class Report {
 public:
  void Good(std::string what, std::string says);
  void Note(std::string what, std::string says, std::string hint);
  void Wrong(std::string what, std::string says, std::string hint);
  void Wrong(std::string what, const absl::Status& status, std::string hint);
  void NotRun(std::string what, std::string why);

  const std::vector<Finding>& findings() const { return findings_; }
  std::size_t Count(Outcome outcome) const;
  // Nothing is wrong, and everything was looked at.
  bool good() const { return Count(Outcome::kWrong) == 0 && Count(Outcome::kNotRun) == 0; }

 private:
  void Add(Outcome outcome, std::string what, std::string says, std::string hint);

  std::vector<Finding> findings_;
};

}  // namespace assent::check

#endif  // ASSENT_NODE_CHECK_REPORT_H_
