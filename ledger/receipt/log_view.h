// What proofs are made from: a log that is final, whoever keeps it.
#ifndef ASSENT_LEDGER_RECEIPT_LOG_VIEW_H_
#define ASSENT_LEDGER_RECEIPT_LOG_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/block/header.h"
#include "ledger/bytes.h"
#include "ledger/entry/entry.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent {

// A block as stored, without its entries.
struct StoredBlock {
  BlockHeader header;
  std::string header_bytes;
  std::string certificate;        // encoded finalize certificate; empty when a descendant has it
  std::vector<std::string> tail;  // headers from a closing block to that of `certificate`
};

// What was final at one moment. Does not change. NotFound where something is not there; DataLoss
// where what is kept is damaged.
class LogView {
 public:
  virtual ~LogView() = default;
  // Of the whole log.
  virtual std::uint64_t tree_size() const = 0;
  // At the newest block.
  virtual const StateView& state() const = 0;
  virtual absl::StatusOr<StoredBlock> BlockAt(Height height) const = 0;
  // The next height at or after `height` whose block has a certificate.
  virtual absl::StatusOr<Height> CertifiedAtOrAfter(Height height) const = 0;
  virtual absl::StatusOr<EntryPtr> EntryAt(EntryIndex index) const = 0;
  // Height of the block that holds the entry.
  virtual absl::StatusOr<Height> HeightOf(EntryIndex index) const = 0;
  // Of a full subtree.
  virtual absl::StatusOr<Hash> MerkleNodeAt(std::uint8_t level, std::uint64_t index) const = 0;
  // The newest act of the members that names the block of this height, as a serialized
  // assent.v1.RestartAct; empty when none does.
  virtual absl::StatusOr<std::string> RestartActOn(Height height) const = 0;
};

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_LOG_VIEW_H_
