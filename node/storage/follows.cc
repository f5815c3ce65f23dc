#include "node/storage/follows.h"

#include "ledger/check.h"

namespace assent::storage {

void RequireFollows(const replica::Tip& tip, const replica::CommittedBlock& block) {
  const BlockHeader& header = block.header;
  ASSENT_CHECK(header.height == tip.header.height.next());
  ASSENT_CHECK(header.parent == tip.hash);
  ASSENT_CHECK(header.first_index.value() == tip.header.tree_size);
  ASSENT_CHECK(header.tree_size - header.first_index.value() == block.entries.size());
  ASSENT_CHECK(block.types.size() == block.entries.size());
  ASSENT_CHECK(block.header_bytes == EncodeBlockHeader(header));
}

}  // namespace assent::storage
