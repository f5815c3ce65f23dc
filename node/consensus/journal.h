// What a node must not forget: written before the message that it justifies is sent. Formats are
// stored on disk: do not change them without a new kind.
#ifndef ASSENT_NODE_CONSENSUS_JOURNAL_H_
#define ASSENT_NODE_CONSENSUS_JOURNAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/types.h"
#include "node/consensus/messages.h"

namespace assent::consensus {

// Kinds of records. At most one of a kind in a view.
enum class RecordKind : std::uint8_t {
  kEntered = 1,    // certificate that led into the view; with the first vote in it
  kBlock = 2,      // block, whole: with the Notarize vote for it, or as the own proposal
  kNotarize = 3,   // own vote
  kSkip = 4,       // own vote
  kFinalize = 5,   // own vote; goes with kNotarized
  kNotarized = 6,  // notarize certificate of the view
  kFloor = 7,  // the node restored: no proposal in views up to the record's; its bytes, a u64: no
               // vote in views up to that
};

// Kind of the record of an own vote.
RecordKind RecordOf(VoteKind kind);

struct JournalRecord {
  Epoch epoch;
  View view;
  RecordKind kind = RecordKind::kEntered;
  std::string bytes;

  // u64 epoch || u64 view || u8 kind, big-endian: ordered as the fields are.
  std::string Key() const;
  // InvalidArgument when `key` is none.
  static absl::StatusOr<JournalRecord> From(std::string_view key, std::string_view bytes);
  bool operator==(const JournalRecord&) const = default;
};

// The first key of a view: all records of views before it have smaller keys.
std::string JournalKeyOfView(Epoch epoch, View view);

// u32 header length || header || leader signature || u32 number of entries || for each: u32 leaf
// length || leaf data || u8 1 when the body follows, else 0 || u32 body length || body || salt.
std::string EncodeBlock(const Block& block);
// DataLoss says what is wrong. Signatures are not checked.
absl::StatusOr<BlockPtr> ParseBlock(std::string_view bytes);

// u64 voter || u8 kind || block hash || signature; epoch and view are the record's.
std::string EncodeVote(const Vote& vote);
absl::StatusOr<Vote> ParseVote(std::string_view bytes, Epoch epoch, View view);

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_JOURNAL_H_
