// The layout of the database to the byte. It is that of format version 1: what is here may not
// change without a new version, which kFormatVersion names and opening a database checks.
//
// Integers are big-endian, so that keys are in the order of their numbers.
//
// clang-format off
// column family  key                                    value
// default        "format"                               u32 format version
//                "ledger"                               ledger id
//                "tip"                                  u64 height of the newest final block
//                "restoring"                            u8: 1 when votes may have been forgotten
//                "checkpoint"                           public checkpoint, see EncodeCheckpoint
//                "evidence/" || key of the evidence     the evidence
//                "restart/" || u64 height               act that names a block of this height, see EncodeRestart
// blocks         u64 height                             header || u16 number of TAIL headers || these || certificate
// entries        u64 index                              leaf data || u8 has body || (salt || body)
// indexes        'a' || author || 0x00 || u64 sequence  u64 index
//                'c' || u64 height                      empty; for blocks with a certificate
//                'h' || u64 first index                 u64 height; for blocks with entries
//                't' || record type || 0x00 || u64 index  empty
// merkle         u8 level || u64 index                  hash of the full subtree
// state          key of the state                       value of the state
// derived        keys beside the state                  ledger/rules/past.h, record_index.h
// journal        key of the record                      the record
// clang-format on
//
// What is derived follows from entries and state: a database without it, or without a mark that
// says that it is whole, gets it when it is opened.
#ifndef ASSENT_NODE_STORAGE_KEYS_H_
#define ASSENT_NODE_STORAGE_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/entry/entry.h"
#include "ledger/types.h"
#include "node/replica/store.h"

namespace assent::storage {

inline constexpr std::uint32_t kFormatVersion = 1;

// Column families; the metadata are in RocksDB's default one.
inline constexpr std::string_view kBlocksFamily = "blocks";
inline constexpr std::string_view kEntriesFamily = "entries";
inline constexpr std::string_view kIndexesFamily = "indexes";
inline constexpr std::string_view kMerkleFamily = "merkle";
inline constexpr std::string_view kStateFamily = "state";
inline constexpr std::string_view kJournalFamily = "journal";
inline constexpr std::string_view kDerivedFamily = "derived";

// Keys of the metadata.
inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kLedgerKey = "ledger";
inline constexpr std::string_view kTipKey = "tip";
inline constexpr std::string_view kRestoringKey = "restoring";
inline constexpr std::string_view kCheckpointKey = "checkpoint";
inline constexpr std::string_view kEvidencePrefix = "evidence/";
inline constexpr std::string_view kRestartPrefix = "restart/";

std::string NumberKey(std::uint64_t number);  // of blocks and entries
// Nothing when `key` is not eight bytes.
std::optional<std::uint64_t> ParseNumber(std::string_view key);

std::string AuthorKey(const MemberCode& author, Sequence sequence);
std::string CertifiedKey(Height height);
std::string HeightKey(EntryIndex first_index);
std::string TypePrefix(std::string_view type);
std::string TypeKey(std::string_view type, EntryIndex index);
std::string MerkleKey(std::uint8_t level, std::uint64_t index);
std::string RestartKey(Height height);

// The first key after all that begin with `prefix`; empty when there is none (all bytes are 0xFF).
std::string PrefixEnd(std::string_view prefix);

// Values. The decoders take what a disk may hold: DataLoss says what is wrong with it.
std::string EncodeBlock(const StoredBlock& block);
absl::StatusOr<StoredBlock> DecodeBlock(std::string_view value);
std::string EncodeEntry(const Entry& entry);
absl::StatusOr<EntryPtr> DecodeEntry(std::string_view value);
// u64 height || u64 tree size || root || for each signature in code order: u8 code length || code
// || signature.
std::string EncodeCheckpoint(const replica::CheckpointRecord& checkpoint);
absl::StatusOr<replica::CheckpointRecord> DecodeCheckpoint(std::string_view value);
// u64 height || block hash || u64 epoch || u8 never voted || the act.
std::string EncodeRestart(const replica::RestartRecord& restart);
absl::StatusOr<replica::RestartRecord> DecodeRestart(std::string_view value);

}  // namespace assent::storage

#endif  // ASSENT_NODE_STORAGE_KEYS_H_
