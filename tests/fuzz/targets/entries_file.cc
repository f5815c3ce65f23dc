// Signed entries from a file of JSON.
#include "client/entry_files.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kEntriesFileTarget{
    "entries_file", 4 * 1024,
    [](std::string_view input) {
      const auto entries = client::ParseEntries(input, "a.entries.json");
      if (!entries.ok()) return;
      const std::string ours = client::FormatEntries(*entries);
      const auto again = client::ParseEntries(ours, "again");
      ASSENT_CHECK(again.ok() && client::FormatEntries(*again) == ours);
      ASSENT_CHECK(again->size() == entries->size());
    },
    [] {
      return std::vector<Seed>{{"one", client::FormatEntries({{"a.toml", SampleEntry()}})}};
    }};

}  // namespace assent::fuzz
