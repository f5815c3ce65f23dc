// Entries that wait to be ordered: linked within an author, taking turns between authors, bounded.
#ifndef ASSENT_NODE_POOL_POOL_H_
#define ASSENT_NODE_POOL_POOL_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "ledger/entry/entry.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"
#include "node/quota/rate_limit.h"

namespace assent::pool {

inline constexpr std::size_t kWindowEntriesMax = 1'024;          // waiting entries of one author
inline constexpr std::size_t kWindowBytesMax = 8 * 1024 * 1024;  // leaves and bodies of one author
// Entries of one author that are selected for one block: a block of many would take so long that
// all other authors wait for it.
inline constexpr std::size_t kSelectedOfAuthorMax = 64;

// What became of an entry that was offered.
enum class Admission {
  kTaken,    // waits now
  kWaiting,  // these very bytes wait already
  kFinal,    // its sequence is on the ledger (whether it is this entry, the store tells)
  kRefused,  // see refusal
  kFull,     // the author's window is full: try again later
  kTooFast,  // the author has offered too many of late: see retry_after
};
struct AddResult {
  Admission admission;
  std::optional<rules::Refusal> refusal;     // kRefused
  std::chrono::milliseconds retry_after{0};  // kTooFast
};

// How often an author may offer entries.
struct Rate {
  quota::RateLimit* limit;
  std::int64_t now_us;  // monotonic
};

// An entry that has left the pool without being ordered.
struct Dropped {
  EntryPtr entry;
  rules::Refusal refusal;
};

// The pool. One thread.
class Pool {
 public:
  // `state` is the committed state; it must stay valid and current.
  explicit Pool(const StateView* state) : state_(state) {}

  // Offers an entry whose signature is good. It must continue the author's window (or be the
  // author's next), and pass the rules on the committed state with the author's waiting entries
  // applied, as if its block had time `now`. Entries of other authors that wait are not counted: a
  // leader applies the rules again at the entry's place. With a rate only those count that come
  // next, whatever the rules say of them, so that nobody can use it up with copies of old ones.
  AddResult Add(EntryPtr entry, Time now, const std::optional<Rate>& rate = std::nullopt);

  // Entries for a block, at most `entries_max` and `bytes_max`: authors take turns, each author's,
  // up to kSelectedOfAuthorMax, in order from the one that follows its head in `heads` (the heads
  // after the block's parent: what stands in a block under way is not taken twice on one chain).
  // `turn` rotates who comes first, so that no author always does.
  std::vector<EntryPtr> Select(std::size_t entries_max, std::size_t bytes_max,
                               const AuthorHeads& heads, std::uint64_t turn) const;

  // These entries became final: they leave. Call after the state shows it. Entries of the same
  // author and sequence with other bytes, and those linked to them, are dropped and returned.
  std::vector<Dropped> OnFinal(const std::vector<EntryPtr>& entries);

  // A leader found that `entry` can not be applied at its place: it and those linked to it leave.
  std::vector<Dropped> Drop(const EntryPtr& entry, const rules::Refusal& refusal);

  // Entries whose not_after has passed leave, with those linked to them.
  std::vector<Dropped> Expire(Time now);

  // An entry of another author that has become final can have made one that waits unfit: what comes
  // next of each author is tried again on the committed state. Those that the rules refuse at both
  // times leave, with those linked to them.
  std::vector<Dropped> DropUnfit(Time earliest, Time latest);

  // Newest waiting entry of an author, if any.
  std::optional<AuthorHead> HeadOf(const MemberCode& author) const;
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Of the waiting entries, those of these authors.
  std::size_t SizeOf(absl::FunctionRef<bool(const MemberCode& author)> counts) const;
  // Every waiting entry, author by author in order: to be sent to a peer that reconnects.
  std::vector<EntryPtr> All() const;

 private:
  struct Waiting {
    EntryPtr entry;
    StateWrites writes;  // its effect when it was taken
  };
  // What waits of one author: consecutive sequences, the first of them next on the ledger.
  struct Window {
    std::deque<Waiting> entries;  // never empty
    std::size_t bytes = 0;
    Time earliest_not_after;  // of the entries, or earlier
    // The writes of all entries, one on top of the other, and whose each is: so the first entry can
    // leave without the others being applied again.
    StateWrites effect;
    std::map<std::string, Sequence> writers;

    void Push(Waiting waiting);
    void PopFront();  // that entry's effect is in the committed state
    // Removes the entries from `position` on and returns them.
    std::vector<EntryPtr> CutFrom(std::size_t position);
    // Position of this sequence in `entries`.
    std::optional<std::size_t> Find(Sequence sequence) const;
    // Position of the first that must not stand in a block of time `now`; corrects
    // earliest_not_after.
    std::optional<std::size_t> FindExpired(Time now);
  };
  using Windows = std::map<MemberCode, Window>;

  // Why the rules refuse this entry at `time`, on `base`; its writes are added to `writes`, if
  // given.
  std::optional<rules::Refusal> Try(const Entry& entry, const StateView* base, Time time,
                                    StateWrites* writes);
  // Where `author`'s entries begin that may follow `heads`; nothing when none does.
  static std::optional<std::size_t> FirstAfter(const MemberCode& author, const Window& window,
                                               const AuthorHeads& heads);
  // Drops the entries of a window from `position` on, the first for `refusal`, the others for being
  // linked to it.
  void DropFrom(Windows::iterator window, std::size_t position, const rules::Refusal& refusal,
                std::vector<Dropped>& dropped);

  const StateView* state_;
  Windows windows_;
  std::size_t size_ = 0;
  std::uint64_t offered_ = 0;  // gives each entry that is tried an index of its own
};

}  // namespace assent::pool

#endif  // ASSENT_NODE_POOL_POOL_H_
