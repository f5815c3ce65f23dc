// What the core wants done. The order in which it must be done is part of the protocol's safety.
#ifndef ASSENT_NODE_CONSENSUS_EFFECTS_H_
#define ASSENT_NODE_CONSENSUS_EFFECTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/bytes.h"
#include "ledger/types.h"
#include "node/consensus/config.h"
#include "node/consensus/evidence.h"
#include "node/consensus/journal.h"
#include "node/consensus/messages.h"

namespace assent::consensus {

// A message to one voter, or to every voter but oneself.
struct Send {
  std::optional<Position> to;  // nothing: all
  Message message;
};

// Make a block and answer with BlockBuilt in the very next Step. Its header must have these values.
struct BuildRequest {
  Epoch epoch;
  View view;
  Height height;
  Hash parent;  // the last final block, or one that was reported valid
  Time time;
  bool allow_empty = false;  // otherwise a block without entries is no block
};

// Execute a block on its parent and answer with BlockValidated, now or later.
struct ValidateRequest {
  BlockPtr block;  // its parent is the last final block, or one that was built or reported valid
};

// A block that is final, with everything before it.
struct FinalBlock {
  BlockPtr block;
  CertificatePtr certificate;  // null when only a descendant has one
  // Of a closing block that has no certificate of its own: the headers of the TAIL blocks up to the
  // one that `certificate` is for.
  std::vector<std::string> tail;
};

// A block that is not valid. `certified`: a quorum says that it is, so this node is broken or more
// than f others are; the driver must stop the node.
struct InvalidBlock {
  BlockPtr block;
  std::string reason;
  bool certified = false;
};

// Effects of one Step. The driver does them in the order of the fields, with these rules:
// 1. `persist`, `restoring` and `forget_below` go into one atomic, synchronous write, together with
//    what `deliver` commits. The effects of several Steps may share one write.
// 2. Nothing of `send` leaves, and nothing of `deliver` is shown to anybody, before the writes of
//    the same Step and of all earlier ones have succeeded: a certificate holds own votes, too. If a
//    write fails the node must stop.
// 3. `build` and `validate` need not wait for the write.
// 4. `deliver` is in height order without gaps, starting after the last final block that the core
//    knows of.
struct Effects {
  std::vector<JournalRecord> persist;
  std::optional<bool> restoring;  // what the next start must put into Config::restoring
  std::optional<std::string>
      forget_below;  // journal records with a key before this one are not needed any more

  std::vector<Send> send;

  std::optional<BuildRequest> build;
  std::vector<ValidateRequest> validate;

  std::vector<FinalBlock> deliver;
  // Blocks that the core holds no longer: executed forms of them can go. Final ones are not in it.
  std::vector<Hash> discard;

  // A peer has final blocks that cannot be had block by block: ask it for a range.
  std::optional<Position> catch_up;
  // Work is outstanding and nothing becomes final: pass waiting entries to the peers again.
  bool standstill = false;

  std::vector<Evidence> evidence;
  std::vector<InvalidBlock> invalid;
  // What cannot happen while at most f voters are faulty: a final block that does not follow the
  // last one. The driver must stop the node and show the sentence.
  std::optional<std::string> broken;

  // Statements whose certificates the core has come to hold: for Verifier::Remember.
  std::vector<Statement> certified;

  // Call Step with Tick at this instant at the latest. Always the newest Step's value counts.
  std::optional<Instant> next_deadline;
};

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_EFFECTS_H_
