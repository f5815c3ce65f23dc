// Each rule of node keys, voting status and suspension broken once.
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

BrokenRule SpoiledKeys(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"NodeKeys", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = NodeKeysOf("NOR", "NOR/2");
            change(body);
            return ledger.File("NOR", body);
          }};
}

// NOR, which has stepped back, asks to vote again.
BrokenRule SpoiledVoting(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"VotingStatus", reason, [change = std::move(change)](TestLedger& ledger) {
            ledger.MustFile("NOR", StepBack());
            v1::Body body = VotingFrom(ledger, "NOR");
            change(body);
            return ledger.File("NOR", body);
          }};
}

BrokenRule SpoiledSuspension(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"VoteSuspension", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = SuspensionOf("NOR");
            change(body);
            return ledger.File("FRA", body);
          }};
}

// Only the node of NOR votes.
void LeaveOneVoter(TestLedger& ledger) {
  ledger.MustFile("FRA", StepBack());
  ledger.MustFile("DEU", StepBack());
}

std::vector<BrokenRule> BrokenVotes() {
  return {
      SpoiledKeys("NOT_PUBLIC", [](auto& body) { body.set_visibility(v1::MEMBERS); }),
      SpoiledKeys("KEY_INVALID", [](auto& body) { body.mutable_node_keys()->set_vote_key("x"); }),
      SpoiledKeys("KEY_REGISTERED",
                  [](auto& body) {
                    body.mutable_node_keys()->set_vote_key(
                        TestKey("NOR/authority").public_key().str());
                  }),
      SpoiledKeys("POSSESSION_INVALID", [](auto& body) { body = NodeKeysOf("FRA", "NOR/2"); }),
      SpoiledKeys("ENDPOINT_INVALID",
                  [](auto& body) { body.mutable_node_keys()->set_peer_endpoint("nowhere"); }),
      SpoiledVoting("NOT_PUBLIC", [](auto& body) { body.set_visibility(v1::MEMBERS); }),
      SpoiledVoting("VOTES_MISSING",
                    [](auto& body) { body.mutable_voting_status()->clear_votes(); }),
      SpoiledVoting("VOTES_UNCHANGED", [](auto& body) { body = StepBack(); }),
      {"VotingStatus", "NODE_KEYS_MISSING",
       [](TestLedger& ledger) {
         Subscribe(ledger, "SWE");
         return ledger.File("SWE", VotingFrom(ledger, "SWE"));
       }},
      SpoiledVoting("PROOF_MISSING",
                    [](auto& body) { body.mutable_voting_status()->clear_proof(); }),
      {"VotingStatus", "PROOF_UNEXPECTED",
       [](TestLedger& ledger) {
         v1::Body body = VotingFrom(ledger, "NOR");
         body.mutable_voting_status()->set_votes(false);
         return ledger.File("NOR", body);
       }},
      SpoiledVoting(
          "BLOCK_NOT_RECENT",
          [](auto& body) { body.mutable_voting_status()->mutable_proof()->set_height(7); }),
      SpoiledVoting("PROOF_INVALID",
                    [](auto& body) {
                      auto& proof = *body.mutable_voting_status()->mutable_proof();
                      proof.mutable_signature()->back() ^= 1;
                    }),
      {"VotingStatus", "LAST_VOTER",
       [](TestLedger& ledger) {
         LeaveOneVoter(ledger);
         return ledger.File("NOR", StepBack());
       }},
      SpoiledSuspension("NOT_PUBLIC", [](auto& body) { body.set_visibility(v1::MEMBERS); }),
      SpoiledSuspension("REASON_INVALID",
                        [](auto& body) { body.mutable_vote_suspension()->clear_reason(); }),
      SpoiledSuspension("NOT_VOTING",
                        [](auto& body) { body.mutable_vote_suspension()->set_member("SWE"); }),
      {"VoteSuspension", "LAST_VOTER",
       [](TestLedger& ledger) {
         LeaveOneVoter(ledger);
         return ledger.File("FRA", SuspensionOf("NOR"));
       }},
  };
}

const AddBrokenRules vote_rules(BrokenVotes);

}  // namespace
}  // namespace assent::rules
