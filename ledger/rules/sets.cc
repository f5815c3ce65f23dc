#include "ledger/rules/sets.h"

#include <algorithm>
#include <deque>

#include "absl/strings/str_cat.h"
#include "assent/v1/index.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

// Keys of the past that are read at once.
constexpr std::size_t kPastBatch = 16;

// What has left a set by now but was in it at `tree_size`, in the order of places.
class PastScan {
 public:
  PastScan(const StateView& state, const SetRange& range)
      : state_(state),
        base_(PastPrefix(range.set)),
        prefix_(absl::StrCat(base_, AbslView(range.prefix))),
        next_key_(absl::StrCat(base_, AbslView(range.from))),
        tree_size_(range.tree_size) {}

  // The first place not passed by; null when none is known yet.
  const std::string* front() const { return found_.empty() ? nullptr : &found_.front(); }
  void Pass() { found_.pop_front(); }
  bool ended() const { return ended_ && found_.empty(); }
  // All places up to here were looked at.
  const std::string& seen() const { return seen_; }

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
      const auto span = Decode<v1::SpanState>(key, value);
      seen_ = place;
      next_key_ = std::string(key) + '\0';
      if (span.since() < tree_size_ && tree_size_ <= span.until()) found_.push_back(seen_);
      return true;
    });
  }

 private:
  const StateView& state_;
  const std::string base_;
  const std::string prefix_;
  std::string next_key_;
  const std::uint64_t tree_size_;
  std::deque<std::string> found_;
  std::string seen_;
  bool ended_ = false;
};

// As of a size of the log: what is in the set since before, and what has left it after.
class PastVisit {
 public:
  using Visit = absl::FunctionRef<bool(std::string_view place)>;
  PastVisit(const StateView& state, const SetRange& range, std::size_t& keys, Visit visit)
      : state_(state), range_(range), keys_(keys), visit_(visit), past_(state, range) {}

  std::optional<std::string> Run() {
    const std::string base = PresentPrefix(range_.set);
    state_.Scan(absl::StrCat(base, AbslView(range_.prefix)),
                absl::StrCat(base, AbslView(range_.from)),
                [&](std::string_view key, std::string_view value) {
                  const std::string_view place = key.substr(base.size());
                  if (!VisitPastBefore(place)) return false;
                  // Where it began it goes on whatever that costs, or it never would.
                  if (keys_ == 0 && place != range_.from) return StopAt(std::string(place));
                  if (keys_ > 0) --keys_;
                  if (Decode<v1::SpanState>(key, value).since() >= range_.tree_size) return true;
                  return go_on_ = visit_(place);
                });
    if (go_on_) VisitPastBefore(std::nullopt);
    return stopped_;
  }

 private:
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
  std::size_t& keys_;
  Visit visit_;
  PastScan past_;
  bool go_on_ = true;
  std::optional<std::string> stopped_;
};

}  // namespace

void Enter(StateOverlay& state, SetName set, std::string_view place, EntryIndex by) {
  const std::string key = PresentKey(set, place);
  if (state.Get(key)) return;
  v1::SpanState span;
  span.set_since(by.value());
  Save(state, key, span);
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
  if (range.tree_size != kNewest) return PastVisit(state, range, keys, visit).Run();
  const std::string base = PresentPrefix(range.set);
  std::optional<std::string> stopped;
  state.Scan(absl::StrCat(base, AbslView(range.prefix)), absl::StrCat(base, AbslView(range.from)),
             [&](std::string_view key, std::string_view) {
               const std::string_view place = key.substr(base.size());
               if (keys == 0) {
                 stopped = std::string(place);
                 return false;
               }
               --keys;
               return visit(place);
             });
  return stopped;
}

std::string After(std::string_view place) { return absl::StrCat(AbslView(place), "0"); }

}  // namespace assent::rules
