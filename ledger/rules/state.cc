#include "ledger/rules/state.h"

#include <algorithm>

namespace assent {
namespace {

bool HasPrefix(std::string_view key, std::string_view prefix) {
  return key.substr(0, prefix.size()) == prefix;
}

std::optional<std::string> GetMerged(const StateView& base, const StateWrites& writes,
                                     std::string_view key) {
  const auto found = writes.find(std::string(key));
  return found == writes.end() ? base.Get(key) : found->second;
}

// Walks base and writes side by side; where both have a key, the write holds.
void ScanMerged(const StateView& base, const StateWrites& writes, std::string_view prefix,
                std::string_view from, StateView::Visitor visit) {
  auto write = writes.lower_bound(std::string(std::max(prefix, from)));
  bool go_on = true;
  // Visits the puts that come before `bound`, or all that are left.
  const auto visit_writes_before = [&](std::optional<std::string_view> bound) {
    for (; go_on && write != writes.end() && HasPrefix(write->first, prefix); ++write) {
      if (bound && write->first >= *bound) return;
      if (write->second) go_on = visit(write->first, *write->second);
    }
  };
  base.Scan(prefix, from, [&](std::string_view key, std::string_view value) {
    visit_writes_before(key);
    if (!go_on) return false;
    if (write != writes.end() && write->first == key) {
      if (write->second) go_on = visit(key, *write->second);
      ++write;
    } else {
      go_on = visit(key, value);
    }
    return go_on;
  });
  visit_writes_before(std::nullopt);
}

}  // namespace

std::optional<std::string> StateOverlay::Get(std::string_view key) const {
  return GetMerged(*base_, writes_, key);
}

void StateOverlay::Scan(std::string_view prefix, std::string_view from, Visitor visit) const {
  ScanMerged(*base_, writes_, prefix, from, visit);
}

void StateOverlay::Put(std::string_view key, std::string value) {
  writes_.insert_or_assign(std::string(key), std::move(value));
}

void StateOverlay::Remove(std::string_view key) {
  writes_.insert_or_assign(std::string(key), std::nullopt);
}

std::optional<std::string> WritesView::Get(std::string_view key) const {
  return GetMerged(*base_, *writes_, key);
}

void WritesView::Scan(std::string_view prefix, std::string_view from, Visitor visit) const {
  ScanMerged(*base_, *writes_, prefix, from, visit);
}

std::optional<std::string> MemoryState::Get(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

void MemoryState::Scan(std::string_view prefix, std::string_view from, Visitor visit) const {
  for (auto at = values_.lower_bound(std::max(prefix, from));
       at != values_.end() && HasPrefix(at->first, prefix); ++at) {
    if (!visit(at->first, at->second)) return;
  }
}

void MemoryState::Apply(const StateWrites& writes) {
  for (const auto& [key, value] : writes) {
    if (value) {
      values_.insert_or_assign(key, *value);
    } else {
      values_.erase(key);
    }
  }
}

}  // namespace assent
