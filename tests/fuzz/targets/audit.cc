// The blocks of a ledger as a node hands them to an auditor: for each u32 length || FinalBlock, as
// a saved ledger has them.
#include "ledger/audit/audit.h"

#include <string>

#include "ledger/entry/strict.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kAuditTarget{"audit", 8 * 1024,
                          [](std::string_view input) {
                            std::vector<v1::FinalBlock> blocks;
                            for (ByteReader in(input); in.ok() && !in.AtEnd();) {
                              const std::string_view bytes = in.Bytes(in.U32());
                              if (in.ok() && !ParseStrict(bytes, blocks.emplace_back()).ok())
                                return;
                            }
                            Auditor auditor(Ledger().act, [](std::size_t count, const auto& work) {
                              for (std::size_t i = 0; i < count; ++i) work(i);
                            });
                            if (!auditor.Check(blocks).ok()) return;
                            ASSENT_CHECK(auditor.counts().blocks == blocks.size());
                            if (!auditor.Finish().ok() || !auditor.counts().complete()) return;
                            const std::string saved = auditor.Save();
                            const auto again = Auditor::Restore(saved, Ledger().act, nullptr);
                            ASSENT_CHECK(again.ok() && again->Save() == saved);
                          },
                          [] {
                            std::vector<Seed> seeds;
                            std::string all;
                            for (const v1::FinalBlock& block : SampleChain()) {
                              const std::string bytes = block.SerializeAsString();
                              AppendU32(all, static_cast<std::uint32_t>(bytes.size()));
                              all += bytes;
                              seeds.push_back({"blocks_" + std::to_string(seeds.size() + 1), all});
                            }
                            return seeds;
                          }};

}  // namespace assent::fuzz
