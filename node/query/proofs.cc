#include "node/query/proofs.h"

#include <optional>
#include <string>

#include "ledger/log/checkpoint.h"
#include "ledger/rules/read.h"
#include "node/replica/store.h"

namespace assent::query {

using replica::ReadView;

absl::StatusOr<v1::Receipt> MakeReceipt(const ReadView& view, const Reader& reader,
                                        EntryIndex index) {
  return assent::MakeReceipt(
      view, index, [&](const Entry& entry) { return Visible(entry, reader).has_value(); });
}

absl::StatusOr<v1::Checkpoint> PublicCheckpoint(const ReadView& view, const std::string& origin) {
  const std::optional<replica::CheckpointRecord> record = view.PublicCheckpoint();
  if (!record) {
    return absl::NotFoundError("no checkpoint has been signed by a quorum yet: try again later");
  }
  const absl::StatusOr<StoredBlock> block = view.BlockAt(record->height);
  if (!block.ok()) return block.status();
  const Epoch epoch = block->header.epoch;
  v1::Checkpoint checkpoint =
      NoteOf(*record, origin, rules::EpochsUpTo(view.state(), epoch).back().voters);
  const absl::Status status = AddEpochs(view, epoch, *checkpoint.mutable_epochs());
  if (!status.ok()) return status;
  return checkpoint;
}

v1::Checkpoint NoteOf(const replica::CheckpointRecord& record, const std::string& origin,
                      const VoterSet& voters) {
  SignedCheckpoint note;
  note.checkpoint = {origin, record.tree_size, record.root};
  for (const auto& [code, signature] : record.signatures) {
    const std::optional<std::size_t> position = voters.Find(code);
    if (!position) continue;
    note.signatures.push_back({NoteKeyId(origin, voters.at(*position).checkpoint_key), signature});
  }
  v1::Checkpoint response;
  response.set_note(FormatNote(note));
  response.set_height(record.height.value());
  return response;
}

}  // namespace assent::query
