#include "node/consensus/fetcher.h"

#include <algorithm>

namespace assent::consensus {

void Fetcher::Want(const Hash& hash, View view, const Certificate& voters, Instant now) {
  if (wanted_.size() >= kFetchesMax || wanted_.contains(hash)) return;
  Wanted wanted;
  wanted.view = view;
  for (const auto& [voter, signature] : voters.votes) {
    if (voter != self_) wanted.holders.push_back(voter);
  }
  if (wanted.holders.empty()) return;
  // Those that lack the same block begin with different holders.
  wanted.next_holder = self_.value_or(0) % wanted.holders.size();
  wanted.at = now + first_;
  wanted.wait = first_;
  wanted_.emplace(hash, std::move(wanted));
}

int Fetcher::Attempts(const Hash& hash) const {
  const auto found = wanted_.find(hash);
  return found == wanted_.end() ? 0 : found->second.attempts;
}

void Fetcher::DropUpTo(View view) {
  std::erase_if(wanted_, [view](const auto& item) { return item.second.view <= view; });
}

std::vector<std::pair<Position, Hash>> Fetcher::Due(Instant now, const std::set<Position>& up) {
  std::vector<std::pair<Position, Hash>> due;
  for (auto& [hash, wanted] : wanted_) {
    if (wanted.at > now) continue;
    for (std::size_t i = 0; i < wanted.holders.size(); ++i) {
      if (up.contains(wanted.holders[wanted.next_holder])) break;
      wanted.next_holder = (wanted.next_holder + 1) % wanted.holders.size();
    }
    due.emplace_back(wanted.holders[wanted.next_holder], hash);
    wanted.next_holder = (wanted.next_holder + 1) % wanted.holders.size();
    ++wanted.attempts;
    wanted.wait = std::min(max_, Duration{wanted.wait.us * 2});
    wanted.at = now + wanted.wait;
  }
  return due;
}

std::optional<Instant> Fetcher::Next() const {
  std::optional<Instant> next;
  for (const auto& [hash, wanted] : wanted_) {
    if (!next || wanted.at < *next) next = wanted.at;
  }
  return next;
}

}  // namespace assent::consensus
