// What the rules have concluded, for those who answer questions. State is kept at the newest height
// only; whatever changes keeps the index of the entry that changed it, so that an answer for an
// older height can be derived: pass the tree size and the block time of that height.
#ifndef ASSENT_LEDGER_RULES_READ_H_
#define ASSENT_LEDGER_RULES_READ_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/act/founding_act.h"
#include "ledger/bytes.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/entry/release.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// As a tree size: what the state knows now.
inline constexpr std::uint64_t kNewest = std::numeric_limits<std::uint64_t>::max();

// Whether a record holds.
enum class Standing { kCurrent, kAmended, kWithdrawn, kCancelled };

// Where a record of a type that can be amended stands.
struct RecordStatus {
  MemberCode author;
  std::string type;  // "LaunchNotification"
  Audience audience = Audience::kMembers;
  Standing standing = Standing::kCurrent;
  std::optional<EntryIndex> replaced_by;  // the entry that amended, withdrew or cancelled it
  EntryIndex first_index;  // of its chain of amendments: its own when it amends nothing
  Time first_time;         // block time of that one: when it counts as filed
  // Of notifications and reports (by the time of first filing, or by that of the newest amendment
  // that was about something else), of declarations and of replies to requests for clarification
  // (by the time of first filing).
  compliance::Timeliness timeliness = compliance::Timeliness::kNone;
  // For a person to look at; judged when the record was filed, and not again.
  bool counts_differ = false;  // declaration: from the author's notified launches of that year
  bool more_reports = false;   // report: exceeds what its notification announced
};
// As of `tree_size`. Nothing for an index that is not below it, and for records that are never
// amended or withdrawn: those hold.
std::optional<RecordStatus> RecordAt(const StateView& state, EntryIndex index,
                                     std::uint64_t tree_size = kNewest);

// Where a round of revision stands. The numbers are stored, but for the last: they stay.
enum class RoundStatus {
  kOpen = 1,
  kFinal = 2,
  kObjected = 3,
  kLapsed = 4,
  kWithdrawn = 5,
  // Final, but it needed the signature of an endorsed key. Never stored: a view says so.
  kFinalWithEndorsedKey = 16
};

struct RoundSignature {
  MemberCode member;
  EntryIndex index;
  Time time;
  bool endorsed = false;  // by a key that came by the members' endorsement
};

// A round of revision. Its title and text are in the body of the entry that opened it.
struct RoundView {
  EntryIndex id;  // of the entry that opened it
  MemberCode proposer;
  std::uint32_t replaces = 0;
  std::optional<std::uint32_t> number;  // of the revision, once final
  RoundStatus status = RoundStatus::kOpen;
  Hash text_hash;
  Time opened;
  Time deadline;                           // the last instant at which it can be signed
  std::vector<RoundSignature> signatures;  // in the order of the log; while open, valid ones only
  std::vector<MemberCode> missing;         // in code order; only while open
  std::optional<MemberCode> objected_by;
  std::optional<EntryIndex> ended_by;      // absent while open, and when it lapsed
  std::optional<Time> ended;               // absent while open; the deadline when it lapsed
  std::optional<EntryIndex> draft;         // that it was opened from
  std::optional<EntryIndex> presented_by;  // once everybody may read it
  std::optional<Time> presented;
};
// The round opened by entry `id`, at block time `now` and as of `tree_size`; nothing when there is
// none.
std::optional<RoundView> RoundAt(const StateView& state, EntryIndex id, Time now,
                                 std::uint64_t tree_size = kNewest);
// Ids of at most `limit` rounds that were opened below `below`, newest first.
std::vector<EntryIndex> Rounds(const StateView& state, std::size_t limit,
                               std::uint64_t below = kNewest);
// The round that made revision `number`, counted from 1; nothing before it is final. RoundAt says
// since when that is.
std::optional<EntryIndex> RoundOfRevision(const StateView& state, std::uint32_t number);

// What holds for the whole ledger, at the newest height.
struct LedgerParameters {
  LedgerId ledger_id;
  Time founded;
  Duration notification_lead;
  Duration report_due;
  Duration comment_period;
  Duration signature_period;
  Duration heartbeat;
  Duration max_clock_skew;
  std::uint32_t entries_per_author_and_day = 0;
  std::uint32_t revision = 0;                // in force
  Hash revision_text_hash;                   // SHA-256 of its text
  std::optional<EntryIndex> revision_round;  // absent for revision 0, the founding act's text
};
LedgerParameters ParametersOf(const StateView& state);

// The public keys of a member's node.
struct MemberNode {
  PublicKey vote_key;
  PublicKey checkpoint_key;
  PublicKey transport_key;
};

// A member.
struct MemberView {
  MemberCode code;
  std::string name;
  std::optional<PublicKey> authority_key;  // absent when it was revoked
  // The authority key came by the members' endorsement, or by rotation from one that did: it need
  // not be the state's own word.
  bool endorsed_key = false;
  std::optional<MemberNode> node;  // absent when it has named none
  PublicKey reader_key;
  std::string peer_endpoint;  // host:port; empty when it has named none
  std::string contact;        // for people; may be empty
  EntryIndex membership;      // the entry that began it; 0 for a founder
  Time member_since;
  bool votes = false;
  std::uint64_t entries = 0;  // filed so far, at the newest height
  // One of them releases each of its entries; none while its duties are not split.
  std::vector<Releaser> releasers;
};
// At the newest height, in code order, at most `limit`, those after `after` (all when it is empty).
std::vector<MemberView> Members(const StateView& state, std::size_t limit,
                                const MemberCode& after = MemberCode());
std::optional<MemberView> MemberOf(const StateView& state, const MemberCode& code);

// What a state is to the ledger. The numbers are stored: they stay.
enum class SubscriptionStatus {
  kInvited = 1,
  kDeclined = 2,
  kNoted = 3,
  kActive = 4,
  kWithdrawn = 5
};

// A state of which the ledger says something.
struct SubscriptionView {
  MemberCode code;
  std::string name;
  SubscriptionStatus status = SubscriptionStatus::kInvited;
  EntryIndex since_index;              // the first at which it is so
  Time since;                          // block time from which it is so
  std::optional<EntryIndex> question;  // noted: whether the newest note is really its own
  std::optional<MemberView> member;    // active
};
// As a limit: all states of which anything was ever said.
inline constexpr std::size_t kStatesEver = std::numeric_limits<std::size_t>::max();
// As of `tree_size`, in code order, at most `limit`, those after `after` (all when it is empty). A
// key that took force in a block without entries counts from the next entry on.
std::vector<SubscriptionView> Subscriptions(const StateView& state, std::size_t limit,
                                            const MemberCode& after = MemberCode(),
                                            std::uint64_t tree_size = kNewest);
// The same as of the block of this time. It is exact: blocks without entries, which can change
// keys, leave the tree as large as it was.
std::vector<SubscriptionView> SubscriptionsAfter(const StateView& state, std::size_t limit,
                                                 const MemberCode& after, Time block_time);
std::optional<SubscriptionView> SubscriptionOf(const StateView& state, const MemberCode& code,
                                               std::uint64_t tree_size = kNewest);
// All that the state ever was, the oldest first: a value for each change of its status, keys, vote
// or contact.
std::vector<SubscriptionView> HistoryOf(const StateView& state, const MemberCode& code);

// The class list, in its order.
std::vector<LaunchClass> ClassList(const StateView& state);

// Launches in the author's current notifications whose window starts in `year`, by class id; no
// zeros.
std::map<std::string, std::uint64_t> NotifiedLaunches(const StateView& state,
                                                      const MemberCode& author, std::int64_t year);
// The author's current declaration for `year`, if there is one.
std::optional<EntryIndex> DeclarationOf(const StateView& state, const MemberCode& author,
                                        std::int64_t year);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_READ_H_
