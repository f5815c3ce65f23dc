// A final block from a peer, for a node that catches up.
#include "ledger/entry/proto.h"
#include "node/replica/codec.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kFinalBlockTarget{
    "final_block", 8 * 1024,
    [](std::string_view input) {
      const auto parts = replica::ParseFinalBlock(input, Epoch(1), 4);
      if (!parts.ok()) return;
      ASSENT_CHECK(EncodeBlockHeader(parts->header) == parts->header_bytes);
      ASSENT_CHECK(BlockHash(parts->header_bytes) == parts->hash);
      v1::FinalBlock again;
      again.set_header(parts->header_bytes);
      for (const auto& entry : parts->entries) *again.add_entries() = ToProto(*entry);
      if (parts->certificate) again.set_certificate(EncodeCertificate(*parts->certificate, 4));
      for (const std::string& header : parts->tail) again.add_tail(header);
      if (!parts->restart.empty()) {
        ASSENT_CHECK(again.mutable_restart()->ParseFromString(parts->restart));
      }
      ASSENT_CHECK(replica::ParseFinalBlock(again.SerializeAsString(), Epoch(1), 4).ok());
    },
    [] {
      std::vector<Seed> seeds;
      for (v1::FinalBlock& block : SampleChain()) {
        block.add_tail(block.header());
        seeds.push_back({"block_" + std::to_string(seeds.size() + 1), block.SerializeAsString()});
      }
      return seeds;
    },
    []() -> const google::protobuf::Message* { return &v1::FinalBlock::default_instance(); }};

}  // namespace assent::fuzz
