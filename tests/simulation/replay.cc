#include "tests/simulation/replay.h"

#include <map>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "node/execution/execution.h"
#include "node/storage/memory_store.h"

namespace assent::simulation {
namespace {

// The state at a store's tip, whatever the tip is by then.
class CurrentState : public StateView {
 public:
  explicit CurrentState(const replica::Store* store) : store_(store) {}
  std::optional<std::string> Get(std::string_view key) const override {
    return store_->Read()->state().Get(key);
  }
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override {
    store_->Read()->state().Scan(prefix, from, visit);
  }

 private:
  const replica::Store* store_;
};

}  // namespace

std::optional<std::string> CheckStore(const replica::ReadView& view, const History& history) {
  std::map<MemberCode, std::uint64_t> sequences;
  for (std::uint64_t i = 0; i < history.leaves().size(); ++i) {
    const auto entry = view.EntryAt(EntryIndex(i));
    if (!entry.ok() || (*entry)->leaf_hash() != history.leaves()[i]) {
      return absl::StrCat("entry ", i, " is missing or another");
    }
    const EntryHeader& header = (*entry)->header();
    if (header.sequence.value() != ++sequences[header.author]) {
      return absl::StrCat("the entries of ", header.author.str(), " have a gap at ",
                          header.sequence.value());
    }
    const auto index = view.IndexOf(header.author, header.sequence);
    if (!index.ok() || *index != EntryIndex(i)) {
      return absl::StrCat("entry ", i, " is not found by its author and sequence");
    }
  }
  return std::nullopt;
}

std::optional<std::string> Replay(const replica::ReadView& view, const rules::Genesis& genesis) {
  storage::MemoryStore store(genesis, true);
  const CurrentState state(&store);
  execution::VerifiedEntries verified;  // none yet: every signature is checked
  const execution::Executor executor(&state, &verified);
  auto tip = execution::Executor::FromStore(*store.Read());
  if (!tip.ok()) return std::string(tip.status().message());
  for (Height height(1); height <= view.tip().header.height; height = height.next()) {
    const auto stored = view.BlockAt(height);
    if (!stored.ok()) return std::string(stored.status().message());
    std::vector<EntryPtr> entries;
    for (EntryIndex at = stored->header.first_index; at.value() < stored->header.tree_size;
         at = at.next()) {
      const auto entry = view.EntryAt(at);
      if (!entry.ok()) return std::string(entry.status().message());
      entries.push_back(*entry);
    }
    const auto restart = view.RestartOn(Height(height.value() - 1));
    if (!restart.ok()) return std::string(restart.status().message());
    std::optional<Epoch> restarted;
    if (*restart && (*restart)->hash == (*tip)->hash) restarted = (*restart)->epoch;
    auto executed =
        executor.Execute(*tip, stored->header, stored->header_bytes, entries, restarted);
    if (!executed.ok()) {
      return absl::StrCat("height ", height.value(), ": ", executed.status().message());
    }
    replica::Batch batch;
    batch.blocks.push_back(
        execution::Executor::MakeCommit(**executed, stored->certificate, stored->tail));
    if (const absl::Status written = store.Write(batch); !written.ok()) {
      return std::string(written.message());
    }
    tip = execution::Executor::AsRoot(**executed);
  }
  return std::nullopt;
}

}  // namespace assent::simulation
