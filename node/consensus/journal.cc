#include "node/consensus/journal.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"

namespace assent::consensus {
namespace {

absl::Status Damaged(std::string_view what) {
  return absl::DataLossError(absl::StrCat("a block in the journal is damaged: ", AbslView(what)));
}

absl::StatusOr<EntryPtr> ReadEntry(ByteReader& in) {
  const auto leaf = in.Bytes(in.U32());
  const std::uint8_t has_body = in.U8();
  if (!in.ok() || has_body > 1) return Damaged("an entry is cut off");
  auto raw = ParseLeafData(leaf);
  if (!raw.ok()) return Damaged(StdView(raw.status().message()));
  if (has_body == 1) {
    raw->body = std::string(in.Bytes(in.U32()));
    raw->salt = in.Fixed<Salt>();
    if (!in.ok()) return Damaged("a body is cut off");
  }
  auto entry = Entry::Parse(*std::move(raw));
  if (!entry.ok()) return Damaged(StdView(entry.status().message()));
  return std::make_shared<const Entry>(*std::move(entry));
}

}  // namespace

RecordKind RecordOf(VoteKind kind) {
  switch (kind) {
    case VoteKind::kNotarize:
      return RecordKind::kNotarize;
    case VoteKind::kSkip:
      return RecordKind::kSkip;
    case VoteKind::kFinalize:
      return RecordKind::kFinalize;
  }
  CheckFailed("a vote has one of three kinds", __FILE__, __LINE__);
}

std::string JournalRecord::Key() const {
  std::string key = JournalKeyOfView(epoch, view);
  AppendU8(key, static_cast<std::uint8_t>(kind));
  return key;
}

absl::StatusOr<JournalRecord> JournalRecord::From(std::string_view key, std::string_view bytes) {
  ByteReader in(key);
  JournalRecord record;
  record.epoch = Epoch(in.U64());
  record.view = View(in.U64());
  const std::uint8_t kind = in.U8();
  if (!in.AtEnd() || kind < static_cast<std::uint8_t>(RecordKind::kEntered) ||
      kind > static_cast<std::uint8_t>(RecordKind::kFloor)) {
    return absl::InvalidArgumentError(
        absl::StrCat("not the key of a journal record: ", ToHex(key)));
  }
  record.kind = static_cast<RecordKind>(kind);
  record.bytes = std::string(bytes);
  return record;
}

std::string JournalKeyOfView(Epoch epoch, View view) {
  std::string key;
  AppendU64(key, epoch.value());
  AppendU64(key, view.value());
  return key;
}

std::string EncodeBlock(const Block& block) {
  std::string out;
  AppendU32(out, static_cast<std::uint32_t>(block.header_bytes.size()));
  out += block.header_bytes;
  out += block.leader_signature.view();
  AppendU32(out, static_cast<std::uint32_t>(block.entries.size()));
  for (const EntryPtr& entry : block.entries) {
    const std::string leaf = LeafData(entry->header_bytes(), entry->signature());
    AppendU32(out, static_cast<std::uint32_t>(leaf.size()));
    out += leaf;
    AppendU8(out, entry->has_body() ? 1 : 0);
    if (!entry->has_body()) continue;
    AppendU32(out, static_cast<std::uint32_t>(entry->body().size()));
    out += entry->body();
    out += entry->salt().view();
  }
  return out;
}

absl::StatusOr<BlockPtr> ParseBlock(std::string_view bytes) {
  ByteReader in(bytes);
  Block block;
  block.header_bytes = std::string(in.Bytes(in.U32()));
  block.leader_signature = in.Fixed<Signature>();
  const std::uint32_t entries = in.U32();
  if (!in.ok()) return Damaged("it is cut off");
  auto header = ParseBlockHeader(block.header_bytes);
  if (!header.ok()) return Damaged(StdView(header.status().message()));
  block.header = *std::move(header);
  block.hash = BlockHash(block.header_bytes);
  if (entries > kBlockEntriesMax) return Damaged("it has too many entries");
  for (std::uint32_t i = 0; i < entries; ++i) {
    auto entry = ReadEntry(in);
    if (!entry.ok()) return entry.status();
    block.entries.push_back(*std::move(entry));
  }
  if (!in.AtEnd()) return Damaged("bytes follow its last entry");
  return std::make_shared<const Block>(std::move(block));
}

std::string EncodeVote(const Vote& vote) {
  std::string out;
  AppendU64(out, vote.voter);
  AppendU8(out, static_cast<std::uint8_t>(vote.statement.kind));
  out += vote.statement.block_hash.view();
  out += vote.signature.view();
  return out;
}

absl::StatusOr<Vote> ParseVote(std::string_view bytes, Epoch epoch, View view) {
  ByteReader in(bytes);
  Vote vote;
  vote.voter = in.U64();
  const std::uint8_t kind = in.U8();
  vote.statement = {static_cast<VoteKind>(kind), epoch, view, in.Fixed<Hash>()};
  vote.signature = in.Fixed<Signature>();
  if (!in.AtEnd() || kind < 1 || kind > 3) {
    return absl::DataLossError(
        absl::StrCat("the journal's vote in view ", view.value(), " is damaged"));
  }
  return vote;
}

}  // namespace assent::consensus
