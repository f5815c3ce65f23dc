// The act by which the members start the next epoch at a named block, when so many voters have lost
// their journals that no rule can go on by itself: docs/protocol.md, "When more than f have lost
// their journals". It proves itself to whoever knows the named block. Only for those who speak
// protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_RESTART_ACT_H_
#define ASSENT_LEDGER_RECEIPT_RESTART_ACT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "ledger/membership/voters.h"
#include "ledger/receipt/header_chain.h"

namespace assent {

namespace tag {
inline constexpr std::string_view kRestart = "assent/restart/v1";
}  // namespace tag

// What an act says, and who has signed it.
struct Restart {
  Epoch epoch;  // that it begins
  NamedHeader block;
  std::vector<MemberIdentity> members;  // in code order
  std::vector<MemberCode> signers;      // in code order
  // floor(2m/3) + 1 of the m members.
  std::size_t needed() const { return QuorumOf(members.size()); }
};

// What a member's authority key signs under tag::kRestart.
std::string RestartStatement(const LedgerId& ledger, Epoch epoch, const NamedHeader& block);

// Reads an act and checks every signature that is there, be they enough or not. InvalidArgument.
absl::StatusOr<Restart> ReadRestart(const v1::RestartAct& act, const LedgerId& ledger);
// The same, and enough members have signed.
absl::StatusOr<Restart> CheckRestart(const v1::RestartAct& act, const LedgerId& ledger);

// Ok when `voters`, those of the named block's epoch, have notarized or finalized it.
absl::Status CheckRestartCertificate(const v1::RestartAct& act, const Restart& restart,
                                     const VoterSet& voters);

// The file that is passed around: kRestartMagic and the message in its one form.
inline constexpr std::string_view kRestartMagic = "assent restart v1\n";
std::string FormatRestartFile(const v1::RestartAct& act);
absl::StatusOr<v1::RestartAct> ParseRestartFile(std::string_view file);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_RESTART_ACT_H_
