// Checkpoints come after finality: which final trees this node signs, and whose signatures it has.
// A public checkpoint is one that a quorum of the voters has signed. protocol.md, "Checkpoints".
#ifndef ASSENT_NODE_REPLICA_CHECKPOINT_BOOK_H_
#define ASSENT_NODE_REPLICA_CHECKPOINT_BOOK_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ledger/block/header.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/voters.h"
#include "ledger/types.h"
#include "node/replica/store.h"

namespace assent::replica {

// One voter's signature over one tree.
struct SignedTree {
  Height height;
  std::uint64_t tree_size = 0;
  Hash root;
  MemberCode voter;
  Signature signature;
};

// Collects signatures. One thread; no clock of its own.
class CheckpointBook {
 public:
  static constexpr std::size_t kTreesMax = 16;  // trees of our own that wait for a quorum
  static constexpr std::size_t kEarlyPerVoterMax =
      16;  // signatures for trees that we do not have yet
  static constexpr std::size_t kEvidencePerVoterMax = 16;  // of one run
  static constexpr std::int64_t kQuietUs = 1'000'000;  // the newest tree is signed after so long
  static constexpr std::int64_t kRecentUs =
      60'000'000;  // older blocks are not signed on catching up

  // `key` is null on a node that does not vote; then it only collects. `published` is what the
  // store holds.
  CheckpointBook(std::string origin, VoterSet voters, MemberCode self, const SigningKey* key,
                 std::optional<CheckpointRecord> published);

  // What follows from a call.
  struct Outcome {
    std::optional<SignedTree> send;           // our own signature, for the peers
    std::optional<CheckpointRecord> publish;  // to be stored
    // A signature that contradicts the ledger, or two of one key that contradict each other: what
    // the evidence keeps it under, "checkpoint/<code>/<tree size>", and once or twice
    // u64 height || u64 tree size || root || signature.
    std::optional<std::pair<std::string, std::string>> evidence;
  };

  // A block became final and is being stored; `parent_time` is that of the block before.
  Outcome OnFinal(const BlockHeader& block, Time parent_time, Time wall, std::int64_t monotonic_us);
  // The same of the block that closes the epoch: its tree is signed at once, as the voters may not
  // meet again. What is still missing then comes while the next epoch runs.
  Outcome OnClosing(const BlockHeader& block, Time wall);
  // A signature that has been verified against the voter's checkpoint key. `ours` is the root of as
  // many entries on the ledger; nothing when there are not so many. What is signed is size and
  // root: so no height that comes with it keeps a false root from being evidence.
  Outcome OnSignature(const SignedTree& tree, const std::optional<Hash>& ours);
  // Time has passed.
  Outcome OnTime(std::int64_t monotonic_us);
  // When OnTime has something to do; nothing when never.
  std::optional<std::int64_t> deadline_us() const;
  // Our newest signature, for a peer that reconnects.
  const std::optional<SignedTree>& newest_own() const { return newest_own_; }
  // Of the newest tree that was signed here, or would have been if this node voted; 0 before.
  Height newest_height() const { return newest_height_; }

 private:
  Outcome Sign(const BlockHeader& block);
  Outcome Count(CheckpointRecord& record, const SignedTree& tree);
  Outcome Contradicts(const SignedTree& tree);
  Outcome Give(const SignedTree& tree, std::string evidence);

  const std::string origin_;
  const VoterSet voters_;
  const MemberCode self_;
  const SigningKey* const key_;

  std::optional<CheckpointRecord> published_;
  std::map<Height, CheckpointRecord> open_;                   // our own trees, newest kTreesMax
  std::map<MemberCode, std::map<Height, SignedTree>> early_;  // for trees above ours
  // Sizes of false trees that evidence was given of; at most kEvidencePerVoterMax each.
  std::map<MemberCode, std::set<std::uint64_t>> evidence_given_;
  std::optional<SignedTree> newest_own_;
  Height newest_height_;
  std::optional<BlockHeader> unsigned_;  // the newest final block while nobody has signed it
  std::int64_t unsigned_since_us_ = 0;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_CHECKPOINT_BOOK_H_
