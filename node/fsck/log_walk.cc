#include "node/fsck/log_walk.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"
#include "ledger/receipt/restart_act.h"
#include "ledger/rules/rules.h"
#include "node/fsck/key_names.h"
#include "node/storage/keys.h"

namespace assent::fsck {

using storage::Family;

namespace {

// What is held in memory at once, besides the state.
constexpr std::size_t kBatchBlocksMax = 256;
constexpr std::size_t kBatchBytesMax = 16 * 1024 * 1024;

}  // namespace

LogWalk::LogWalk(const storage::Database& database, const FoundingAct& act, Workers workers,
                 Findings* findings)
    : database_(database), findings_(*findings), auditor_(act, std::move(workers)) {
  CheckFoundingBlock(act);
}

void LogWalk::CheckFoundingBlock(const FoundingAct& act) {
  const rules::Genesis genesis = rules::MakeGenesis(act);
  Expect(Family::kBlocks, storage::NumberKey(0),
         storage::EncodeBlock({genesis.header, EncodeBlockHeader(genesis.header), "", {}}));
  for (std::string& fault : std::exchange(batch_faults_, {})) findings_.Fault(std::move(fault));
}

void LogWalk::Run(Height tip, const ProgressFn& progress) {
  tip_ = tip;
  for (Height height(1); height <= tip; height = height.next()) {
    if (!CheckBlock(height)) {
      Audit();
      EndAudit(height, "that block cannot be read");
      if (height < tip) {
        findings_.Unchecked(absl::StrCat("blocks ", height.value() + 1, " to ", tip.value(),
                                         ", their entries, index keys and tree nodes: they follow "
                                         "a block that cannot be read"));
      }
      records_ = Part::kEnded;
      return;
    }
    if (batch_.size() < kBatchBlocksMax && batch_bytes_ < kBatchBytesMax && height < tip) continue;
    Audit();
    if (progress) progress(height.value(), tip.value());
  }
  if (audit_ != Part::kGood) return;
  if (const absl::Status final = auditor_.Finish(); !final.ok() && !IsNamed(auditor_.tip())) {
    findings_.Fault(absl::StrCat("blocks: ", final.message()));
  }
}

// An act of the members is what makes its block final, until one behind it is.
bool LogWalk::IsNamed(const BlockHeader& tip) const {
  const auto value = database_.Get(Family::kMetadata, storage::RestartKey(tip.height), nullptr);
  if (!value.ok() || !value->has_value()) return false;
  const auto record = storage::DecodeRestart(**value);
  v1::RestartAct act;
  if (!record.ok() || !act.ParseFromString(record->act)) return false;
  const auto restart = CheckRestart(act, tip.ledger_id);
  return restart.ok() && restart->block.header == tip;
}

std::optional<StoredBlock> LogWalk::ReadBlock(Height height) {
  const auto value = database_.Get(Family::kBlocks, storage::NumberKey(height.value()), nullptr);
  absl::Status status = value.status();
  if (value.ok() && value->has_value()) {
    auto block = storage::DecodeBlock(**value);
    if (block.ok()) return *std::move(block);
    status = block.status();
  }
  findings_.Fault(absl::StrCat("blocks: block ", height.value(), ": ",
                               status.ok() ? "it is missing" : status.message()));
  return std::nullopt;
}

std::optional<EntryPtr> LogWalk::ReadEntry(EntryIndex index, Height height) {
  const auto value = database_.Get(Family::kEntries, storage::NumberKey(index.value()), nullptr);
  absl::Status status = value.status();
  if (value.ok() && value->has_value()) {
    auto entry = storage::DecodeEntry(**value);
    if (entry.ok()) return *std::move(entry);
    status = entry.status();
  }
  findings_.Fault(absl::StrCat("entries: entry ", index.value(), " of block ", height.value(), ": ",
                               status.ok() ? "it is missing" : status.message()));
  return std::nullopt;
}

// Where an act of the members began the block's epoch. What it says is checked with the block.
void LogWalk::AddRestart(const BlockHeader& header, v1::FinalBlock& message) {
  if (header.height == Height(0)) return;
  const Height named(header.height.value() - 1);
  const auto value = database_.Get(Family::kMetadata, storage::RestartKey(named), nullptr);
  if (!value.ok() || !value->has_value()) return;
  const auto restart = storage::DecodeRestart(**value);
  if (!restart.ok() || restart->hash != header.parent || restart->epoch != header.epoch) return;
  message.mutable_restart()->ParseFromString(restart->act);
}

bool LogWalk::CheckBlock(Height height) {
  auto block = ReadBlock(height);
  if (!block) return false;
  const BlockHeader& header = block->header;
  if (header.first_index.value() != next_index_ || header.tree_size < next_index_ ||
      header.tree_size - next_index_ > kBlockEntriesMax) {
    findings_.Fault(absl::StrCat("blocks: block ", height.value(), " says that it has entries ",
                                 header.first_index.value(), " to ", header.tree_size,
                                 " (left out); it must begin with ", next_index_,
                                 " and have at most ", kBlockEntriesMax));
    return false;
  }
  if (!block->certificate.empty()) Expect(Family::kIndexes, storage::CertifiedKey(height), "");
  if (header.tree_size > next_index_) {
    Expect(Family::kIndexes, storage::HeightKey(header.first_index),
           storage::NumberKey(height.value()));
  }
  v1::FinalBlock message;
  message.set_header(std::move(block->header_bytes));
  message.set_certificate(std::move(block->certificate));
  for (std::string& tail : block->tail) message.add_tail(std::move(tail));
  AddRestart(header, message);
  bool whole = true;
  for (; next_index_ < header.tree_size; ++next_index_) {
    const auto entry = ReadEntry(EntryIndex(next_index_), height);
    if (!entry) {
      whole = false;
      continue;
    }
    CheckEntry(**entry, EntryIndex(next_index_));
    if (whole && tree_ == Part::kGood) frontier_.Append((*entry)->leaf_hash(), &batch_nodes_);
    *message.add_entries() = ToProto(**entry);
  }
  if (!whole) {
    records_ = Part::kEnded;
    Audit();
    EndAudit(height, "an entry of that block cannot be read");
  }
  if (audit_ == Part::kGood) {
    batch_bytes_ += message.ByteSizeLong();
    batch_.push_back(std::move(message));
  }
  return true;
}

void LogWalk::CheckEntry(const Entry& entry, EntryIndex index) {
  const std::string number = storage::NumberKey(index.value());
  Expect(Family::kIndexes, storage::AuthorKey(entry.header().author, entry.header().sequence),
         number);
  if (!entry.has_body()) return;
  const std::string type = rules::Describe(entry).value_or(rules::Description()).type;
  Expect(Family::kIndexes, storage::TypeKey(type, index), "");
}

void LogWalk::Expect(Family family, const std::string& key, std::string_view value) {
  if (family == Family::kIndexes) ++index_keys_;
  const auto stored = database_.Get(family, key, nullptr);
  if (stored.ok() && stored->has_value() && **stored == value) return;
  batch_faults_.push_back(absl::StrCat(
      AbslView(storage::FamilyName(family)), ": ", NameOfKey(family, key), ": ",
      !stored.ok() ? std::string(stored.status().message())
      : stored->has_value()
          ? absl::StrCat("it is ", NameOfValue(**stored), ", the blocks make ", NameOfValue(value))
          : "it is missing"));
}

void LogWalk::Audit() {
  if (audit_ == Part::kGood && !batch_.empty()) {
    if (const absl::Status status = auditor_.Check(batch_); !status.ok()) {
      findings_.Fault(absl::StrCat("log: ", status.message()));
      EndAudit(auditor_.tip().height.next(), "they build on what is wrong there");
    }
  }
  batch_.clear();
  batch_bytes_ = 0;
  if (tree_ == Part::kGood) {
    for (const MerkleNode& node : batch_nodes_) {
      Expect(Family::kMerkle, storage::MerkleKey(node.level, node.index), node.hash.view());
    }
    merkle_nodes_ += batch_nodes_.size();
  }
  batch_nodes_.clear();
  for (std::string& fault : std::exchange(batch_faults_, {})) findings_.Fault(std::move(fault));
}

void LogWalk::EndAudit(Height height, std::string_view why) {
  if (audit_ != Part::kGood) return;
  audit_ = Part::kEnded;
  tree_ = Part::kEnded;
  findings_.Unchecked(absl::StrCat("signatures, certificates, rules and tree of blocks ",
                                   height.value(), " to ", tip_.value(), ": ", AbslView(why)));
}

}  // namespace assent::fsck
