// The database in memory: for the simulation and for tests. It keeps what RocksStore keeps and
// answers as it does; it survives nothing.
#ifndef ASSENT_NODE_STORAGE_MEMORY_STORE_H_
#define ASSENT_NODE_STORAGE_MEMORY_STORE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "ledger/rules/rules.h"
#include "node/replica/store.h"

namespace assent::storage {

class MemoryStore : public replica::Store {
 public:
  // A ledger at height 0. `founding` as with RocksStore::Create.
  MemoryStore(const rules::Genesis& genesis, bool founding);
  ~MemoryStore() override;

  // A view that is held while something is written costs a copy of the whole database, once.
  absl::Status Write(const replica::Batch& batch) override;
  std::shared_ptr<const replica::ReadView> Read() const override;
  absl::Status ReadJournal(
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) const override;
  bool restoring() const override;

 private:
  // Shared with the views that were given out, which may outlive the store.
  struct Current;
  class Hold;

  const std::shared_ptr<Current> current_;
  std::map<std::string, std::string, std::less<>> journal_;  // both guarded by the mutex of Current
  bool restoring_;
};

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_MEMORY_STORE_H_
