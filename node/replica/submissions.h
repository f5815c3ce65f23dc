// Who waits for an entry to become final.
#ifndef ASSENT_NODE_REPLICA_SUBMISSIONS_H_
#define ASSENT_NODE_REPLICA_SUBMISSIONS_H_

#include <cstddef>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "ledger/bytes.h"
#include "node/replica/submit.h"

namespace assent::replica {

// Waiting callers by leaf hash. One thread.
class Submissions {
 public:
  static constexpr std::size_t kWaitersMax = 65'536;
  static constexpr std::size_t kWaitersPerEntryMax = 256;

  Submissions() = default;
  Submissions(const Submissions&) = delete;
  Submissions& operator=(const Submissions&) = delete;
  ~Submissions() { FailAll(absl::UnavailableError("the node is stopping")); }

  // False, and `done` untouched, when too many wait, at all or for this entry. Those who waited for
  // this entry and are gone make room: their clients ask again while the ledger stands still.
  bool Add(const Hash& leaf_hash, SubmitDone& done);
  bool empty() const { return count_ == 0; }

  // Those that wait for this entry no longer wait; the caller answers them.
  std::vector<SubmitDone> Take(const Hash& leaf_hash);
  void FailAll(const absl::Status& status);

 private:
  std::map<Hash, std::vector<SubmitDone>> waiting_;
  std::size_t count_ = 0;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_SUBMISSIONS_H_
