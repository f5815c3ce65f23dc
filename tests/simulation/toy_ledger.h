// The smallest ledger that can still be wrong: entries are numbered per author without gaps, and a
// header binds all of them. It stands in for rules and execution where only the order is under
// test.
#ifndef ASSENT_TESTS_SIMULATION_TOY_LEDGER_H_
#define ASSENT_TESTS_SIMULATION_TOY_LEDGER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "node/consensus/effects.h"
#include "node/consensus/messages.h"

namespace assent::simulation {

using Heads = std::map<MemberCode, Sequence>;

// A block on which others can be built.
struct Executed {
  BlockHeader header;
  Hash hash;
  Heads heads;  // after it
};
using ExecutedPtr = std::shared_ptr<const Executed>;

// Entries that wait on one node. Lost with it.
class ToyPool {
 public:
  void Add(const EntryPtr& entry);
  void OnFinal(const Heads& heads);
  bool empty() const { return waiting_.empty(); }
  // At most `max` entries that may follow `heads`.
  std::vector<EntryPtr> Select(const Heads& heads, std::size_t max) const;
  std::vector<EntryPtr> All() const;

 private:
  std::map<std::pair<MemberCode, Sequence>, EntryPtr> waiting_;
};

ExecutedPtr ToyGenesis(const LedgerId& ledger, Time time);
consensus::Block ToyBuild(const Executed& parent, const consensus::BuildRequest& request,
                          std::vector<EntryPtr> entries);
// InvalidArgument: the header claims what does not follow from the entries.
absl::StatusOr<ExecutedPtr> ToyExecute(const Executed& parent, const consensus::Block& block);

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_TOY_LEDGER_H_
