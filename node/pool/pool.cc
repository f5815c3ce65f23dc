#include "node/pool/pool.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace assent::pool {
namespace {

std::string NameOf(const Entry& entry) {
  return absl::StrCat(entry.header().author.str(), "/", entry.header().sequence.value());
}

rules::Refusal UsedByAnother(const Entry& entry, std::string_view how) {
  return {"SEQUENCE_ALREADY_USED",
          absl::StrCat("another entry with sequence ", entry.header().sequence.value(), " of ",
                       entry.header().author.str(), " ", AbslView(how),
                       "; only one of them can ever be on the ledger"),
          NameOf(entry)};
}

}  // namespace

void Pool::Window::Push(Waiting waiting) {
  const EntryHeader& header = waiting.entry->header();
  earliest_not_after =
      entries.empty() ? header.not_after : std::min(earliest_not_after, header.not_after);
  bytes += waiting.entry->size_bytes();
  for (const auto& [key, value] : waiting.writes) {
    effect.insert_or_assign(key, value);
    writers.insert_or_assign(key, header.sequence);
  }
  entries.push_back(std::move(waiting));
}

void Pool::Window::PopFront() {
  const Waiting& front = entries.front();
  for (const auto& [key, value] : front.writes) {
    const auto writer = writers.find(key);
    if (writer == writers.end() || writer->second != front.entry->header().sequence) continue;
    writers.erase(writer);
    effect.erase(key);
  }
  bytes -= front.entry->size_bytes();
  entries.pop_front();
}

std::vector<EntryPtr> Pool::Window::CutFrom(std::size_t position) {
  std::vector<EntryPtr> cut;
  for (std::size_t i = position; i < entries.size(); ++i) cut.push_back(entries[i].entry);
  std::deque<Waiting> kept = std::move(entries);
  kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(position), kept.end());
  *this = Window();
  for (Waiting& waiting : kept) Push(std::move(waiting));
  return cut;
}

std::optional<std::size_t> Pool::Window::Find(Sequence sequence) const {
  const std::uint64_t first = entries.front().entry->header().sequence.value();
  if (sequence.value() < first || sequence.value() - first >= entries.size()) return std::nullopt;
  return static_cast<std::size_t>(sequence.value() - first);
}

std::optional<std::size_t> Pool::Window::FindExpired(Time now) {
  Time earliest = entries.front().entry->header().not_after;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Time not_after = entries[i].entry->header().not_after;
    if (not_after < now) return i;
    earliest = std::min(earliest, not_after);
  }
  earliest_not_after = earliest;
  return std::nullopt;
}

AddResult Pool::Add(EntryPtr entry, Time now, const std::optional<Rate>& rate) {
  const EntryHeader& header = entry->header();
  Sequence newest = rules::HeadOf(*state_, header.author).sequence;
  if (header.sequence <= newest) {
    return {Admission::kFinal, std::nullopt};
  }
  const auto found = windows_.find(header.author);
  const StateView* base = state_;
  std::optional<WritesView> waiting;
  if (found != windows_.end()) {
    const Window& window = found->second;
    if (const auto position = window.Find(header.sequence)) {
      const bool same = window.entries[*position].entry->leaf_hash() == entry->leaf_hash();
      if (same) return {Admission::kWaiting, std::nullopt};
      return {Admission::kRefused, UsedByAnother(*entry, "waits to be ordered")};
    }
    if (window.entries.size() >= kWindowEntriesMax ||
        window.bytes + entry->size_bytes() > kWindowBytesMax) {
      return {Admission::kFull, std::nullopt};
    }
    base = &waiting.emplace(state_, &window.effect);
    newest = window.entries.back().entry->header().sequence;
  }
  if (rate && header.sequence == newest.next()) {
    if (const auto wait = rate->limit->Take(header.author.str(), rate->now_us)) {
      return {Admission::kTooFast, std::nullopt, *wait};
    }
  }

  StateWrites writes;
  if (auto refusal = Try(*entry, base, now, &writes)) {
    return {Admission::kRefused, std::move(refusal)};
  }
  windows_[header.author].Push({std::move(entry), std::move(writes)});
  ++size_;
  return {Admission::kTaken, std::nullopt};
}

std::optional<rules::Refusal> Pool::Try(const Entry& entry, const StateView* base, Time time,
                                        StateWrites* writes) {
  StateOverlay overlay(base);
  const EntryIndex index(rules::kFirstWaitingIndex.value() + offered_++);
  auto refusal = rules::Apply(entry, rules::Position{index, Height(0), time}, overlay);
  if (writes != nullptr) *writes = overlay.TakeWrites();
  return refusal;
}

std::optional<std::size_t> Pool::FirstAfter(const MemberCode& author, const Window& window,
                                            const AuthorHeads& heads) {
  const auto head = heads.find(author);
  const AuthorHead before = head == heads.end() ? AuthorHead() : head->second;
  const auto position = window.Find(before.sequence.next());
  // A block under way may hold another entry in the place of the one before.
  if (!position || window.entries[*position].entry->header().previous != before.leaf_hash) {
    return std::nullopt;
  }
  return position;
}

std::vector<EntryPtr> Pool::Select(std::size_t entries_max, std::size_t bytes_max,
                                   const AuthorHeads& heads, std::uint64_t turn) const {
  struct Turn {
    const Window* window;
    std::size_t next;
    std::size_t end;  // after the last that may be selected
  };
  std::vector<Turn> turns;
  for (const auto& [author, window] : windows_) {
    const auto first = FirstAfter(author, window, heads);
    if (!first) continue;
    turns.push_back(
        {&window, *first, std::min(window.entries.size(), *first + kSelectedOfAuthorMax)});
  }
  if (turns.empty()) return {};
  std::rotate(turns.begin(), turns.begin() + static_cast<std::ptrdiff_t>(turn % turns.size()),
              turns.end());

  std::vector<EntryPtr> selected;
  std::size_t bytes = 0;
  while (!turns.empty()) {
    // One round: each author gives one entry or leaves.
    std::vector<Turn> again;
    for (const Turn& author : turns) {
      if (selected.size() >= entries_max) return selected;
      const EntryPtr& entry = author.window->entries[author.next].entry;
      if (bytes + entry->size_bytes() > bytes_max) continue;
      bytes += entry->size_bytes();
      selected.push_back(entry);
      if (author.next + 1 < author.end) {
        again.push_back({author.window, author.next + 1, author.end});
      }
    }
    turns = std::move(again);
  }
  return selected;
}

void Pool::DropFrom(Windows::iterator window, std::size_t position, const rules::Refusal& refusal,
                    std::vector<Dropped>& dropped) {
  const std::vector<EntryPtr> cut = window->second.CutFrom(position);
  size_ -= cut.size();
  for (const EntryPtr& entry : cut) {
    if (entry == cut.front()) {
      dropped.push_back({entry, refusal});
      continue;
    }
    dropped.push_back({entry,
                       {refusal.reason,
                        absl::StrCat("refused with ", NameOf(*cut.front()),
                                     ", to which it is linked: ", refusal.message),
                        NameOf(*entry)}});
  }
  if (window->second.entries.empty()) windows_.erase(window);
}

std::vector<Dropped> Pool::OnFinal(const std::vector<EntryPtr>& entries) {
  std::vector<Dropped> dropped;
  for (const EntryPtr& entry : entries) {
    const auto found = windows_.find(entry->header().author);
    if (found == windows_.end()) continue;
    Window& window = found->second;
    const auto position = window.Find(entry->header().sequence);
    if (!position || window.entries[*position].entry->leaf_hash() != entry->leaf_hash()) {
      // Nothing that waits continues what is on the ledger now.
      const bool later = window.entries.front().entry->header().sequence > entry->header().sequence;
      if (later) continue;
      DropFrom(found, 0, UsedByAnother(*window.entries.front().entry, "is on the ledger"), dropped);
      continue;
    }
    for (std::size_t i = 0; i <= *position; ++i) window.PopFront();
    size_ -= *position + 1;
    if (window.entries.empty()) windows_.erase(found);
  }
  return dropped;
}

std::vector<Dropped> Pool::Drop(const EntryPtr& entry, const rules::Refusal& refusal) {
  std::vector<Dropped> dropped;
  const auto found = windows_.find(entry->header().author);
  if (found == windows_.end()) return dropped;
  const auto position = found->second.Find(entry->header().sequence);
  if (!position || found->second.entries[*position].entry->leaf_hash() != entry->leaf_hash()) {
    return dropped;
  }
  DropFrom(found, *position, refusal, dropped);
  return dropped;
}

std::vector<Dropped> Pool::Expire(Time now) {
  std::vector<Dropped> dropped;
  for (auto next = windows_.begin(); next != windows_.end();) {
    const auto window = next++;  // may be erased
    if (window->second.earliest_not_after >= now) continue;
    const auto position = window->second.FindExpired(now);
    if (!position) continue;
    const Entry& entry = *window->second.entries[*position].entry;
    const rules::Refusal refusal = {
        "EXPIRED",
        absl::StrCat(NameOf(entry), " was not ordered before its not_after, ",
                     FormatTime(entry.header().not_after), "; sign it anew with a later one"),
        NameOf(entry)};
    DropFrom(window, *position, refusal, dropped);
  }
  return dropped;
}

std::vector<Dropped> Pool::DropUnfit(Time earliest, Time latest) {
  std::vector<Dropped> dropped;
  for (auto next = windows_.begin(); next != windows_.end();) {
    const auto window = next++;  // may be erased
    const Entry& entry = *window->second.entries.front().entry;
    const auto refusal = Try(entry, state_, latest, nullptr);
    if (!refusal || !Try(entry, state_, earliest, nullptr)) continue;
    DropFrom(window, 0, *refusal, dropped);
  }
  return dropped;
}

std::optional<AuthorHead> Pool::HeadOf(const MemberCode& author) const {
  const auto found = windows_.find(author);
  if (found == windows_.end()) return std::nullopt;
  const Entry& newest = *found->second.entries.back().entry;
  return AuthorHead{newest.header().sequence, newest.leaf_hash()};
}

std::size_t Pool::SizeOf(absl::FunctionRef<bool(const MemberCode& author)> counts) const {
  std::size_t size = 0;
  for (const auto& [author, window] : windows_) {
    if (counts(author)) size += window.entries.size();
  }
  return size;
}

std::vector<EntryPtr> Pool::All() const {
  std::vector<EntryPtr> all;
  all.reserve(size_);
  for (const auto& [author, window] : windows_) {
    for (const Waiting& waiting : window.entries) all.push_back(waiting.entry);
  }
  return all;
}

}  // namespace assent::pool
