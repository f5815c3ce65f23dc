#include "client/saved_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "client/kept_message.h"
#include "client/progress.h"
#include "client/saved_ledger.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "ledger/rules/rules.h"

namespace assent::client {
namespace {

constexpr std::string_view kCheckpointName = "checkpoint";
// A note with what leads to its voters is no longer than an answer of a node.
constexpr std::size_t kCheckpointFileBytesMax = kGrpcMessageBytesMax;

}  // namespace

absl::StatusOr<std::unique_ptr<SavedLog>> SavedLog::Open(const std::string& folder,
                                                         const FoundingAct& act) {
  auto auditor = LoadAudit(folder, act, 1);
  if (!auditor.ok()) return auditor.status();
  auto blocks = OpenBlocks(folder);
  if (!blocks.ok()) return blocks.status();
  std::unique_ptr<SavedLog> log(new SavedLog(folder, act, *std::move(blocks), *std::move(auditor)));
  if (auto status = log->ReadAll(); !status.ok()) return status;
  return log;
}

SavedLog::SavedLog(std::string folder, const FoundingAct& act, SavedBlocks blocks, Auditor auditor)
    : folder_(std::move(folder)),
      blocks_(std::move(blocks)),
      tip_(auditor.tip()),
      state_(std::move(auditor).TakeState()) {
  genesis_.header = rules::MakeGenesis(act).header;
  genesis_.header_bytes = EncodeBlockHeader(genesis_.header);
}

absl::Status SavedLog::ReadAll() {
  Progress progress("reading", "blocks", StandardErrorDraw());
  MerkleFrontier frontier;
  while (!blocks_.at_end()) {
    const std::uint64_t place = blocks_.place();
    const auto block = blocks_.Next();
    if (!block.ok()) return block.status();
    if (auto status = Take(*block, place, frontier); !status.ok()) return status;
    progress.Update(places_.size(), tip_.height.value());
  }
  if (places_.size() != tip_.height.value() || frontier.size() != tip_.tree_size ||
      frontier.Root() != tip_.tree_root) {
    return Damaged(folder_, "its blocks are not those that were audited");
  }
  return absl::OkStatus();
}

absl::Status SavedLog::Take(const v1::FinalBlock& block, std::uint64_t place,
                            MerkleFrontier& frontier) {
  const Height height(places_.size() + 1);
  std::vector<MerkleNode> completed;
  for (const v1::Entry& message : block.entries()) {
    const auto entry = FromProto(message);
    if (!entry.ok()) return Damaged(folder_, StdView(entry.status().message()));
    filed_[entry->header().author].push_back(EntryIndex(frontier.size()));
    frontier.Append(entry->leaf_hash(), &completed);
  }
  for (const MerkleNode& node : completed) {
    if (node.level >= nodes_.size()) nodes_.resize(node.level + 1);
    nodes_[node.level].push_back(node.hash);
  }
  places_.push_back({place, frontier.size()});
  if (!block.certificate().empty()) certified_.push_back(height);
  if (block.has_restart()) {
    restarts_[Height(height.value() - 1)] = block.restart().SerializeAsString();
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::FinalBlock> SavedLog::Read(Height height) const {
  if (height.value() == 0 || height.value() > places_.size()) {
    return absl::NotFoundError(absl::StrCat("block ", height.value(), " was not saved"));
  }
  if (auto status = blocks_.Seek(places_[height.value() - 1].bytes); !status.ok()) return status;
  return blocks_.Next();
}

absl::StatusOr<EntryIndex> SavedLog::IndexOf(const MemberCode& author, Sequence sequence) const {
  const auto found = filed_.find(author);
  const std::uint64_t count = found == filed_.end() ? 0 : found->second.size();
  if (sequence.value() == 0 || sequence.value() > count) {
    return absl::NotFoundError(absl::StrCat("entry ", author.str(), "/", sequence.value(),
                                            " was not saved: ", author.str(), " had filed ",
                                            count));
  }
  return found->second[sequence.value() - 1];
}

absl::StatusOr<StoredBlock> SavedLog::BlockAt(Height height) const {
  if (height == Height(0)) return genesis_;
  auto block = Read(height);
  if (!block.ok()) return block.status();
  const auto header = ParseBlockHeader(block->header());
  if (!header.ok()) return Damaged(folder_, StdView(header.status().message()));
  return StoredBlock{
      *header, block->header(), block->certificate(), {block->tail().begin(), block->tail().end()}};
}

absl::StatusOr<Height> SavedLog::CertifiedAtOrAfter(Height height) const {
  const auto found = std::lower_bound(certified_.begin(), certified_.end(), height);
  if (found != certified_.end()) return *found;
  return absl::NotFoundError(
      absl::StrCat("no block from ", height.value(), " on has a certificate"));
}

absl::StatusOr<EntryPtr> SavedLog::EntryAt(EntryIndex index) const {
  const auto height = HeightOf(index);
  if (!height.ok()) return height.status();
  const auto block = Read(*height);
  if (!block.ok()) return block.status();
  const std::uint64_t first = height->value() == 1 ? 0 : places_[height->value() - 2].tree_size;
  const auto at = static_cast<int>(index.value() - first);
  if (at >= block->entries_size()) return Damaged(folder_, "its blocks have changed");
  auto entry = FromProto(block->entries(at));
  if (!entry.ok()) return Damaged(folder_, StdView(entry.status().message()));
  return std::make_shared<const Entry>(*std::move(entry));
}

absl::StatusOr<Height> SavedLog::HeightOf(EntryIndex index) const {
  const auto found =
      std::upper_bound(places_.begin(), places_.end(), index.value(),
                       [](std::uint64_t at, const Place& place) { return at < place.tree_size; });
  if (found != places_.end()) {
    return Height(static_cast<std::uint64_t>(found - places_.begin()) + 1);
  }
  return absl::NotFoundError(
      absl::StrCat("entry ", index.value(), " was not saved: the log had ", tip_.tree_size));
}

absl::StatusOr<Hash> SavedLog::MerkleNodeAt(std::uint8_t level, std::uint64_t index) const {
  if (level < nodes_.size() && index < nodes_[level].size()) return nodes_[level][index];
  return absl::NotFoundError("that subtree is not full");
}

absl::StatusOr<std::string> SavedLog::RestartActOn(Height height) const {
  const auto found = restarts_.find(height);
  return found == restarts_.end() ? std::string() : found->second;
}

absl::Status SaveCheckpoint(const std::string& folder, const v1::Checkpoint& checkpoint) {
  return SaveKept(folder, kCheckpointName, checkpoint);
}

absl::StatusOr<v1::Checkpoint> LoadCheckpoint(const std::string& folder) {
  v1::Checkpoint checkpoint;
  auto status = LoadKept(folder, kCheckpointName, kCheckpointFileBytesMax, checkpoint);
  if (!status.ok()) return status;
  return checkpoint;
}

}  // namespace assent::client
