// Evidence as a node shows it to a reader, who checks it.
#include "client/evidence_check.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/strict.h"
#include "ledger/log/checkpoint.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kEvidenceRowTarget{
    "evidence_row", 4 * 1024,
    [](std::string_view input) {
      v1::EvidenceRow row;
      if (ParseStrict(input, row).ok()) {
        static_cast<void>(client::CheckEvidence(row, Ledger().act).ok());
      }
    },
    [] {
      const testing::TestState& state = Ledger().states[1];
      const auto fill = [&](v1::EvidenceRow& row, const SigningKey& key, std::string_view one,
                            std::string_view other) {
        row.set_voter(state.code.str());
        row.set_key(key.public_key().str());
        row.set_first_statement(std::string(one));
        row.set_first_signature(key.SignRaw(one).str());
        row.set_second_statement(std::string(other));
        row.set_second_signature(key.SignRaw(other).str());
        return row.SerializeAsString();
      };
      const auto vote = [](std::string_view tag, std::string_view block) {
        std::string said(tag);
        said += '\0' + Ledger().id().str();
        AppendU64(said, 1);
        AppendU64(said, 7);
        if (!block.empty()) said += Sha256(block).view();
        return said;
      };
      const std::string& origin = Ledger().act.text.origin;
      v1::EvidenceRow of_votes;
      of_votes.set_kind("VOTES");
      of_votes.set_epoch(1);
      of_votes.set_view(7);
      v1::EvidenceRow of_skip = of_votes;
      v1::EvidenceRow of_checkpoints;
      of_checkpoints.set_kind("CHECKPOINTS");
      return std::vector<Seed>{
          {"votes", fill(of_votes, state.node.vote, vote(tag::kFinalize, "one"),
                         vote(tag::kFinalize, "other"))},
          {"skip",
           fill(of_skip, state.node.vote, vote(tag::kSkip, ""), vote(tag::kFinalize, "other"))},
          {"checkpoints",
           fill(of_checkpoints, state.node.checkpoint, CheckpointText({origin, 7, Sha256("one")}),
                CheckpointText({origin, 7, Sha256("other")}))}};
    },
    []() -> const google::protobuf::Message* { return &v1::EvidenceRow::default_instance(); }};

}  // namespace assent::fuzz
