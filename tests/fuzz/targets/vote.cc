// An own vote, as the journal holds it.
#include "node/consensus/journal.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kVoteTarget{
    "vote", 256,
    [](std::string_view input) {
      const auto vote = consensus::ParseVote(input, Epoch(1), View(7));
      if (!vote.ok()) return;
      ASSENT_CHECK(consensus::EncodeVote(*vote) == input);
      static_cast<void>(VerifyStatement(vote->statement, Ledger().id(),
                                        Ledger().states[0].node.vote.public_key(),
                                        vote->signature));
    },
    [] {
      std::vector<Seed> seeds;
      for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kSkip, VoteKind::kFinalize}) {
        seeds.push_back(
            {std::string(VoteKindName(kind)), consensus::EncodeVote(SampleVote(kind, 2))});
      }
      return seeds;
    }};

}  // namespace assent::fuzz
