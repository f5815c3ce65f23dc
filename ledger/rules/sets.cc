#include "ledger/rules/sets.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/index.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/past.h"
#include "ledger/rules/read.h"
#include "ledger/rules/set_visit.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

// Keys of the past that are read at once.
constexpr std::size_t kPastBatch = 16;
// After so many in a row that had left by then or were not in yet, the index of the past is used:
// it takes a look at a node for each power of two before it finds anything.
constexpr std::size_t kVainKeysMax = 128;

// What has left a set by now but was in it at a size, in the order of places: of all keys that
// begin with `base`, before their places.
class PastScan {
 public:
  PastScan(const StateView& state, SkipFn skip, std::string base, std::string_view prefix,
           std::string_view from, std::uint64_t tree_size)
      : state_(state),
        skip_(skip),
        base_(std::move(base)),
        prefix_(absl::StrCat(base_, AbslView(prefix))),
        next_key_(absl::StrCat(base_, AbslView(from))),
        tree_size_(tree_size) {}

  // The first place not passed by; null when none is known yet.
  const std::string* front() const { return found_.empty() ? nullptr : &found_.front(); }
  void Pass() { found_.pop_front(); }
  bool ended() const { return ended_ && found_.empty(); }
  // All places up to here were looked at.
  const std::string& seen() const { return seen_; }
  // Keys that were looked at since the last one found.
  std::size_t vain() const { return vain_; }

  // Looks at the next keys, and at all of the last place among them.
  void Read(std::size_t& keys) {
    std::size_t wanted = std::min(kPastBatch, keys);
    ended_ = true;
    state_.Scan(prefix_, next_key_, [&](std::string_view key, std::string_view value) {
      const std::string_view place = key.substr(base_.size(), key.rfind('/') - base_.size());
      if (wanted == 0 && place != seen_) {
        ended_ = false;
        return false;
      }
      if (wanted > 0) --wanted;
      if (keys > 0) --keys;
      if (const auto to = skip_(place)) {
        seen_ = place;
        next_key_ = base_ + *to;
        ended_ = false;
        return false;
      }
      const auto span = Decode<v1::SpanState>(key, value);
      seen_ = place;
      next_key_ = std::string(key) + '\0';
      ++vain_;
      if (span.since() < tree_size_ && tree_size_ <= span.until()) {
        found_.push_back(seen_);
        vain_ = 0;
      }
      return true;
    });
  }

 private:
  const StateView& state_;
  SkipFn skip_;
  std::string base_;
  std::string prefix_;
  std::string next_key_;
  std::uint64_t tree_size_;
  std::deque<std::string> found_;
  std::string seen_;
  std::size_t vain_ = 0;
  bool ended_ = false;
};

// The same from all nodes of the index at once. What stands under several of them comes in the
// order of places.
class MergedScan {
 public:
  MergedScan(const StateView& state, const SetRange& range, SkipFn skip, std::string_view from) {
    for (std::string& base : IndexPrefixesAt(state, range.set, range.tree_size)) {
      nodes_.emplace_back(state, skip, std::move(base), range.prefix, from, range.tree_size);
    }
  }

  const std::string* front() {
    PastScan* const first = First();
    PastScan* const behind = Behind();
    // A node that has not been looked at so far may have something before it.
    if (first == nullptr || (behind != nullptr && behind->seen() < *first->front())) return nullptr;
    return first->front();
  }
  void Pass() { First()->Pass(); }
  bool ended() const {
    return std::all_of(nodes_.begin(), nodes_.end(), [](const auto& node) { return node.ended(); });
  }
  // These two where there is neither a front nor an end.
  const std::string& seen() { return Behind()->seen(); }
  void Read(std::size_t& keys) { Behind()->Read(keys); }

 private:
  // The node with the first place of those that have found one; null when none has.
  PastScan* First() {
    PastScan* first = nullptr;
    for (PastScan& node : nodes_) {
      if (node.front() == nullptr) continue;
      if (first == nullptr || *node.front() < *first->front()) first = &node;
    }
    return first;
  }
  // Of those that have found nothing yet and may, the one that has got least far; null when there
  // is none.
  PastScan* Behind() {
    PastScan* behind = nullptr;
    for (PastScan& node : nodes_) {
      if (node.front() != nullptr || node.ended()) continue;
      if (behind == nullptr || node.seen() < behind->seen()) behind = &node;
    }
    return behind;
  }

  std::vector<PastScan> nodes_;
};

// The same by reading over what has left, and by the index from where that is in vain.
class Past {
 public:
  Past(const StateView& state, const SetRange& range, SkipFn skip)
      : state_(state),
        range_(range),
        skip_(skip),
        all_(state, skip, PastPrefix(range.set), range.prefix, range.from, range.tree_size) {}

  const std::string* front() { return indexed_ ? indexed_->front() : all_.front(); }
  void Pass() { indexed_ ? indexed_->Pass() : all_.Pass(); }
  bool ended() const { return indexed_ ? indexed_->ended() : all_.ended(); }
  // All places up to here were looked at. These two where there is neither a front nor an end.
  const std::string& seen() {
    return indexed_ ? std::max(all_.seen(), indexed_->seen()) : all_.seen();
  }
  void Read(std::size_t& keys) {
    if (!indexed_ && all_.vain() >= kVainKeysMax && state_.Get(kPastMark)) {
      indexed_.emplace(state_, range_, skip_, After(all_.seen()));
      if (indexed_->ended()) return;
    }
    indexed_ ? indexed_->Read(keys) : all_.Read(keys);
  }

 private:
  const StateView& state_;
  const SetRange& range_;
  SkipFn skip_;
  PastScan all_;
  std::optional<MergedScan> indexed_;
};

// As of a size of the log: what is in the set since before, and what has left it after.
class PastVisit {
 public:
  using Visit = absl::FunctionRef<bool(std::string_view place)>;
  PastVisit(const StateView& state, const SetRange& range, SkipFn skip, std::size_t& keys,
            Visit visit)
      : state_(state),
        range_(range),
        skip_(skip),
        keys_(keys),
        visit_(visit),
        past_(state, range, skip) {}

  std::optional<std::string> Run() {
    std::optional<std::string> from(range_.from);
    while (go_on_ && from) from = VisitPresentFrom(*from);
    if (go_on_) VisitPastBefore(std::nullopt);
    return stopped_;
  }

 private:
  // Visits what is in the set now and was then, with what has left before it, up to something that
  // is not wanted: then, where to go on.
  std::optional<std::string> VisitPresentFrom(const std::string& from) {
    const std::string base = PresentPrefix(range_.set);
    std::optional<std::string> skip_to;
    state_.Scan(absl::StrCat(base, AbslView(range_.prefix)), absl::StrCat(base, from),
                [&](std::string_view key, std::string_view value) {
                  const std::string_view place = key.substr(base.size());
                  if (!VisitPastBefore(place)) return false;
                  // Where it began it goes on whatever that costs, or it never would.
                  if (keys_ == 0 && place != range_.from) return StopAt(std::string(place));
                  if (keys_ > 0) --keys_;
                  skip_to = skip_(place);
                  if (skip_to) return false;
                  if (Decode<v1::SpanState>(key, value).since() >= range_.tree_size) return true;
                  return go_on_ = visit_(place);
                });
    return skip_to;
  }

  // Visits what has left, up to `place` or to the end. False when the visit is over.
  bool VisitPastBefore(std::optional<std::string_view> place) {
    for (;;) {
      if (const std::string* front = past_.front(); front != nullptr) {
        if (place && *front >= *place) return true;
        if (!visit_(*front)) return go_on_ = false;
        past_.Pass();
        continue;
      }
      if (past_.ended() || (place && past_.seen() >= *place)) return true;
      if (keys_ == 0) {
        return StopAt(past_.seen().empty() ? std::string(range_.from) : After(past_.seen()));
      }
      past_.Read(keys_);
    }
  }
  bool StopAt(std::string place) {
    stopped_ = std::move(place);
    return go_on_ = false;
  }

  const StateView& state_;
  const SetRange& range_;
  SkipFn skip_;
  std::size_t& keys_;
  Visit visit_;
  Past past_;
  bool go_on_ = true;
  std::optional<std::string> stopped_;
};

}  // namespace

void Enter(StateOverlay& state, SetName set, std::string_view place, EntryIndex by) {
  if (!IsIn(state, set, place)) EnterNew(state, set, place, by);
}

void EnterNew(StateOverlay& state, SetName set, std::string_view place, EntryIndex by) {
  v1::SpanState span;
  span.set_since(by.value());
  Save(state, PresentKey(set, place), span);
}

void Leave(StateOverlay& state, SetName set, std::string_view place, EntryIndex by) {
  const std::string key = PresentKey(set, place);
  auto span = Load<v1::SpanState>(state, key);
  if (!span) return;
  state.Remove(key);
  if (span->since() == by.value()) return;  // it came and went with one entry
  span->set_until(by.value());
  Save(state, PastKey(set, place, EntryIndex(span->since())), *span);
}

bool IsIn(const StateView& state, SetName set, std::string_view place) {
  return state.Get(PresentKey(set, place)).has_value();
}

bool AnyIn(const StateView& state, SetName set, std::string_view prefix) {
  const std::string key = PresentKey(set, prefix);
  bool any = false;
  state.Scan(key, key, [&](std::string_view, std::string_view) {
    any = true;
    return false;
  });
  return any;
}

std::optional<std::string> VisitSet(const StateView& state, const SetRange& range,
                                    std::size_t& keys,
                                    absl::FunctionRef<bool(std::string_view place)> visit) {
  const auto all_wanted = [](std::string_view) { return std::optional<std::string>(); };
  return VisitSetSkipping(state, range, all_wanted, keys, visit);
}

std::optional<std::string> VisitSetSkipping(const StateView& state, const SetRange& range,
                                            SkipFn skip, std::size_t& keys,
                                            absl::FunctionRef<bool(std::string_view place)> visit) {
  if (range.tree_size != kNewest) return PastVisit(state, range, skip, keys, visit).Run();
  const std::string base = PresentPrefix(range.set);
  std::optional<std::string> stopped;
  std::optional<std::string> from(range.from);
  while (from) {
    std::optional<std::string> skip_to;
    state.Scan(absl::StrCat(base, AbslView(range.prefix)), absl::StrCat(base, *from),
               [&](std::string_view key, std::string_view) {
                 const std::string_view place = key.substr(base.size());
                 if (keys == 0) {
                   stopped = std::string(place);
                   return false;
                 }
                 --keys;
                 skip_to = skip(place);
                 return !skip_to && visit(place);
               });
    from = std::move(skip_to);
  }
  return stopped;
}

std::string After(std::string_view place) { return absl::StrCat(AbslView(place), "0"); }

}  // namespace assent::rules
