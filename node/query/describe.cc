#include "node/query/describe.h"

#include "ledger/entry/proto.h"
#include "ledger/rules/read.h"

namespace assent::query {
namespace {

v1::EntryStatus ToProto(rules::Standing standing) {
  switch (standing) {
    case rules::Standing::kCurrent:
      return v1::CURRENT;
    case rules::Standing::kAmended:
      return v1::AMENDED;
    case rules::Standing::kWithdrawn:
      return v1::WITHDRAWN;
    case rules::Standing::kCancelled:
      return v1::CANCELLED;
  }
  return v1::ENTRY_STATUS_UNSPECIFIED;
}

v1::Timeliness ToProto(compliance::Timeliness timeliness) {
  switch (timeliness) {
    case compliance::Timeliness::kNone:
      return v1::TIMELINESS_UNSPECIFIED;
    case compliance::Timeliness::kTimely:
      return v1::TIMELY;
    case compliance::Timeliness::kLate:
      return v1::LATE;
    case compliance::Timeliness::kPostFacto:
      return v1::POST_FACTO;
    case compliance::Timeliness::kHistoric:
      return v1::HISTORIC;
  }
  return v1::TIMELINESS_UNSPECIFIED;
}

// Whether the first record of a chain of amendments may be seen by who may see this one of it.
bool SeesFirst(const StateView& state, const rules::RecordStatus& record, const Reader& reader) {
  if (reader.Covers(record.author, record.type)) return true;
  const auto first = rules::RecordAt(state, record.first_index);
  return first && first->audience == rules::Audience::kPublic;
}

}  // namespace

absl::StatusOr<BlockHeader> BlockFinder::Holding(EntryIndex index) {
  if (current_ && current_->first_index <= index && index.value() < current_->tree_size) {
    return *current_;
  }
  const absl::StatusOr<Height> height = view_->HeightOf(index);
  if (!height.ok()) return height.status();
  absl::StatusOr<StoredBlock> block = view_->BlockAt(*height);
  if (!block.ok()) return block.status();
  current_ = block->header;
  return *current_;
}

v1::LedgerEntry Describe(const replica::ReadView& view, const Entry& entry, EntryIndex index,
                         const BlockHeader& block, std::uint64_t tree_size, const Reader& reader,
                         const std::optional<rules::Description>& visible) {
  v1::LedgerEntry described;
  *described.mutable_entry() = visible ? ToProto(entry) : ToProto(entry.WithoutBody());
  described.set_index(index.value());
  described.set_leaf_hash(entry.leaf_hash().str());
  described.set_height(block.height.value());
  described.set_time_us(block.time.us);
  if (!visible) return described;

  described.set_type(visible->type);
  described.set_status(v1::CURRENT);
  const auto record = rules::RecordAt(view.state(), index, tree_size);
  if (!record) return described;
  described.set_status(ToProto(record->standing));
  if (record->replaced_by) described.set_replaced_by(record->replaced_by->value());
  described.set_timeliness(ToProto(record->timeliness));
  if (SeesFirst(view.state(), *record, reader)) {
    described.set_first_index(record->first_index.value());
    described.set_first_time_us(record->first_time.us);
  }
  described.set_counts_differ(reader.SeesAll() && record->counts_differ);
  described.set_more_reports(reader.SeesAll() && record->more_reports);
  return described;
}

}  // namespace assent::query
