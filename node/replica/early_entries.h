// Submitted entries that came before the one they continue: two calls of one author may overtake
// each other on the way. They wait for a moment instead of being refused.
#ifndef ASSENT_NODE_REPLICA_EARLY_ENTRIES_H_
#define ASSENT_NODE_REPLICA_EARLY_ENTRIES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "ledger/entry/entry.h"
#include "ledger/types.h"
#include "node/replica/store.h"
#include "node/replica/submit.h"

namespace assent::replica {

// A submitted entry and who waits for the answer.
struct Submitted {
  EntryPtr entry;
  bool wait_until_final = false;
  SubmitDone done;
};

// One thread.
class EarlyEntries {
 public:
  static constexpr std::size_t kPerAuthorMax = 256;
  static constexpr std::size_t kCallersPerEntryMax = 16;
  static constexpr std::int64_t kPatienceUs = 2'000'000;

  // False, and `submitted` untouched, when the author has too many here, or another entry with this
  // sequence, or too many wait for this one.
  bool Add(Submitted& submitted, std::int64_t monotonic_us);
  // The entry that continues an entry of this author and sequence, if it is here, once for each
  // caller: it leaves.
  std::vector<Submitted> TakeNext(const MemberCode& author, Sequence sequence);
  // Those that have waited for too long: they leave.
  std::vector<Submitted> TakeExpired(std::int64_t monotonic_us);
  bool empty() const { return early_.empty(); }

 private:
  struct Early {
    std::vector<Submitted> submitted;  // the same bytes, at least once
    std::int64_t since_us;
  };
  std::map<MemberCode, std::map<Sequence, Early>> early_;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_EARLY_ENTRIES_H_
