// The state at the newest block that is written, as the rules read it: what they read again and
// again (parameters, members, classes, heads) is kept in memory.
#ifndef ASSENT_NODE_REPLICA_COMMITTED_STATE_H_
#define ASSENT_NODE_REPLICA_COMMITTED_STATE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ledger/rules/state.h"
#include "node/replica/store.h"

namespace assent::replica {

// Values that are kept, and how long one may be: 16 MiB at the most. When there is room for no
// more, all are forgotten.
inline constexpr std::size_t kRememberedMax = 4'096;
inline constexpr std::size_t kRememberedBytesMax = 4'096;

// One thread.
class CommittedState : public StateView {
 public:
  // Until Renew there is none: a view is not held while the store is written to.
  void Release() { view_.reset(); }
  // The view after `blocks` were written; everything is read anew where they are null.
  void Renew(std::shared_ptr<const ReadView> view, const std::vector<CommittedBlock>* blocks);

  const ReadView& view() const { return *view_; }

  std::optional<std::string> Get(std::string_view key) const override;
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override;

 private:
  std::shared_ptr<const ReadView> view_;
  mutable absl::flat_hash_map<std::string, std::string> remembered_;
};

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_COMMITTED_STATE_H_
