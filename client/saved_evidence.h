// The evidence that a node had when it was audited, kept beside what the audit has checked. It is
// no part of the ledger: what is here is proof against the voters that it names, but that there is
// no more of it is the word of that node.
//
//   evidence  "assent evidence 1\n" || AskResponse || SHA-256 of these two
//
// The answer has the rows in the order of the node, and as_of is where the audit stood.
#ifndef ASSENT_CLIENT_SAVED_EVIDENCE_H_
#define ASSENT_CLIENT_SAVED_EVIDENCE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/questions.pb.h"
#include "client/asking.h"
#include "ledger/act/founding_act.h"
#include "ledger/audit/audit.h"

namespace assent::client {

// Of what is fetched from a node.
inline constexpr std::uint64_t kEvidenceRowsMax = 10'000;
inline constexpr std::size_t kEvidenceBytesMax = std::size_t{32} * 1024 * 1024;
// Of the file: those rows with what stands around them.
inline constexpr std::size_t kEvidenceFileBytesMax = 2 * kEvidenceBytesMax;

// What a node has said to be its evidence.
struct FetchedEvidence {
  v1::AskResponse good;       // rows that are proof by a key of the voter
  std::uint64_t refused = 0;  // other rows
  absl::Status fault;         // what is wrong with the first of these
  bool more = false;          // the limits ended it
};
// Asks for all of it and checks each row against the state that the audit has come to.
absl::StatusOr<FetchedEvidence> FetchEvidence(const AskPage& ask, const Auditor& auditor,
                                              const FoundingAct& act);

// Replaces what is in the folder in one step.
absl::Status SaveEvidence(const std::string& folder, const v1::AskResponse& evidence);
// Rows are not checked. NotFound: none was saved there. InvalidArgument: damaged, or of another
// version.
absl::StatusOr<v1::AskResponse> LoadEvidence(const std::string& folder);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_SAVED_EVIDENCE_H_
