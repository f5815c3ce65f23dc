#include "ledger/block/header.h"

#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "ledger/limits.h"

namespace assent {
namespace {

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("malformed block header: ", AbslView(what)));
}

}  // namespace

std::string EncodeBlockHeader(const BlockHeader& header) {
  std::string out;
  out.reserve(kBlockHeaderBytes);
  AppendU8(out, kBlockFormat);
  AppendU8(out, static_cast<std::uint8_t>(header.kind));
  out += header.ledger_id.view();
  AppendU64(out, header.epoch.value());
  AppendU64(out, header.view.value());
  AppendU64(out, header.height.value());
  out += header.parent.view();
  AppendU64(out, static_cast<std::uint64_t>(header.time.us));
  AppendU64(out, header.first_index.value());
  AppendU64(out, header.tree_size);
  out += header.tree_root.view();
  out += header.state_digest.view();
  out += header.author_heads_root.view();
  out += header.voters_hash.view();
  out += header.members_hash.view();
  ASSENT_CHECK(out.size() == kBlockHeaderBytes);
  return out;
}

absl::StatusOr<BlockHeader> ParseBlockHeader(std::string_view bytes) {
  if (bytes.size() != kBlockHeaderBytes) {
    return Malformed(absl::StrCat("it has ", bytes.size(), " bytes, not ", kBlockHeaderBytes));
  }
  ByteReader reader(bytes);
  const std::uint8_t format = reader.U8();
  if (format != kBlockFormat) return Malformed(absl::StrCat("format ", format, " is not known"));
  const std::uint8_t kind = reader.U8();
  if (kind < static_cast<std::uint8_t>(BlockKind::kNormal) ||
      kind > static_cast<std::uint8_t>(BlockKind::kTail)) {
    return Malformed(absl::StrCat("kind ", kind, " does not exist"));
  }
  BlockHeader header;
  header.kind = static_cast<BlockKind>(kind);
  header.ledger_id = reader.Fixed<LedgerId>();
  header.epoch = Epoch(reader.U64());
  header.view = View(reader.U64());
  header.height = Height(reader.U64());
  header.parent = reader.Fixed<Hash>();
  header.time = Time{static_cast<std::int64_t>(reader.U64())};
  header.first_index = EntryIndex(reader.U64());
  header.tree_size = reader.U64();
  header.tree_root = reader.Fixed<Hash>();
  header.state_digest = reader.Fixed<Hash>();
  header.author_heads_root = reader.Fixed<Hash>();
  header.voters_hash = reader.Fixed<Hash>();
  header.members_hash = reader.Fixed<Hash>();
  ASSENT_CHECK(reader.AtEnd());
  if (header.time.us < 0 || header.time.us > kTimeMaxUs) {
    return Malformed("its time is not in the years 1970 to 9999");
  }
  if (header.tree_size < header.first_index.value()) {
    return Malformed("the tree is smaller after the block than before it");
  }
  return header;
}

BlockHeader MakeTail(const BlockHeader& before, const Hash& before_hash, View view) {
  BlockHeader tail = before;
  tail.kind = BlockKind::kTail;
  tail.view = view;
  tail.parent = before_hash;
  tail.first_index = EntryIndex(before.tree_size);
  return tail;
}

bool IsTailOf(const BlockHeader& before, const Hash& before_hash, const BlockHeader& tail) {
  return before.kind != BlockKind::kNormal && tail.view > before.view &&
         tail == MakeTail(before, before_hash, tail.view);
}

Epoch EpochAfter(const BlockHeader& parent) {
  return parent.kind == BlockKind::kNormal ? parent.epoch : parent.epoch.next();
}

}  // namespace assent
