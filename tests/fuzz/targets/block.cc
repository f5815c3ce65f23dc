// A block under way, as the journal holds it.
#include <memory>

#include "node/consensus/journal.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kBlockTarget{
    "block", 8 * 1024,
    [](std::string_view input) {
      const auto block = consensus::ParseBlock(input);
      if (block.ok()) ASSENT_CHECK(consensus::EncodeBlock(**block) == input);
    },
    [] {
      const consensus::Block one = SampleBlock();
      consensus::Block none = one;
      none.entries.clear();
      consensus::Block without_body = one;
      without_body.entries = {std::make_shared<const Entry>(one.entries[0]->WithoutBody())};
      return std::vector<Seed>{{"one_entry", consensus::EncodeBlock(one)},
                               {"no_entry", consensus::EncodeBlock(none)},
                               {"without_body", consensus::EncodeBlock(without_body)}};
    }};

}  // namespace assent::fuzz
