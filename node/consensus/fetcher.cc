#include "node/consensus/fetcher.h"

#include <algorithm>
#include <utility>

namespace assent::consensus {

void Fetcher::Want(const Hash& hash, View view, const Certificate& voters, Instant now) {
  if (wanted_.contains(hash)) return;
  const auto missing = std::ranges::count_if(
      wanted_, [](const auto& item) { return !item.second.sender.has_value(); });
  if (static_cast<std::size_t>(missing) >= kFetchesMax) return;
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

bool Fetcher::Expects(const Hash& hash, Position from) const {
  const auto found = wanted_.find(hash);
  return found != wanted_.end() && !found->second.sender && found->second.asked.contains(from);
}

void Fetcher::Arrived(const Hash& hash, Position from) {
  if (const auto found = wanted_.find(hash); found != wanted_.end()) found->second.sender = from;
}

void Fetcher::WasWrong(const Hash& hash, Instant now) {
  const auto found = wanted_.find(hash);
  if (found == wanted_.end() || !found->second.sender) return;
  Wanted& wanted = found->second;
  const Position liar = *std::exchange(wanted.sender, std::nullopt);
  wanted.asked.erase(liar);
  const auto at = std::ranges::find(wanted.holders, liar);
  if (at != wanted.holders.end() && wanted.holders.size() > 1) {
    if (at - wanted.holders.begin() < static_cast<std::ptrdiff_t>(wanted.next_holder)) {
      --wanted.next_holder;
    }
    wanted.holders.erase(at);
    wanted.next_holder %= wanted.holders.size();
  }
  wanted.at = now;
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
    if (wanted.at > now || wanted.sender) continue;
    for (std::size_t i = 0; i < wanted.holders.size(); ++i) {
      if (up.contains(wanted.holders[wanted.next_holder])) break;
      wanted.next_holder = (wanted.next_holder + 1) % wanted.holders.size();
    }
    due.emplace_back(wanted.holders[wanted.next_holder], hash);
    wanted.asked.insert(wanted.holders[wanted.next_holder]);
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
    if (wanted.sender) continue;
    if (!next || wanted.at < *next) next = wanted.at;
  }
  return next;
}

}  // namespace assent::consensus
