#include "tests/simulation/toy_ledger.h"

#include "absl/status/status.h"
#include "ledger/crypto/hash.h"

namespace assent::simulation {
namespace {

Hash RootAfter(const Hash& root, const std::vector<EntryPtr>& entries) {
  std::string bytes = root.str();
  for (const EntryPtr& entry : entries) bytes += entry->leaf_hash().view();
  return Sha256(bytes);
}

}  // namespace

void ToyPool::Add(const EntryPtr& entry) {
  waiting_.emplace(std::pair(entry->header().author, entry->header().sequence), entry);
}

void ToyPool::OnFinal(const Heads& heads) {
  std::erase_if(waiting_, [&](const auto& item) {
    const auto head = heads.find(item.first.first);
    return head != heads.end() && item.first.second <= head->second;
  });
}

std::vector<EntryPtr> ToyPool::Select(const Heads& heads, std::size_t max) const {
  std::vector<EntryPtr> selected;
  Heads next = heads;
  for (const auto& [key, entry] : waiting_) {
    if (selected.size() == max) break;
    if (key.second != next[key.first].next()) continue;
    next[key.first] = key.second;
    selected.push_back(entry);
  }
  return selected;
}

std::vector<EntryPtr> ToyPool::All() const {
  std::vector<EntryPtr> all;
  for (const auto& [key, entry] : waiting_) all.push_back(entry);
  return all;
}

ExecutedPtr ToyGenesis(const LedgerId& ledger, Time time) {
  Executed genesis;
  genesis.header.ledger_id = ledger;
  genesis.header.time = time;
  genesis.hash = BlockHash(EncodeBlockHeader(genesis.header));
  return std::make_shared<const Executed>(std::move(genesis));
}

consensus::Block ToyBuild(const Executed& parent, const consensus::BuildRequest& request,
                          std::vector<EntryPtr> entries) {
  consensus::Block block;
  BlockHeader& header = block.header;
  header = parent.header;
  header.epoch = request.epoch;
  header.view = request.view;
  header.height = request.height;
  header.parent = request.parent;
  header.time = request.time;
  header.first_index = EntryIndex(parent.header.tree_size);
  header.tree_size = parent.header.tree_size + entries.size();
  header.tree_root = RootAfter(parent.header.tree_root, entries);
  block.entries = std::move(entries);
  block.header_bytes = EncodeBlockHeader(header);
  block.hash = BlockHash(block.header_bytes);
  return block;
}

absl::StatusOr<ExecutedPtr> ToyExecute(const Executed& parent, const consensus::Block& block) {
  const BlockHeader& header = block.header;
  if (header.first_index != EntryIndex(parent.header.tree_size)) {
    return absl::InvalidArgumentError("the header claims another tree");
  }
  if (header.tree_size != parent.header.tree_size + block.entries.size() ||
      header.tree_root != RootAfter(parent.header.tree_root, block.entries)) {
    return absl::FailedPreconditionError("not the entries of the header");
  }
  Executed executed{header, block.hash, parent.heads};
  for (const EntryPtr& entry : block.entries) {
    Sequence& head = executed.heads[entry->header().author];
    if (entry->header().sequence != head.next()) {
      return absl::InvalidArgumentError("an entry does not follow its author's last one");
    }
    head = entry->header().sequence;
  }
  return std::make_shared<const Executed>(std::move(executed));
}

}  // namespace assent::simulation
