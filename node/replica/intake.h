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
#include <unordered_set>
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
#include "node/replica/checkpoint_book.h"
#include "node/replica/codec.h"
#include "node/replica/store.h"

namespace assent::replica {

// Leaf hashes of entries whose signatures were found good: an entry that came by itself is not
// verified again in a block. Bounded: two generations, the older forgotten as a whole. Any thread.
class VerifiedEntries {
 public:
  static constexpr std::size_t kGenerationMax = 65'536;

  bool Contains(const Hash& leaf_hash) const;
  void Insert(const Hash& leaf_hash);

 private:
  mutable std::mutex mutex_;
  std::unordered_set<Hash> young_;
  std::unordered_set<Hash> old_;
};

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
};

// What a peer said, checked: for the core, or for the replica itself.
using PeerInput = std::variant<consensus::Event, HelloSeen, WaitingEntries, SignedTree>;

// A final block from a peer's range, whose signatures are good; whether it follows, the replica
// checks.
struct CatchUpBlock {
  FinalBlockParts parts;
};

// Checks what comes from outside. Any thread, several at once.
class Intake {
 public:
  // `verifier` outlives this.
  Intake(LedgerId ledger, std::string origin, MemberCode self, const consensus::Verifier* verifier);

  // A message that the node of `from` sent. InvalidArgument: it is wrong, and its sender faulty.
  absl::StatusOr<PeerInput> CheckMessage(const MemberCode& from, std::string_view bytes);
  // One block of a range.
  absl::StatusOr<CatchUpBlock> CheckBlock(std::string_view bytes);
  // The author's signature of an entry: why it is refused, nothing when it is good. An entry found
  // good once is not verified again.
  std::optional<rules::Refusal> CheckEntry(const Entry& entry);

  // Answers to RestoreRequests are checked only while this node asks: each can cost a thousand
  // signatures.
  void AwaitRestoreResponses(bool await) { awaits_restore_ = await; }

  KeyDirectory& keys() { return keys_; }
  const Codec& codec() const { return codec_; }

 private:
  absl::Status CheckEntries(const std::vector<EntryPtr>& entries);
  absl::StatusOr<PeerInput> CheckHello(const MemberCode& from, Hello hello) const;
  absl::StatusOr<PeerInput> CheckTree(const MemberCode& from, SignedTree tree) const;
  template <class T>
  absl::StatusOr<PeerInput> CheckSigned(consensus::Position from, T message) const;

  const LedgerId ledger_;
  const std::string origin_;
  const MemberCode self_;
  const consensus::Verifier* const verifier_;
  const Codec codec_;
  KeyDirectory keys_;
  VerifiedEntries verified_;
  std::atomic<bool> awaits_restore_ = true;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_INTAKE_H_
