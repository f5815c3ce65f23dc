// Between the values that the replica works on and the bytes that peers exchange
// (assent.v1.PeerMessage).
#ifndef ASSENT_NODE_REPLICA_CODEC_H_
#define ASSENT_NODE_REPLICA_CODEC_H_

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/membership/certificate.h"
#include "ledger/membership/voters.h"
#include "node/consensus/messages.h"
#include "node/replica/checkpoint_book.h"
#include "node/replica/restart.h"
#include "node/replica/store.h"

namespace assent::replica {

// A vote as it is signed. Of another epoch, whose voters are not known here.
struct SignedStatement {
  Statement statement;
  Signature signature;
  bool operator==(const SignedStatement&) const = default;
};

// First message of every stream.
struct Hello {
  LedgerId ledger_id;
  MemberCode code;
  Height final_height;
  std::optional<consensus::Vote> newest_vote_of_yours;
  bool restoring = false;
  // Instead of newest_vote_of_yours, when that is of a later epoch than the reader's. Only read.
  std::optional<SignedStatement> vote_of_later_epoch = std::nullopt;
};

// Entries that wait to be ordered.
struct WaitingEntries {
  std::vector<EntryPtr> entries;
};
// How the sender's epoch began: an act of the members, nothing of which is checked.
struct RestartBytes {
  std::string act;
};
inline constexpr std::size_t kEntriesPerMessageMax = 256;
inline constexpr std::size_t kEntryBytesPerMessageMax = 1024 * 1024;

// Anything that a peer says; nothing of it is verified.
using PeerMessage =
    std::variant<Hello, WaitingEntries, SignedTree, consensus::Proposal, consensus::Vote,
                 consensus::CertificateMessage, consensus::CertificateRequest,
                 consensus::BlockRequest, consensus::BlockResponse, consensus::RestoreRequest,
                 consensus::RestoreResponse, RestartBytes>;

// `voters` are those of `epoch`, and give positions their codes.
class Codec {
 public:
  Codec(Epoch epoch, VoterSet voters) : epoch_(epoch), voters_(std::move(voters)) {}

  std::string Encode(const PeerMessage& message) const;
  std::string Encode(const consensus::Message& message) const;

  // InvalidArgument: no such message, or not of the form that it must have. OutOfRange: of another
  // epoch, whose voters are not known here; the message names that epoch.
  absl::StatusOr<PeerMessage> Parse(std::string_view bytes) const;

  const VoterSet& voters() const { return voters_; }
  Epoch epoch() const { return epoch_; }

 private:
  const Epoch epoch_;
  const VoterSet voters_;
};

// A final block as one peer sends it to another; nothing of it is verified.
struct FinalBlockParts {
  BlockHeader header;
  std::string header_bytes;
  Hash hash;
  std::vector<EntryPtr> entries;
  consensus::CertificatePtr certificate;  // null when the block has none
  std::vector<std::string> tail;          // headers from a closing block to the one that it is for
  std::string restart = "";               // the act that began the block's epoch on its parent
  RestartPtr restarted = nullptr;         // the same, checked
};
// A block of an epoch that has so many voters, or the first of a later one that an act of the
// members began, whose certificate is left out. InvalidArgument: not of the form that it must have.
// OutOfRange: of another epoch.
absl::StatusOr<FinalBlockParts> ParseFinalBlock(std::string_view bytes, Epoch epoch,
                                                std::size_t voters);

}  // namespace assent::replica

#endif  // ASSENT_NODE_REPLICA_CODEC_H_
