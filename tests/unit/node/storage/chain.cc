#include "tests/unit/node/storage/chain.h"

#include <memory>
#include <utility>

#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/entry.h"

namespace assent::storage {

using replica::Batch;
using replica::CommittedBlock;

LedgerId TestLedger() { return LedgerId::From(std::string(LedgerId::kSize, 'L')).value(); }

MemberCode Code(std::string_view text) { return MemberCode::From(text).value(); }

Chain::Chain() {
  genesis_.writes = {{"member/FRA", "France"}, {"member/IND", "India"}, {"param", "1"}};
  genesis_.header.ledger_id = TestLedger();
  genesis_.header.epoch = Epoch(1);
  genesis_.header.tree_root = MerkleEmptyRoot();
  tip_ = genesis_.header;
  tip_hash_ = BlockHash(EncodeBlockHeader(tip_));
}

EntryPtr Chain::File(std::string_view author, std::string body) {
  AuthorHead& head = heads_[Code(author)];
  EntryHeader header;
  header.ledger_id = TestLedger();
  header.author = Code(author);
  header.sequence = head.sequence.next();
  header.previous = head.leaf_hash;
  header.not_after = {1};
  const SigningKey key(SecretSeed::From(std::string(SecretSeed::kSize, author[0])).value());
  const Salt salt = Salt::From(std::string(Salt::kSize, 's')).value();
  auto entry = std::make_shared<const Entry>(
      SignEntry(std::move(header), std::move(body), salt, key).value());
  head = {entry->header().sequence, entry->leaf_hash()};
  return entry;
}

CommittedBlock Chain::Block(std::vector<EntryPtr> entries, StateWrites writes,
                            std::string certificate, std::string_view type) {
  CommittedBlock block;
  for (const EntryPtr& entry : entries) frontier_.Append(entry->leaf_hash(), &block.merkle_nodes);
  block.header = tip_;
  block.header.view = tip_.view.next();
  block.header.height = tip_.height.next();
  block.header.parent = tip_hash_;
  block.header.time = tip_.time + Seconds(1);
  block.header.first_index = EntryIndex(tip_.tree_size);
  block.header.tree_size = frontier_.size();
  block.header.tree_root = frontier_.Root();
  block.header_bytes = EncodeBlockHeader(block.header);
  block.hash = BlockHash(block.header_bytes);
  block.certificate = std::move(certificate);
  block.types.assign(entries.size(), std::string(type));
  block.entries = std::move(entries);
  block.state = std::move(writes);
  tip_ = block.header;
  tip_hash_ = block.hash;
  return block;
}

Batch Chain::Commit(std::vector<EntryPtr> entries, StateWrites writes) {
  Batch batch;
  batch.blocks.push_back(Block(std::move(entries), std::move(writes)));
  return batch;
}

}  // namespace assent::storage
