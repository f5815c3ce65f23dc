// The Code as a state machine: one pure function from state, entry and block time to a new state,
// or a refusal. The node runs it before it votes, the inspector's audit runs it over the whole log.
#ifndef ASSENT_LEDGER_RULES_RULES_H_
#define ASSENT_LEDGER_RULES_RULES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/act/founding_act.h"
#include "ledger/block/digests.h"
#include "ledger/block/header.h"
#include "ledger/entry/entry.h"
#include "ledger/membership/voters.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// Why an entry is refused. `reason` is stable and one of the rules listed by AllRules().
struct Refusal {
  std::string reason;   // UPPER_SNAKE
  std::string message;  // a sentence that says what to do
  std::string subject;  // field, entry or state that it is about
};

// One rule, for documents and tests.
struct Rule {
  std::string_view reason;
  std::string_view requirement;  // what must hold, as a sentence
};
// The rules of one record type ("Entry" for those that hold for every entry).
struct RecordRules {
  std::string_view record;
  bool amendable;  // its records can be amended and withdrawn
  std::span<const Rule> rules;
};
std::vector<RecordRules> AllRules();

// Where an entry is about to stand.
struct Position {
  EntryIndex index;
  Height height;
  Time time;  // of the block
};

// An entry that waits for its place is tried at an index from here on, one of its own each time. No
// entry can refer to such an index, as nobody knows yet where that entry will stand: what one
// waiting entry has done to the state is seen by those after it, but never amended, withdrawn,
// reported on, answered or signed by them.
inline constexpr EntryIndex kFirstWaitingIndex(std::uint64_t{1} << 62);

// The state and header of height 0: what the founding act says. Pure.
struct Genesis {
  StateWrites writes;
  BlockHeader header;  // height 0, epoch 1, view 0, no parent; signed by nobody
};
Genesis MakeGenesis(const FoundingAct& act);

// A block, as its first entry finds it.
struct BlockStart {
  Height height;           // its own, from 1
  EntryIndex first_index;  // of its first entry, also when it has none
  Hash parent;             // block hash
  Time parent_time;
  Time time;  // its own
};
// What a block does to the state before its entries are applied, also when it has none. Never
// fails. A pool, which tries entries that have no block yet, leaves it out.
void BeginBlock(const BlockStart& start, StateOverlay& state);

// Applies one entry at `position`. The caller has checked the signature against SigningKeyOf (or
// knows that it was checked before). Changes `state` only when it returns nothing. Never fails on
// what the entry holds: every fault of it is a refusal.
// `state` may be a view in which the writes of waiting entries lie over a newer state than they
// were made on, as a pool keeps it. The answer may then be wrong, but is an answer.
std::optional<Refusal> Apply(const Entry& entry, const Position& position, StateOverlay& state);

// For who does not see all bodies: from the first hidden one on, instead of Apply. What entries do
// to members, keys, votes and releasers is followed, since such entries are PUBLIC and judged by
// nothing else; of all others only who files them, in which order, and, where the body is there,
// who has released them.
std::optional<Refusal> ApplyMembership(const Entry& entry, const Position& position,
                                       StateOverlay& state);

// The authority key in force with this id for this author, for checking a signature; nothing when
// there is none.
std::optional<PublicKey> SigningKeyOf(const StateView& state, const MemberCode& author,
                                      const KeyId& key_id);

// Of an entry whose signature is not by the key that its header names: checked by whoever calls
// Apply, so that it can be done once and on other threads.
Refusal RefuseBadSignature(const EntryHeader& header);

// The author's newest entry: sequence 0 and a zero hash before its first.
AuthorHead HeadOf(const StateView& state, const MemberCode& author);
// Heads of all authors that have filed.
AuthorHeads AllHeads(const StateView& state);
VoterSet VotersOf(const StateView& state);
std::vector<MemberIdentity> MembersOf(const StateView& state);

// To be called after each entry of the block of `epoch` on `parent`: true when the voters in
// `state` are not those of `parent` any more. That entry is then the last of its block, which
// closes the epoch; who votes in the next one is written down.
bool CloseEpochIfVotersChanged(const BlockHeader& parent, Epoch epoch, StateOverlay& state);
// To be called before BeginBlock for the first block of an epoch that an act of the members began
// on `parent`: writes down who votes in it, and in those that were left out.
void RestartEpoch(const BlockHeader& parent, Epoch epoch, StateOverlay& state);
// An epoch, and the block on which it began, which closed the one before or which an act of the
// members names; height 0 for the first.
struct EpochView {
  Epoch epoch;
  Height begun_by;
  VoterSet voters;
};
// Those up to `last`, which has begun, in order.
std::vector<EpochView> EpochsUpTo(const StateView& state, Epoch last);

// True when applying entries can have changed voters or members: such writes are rare, so blocks
// without them keep the hashes of their parent.
bool TouchesMembership(const StateWrites& writes);

// What a reader of a body must be.
enum class Audience { kMembers, kPublic };

// What indexes and answers say of an entry, from its body alone.
struct Description {
  std::string type;  // "LaunchNotification"
  Audience audience = Audience::kMembers;
};
// Nothing when the body cannot be read.
std::optional<Description> Describe(const Entry& entry);
// All record type names, sorted.
std::vector<std::string> RecordTypes();
// True when records of this type can be amended and withdrawn.
bool IsAmendable(std::string_view type);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_RULES_H_
