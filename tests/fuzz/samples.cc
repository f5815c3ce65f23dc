#include "tests/fuzz/samples.h"

#include <memory>
#include <utility>

#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "tests/support/test_chain.h"

namespace assent::fuzz {

const testing::TestLedger& Ledger() {
  static const testing::TestLedger ledger(4);
  return ledger;
}

Entry SampleEntry() {
  return testing::MakeEntry(Ledger(), Ledger().states[0], AuthorHead(),
                            testing::NotificationBody("R-1"));
}

consensus::Vote SampleVote(VoteKind kind, std::size_t voter) {
  consensus::Vote vote;
  vote.statement = {kind, Epoch(1), View(7), kind == VoteKind::kSkip ? Hash() : Sha256("block")};
  vote.voter = voter;
  vote.signature = SignStatement(vote.statement, Ledger().id(), Ledger().states[voter].node.vote);
  return vote;
}

Certificate SampleCertificate(VoteKind kind) {
  Certificate certificate;
  for (const std::size_t voter : {0u, 1u, 3u}) {
    const consensus::Vote vote = SampleVote(kind, voter);
    certificate.statement = vote.statement;
    certificate.votes.emplace_back(voter, vote.signature);
  }
  return certificate;
}

consensus::Block SampleBlock() {
  consensus::Block block;
  block.header.ledger_id = Ledger().id();
  block.header.epoch = Epoch(1);
  block.header.view = View(7);
  block.header.height = Height(3);
  block.header.tree_size = 1;
  block.header_bytes = EncodeBlockHeader(block.header);
  block.hash = BlockHash(block.header_bytes);
  block.leader_signature =
      SignProposal(Epoch(1), View(7), block.hash, Ledger().id(), Ledger().states[0].node.vote);
  block.entries.push_back(std::make_shared<const Entry>(SampleEntry()));
  return block;
}

std::vector<v1::FinalBlock> SampleChain() {
  testing::TestChain chain(4);
  std::vector<v1::FinalBlock> blocks;
  const auto add = [&](const std::vector<EntryPtr>& entries) {
    const execution::ExecutedPtr made = chain.CommitEntries(entries);
    v1::FinalBlock& block = blocks.emplace_back();
    block.set_header(EncodeBlockHeader(made->header));
    for (const EntryPtr& entry : entries) *block.add_entries() = ToProto(*entry);
    block.set_certificate(chain.Certify(*made));
  };
  add({chain.Notify("AAA"), chain.Notify("BBB")});
  add({});
  add({chain.File("CCC", testing::DeclarationBody(2025, 20))});
  return blocks;
}

}  // namespace assent::fuzz
