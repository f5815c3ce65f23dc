#include "node/storage/keys.h"

#include <memory>
#include <utility>

namespace assent::storage {
namespace {

std::string TaggedNumber(char tag, std::uint64_t number) {
  std::string key(1, tag);
  AppendU64(key, number);
  return key;
}

}  // namespace

std::string NumberKey(std::uint64_t number) {
  std::string key;
  AppendU64(key, number);
  return key;
}

std::optional<std::uint64_t> ParseNumber(std::string_view key) {
  ByteReader reader(key);
  const std::uint64_t number = reader.U64();
  if (!reader.AtEnd()) return std::nullopt;
  return number;
}

std::string AuthorKey(const MemberCode& author, Sequence sequence) {
  std::string key = "a";
  key += author.str();
  key += '\0';
  AppendU64(key, sequence.value());
  return key;
}

std::string CertifiedKey(Height height) { return TaggedNumber('c', height.value()); }

std::string HeightKey(EntryIndex first_index) { return TaggedNumber('h', first_index.value()); }

std::string TypePrefix(std::string_view type) {
  std::string key = "t";
  key += type;
  key += '\0';
  return key;
}

std::string TypeKey(std::string_view type, EntryIndex index) {
  std::string key = TypePrefix(type);
  AppendU64(key, index.value());
  return key;
}

std::string MerkleKey(std::uint8_t level, std::uint64_t index) {
  std::string key;
  AppendU8(key, level);
  AppendU64(key, index);
  return key;
}

std::string RestartKey(Height height) {
  std::string key(kRestartPrefix);
  AppendU64(key, height.value());
  return key;
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

std::string EncodeBlock(const StoredBlock& block) {
  std::string value = block.header_bytes;
  AppendU16(value, static_cast<std::uint16_t>(block.tail.size()));
  for (const std::string& header : block.tail) value += header;
  value += block.certificate;
  return value;
}

absl::StatusOr<StoredBlock> DecodeBlock(std::string_view value) {
  ByteReader reader(value);
  StoredBlock block;
  block.header_bytes = std::string(reader.Bytes(kBlockHeaderBytes));
  for (std::uint16_t left = reader.U16(); left > 0 && reader.ok(); --left) {
    block.tail.emplace_back(reader.Bytes(kBlockHeaderBytes));
  }
  if (!reader.ok()) return absl::DataLossError("the record of a block is cut short");
  absl::StatusOr<BlockHeader> header = ParseBlockHeader(block.header_bytes);
  if (!header.ok()) return absl::DataLossError(header.status().message());
  block.header = *std::move(header);
  block.certificate = std::string(reader.rest());
  return block;
}

std::string EncodeEntry(const Entry& entry) {
  const std::string& header = entry.header_bytes();
  std::string value;
  value.reserve(4 + header.size() + Signature::kSize + 1 +
                (entry.has_body() ? Salt::kSize + entry.body().size() : 0));
  AppendU32(value, static_cast<std::uint32_t>(header.size()));
  value += header;
  value += entry.signature().view();
  AppendU8(value, entry.has_body() ? 1 : 0);
  if (entry.has_body()) {
    value += entry.salt().view();
    value += entry.body();
  }
  return value;
}

absl::StatusOr<EntryPtr> DecodeEntry(std::string_view value) {
  ByteReader reader(value);
  RawEntry raw;
  raw.header = std::string(reader.Bytes(reader.U32()));
  raw.signature = reader.Fixed<Signature>();
  const std::uint8_t has_body = reader.U8();
  if (has_body == 1) {
    raw.salt = reader.Fixed<Salt>();
    raw.body = std::string(reader.rest());
  }
  if (!reader.ok() || has_body > 1 || (has_body == 0 && !reader.AtEnd())) {
    return absl::DataLossError("the record of an entry is malformed");
  }
  absl::StatusOr<Entry> entry = Entry::Parse(std::move(raw));
  if (!entry.ok()) return absl::DataLossError(entry.status().message());
  return std::make_shared<const Entry>(*std::move(entry));
}

std::string EncodeCheckpoint(const replica::CheckpointRecord& checkpoint) {
  std::string value;
  AppendU64(value, checkpoint.height.value());
  AppendU64(value, checkpoint.tree_size);
  value += checkpoint.root.view();
  for (const auto& [code, signature] : checkpoint.signatures) {
    AppendU8(value, static_cast<std::uint8_t>(code.str().size()));
    value += code.str();
    value += signature.view();
  }
  return value;
}

absl::StatusOr<replica::CheckpointRecord> DecodeCheckpoint(std::string_view value) {
  ByteReader reader(value);
  replica::CheckpointRecord checkpoint;
  checkpoint.height = Height(reader.U64());
  checkpoint.tree_size = reader.U64();
  checkpoint.root = reader.Fixed<Hash>();
  while (reader.ok() && !reader.AtEnd()) {
    const std::optional<MemberCode> code = MemberCode::From(reader.Bytes(reader.U8()));
    const Signature signature = reader.Fixed<Signature>();
    if (!code) return absl::DataLossError("the record of the checkpoint names no state");
    checkpoint.signatures[*code] = signature;
  }
  if (!reader.ok()) return absl::DataLossError("the record of the checkpoint is cut short");
  return checkpoint;
}

std::string EncodeRestart(const replica::RestartRecord& restart) {
  std::string value;
  AppendU64(value, restart.height.value());
  value += restart.hash.view();
  AppendU64(value, restart.epoch.value());
  AppendU8(value, restart.never_voted ? 1 : 0);
  value += restart.act;
  return value;
}

absl::StatusOr<replica::RestartRecord> DecodeRestart(std::string_view value) {
  ByteReader reader(value);
  replica::RestartRecord restart;
  restart.height = Height(reader.U64());
  restart.hash = reader.Fixed<Hash>();
  restart.epoch = Epoch(reader.U64());
  restart.never_voted = reader.U8() != 0;
  restart.act = std::string(reader.rest());
  if (!reader.ok()) return absl::DataLossError("the record of a restart is cut short");
  return restart;
}

}  // namespace assent::storage
