// The header of a block: fixed size, every field at a fixed place. Layout: docs/formats.md.
#ifndef ASSENT_LEDGER_BLOCK_HEADER_H_
#define ASSENT_LEDGER_BLOCK_HEADER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent {

enum class BlockKind : std::uint8_t { kNormal = 1, kClosing = 2, kTail = 3 };

struct BlockHeader {
  BlockKind kind = BlockKind::kNormal;
  LedgerId ledger_id;
  Epoch epoch;
  View view;
  Height height;
  Hash parent;  // block hash of the parent
  Time time;
  EntryIndex first_index;       // tree size before this block
  std::uint64_t tree_size = 0;  // after it
  Hash tree_root;
  Hash state_digest;
  Hash author_heads_root;
  Hash voters_hash;   // of the voters after this block
  Hash members_hash;  // of the members after this block
  bool operator==(const BlockHeader&) const = default;
};

inline constexpr std::uint8_t kBlockFormat = 1;
// format u8, kind u8, ledger id, epoch u64, view u64, height u64, parent, time i64, first_index
// u64, tree_size u64, tree root, state digest, author heads root, voters hash, members hash;
// big-endian.
inline constexpr std::size_t kBlockHeaderBytes = 2 + 32 + 8 * 3 + 32 + 8 * 3 + 32 * 5;

std::string EncodeBlockHeader(const BlockHeader& header);
// InvalidArgument: wrong size, format or kind, a time outside the years 1970 to 9999, or tree_size
// < first_index.
absl::StatusOr<BlockHeader> ParseBlockHeader(std::string_view bytes);

// The TAIL block of `view` on `before`, which closes an epoch or is itself a TAIL block: it holds
// nothing, and says of the ledger what the closing block says.
BlockHeader MakeTail(const BlockHeader& before, const Hash& before_hash, View view);
// True when `tail` is the TAIL block of its view on `before`.
bool IsTailOf(const BlockHeader& before, const Hash& before_hash, const BlockHeader& tail);
// The epoch of a block on `parent`: a closing block is the last of its epoch.
Epoch EpochAfter(const BlockHeader& parent);

}  // namespace assent

#endif  // ASSENT_LEDGER_BLOCK_HEADER_H_
