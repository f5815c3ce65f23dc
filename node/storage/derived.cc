#include "node/storage/derived.h"

#include <cstddef>
#include <optional>
#include <string_view>

#include "ledger/rules/past.h"
#include "ledger/rules/record_index.h"
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
    const absl::StatusOr<EntryPtr> entry = DecodeEntry(range.value());
    if (!entry.ok()) return entry.status();
    for (const std::string& key : rules::RecordKeysFor(**entry, EntryIndex(*index))) {
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

// Makes one index, its mark last, unless the mark is there.
absl::Status Complete(const Database& database, std::string_view mark,
                      absl::Status (*derive)(const Database&, DerivedWriter&)) {
  const auto found = database.Get(Family::kDerived, mark, nullptr);
  if (!found.ok()) return found.status();
  if (found->has_value()) return absl::OkStatus();
  DerivedWriter writer(database);
  if (absl::Status made = derive(database, writer); !made.ok()) return made;
  if (absl::Status put = writer.Put(mark, ""); !put.ok()) return put;
  return writer.Write();
}

}  // namespace

absl::Status CompleteDerived(const Database& database) {
  absl::Status records = Complete(database, rules::kRecordsMark, DeriveRecords);
  return records.ok() ? Complete(database, rules::kPastMark, DerivePast) : records;
}

}  // namespace assent::storage
