#include "tests/simulation/attacker.h"

#include <memory>
#include <utility>

#include "ledger/crypto/hash.h"

namespace assent::simulation {

using consensus::Block;
using consensus::Message;
using consensus::Proposal;
using consensus::Vote;

std::string_view AttackName(Attack attack) {
  switch (attack) {
    case Attack::kNone:
      return "none";
    case Attack::kSilentLeader:
      return "silent leader";
    case Attack::kWithholder:
      return "vote withholder";
    case Attack::kSelective:
      return "selective sender";
    case Attack::kReplayer:
      return "replayer";
    case Attack::kEquivocator:
      return "equivocator";
    case Attack::kForker:
      return "forker";
    case Attack::kSwapper:
      return "body swapper";
  }
  return "unknown";
}

std::vector<Letter> Attacker::ToAll(const consensus::Send& send) const {
  if (send.to) return {{*send.to, send.message}};
  std::vector<Letter> letters;
  for (NodeId to = 0; to < nodes_; ++to) {
    if (to != self_) letters.push_back({to, send.message});
  }
  return letters;
}

std::vector<Letter> Attacker::Twist(const consensus::Send& send) {
  std::vector<Letter> letters = ToAll(send);
  switch (attack_) {
    case Attack::kNone:
      break;
    case Attack::kSilentLeader:
      if (std::holds_alternative<Proposal>(send.message)) letters.clear();
      break;
    case Attack::kWithholder:
      if (std::holds_alternative<Vote>(send.message) && random_.Chance(800)) letters.clear();
      break;
    case Attack::kSelective:
      std::erase_if(letters, [this](const Letter&) { return random_.Chance(500); });
      break;
    case Attack::kReplayer:
      old_.push_back(send.message);
      if (old_.size() > kOldMax) old_.pop_front();
      letters.push_back(
          {(self_ + 1 + random_.Below(nodes_ - 1)) % nodes_, old_[random_.Below(old_.size())]});
      break;
    case Attack::kEquivocator:
      Equivocate(send, letters);
      break;
    case Attack::kForker:
      Fork(send, letters);
      break;
    case Attack::kSwapper:
      for (Letter& letter : letters) {
        if (random_.Chance(500)) continue;
        if (auto* proposal = std::get_if<Proposal>(&letter.message)) {
          proposal->block = Swap(*proposal->block);
        } else if (auto* answer = std::get_if<consensus::BlockResponse>(&letter.message)) {
          answer->block = Swap(*answer->block);
        }
      }
      break;
  }
  return letters;
}

std::vector<Letter> Attacker::Hear(NodeId from, const Message& message) {
  std::vector<Letter> letters;
  const auto* proposal = std::get_if<Proposal>(&message);
  if (attack_ != Attack::kSwapper || proposal == nullptr) return letters;
  const consensus::BlockPtr swapped = Swap(*proposal->block);
  for (NodeId to = 0; to < nodes_; ++to) {
    if (to == self_ || to == from) continue;
    letters.push_back({to, Proposal{swapped, proposal->justification}});
    letters.push_back({to, consensus::BlockResponse{swapped}});
  }
  return letters;
}

// As many entries, but others.
consensus::BlockPtr Attacker::Swap(const Block& block) {
  Block other = block;
  for (consensus::EntryPtr& entry : other.entries) {
    if (!entries_.empty()) entry = entries_[random_.Below(entries_.size())];
  }
  entries_ = block.entries;
  return std::make_shared<const Block>(std::move(other));
}

// The block with a good signature of its leader.
Proposal Attacker::Propose(Block block, const Proposal& instead_of) const {
  block.header_bytes = EncodeBlockHeader(block.header);
  block.hash = BlockHash(block.header_bytes);
  block.leader_signature =
      SignProposal(block.header.epoch, block.header.view, block.hash, ledger_, *key_);
  return {std::make_shared<const Block>(std::move(block)), instead_of.justification};
}

void Attacker::Fork(const consensus::Send& send, std::vector<Letter>& letters) const {
  const auto* proposal = std::get_if<Proposal>(&send.message);
  if (proposal == nullptr || !fork) return;
  std::optional<Block> other = fork(*proposal->block);
  if (!other) return;
  const Proposal instead = Propose(*std::move(other), *proposal);
  for (Letter& letter : letters) letter.message = instead;
}

void Attacker::Equivocate(const consensus::Send& send, std::vector<Letter>& letters) {
  if (const auto* proposal = std::get_if<Proposal>(&send.message)) {
    // The same block a microsecond later is another block, and as valid.
    Block other = *proposal->block;
    other.header.time = other.header.time + Microseconds(1);
    const Proposal second = Propose(std::move(other), *proposal);
    other_block_ = second.block->hash;
    for (Letter& letter : letters) {
      if (random_.Chance(500)) letter.message = second;
    }
    return;
  }
  const auto* vote = std::get_if<Vote>(&send.message);
  if (vote == nullptr) return;
  std::vector<Letter> more;
  for (Letter& letter : letters) {
    if (!random_.Chance(500)) continue;
    const Statement& honest = vote->statement;
    if (honest.kind == VoteKind::kSkip) {
      more.push_back({letter.to, Sign(VoteKind::kFinalize, honest, other_block_)});
    } else if (random_.Chance(300)) {
      more.push_back({letter.to, Sign(VoteKind::kSkip, honest, Hash())});
    } else if (!other_block_.IsZero()) {
      letter.message = Sign(honest.kind, honest, other_block_);
    }
  }
  for (Letter& letter : more) letters.push_back(std::move(letter));
}

Vote Attacker::Sign(VoteKind kind, const Statement& like, const Hash& block) const {
  const Statement statement{kind, like.epoch, like.view, block};
  return {statement, self_, SignStatement(statement, ledger_, *key_)};
}

}  // namespace assent::simulation
