// A log as a node serves it, which tests spoil, and its audit.
#ifndef ASSENT_TESTS_UNIT_LEDGER_AUDIT_AUDITED_LOG_H_
#define ASSENT_TESTS_UNIT_LEDGER_AUDIT_AUDITED_LOG_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/audit.h"
#include "tests/support/test_chain.h"

namespace assent {

inline void InOrder(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t i = 0; i < count; ++i) work(i);
}

class AuditedLog : public ::testing::Test {
 protected:
  static constexpr std::size_t kMembers = 4;

  explicit AuditedLog(const ActParameters& parameters = {}) : chain_(kMembers, parameters) {}

  static void HideBody(v1::Entry& entry) {
    entry.clear_body();
    entry.clear_salt();
  }

  // The verdict on these blocks, taken `at_a_time`.
  absl::Status AuditOf(const std::vector<v1::FinalBlock>& blocks, std::size_t at_a_time = 100) {
    auditor_.emplace(chain_.ledger.act, InOrder);
    for (std::size_t i = 0; i < blocks.size(); i += at_a_time) {
      const std::vector<v1::FinalBlock> some(
          blocks.begin() + static_cast<std::ptrdiff_t>(i),
          blocks.begin() + static_cast<std::ptrdiff_t>(std::min(i + at_a_time, blocks.size())));
      if (auto status = auditor_->Check(some); !status.ok()) return status;
    }
    return auditor_->Finish();
  }

  testing::TestChain chain_;
  std::vector<v1::FinalBlock> blocks_;
  std::optional<Auditor> auditor_;
};

}  // namespace assent

#endif  // ASSENT_TESTS_UNIT_LEDGER_AUDIT_AUDITED_LOG_H_
