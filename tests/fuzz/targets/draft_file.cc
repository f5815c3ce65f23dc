// Prepared entries from a file of JSON.
#include "client/entry_files.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kDraftFileTarget{
    "draft_file", 4 * 1024,
    [](std::string_view input) {
      const auto draft = client::ParseDraft(input, "a.draft.json");
      if (!draft.ok()) return;
      const std::string ours = client::FormatDraft(*draft);
      const auto again = client::ParseDraft(ours, "again");
      ASSENT_CHECK(again.ok() && client::FormatDraft(*again) == ours);
      ASSENT_CHECK(again->entries.size() == draft->entries.size());
    },
    [] {
      const client::DraftEntry entry{"a.toml", testing::NotificationBody("R-1").SerializeAsString(),
                                     Salt(), testing::kFounded};
      const MemberCode author = Ledger().states[0].code;
      return std::vector<Seed>{
          {"one", client::FormatDraft({Ledger().id(), author, {}, {entry}})},
          {"two",
           client::FormatDraft({Ledger().id(), author, {Sequence(6), Hash()}, {entry, entry}})}};
    }};

}  // namespace assent::fuzz
