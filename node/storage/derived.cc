#include "node/storage/derived.h"

#include <cstddef>
#include <optional>
#include <string_view>

#include "ledger/rules/past.h"
#include "ledger/rules/rules.h"
#include "node/storage/keys.h"
#include "rocksdb/write_batch.h"

namespace assent::storage {
namespace {

// Keys written at once while all are made.
constexpr std::size_t kBatchKeys = 10'000;

// Writes into the derived family, in batches that need not be atomic: the mark comes last.
class DerivedWriter {
 public:
  explicit DerivedWriter(const Database& database) : database_(database) {}

  absl::Status Put(std::string_view key, std::string_view value) {
    batch_.Put(database_.handle(Family::kDerived), ToSlice(key), ToSlice(value));
    return static_cast<std::size_t>(batch_.Count()) < kBatchKeys ? absl::OkStatus() : Write();
  }
  absl::Status Write() {
    rocksdb::WriteOptions options;
    options.sync = true;
    const rocksdb::Status written = database_.db().Write(options, &batch_);
    batch_.Clear();
    return ToStatus(written, "cannot write to the database");
  }

 private:
  const Database& database_;
  rocksdb::WriteBatch batch_;
};

absl::Status DeriveRecords(const Database& database, DerivedWriter& writer) {
  Range range(database, Family::kEntries, "", "", nullptr);
  for (; range.Valid(); range.Next()) {
    const std::optional<std::uint64_t> index = ParseNumber(range.key());
    if (!index) return absl::DataLossError("the database is damaged: a key of an entry");
    const absl::StatusOr<replica::EntryPtr> entry = DecodeEntry(range.value());
    if (!entry.ok()) return entry.status();
    for (const std::string& key : DerivedKeys(**entry, EntryIndex(*index))) {
      if (absl::Status put = writer.Put(key, ""); !put.ok()) return put;
    }
  }
  return range.status();
}

absl::Status DerivePast(const Database& database, DerivedWriter& writer) {
  Range range(database, Family::kState, rules::kWasPrefix, PrefixEnd(rules::kWasPrefix), nullptr);
  for (; range.Valid(); range.Next()) {
    const std::string key = rules::IndexKeyFor(range.key(), range.value());
    if (absl::Status put = writer.Put(key, range.value()); !put.ok()) return put;
  }
  return range.status();
}

}  // namespace

std::vector<std::string> DerivedKeys(const Entry& entry, EntryIndex index) {
  const std::optional<rules::Description> record = rules::Describe(entry);
  if (!record) return {};
  const MemberCode& author = entry.header().author;
  const std::string number = NumberKey(index.value());
  std::vector<std::string> keys{RecordsPrefix(rules::Audience::kMembers, author, record->type) +
                                number};
  if (record->audience == rules::Audience::kPublic) {
    keys.push_back(RecordsPrefix(rules::Audience::kPublic, author, record->type) + number);
    keys.push_back(RecordsPrefix(rules::Audience::kPublic, MemberCode(), record->type) + number);
  }
  return keys;
}

absl::Status CompleteDerived(const Database& database) {
  const auto mark = database.Get(Family::kDerived, rules::kPastMark, nullptr);
  if (!mark.ok()) return mark.status();
  if (mark->has_value()) return absl::OkStatus();
  DerivedWriter writer(database);
  absl::Status made = DeriveRecords(database, writer);
  if (made.ok()) made = DerivePast(database, writer);
  if (made.ok()) made = writer.Put(rules::kPastMark, "");
  return made.ok() ? writer.Write() : made;
}

}  // namespace assent::storage
