// What the nodes of one epoch's voters say to each other to put blocks in order. Plain values; the
// wire form is proto/assent/v1/peer.proto, and a voter stands here by its position in the epoch's
// VoterSet.
#ifndef ASSENT_NODE_CONSENSUS_MESSAGES_H_
#define ASSENT_NODE_CONSENSUS_MESSAGES_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/block/header.h"
#include "ledger/bytes.h"
#include "ledger/entry/entry.h"
#include "ledger/membership/certificate.h"
#include "ledger/types.h"

namespace assent::consensus {

using CertificatePtr = std::shared_ptr<const Certificate>;

// Position of a voter in the epoch's VoterSet.
using Position = std::size_t;

// A block under way: what its leader made and signed. Says nothing about validity.
struct Block {
  BlockHeader header;
  std::string header_bytes;    // as the leader sent them; `header` is what they say
  Hash hash;                   // BlockHash(header_bytes)
  Signature leader_signature;  // over the proposal statement
  std::vector<EntryPtr> entries;
};
using BlockPtr = std::shared_ptr<const Block>;

// A leader's block, and why it may be proposed: the certificate of the parent and the skip
// certificates of the views between. Certificates that the receiver may be expected to hold can be
// missing.
struct Proposal {
  BlockPtr block;
  std::vector<CertificatePtr> justification;  // at most kJustificationMax
};
inline constexpr std::size_t kJustificationMax = 256;

// One voter's vote.
struct Vote {
  Statement statement;
  Position voter = 0;
  Signature signature;
  bool operator==(const Vote&) const = default;
};

// At most kCertificatesPerMessageMax.
struct CertificateMessage {
  std::vector<CertificatePtr> certificates;
  // Highest view of a certificate in the message: how far its sender is. Not sent: the Verifier
  // fills it in, since it leaves certificates out that are held already.
  View newest;
};
inline constexpr std::size_t kCertificatesPerMessageMax = 64;

// Asks for the certificates that lead from a view to the receiver's present one.
struct CertificateRequest {
  Epoch epoch;
  View from_view;
};

// Asks for a block under way, and the answer to it.
struct BlockRequest {
  Hash block_hash;
};
struct BlockResponse {
  BlockPtr block;
};

// 32 random bytes, chosen anew at every start of a node.
using Nonce = FixedBytes<32, struct NonceTag>;

// Asks where the epoch stands, and for the asker's own votes: see SPECIFICATION.md, "Restoring".
struct RestoreRequest {
  Nonce nonce;
};
struct RestoreResponse {
  Nonce nonce;  // from the request
  Epoch epoch;
  View view;                         // highest view that `certificate` leads into; 1 without one
  CertificatePtr certificate;        // null in the epoch's first view
  std::vector<Vote> votes_of_yours;  // newest first, at most kRestoreVotesMax
  bool restoring = false;            // the sender restores itself: the answer does not count
};
inline constexpr std::size_t kRestoreVotesMax = 1'024;

// Everything that the core sends.
using Message = std::variant<Proposal, Vote, CertificateMessage, CertificateRequest, BlockRequest,
                             BlockResponse, RestoreRequest, RestoreResponse>;

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_MESSAGES_H_
