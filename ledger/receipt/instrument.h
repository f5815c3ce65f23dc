// Ratification instruments: one file that proves a revision, checked offline with nothing but the
// founding act.
#ifndef ASSENT_LEDGER_RECEIPT_INSTRUMENT_H_
#define ASSENT_LEDGER_RECEIPT_INSTRUMENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/act/founding_act.h"
#include "ledger/block/header.h"
#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent {

// An instrument file is the assent.v1.RatificationInstrument message in binary protobuf behind the
// line "assent instrument v1\n".
inline constexpr std::string_view kInstrumentMagic = "assent instrument v1\n";

// A member's signature under the revision.
struct RatifyingSignature {
  MemberCode member;
  EntryIndex index;
  bool endorsed_key =
      false;                // the key came by the members' endorsement, not by the state's own word
  std::string released_by;  // of a state that has releasers: the name of the one that released it
};

// What a good instrument proves, one sentence each, and what it does not.
struct InstrumentProof {
  EntryIndex round;  // of the entry that opened it
  std::uint32_t number = 0;
  std::string title;
  std::string text;
  std::string changes;  // besides the text, as lines; empty when there are none
  Hash text_hash;
  std::vector<RatifyingSignature> signatures;  // of every member, in the order of the log
  EntryIndex completed_by;
  BlockHeader header;  // of the block that holds the completing entry
  std::vector<std::string> proved;
  std::vector<std::string> not_shown;
};

// Ok with what is proved; InvalidArgument whose message is "STEP: DETAIL" otherwise. At most
// kInstrumentBytesMax. `act` must have passed CheckAct.
absl::StatusOr<InstrumentProof> VerifyInstrument(std::string_view file, const FoundingAct& act);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_INSTRUMENT_H_
