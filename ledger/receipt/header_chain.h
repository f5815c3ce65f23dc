// Block headers that follow each other up to the one that a finalize certificate is for: what makes
// the first of them final.
#ifndef ASSENT_LEDGER_RECEIPT_HEADER_CHAIN_H_
#define ASSENT_LEDGER_RECEIPT_HEADER_CHAIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/block/header.h"
#include "ledger/bytes.h"
#include "ledger/membership/certificate.h"
#include "ledger/membership/voters.h"

namespace assent {

// A header and the hash that names its block.
struct NamedHeader {
  BlockHeader header;
  Hash hash;
};

// Parses the header of a block of this ledger. InvalidArgument.
absl::StatusOr<NamedHeader> ReadHeader(std::string_view bytes, const LedgerId& ledger);

// Ok when `child` can follow `parent` within an epoch; InvalidArgument says why not. After a
// closing block come only TAIL blocks, which copy it.
absl::Status CheckFollows(const NamedHeader& parent, const BlockHeader& child);

// Ok when `child` can be the first block of an epoch that an act of the members began on `parent`.
absl::Status CheckBegins(const NamedHeader& parent, const BlockHeader& child);

// The last header of `first` and those that follow it, within one epoch. InvalidArgument names the
// one that does not follow.
absl::StatusOr<NamedHeader> LastOfChain(const NamedHeader& first,
                                        const std::vector<std::string_view>& following);
// The same, and acts of the members may have begun epochs on the way: that they did, something else
// must show.
absl::StatusOr<NamedHeader> LastAcrossEpochs(const NamedHeader& first,
                                             const std::vector<std::string_view>& following);

// Ok when `certificate` is a finalize certificate of this block by a quorum of `voters`; returns
// it.
absl::StatusOr<Certificate> CheckFinal(const NamedHeader& last, std::string_view certificate,
                                       const VoterSet& voters);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_HEADER_CHAIN_H_
