#include "ledger/rules/record_index.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/rules/keys.h"

namespace assent::rules {

std::string RecordsPrefix(Audience audience, const MemberCode& author, std::string_view type) {
  return absl::StrCat(AbslView(kRecordsMark), audience == Audience::kPublic ? "p/" : "m/",
                      author.str(), "/", AbslView(type), "/");
}

std::vector<std::string> RecordKeysFor(const Entry& entry, EntryIndex index) {
  const std::optional<Description> record = Describe(entry);
  if (!record) return {};
  const MemberCode& author = entry.header().author;
  const std::string number = IndexDigits(index);
  std::vector<std::string> keys;
  keys.push_back(RecordsPrefix(Audience::kMembers, author, record->type) + number);
  if (record->audience == Audience::kPublic) {
    keys.push_back(RecordsPrefix(Audience::kPublic, author, record->type) + number);
    keys.push_back(RecordsPrefix(Audience::kPublic, MemberCode(), record->type) + number);
  }
  return keys;
}

}  // namespace assent::rules
