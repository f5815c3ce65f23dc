// A block header that is shown to be final, from the founding act on. Only for those who speak
// protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_PROVEN_BLOCK_H_
#define ASSENT_LEDGER_RECEIPT_PROVEN_BLOCK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/membership/certificate.h"
#include "ledger/receipt/epoch_walk.h"
#include "ledger/receipt/header_chain.h"

namespace assent {

// What a proof gives for it; views into the proof.
struct BlockEvidence {
  std::string_view header;
  std::vector<std::string_view> descendants;  // headers up to the one that the certificate is for
  std::string_view certificate;
  const google::protobuf::RepeatedPtrField<v1::EpochChange>& epochs;
};

struct ProvenBlock {
  NamedHeader block;
  EpochVoters epoch;        // that the block of the certificate is of
  Certificate certificate;  // by its voters
};

// InvalidArgument whose message is "STEP: DETAIL". `act` must have passed CheckAct.
absl::StatusOr<ProvenBlock> ProveBlock(const BlockEvidence& evidence, const FoundingAct& act);

// "the block is final: 3 of 4 voters signed it (FRA, IND, JPN), 3 are needed"
std::string FinalitySentence(const ProvenBlock& proven);
// Where an act of the members began an epoch on the way: what rests on it. Empty elsewhere.
std::string RestartSentence(const ProvenBlock& proven);
// What no proof can show: that there is no second history.
std::string OtherHistorySentence(const ProvenBlock& proven);

// Ok when the entry at `index` is one of the block's own; else a later header would pass for the
// time of filing.
absl::Status CheckPlace(EntryIndex index, const BlockHeader& header);

// Ok when a leaf is in the block's tree. `hashes`: 32 bytes each.
absl::Status CheckInclusion(const Hash& leaf_hash, EntryIndex index,
                            const google::protobuf::RepeatedPtrField<std::string>& hashes,
                            const BlockHeader& header);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_PROVEN_BLOCK_H_
