// Receipts: checked offline, with nothing but the founding act.
#ifndef ASSENT_LEDGER_RECEIPT_RECEIPT_H_
#define ASSENT_LEDGER_RECEIPT_RECEIPT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/act/founding_act.h"
#include "ledger/block/header.h"
#include "ledger/entry/entry.h"
#include "ledger/entry/release.h"
#include "ledger/types.h"

namespace assent {

// A receipt file is the assent.v1.Receipt message in binary protobuf behind the line "assent
// receipt v1\n".
inline constexpr std::string_view kReceiptMagic = "assent receipt v1\n";

// What a good receipt proves, one sentence each, and what it does not.
struct ReceiptProof {
  Entry entry;
  EntryIndex index;
  BlockHeader header;  // of the block that holds the entry
  std::vector<std::string> proved;
  std::vector<std::string> not_shown;                  // e.g. the body when it is absent
  std::optional<Releaser> released_by = std::nullopt;  // as the body has it, with a good signature
};

// Ok with what is proved; InvalidArgument whose message is "STEP: DETAIL" otherwise. `act` must
// have passed CheckAct.
absl::StatusOr<ReceiptProof> VerifyReceipt(std::string_view file, const FoundingAct& act);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_RECEIPT_H_
