// The database in memory on a disk that misbehaves: power that fails within a write, writes that
// fail, writes that are said to have failed and have not, and bits that have changed when they are
// read.
#ifndef ASSENT_TESTS_SIMULATION_FAILING_STORE_H_
#define ASSENT_TESTS_SIMULATION_FAILING_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "node/storage/memory_store.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {

class FailingStore : public replica::Store {
 public:
  // `accused` names the node that stored evidence is against; nothing when there is no such node.
  using Accused = std::function<std::optional<NodeId>(const MemberCode& code)>;

  FailingStore(const rules::Genesis& genesis, bool founding, Checker* checker, NodeId owner,
               Accused accused)
      : store_(genesis, founding), checker_(checker), owner_(owner), accused_(std::move(accused)) {}

  // What happens to writes from now on.
  void set_fault(DiskFault fault) { fault_ = fault; }
  DiskFault fault() const { return fault_; }
  // From now on the database finds that its checksums do not match, as RocksDB does of a changed
  // bit.
  void Rot() { rotten_ = true; }

  absl::Status Write(const replica::Batch& batch) override;
  std::shared_ptr<const replica::ReadView> Read() const override { return store_.Read(); }
  absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const override;
  bool restoring() const override { return store_.restoring(); }

 private:
  void CheckEvidence(std::string_view key, std::string_view value);

  storage::MemoryStore store_;
  Checker* const checker_;
  const NodeId owner_;
  const Accused accused_;
  DiskFault fault_ = DiskFault::kNone;
  bool rotten_ = false;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_FAILING_STORE_H_
