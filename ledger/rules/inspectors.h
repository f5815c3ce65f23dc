// Inspectors' keys: which accreditations there are, and what they allow. An accreditation is judged
// by block time: that it has begun or expired is written nowhere.
#ifndef ASSENT_LEDGER_RULES_INSPECTORS_H_
#define ASSENT_LEDGER_RULES_INSPECTORS_H_

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "ledger/bytes.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// Which MEMBERS bodies an inspector reads.
struct InspectionScope {
  bool all_bodies = false;
  std::vector<MemberCode> authors;  // of these states; empty: of all
  std::vector<std::string> types;   // of these types; empty: of all

  bool Covers(const MemberCode& author, std::string_view type) const;
};

// Where an accreditation stands.
enum class AccreditationStanding {
  kAhead,    // it has not begun
  kInForce,  // the key reads what is in scope
  kExpired,  // its term is over
  kEnded,    // the member that gave it has ended it
  kLapsed,   // the member that gave it has left, whether or not it has come back
};

struct AccreditationView {
  EntryIndex index;   // of the entry that gave it
  MemberCode member;  // that gave it
  PublicKey key;
  std::string name;  // of who holds the key
  Time from;         // the first instant of its term
  Time until;        // the first instant after it
  InspectionScope scope;
  Audience audience = Audience::kMembers;  // of the entry
  AccreditationStanding standing = AccreditationStanding::kAhead;
  std::optional<EntryIndex> ended_by;  // kEnded: the entry, and its block time
  std::optional<Time> ended;
};
// At block time `now` and as of `tree_size`; nothing when entry `index` is no accreditation below
// it. Memberships are those of the newest height.
std::optional<AccreditationView> AccreditationAt(const StateView& state, EntryIndex index, Time now,
                                                 std::uint64_t tree_size = kNewest);

// Those of one key that are in force at `now`, the oldest first.
std::vector<AccreditationView> AccreditationsInForce(const StateView& state, const PublicKey& key,
                                                     Time now);

// Calls `visit` for the indices from `from` on, in order, until it returns false; `only_public`:
// of PUBLIC entries.
void ScanAccreditations(const StateView& state, EntryIndex from, bool only_public,
                        absl::FunctionRef<bool(EntryIndex)> visit);

// The keys that have an accreditation in force at `now`, at most `limit`.
std::set<PublicKey> KeysInForce(const StateView& state, Time now, std::size_t limit);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_INSPECTORS_H_
