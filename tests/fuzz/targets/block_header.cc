// The header of a block.
#include "ledger/block/header.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kBlockHeaderTarget{
    "block_header", 2 * kBlockHeaderBytes,
    [](std::string_view input) {
      const auto header = ParseBlockHeader(input);
      if (!header.ok()) return;
      ASSENT_CHECK(EncodeBlockHeader(*header) == input);
      const Hash hash = BlockHash(input);
      const bool has_tail =
          header->kind != BlockKind::kNormal && header->view.next() > header->view;
      ASSENT_CHECK(IsTailOf(*header, hash, MakeTail(*header, hash, header->view.next())) ==
                   has_tail);
    },
    [] {
      std::vector<Seed> seeds;
      for (const v1::FinalBlock& block : SampleChain()) {
        seeds.push_back({"of_chain_" + std::to_string(seeds.size() + 1), block.header()});
      }
      const auto normal = ParseBlockHeader(seeds[0].bytes).value();
      seeds.push_back({"tail", EncodeBlockHeader(MakeTail(normal, BlockHash(seeds[0].bytes),
                                                          normal.view.next()))});
      return seeds;
    }};

}  // namespace assent::fuzz
