// How the services hand entries to the replica and learn what became of them.
#ifndef ASSENT_NODE_REPLICA_SUBMIT_H_
#define ASSENT_NODE_REPLICA_SUBMIT_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ledger/entry/entry.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"

namespace assent::replica {

// What became of a submitted entry: at most one of the three holds. None: it was taken, and its
// submitter does not wait for more.
struct SubmitOutcome {
  absl::Status status;  // not Ok: Unavailable (full, stopping), DeadlineExceeded, ...
  std::optional<rules::Refusal> refusal;  // the rules refuse it, now or when its turn came
  std::optional<EntryIndex> final_index;  // it is on the ledger here; absent when it was only taken
};

// Who is told, once, what became of an entry. Made of anything that can be called with the outcome.
class SubmitDone {
 public:
  SubmitDone() = default;
  // `over`: whether the caller has gone, so that nothing needs to be kept for it; any thread.
  // Empty: it never goes.
  template <class Tell>
  // NOLINTNEXTLINE(google-explicit-constructor): meant to convert
  requires std::is_invocable_v<Tell, SubmitOutcome> SubmitDone(Tell tell,
                                                               std::function<bool()> over = nullptr)
      : tell_(std::move(tell)), over_(std::move(over)) {}

  void operator()(SubmitOutcome outcome) const { tell_(std::move(outcome)); }
  explicit operator bool() const { return static_cast<bool>(tell_); }
  bool over() const { return over_ && over_(); }

 private:
  std::function<void(SubmitOutcome)> tell_;
  std::function<bool()> over_;
};

// Taking entries. Any thread. `done` is called exactly once, from any thread, also at shutdown.
class Submitter {
 public:
  virtual ~Submitter() = default;
  // Checks the signature and the rules, passes the entry to the peers and the pool.
  // `wait_until_final`: `done` is called when the entry is final, else as soon as it is taken. The
  // same bytes again never get a refusal.
  virtual void Submit(Entry entry, bool wait_until_final, SubmitDone done) = 0;
  // The author's newest entry, those that wait here counted.
  virtual void PendingHead(const MemberCode& author,
                           std::function<void(std::optional<AuthorHead>)> done) = 0;
};

// Told of every commit, on the replica's thread: returns quickly. `tree_size` and `height` are the
// new tip's.
class CommitListener {
 public:
  virtual ~CommitListener() = default;
  virtual void OnCommit(Height height, std::uint64_t tree_size) = 0;
  // Members or their keys may have changed by what was just committed, or the node has started.
  virtual void OnMembersChanged() {}
};

// What a node is doing, for status pages.
enum class Mode { kVoting, kRestoring, kFollowing };

struct ReplicaStatus {
  Mode mode = Mode::kFollowing;
  Epoch epoch;
  View view;
  Height height;
  std::size_t pool_entries = 0;
  std::uint64_t evidence = 0;
  View votes_from_view;                       // while restoring: 0 when not known yet
  std::map<MemberCode, Height> peer_heights;  // as they last told
  Height told_height;                         // of this node, as voters tell theirs

  // How many blocks a voter that told `peer` is behind this node; negative: so many ahead. Voters
  // tell their heights once a second, with the checkpoints that they sign. So what was told is
  // compared with what was told: whoever keeps pace is not behind by what a second brings.
  std::int64_t BlocksBehind(Height peer) const {
    const auto behind = [peer](Height own) {
      return static_cast<std::int64_t>(own.value()) - static_cast<std::int64_t>(peer.value());
    };
    return peer > height ? behind(height) : std::max<std::int64_t>(0, behind(told_height));
  }
};

// Any thread; a copy of a recent state.
class StatusSource {
 public:
  virtual ~StatusSource() = default;
  virtual ReplicaStatus Status() const = 0;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_SUBMIT_H_
