// That one checkpoint continues another: the log has only grown in between. Fetched from a node,
// kept as a file, and checked with nothing but the founding act.
#ifndef ASSENT_CLIENT_CONSISTENCY_H_
#define ASSENT_CLIENT_CONSISTENCY_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "assent/v1/proof.pb.h"
#include "client/checkpoint_check.h"
#include "ledger/act/founding_act.h"
#include "ledger/limits.h"

namespace assent::client {

// A file is the CheckpointConsistency message in binary protobuf behind this line.
inline constexpr std::string_view kConsistencyMagic = "assent consistency v1\n";
inline constexpr std::size_t kConsistencyBytesMax = 4 * 1024 * 1024;
// Of a note that is read from a file: kVotersMax lines, each with a name of the longest.
inline constexpr std::size_t kNoteBytesMax = kVotersMax * (kNameBytesMax + 128);

// What was found to be good.
struct CheckedConsistency {
  CheckedNote older;
  CheckedNote newer;  // of at least as many entries
};

// A note that a quorum of the voters of any epoch has signed to which `epochs` lead.
absl::StatusOr<CheckedNote> CheckNoteOfAnyEpoch(
    std::string_view note, const google::protobuf::RepeatedPtrField<v1::EpochChange>& epochs,
    const FoundingAct& act);

// Ok when both checkpoints are good and the newer continues the older. InvalidArgument whose
// message is "STEP: DETAIL". `act` must have passed CheckAct.
absl::StatusOr<CheckedConsistency> CheckConsistency(const v1::CheckpointConsistency& proof,
                                                    const FoundingAct& act);

std::string FormatConsistencyFile(const v1::CheckpointConsistency& proof);
// The same of a file.
absl::StatusOr<CheckedConsistency> VerifyConsistencyFile(std::string_view file,
                                                         const FoundingAct& act);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_CONSISTENCY_H_
