#include "tests/simulation/attackers/attacker.h"

#include <array>
#include <utility>

#include "ledger/crypto/hash.h"
#include "ledger/membership/certificate.h"

namespace assent::simulation {

consensus::Proposal Attacker::Propose(consensus::Block block,
                                      const consensus::Proposal& instead_of) const {
  block.header_bytes = EncodeBlockHeader(block.header);
  block.hash = BlockHash(block.header_bytes);
  block.leader_signature = SignProposal(block.header.epoch, block.header.view, block.hash,
                                        place_.ledger, *place_.vote_key());
  return {std::make_shared<const consensus::Block>(std::move(block)), instead_of.justification};
}

consensus::Vote Attacker::Sign(VoteKind kind, const Statement& like, const Hash& block) const {
  const Statement statement{kind, like.epoch, like.view, block};
  return {statement, place_.self().value_or(0),
          SignStatement(statement, place_.ledger, *place_.vote_key())};
}

consensus::Position Attacker::Another() {
  const std::size_t self = place_.self().value_or(0);
  const std::size_t voters = place_.voters();
  return voters < 2 ? self : (self + 1 + random().Below(voters - 1)) % voters;
}

std::span<const AttackerKind> AttackerKinds() {
  static constexpr std::array kKinds{
      AttackerKind{"silent leader", false, MakeSilentLeader},
      AttackerKind{"vote withholder", false, MakeVoteWithholder},
      AttackerKind{"selective sender", false, MakeSelectiveSender},
      AttackerKind{"replayer", false, MakeReplayer},
      AttackerKind{"equivocator", false, MakeEquivocator},
      AttackerKind{"forker", false, MakeForker},
      AttackerKind{"body swapper", false, MakeBodySwapper},
      AttackerKind{"digest liar", false, MakeDigestLiar},
      AttackerKind{"flooder", false, MakeFlooder},
      AttackerKind{"root liar", true, MakeRootLiar},
      AttackerKind{"stale-epoch voter", true, MakeStaleEpochVoter},
      AttackerKind{"bad catch-up server", true, MakeBadServer},
      AttackerKind{"twin", true, MakeTwin, true},
  };
  return kKinds;
}

}  // namespace assent::simulation
