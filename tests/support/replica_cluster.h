// Replicas of one ledger in one thread, on virtual time, with a network of queues between them: the
// node as it is, without its disk, sockets and clock.
#ifndef ASSENT_TESTS_SUPPORT_REPLICA_CLUSTER_H_
#define ASSENT_TESTS_SUPPORT_REPLICA_CLUSTER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "assent/v1/block.pb.h"
#include "node/replica/replica.h"
#include "node/storage/memory_store.h"
#include "tests/support/test_ledger.h"

namespace assent::testing {

class ReplicaCluster {
 public:
  explicit ReplicaCluster(std::size_t nodes);
  ~ReplicaCluster();

  const TestLedger& ledger() const { return ledger_; }
  std::size_t size() const { return nodes_.size(); }
  std::int64_t now_us() const { return now_us_; }

  // Runs all that is due in the next `duration`.
  void Run(Duration duration);
  // Runs until `done` holds; false when it does not within `limit`.
  bool RunUntil(Duration limit, const std::function<bool()>& done);

  // Stops a node where it stands; what was written stays. Its streams break.
  void Kill(std::size_t node);
  // Starts it on its store, or on an empty one that says `restoring`.
  void Restart(std::size_t node, bool empty_store = false);
  // Starts it on the copy that was made of its store on the first day, which says nothing of
  // `restoring`.
  void RestartOnFirstCopy(std::size_t node);
  bool running(std::size_t node) const;
  // No messages pass between these two, until Heal().
  void Cut(std::size_t a, std::size_t b);
  // What `from` sends to `to` from now on is lost, until Heal(); neither notices.
  void Mute(std::size_t from, std::size_t to) { mute_.emplace(from, to); }
  void Heal();
  // From now on this node passes acts of the members on without their certificate.
  void StripActs(std::size_t node) { strips_acts_.insert(node); }
  // From now on its wall clock is so far ahead.
  void SetClockOff(std::size_t node, Duration off);

  // Submits to a node, waiting for finality; the outcome is set when the answer comes.
  std::shared_ptr<std::optional<replica::SubmitOutcome>> Submit(std::size_t node,
                                                                const Entry& entry);

  // An act of the members, as the node's operator gives it; the answer is set when it comes.
  std::shared_ptr<std::optional<absl::StatusOr<bool>>> GiveRestart(std::size_t node,
                                                                   const v1::RestartAct& act,
                                                                   bool never_voted);
  // What this node says that an act should name.
  absl::StatusOr<v1::RestartAct> DraftRestart(std::size_t node);

  Height height(std::size_t node) const;
  Hash tree_root(std::size_t node) const;
  Hash state_digest(std::size_t node) const;
  std::uint64_t tree_size(std::size_t node) const;
  replica::ReplicaStatus status(std::size_t node) const;
  replica::Vitals vitals(std::size_t node) const;
  std::shared_ptr<const replica::ReadView> view(std::size_t node) const;

 private:
  struct Node;
  friend struct Node;

  void Schedule(Duration delay, std::function<void()> what);
  void Start(std::size_t node);
  void Connect(std::size_t a, std::size_t b);
  void Turn(std::size_t node);
  bool Linked(std::size_t a, std::size_t b) const;
  std::size_t IndexOf(const MemberCode& code) const;

  TestLedger ledger_;
  rules::Genesis genesis_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::multimap<std::int64_t, std::function<void()>> queue_;
  std::set<std::pair<std::size_t, std::size_t>> cut_;
  std::set<std::pair<std::size_t, std::size_t>> mute_;  // from, to
  std::set<std::size_t> strips_acts_;
  std::int64_t now_us_ = 1'000'000;
};

}  // namespace assent::testing

#endif  // ASSENT_TESTS_SUPPORT_REPLICA_CLUSTER_H_
