// What the database holds: u8 which || value.
#include "node/consensus/journal.h"
#include "node/storage/keys.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kStoredValueTarget{
    "stored_value", 4 * 1024,
    [](std::string_view input) {
      if (input.empty()) return;
      const std::string_view value = input.substr(1);
      switch (input[0] % 5) {
        case 0: {
          const auto block = storage::DecodeBlock(value);
          if (block.ok()) ASSENT_CHECK(storage::EncodeBlock(*block) == value);
          break;
        }
        case 1: {
          const auto entry = storage::DecodeEntry(value);
          if (entry.ok()) ASSENT_CHECK(storage::EncodeEntry(**entry) == value);
          break;
        }
        case 2: {
          const auto checkpoint = storage::DecodeCheckpoint(value);
          if (!checkpoint.ok()) break;
          const std::string ours = storage::EncodeCheckpoint(*checkpoint);
          const auto again = storage::DecodeCheckpoint(ours);
          ASSENT_CHECK(again.ok() && storage::EncodeCheckpoint(*again) == ours);
          break;
        }
        case 3: {
          const auto number = storage::ParseNumber(value);
          if (number) ASSENT_CHECK(storage::NumberKey(*number) == value);
          break;
        }
        case 4: {
          const auto record = consensus::JournalRecord::From(value, "");
          if (record.ok()) ASSENT_CHECK(record->Key() == value);
          break;
        }
      }
    },
    [] {
      const v1::FinalBlock final_block = SampleChain()[0];
      StoredBlock block;
      block.header_bytes = final_block.header();
      block.tail = {final_block.header()};
      block.certificate = final_block.certificate();
      replica::CheckpointRecord checkpoint;
      checkpoint.height = Height(7);
      checkpoint.tree_size = 9;
      checkpoint.signatures[Ledger().states[0].code] = SampleVote(VoteKind::kSkip, 0).signature;
      checkpoint.signatures[Ledger().states[1].code] = SampleVote(VoteKind::kSkip, 1).signature;
      const consensus::JournalRecord record{Epoch(1), View(7), consensus::RecordKind::kBlock, ""};
      const std::string tags("\0\1\2\3\4", 5);
      return std::vector<Seed>{
          {"block", tags[0] + storage::EncodeBlock(block)},
          {"entry", tags[1] + storage::EncodeEntry(SampleEntry())},
          {"entry_without_body", tags[1] + storage::EncodeEntry(SampleEntry().WithoutBody())},
          {"checkpoint", tags[2] + storage::EncodeCheckpoint(checkpoint)},
          {"number", tags[3] + storage::NumberKey(7)},
          {"journal_key", tags[4] + record.Key()}};
    }};

}  // namespace assent::fuzz
