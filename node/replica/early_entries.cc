#include "node/replica/early_entries.h"

namespace assent::replica {

bool EarlyEntries::Add(Submitted& submitted, std::int64_t monotonic_us) {
  const EntryHeader& header = submitted.entry->header();
  auto& of_author = early_[header.author];
  const auto found = of_author.find(header.sequence);
  if (found == of_author.end()) {
    if (of_author.size() >= kPerAuthorMax) return false;
    Early& early = of_author[header.sequence];
    early.since_us = monotonic_us;
    early.submitted.push_back(std::move(submitted));
    return true;
  }
  std::vector<Submitted>& callers = found->second.submitted;
  if (callers.front().entry->leaf_hash() != submitted.entry->leaf_hash()) return false;
  if (callers.size() >= kCallersPerEntryMax) return false;
  callers.push_back(std::move(submitted));
  return true;
}

std::vector<Submitted> EarlyEntries::TakeNext(const MemberCode& author, Sequence sequence) {
  const auto of_author = early_.find(author);
  if (of_author == early_.end()) return {};
  auto next = of_author->second.extract(sequence.next());
  if (of_author->second.empty()) early_.erase(of_author);
  if (next.empty()) return {};
  return std::move(next.mapped().submitted);
}

std::vector<Submitted> EarlyEntries::TakeExpired(std::int64_t monotonic_us) {
  std::vector<Submitted> expired;
  for (auto author = early_.begin(); author != early_.end();) {
    auto& entries = author->second;
    for (auto entry = entries.begin(); entry != entries.end();) {
      if (monotonic_us - entry->second.since_us < kPatienceUs) {
        ++entry;
        continue;
      }
      for (Submitted& one : entry->second.submitted) expired.push_back(std::move(one));
      entry = entries.erase(entry);
    }
    author = entries.empty() ? early_.erase(author) : std::next(author);
  }
  return expired;
}

}  // namespace assent::replica
