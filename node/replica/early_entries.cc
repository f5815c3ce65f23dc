#include "node/replica/early_entries.h"

namespace assent::replica {

bool EarlyEntries::Add(Submitted& submitted, std::int64_t monotonic_us) {
  const EntryHeader& header = submitted.entry->header();
  auto& of_author = early_[header.author];
  if (of_author.size() >= kPerAuthorMax || of_author.contains(header.sequence)) return false;
  of_author.emplace(header.sequence, Early{std::move(submitted), monotonic_us});
  return true;
}

std::optional<Submitted> EarlyEntries::TakeNext(const MemberCode& author, Sequence sequence) {
  const auto of_author = early_.find(author);
  if (of_author == early_.end()) return std::nullopt;
  auto next = of_author->second.extract(sequence.next());
  if (of_author->second.empty()) early_.erase(of_author);
  if (next.empty()) return std::nullopt;
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
      expired.push_back(std::move(entry->second.submitted));
      entry = entries.erase(entry);
    }
    author = entries.empty() ? early_.erase(author) : std::next(author);
  }
  return expired;
}

}  // namespace assent::replica
