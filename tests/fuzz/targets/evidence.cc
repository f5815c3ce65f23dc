// Evidence of two conflicting statements, as it is stored.
#include "node/consensus/evidence.h"

#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kEvidenceTarget{
    "evidence", 512,
    [](std::string_view input) {
      const auto evidence = consensus::ParseEvidence(input);
      if (!evidence.ok()) return;
      ASSENT_CHECK(consensus::EncodeEvidence(*evidence) == input);
      const Statement& first = evidence->first.statement;
      const Statement& second = evidence->second.statement;
      ASSENT_CHECK(consensus::Conflict(first, second) == consensus::Conflict(second, first));
    },
    [] {
      using consensus::Evidence;
      const Evidence votes{Evidence::Kind::kVotes, SampleVote(VoteKind::kSkip, 1),
                           SampleVote(VoteKind::kFinalize, 1)};
      const Evidence proposals{Evidence::Kind::kProposals, SampleVote(VoteKind::kNotarize, 2),
                               SampleVote(VoteKind::kNotarize, 2)};
      return std::vector<Seed>{{"votes", consensus::EncodeEvidence(votes)},
                               {"proposals", consensus::EncodeEvidence(proposals)}};
    }};

}  // namespace assent::fuzz
