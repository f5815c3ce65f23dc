// From bytes that a peer sent to inputs whose signatures have been checked. This is the expensive
// part of a message, so it is safe on many threads at once and knows nothing of the replica's
// state.
#ifndef ASSENT_NODE_REPLICA_INTAKE_H_
#define ASSENT_NODE_REPLICA_INTAKE_H_

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/entry/entry.h"
#include "ledger/membership/voters.h"
#include "ledger/rules/rules.h"
#include "node/consensus/core.h"
#include "node/consensus/verifier.h"
#include "node/execution/verified_entries.h"
#include "node/replica/checkpoint_book.h"
#include "node/replica/codec.h"
#include "node/replica/restart.h"
#include "node/replica/store.h"

namespace assent::replica {

// The authority keys in force, for checking signatures off the replica's thread. That a key is in
// force at an entry's place is checked again when the entry is applied. Any thread.
class KeyDirectory {
 public:
  using Keys = std::map<std::pair<MemberCode, KeyId>, PublicKey>;
  void Set(std::shared_ptr<const Keys> keys);
  std::shared_ptr<const Keys> Get() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Keys> keys_ = std::make_shared<const Keys>();
};

// A peer's first message, checked.
struct HelloSeen {
  Height final_height;
  std::optional<consensus::Verified<consensus::Vote>> own_vote;
  bool restoring = false;
  std::optional<SignedStatement> vote_of_later_epoch = std::nullopt;  // not checked: by whose key?
};

// A message for the core of this epoch.
struct CoreInput {
  Epoch epoch;
  consensus::Event event;
};
// A message of another epoch, whose voters are not those that are known now.
struct OtherEpochSeen {
  Epoch epoch;
};

// What a peer said, checked: for the core, or for the replica itself.
using PeerInput =
    std::variant<CoreInput, HelloSeen, WaitingEntries, SignedTree, OtherEpochSeen, RestartPtr>;

// A final block from a peer's range, whose signatures are good; whether it follows, the replica
// checks.
struct CatchUpBlock {
  FinalBlockParts parts;
};

// What messages of one epoch are checked and encoded with. Any thread.
class EpochContext {
 public:
  EpochContext(const LedgerId& ledger, Epoch number, VoterSet voting,
               std::optional<VoterSet> voters_before = std::nullopt, Height begun = Height(0))
      : verifier(ledger, number, voting),
        codec(number, std::move(voting)),
        before(std::move(voters_before)),
        begun_by(begun) {}

  Epoch epoch() const { return verifier.epoch(); }
  const VoterSet& voters() const { return verifier.voters(); }

  consensus::Verifier verifier;
  const Codec codec;
  const std::optional<VoterSet> before;  // the voters of the epoch before; nothing in the first
  const Height begun_by;                 // the block that closed it
};

// Checks what comes from outside. Any thread, several at once.
class Intake {
 public:
  Intake(LedgerId ledger, std::string origin, MemberCode self)
      : ledger_(ledger), origin_(std::move(origin)), self_(std::move(self)) {}

  // From now on messages are those of this epoch. Nothing is taken before the first call.
  void Enter(std::shared_ptr<EpochContext> epoch);

  // A message that the node of `from`, a member, sent. InvalidArgument: it is wrong, and its sender
  // faulty. Unavailable: no epoch has been entered yet.
  absl::StatusOr<PeerInput> CheckMessage(const MemberCode& from, std::string_view bytes);
  // One block of a range. InvalidArgument, Unavailable as above. OutOfRange: it is of another
  // epoch.
  absl::StatusOr<CatchUpBlock> CheckBlock(std::string_view bytes);
  // What is good of a public checkpoint's note: the signatures by voters of this epoch or of the
  // one before. None when it is no note of this ledger.
  std::vector<SignedTree> CheckNote(Height height, std::string_view note);
  // The author's signature of an entry: why it is refused, nothing when it is good. An entry found
  // good once is not verified again.
  std::optional<rules::Refusal> CheckEntry(const Entry& entry);

  // Answers to RestoreRequests are checked only while this node asks: each can cost a thousand
  // signatures.
  void AwaitRestoreResponses(bool await) { awaits_restore_ = await; }

  // The epoch that was entered last; null before the first.
  std::shared_ptr<const EpochContext> epoch() const;
  KeyDirectory& keys() { return keys_; }
  execution::VerifiedEntries* verified() { return &verified_; }

 private:
  class Message;  // one that is being checked

  // Checks the signatures by keys that are known. An entry of a block may follow the one that
  // brings its key: execution checks it then.
  absl::Status CheckBlockEntries(const std::vector<EntryPtr>& entries);

  const LedgerId ledger_;
  const std::string origin_;
  const MemberCode self_;
  KeyDirectory keys_;
  execution::VerifiedEntries verified_;
  mutable std::mutex mutex_;
  std::shared_ptr<const EpochContext> epoch_;  // guarded by mutex_; null at first
  std::atomic<bool> awaits_restore_ = true;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_INTAKE_H_
