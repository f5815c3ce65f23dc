// The database in memory on a disk that misbehaves.
#ifndef ASSENT_TESTS_SIMULATION_FAILING_STORE_H_
#define ASSENT_TESTS_SIMULATION_FAILING_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "node/storage/memory_store.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {

class FailingStore : public replica::Store {
 public:
  // `accused` names the node that stored evidence is against; nothing when there is no such node.
  using Accused = std::function<std::optional<NodeId>(const MemberCode& code)>;

  // `disk` and `trace` outlive it; `trace` may be null.
  FailingStore(const rules::Genesis& genesis, bool founding, Disk* disk, Checker* checker,
               Trace* trace, NodeId owner, Accused accused)
      : store_(genesis, founding),
        disk_(disk),
        checker_(checker),
        trace_(trace),
        owner_(owner),
        accused_(std::move(accused)) {}

  // What the node has written, whatever the disk makes of it.
  std::shared_ptr<const replica::ReadView> Written() const { return store_.Read(); }

  absl::Status Write(const replica::Batch& batch) override;
  std::shared_ptr<const replica::ReadView> Read() const override;
  absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const override;
  bool restoring() const override { return store_.restoring(); }

 private:
  void CheckEvidence(std::string_view key, std::string_view value);

  storage::MemoryStore store_;
  Disk* const disk_;
  Checker* const checker_;
  Trace* const trace_;
  const NodeId owner_;
  const Accused accused_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_FAILING_STORE_H_
