// Blocks made and finalized in one place by who holds all the voters' keys, and written to a
// database as a node would: what ordering leaves behind, without ordering.
#ifndef ASSENT_TESTS_BENCH_SCALE_CHAIN_H_
#define ASSENT_TESTS_BENCH_SCALE_CHAIN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/entry.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/membership/voters.h"
#include "ledger/rules/state.h"
#include "node/execution/execution.h"
#include "node/storage/rocks_store.h"
#include "tests/bench/scale/states.h"

namespace assent::bench {

// One thread.
class Chain {
 public:
  // A new database in the folder `path`, which is empty or not there yet. `act` and `states` must
  // outlive it.
  static absl::StatusOr<std::unique_ptr<Chain>> Make(const std::string& path,
                                                     const FoundingAct& act,
                                                     std::vector<State>& states);

  // What is filed until EndBlock stands in a block of this time, or of seconds later when one is
  // not enough.
  void BeginBlock(Time time) { time_ = time; }
  Time time() const { return time_; }
  // Signs the state's next entry, and says where it will stand. InvalidArgument: it is none that
  // could be filed.
  absl::StatusOr<EntryIndex> File(State& author, v1::Body body);
  // Executes, certifies and writes what was filed since. InvalidArgument: an entry is refused, and
  // why.
  absl::Status EndBlock();

  // As the checkpoint that the node shows.
  absl::Status WriteCheckpoint();

  std::uint64_t entries() const { return tip_->header.tree_size + filed_.size(); }
  const BlockHeader& newest() const { return tip_->header; }
  const LedgerId& id() const { return act_.ledger_id; }

 private:
  // The committed state, of the newest view of the store.
  class Committed : public StateView {
   public:
    std::optional<std::string> Get(std::string_view key) const override {
      return view->state().Get(key);
    }
    void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override {
      view->state().Scan(prefix, from, visit);
    }
    std::shared_ptr<const replica::ReadView> view;
  };

  Chain(const FoundingAct& act, std::vector<State>& states,
        std::unique_ptr<storage::RocksStore> store, execution::ExecutedPtr tip);
  std::string Certify(const execution::ExecutedBlock& block) const;

  const FoundingAct& act_;
  std::vector<State>& states_;
  const VoterSet voters_;
  const std::unique_ptr<storage::RocksStore> store_;
  Committed state_;
  const execution::Executor executor_;
  execution::ExecutedPtr tip_;
  Time time_;
  std::vector<EntryPtr> filed_;
  std::size_t filed_bytes_ = 0;
};

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_SCALE_CHAIN_H_
