// What a check of a stored ledger has found.
#ifndef ASSENT_NODE_FSCK_FINDINGS_H_
#define ASSENT_NODE_FSCK_FINDINGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace assent::fsck {

// Faults that are told one by one. The first is what matters: others often follow from it.
inline constexpr std::size_t kFaultsToldMax = 20;

class Findings {
 public:
  // Something is not what it must be: "FAMILY: what, what is there, what must be".
  void Fault(std::string what) {
    if (++faults_count_ <= kFaultsToldMax) faults_.push_back(std::move(what));
  }
  // Something that nobody looked at, and why.
  void Unchecked(std::string what) { unchecked_.push_back(std::move(what)); }

  bool good() const { return faults_count_ == 0; }
  // In the order in which they were found, up to kFaultsToldMax of faults_count().
  const std::vector<std::string>& faults() const { return faults_; }
  std::uint64_t faults_count() const { return faults_count_; }
  const std::vector<std::string>& unchecked() const { return unchecked_; }

 private:
  std::vector<std::string> faults_;
  std::uint64_t faults_count_ = 0;
  std::vector<std::string> unchecked_;
};

}  // namespace assent::fsck

#endif  // ASSENT_NODE_FSCK_FINDINGS_H_
