// A ledger of four founders in memory, for receipts: blocks, certificates and changes of voters,
// made by hand.
#ifndef ASSENT_TESTS_UNIT_LEDGER_RECEIPT_SMALL_LEDGER_H_
#define ASSENT_TESTS_UNIT_LEDGER_RECEIPT_SMALL_LEDGER_H_

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "assent/v1/block.pb.h"
#include "ledger/block/digests.h"
#include "ledger/block/header.h"
#include "ledger/entry/proto.h"
#include "ledger/log/merkle.h"
#include "ledger/membership/certificate.h"
#include "tests/unit/ledger/sample.h"

namespace assent {

class SmallLedger {
 public:
  SmallLedger() : act_(sample::MakeAct(4)), voter_count_(4) {
    newest_.ledger_id = act_.ledger_id;
    newest_.epoch = Epoch(1);
    newest_.time = act_.text.founded;
    newest_.voters_hash = act_.voters().hash();
    newest_bytes_ = EncodeBlockHeader(newest_);
  }

  const FoundingAct& act() const { return act_; }
  const BlockHeader& newest() const { return newest_; }
  const std::string& newest_bytes() const { return newest_bytes_; }

  // An entry of founder `i`, the next in its sequence.
  Entry Sign(std::size_t i, const std::string& body = "body") {
    EntryHeader header;
    header.ledger_id = act_.ledger_id;
    header.author = sample::CodeAt(i);
    AuthorHead& head = heads_[i];
    header.sequence = head.sequence.next();
    header.previous = head.leaf_hash;
    header.not_after = FromCivil({2027, 1, 1});
    Entry entry = SignEntry(header, body, *Salt::From(sample::HashNamed(body).view()),
                            sample::MemberKey(i, KeyRole::kAuthority))
                      .value();
    head = {header.sequence, entry.leaf_hash()};
    return entry;
  }

  // A block of these entries on the newest; returns its header's bytes.
  std::string AddBlock(const std::vector<Entry>& entries, BlockKind kind = BlockKind::kNormal) {
    newest_.parent = BlockHash(newest_bytes_);
    newest_.kind = kind;
    newest_.view = newest_.view.next();
    newest_.first_index = EntryIndex(newest_.tree_size);
    if (kind != BlockKind::kTail) {
      newest_.height = newest_.height.next();
      newest_.time = newest_.time + Seconds(1);
    }
    for (const Entry& entry : entries) {
      leaves_.push_back(entry.leaf_hash());
      frontier_.Append(entry.leaf_hash(), &nodes_);
    }
    newest_.tree_size = leaves_.size();
    newest_.tree_root = frontier_.Root();
    newest_bytes_ = EncodeBlockHeader(newest_);
    return newest_bytes_;
  }

  // The newest block as a quorum that lies would have it; returns its header's bytes.
  std::string Alter(const std::function<void(BlockHeader&)>& change) {
    change(newest_);
    newest_bytes_ = EncodeBlockHeader(newest_);
    return newest_bytes_;
  }

  // The block that ends the epoch: from the next on, the first `count` members vote.
  std::string AddClosingBlock(const std::vector<Entry>& entries, std::size_t count) {
    newest_.voters_hash = sample::MakeVoters(count).hash();
    return AddBlock(entries, BlockKind::kClosing);
  }
  void BeginEpoch(std::size_t voters) {
    newest_.epoch = newest_.epoch.next();
    newest_.view = View(0);
    voter_count_ = voters;
  }

  // Finalize certificate of the newest block by these voters.
  std::string Certify(const std::vector<std::size_t>& positions,
                      VoteKind kind = VoteKind::kFinalize) const {
    Certificate certificate{{kind, newest_.epoch, newest_.view, BlockHash(newest_bytes_)}, {}};
    for (const std::size_t i : positions) {
      certificate.votes.emplace_back(i, SignStatement(certificate.statement, act_.ledger_id,
                                                      sample::MemberKey(i, KeyRole::kVote)));
    }
    return EncodeCertificate(certificate, voter_count_);
  }

  std::vector<Hash> ProofOf(std::uint64_t index, std::uint64_t size) const {
    return InclusionProof(index, size, [this](auto level, auto i) { return NodeAt(level, i); })
        .value();
  }

  // From the tree of the first `first` entries to the newest.
  std::vector<Hash> ConsistencyFrom(std::uint64_t first) const {
    return ConsistencyProof(first, newest_.tree_size,
                            [this](auto level, auto i) { return NodeAt(level, i); })
        .value();
  }
  Hash RootOf(std::uint64_t size) const {
    return MerkleRoot({leaves_.begin(), leaves_.begin() + static_cast<std::ptrdiff_t>(size)});
  }

  // All of a receipt but descendants, certificate and epochs, for an entry in the newest block.
  v1::Receipt Receipt(const Entry& entry, std::uint64_t index) const {
    v1::Receipt receipt;
    *receipt.mutable_entry() = ToProto(entry);
    receipt.set_index(index);
    for (const Hash& hash : ProofOf(index, newest_.tree_size)) {
      receipt.add_inclusion_proof(hash.str());
    }
    receipt.set_header(newest_bytes_);
    return receipt;
  }

 private:
  absl::StatusOr<Hash> NodeAt(std::uint8_t level, std::uint64_t i) const {
    for (const MerkleNode& node : nodes_) {
      if (node.level == level && node.index == i) return node.hash;
    }
    return absl::NotFoundError("no such node");
  }

  FoundingAct act_;
  std::size_t voter_count_;
  BlockHeader newest_;
  std::string newest_bytes_;
  std::map<std::size_t, AuthorHead> heads_;
  std::vector<Hash> leaves_;
  MerkleFrontier frontier_;
  std::vector<MerkleNode> nodes_;
};

inline void AddVoters(std::size_t count, v1::EpochChange& change) {
  for (std::size_t i = 0; i < count; ++i) {
    const Voter voter = sample::MakeVoter(i);
    v1::VoterInfo& info = *change.add_voters();
    info.set_code(voter.code.str());
    info.set_vote_key(voter.vote_key.str());
    info.set_checkpoint_key(voter.checkpoint_key.str());
    info.set_transport_key(voter.transport_key.str());
  }
}

}  // namespace assent

#endif  // ASSENT_TESTS_UNIT_LEDGER_RECEIPT_SMALL_LEDGER_H_
