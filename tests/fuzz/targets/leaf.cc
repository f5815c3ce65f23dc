// The data of a leaf of the log: header and signature of an entry.
#include "ledger/entry/entry.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kLeafTarget{"leaf", 2 * 1024,
                         [](std::string_view input) {
                           auto raw = ParseLeafData(input);
                           if (!raw.ok()) return;
                           ASSENT_CHECK(LeafData(raw->header, raw->signature) == input);
                           const auto header = ParseEntryHeader(raw->header);
                           if (header.ok()) ASSENT_CHECK(EncodeEntryHeader(*header) == raw->header);
                           ASSENT_CHECK(Entry::Parse(*std::move(raw)).ok() == header.ok());
                         },
                         [] {
                           const Entry entry = SampleEntry();
                           EntryHeader other = entry.header();
                           other.not_after = Time{-1};
                           other.sequence = Sequence(1ull << 40);
                           return std::vector<Seed>{
                               {"entry", LeafData(entry.header_bytes(), entry.signature())},
                               {"other", LeafData(EncodeEntryHeader(other), entry.signature())}};
                         }};

}  // namespace assent::fuzz
