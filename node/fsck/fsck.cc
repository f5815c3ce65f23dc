#include "node/fsck/fsck.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "assent/v1/block.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/certificate.h"
#include "ledger/receipt/restart_act.h"
#include "ledger/rules/past.h"
#include "ledger/rules/record_index.h"
#include "ledger/rules/rules.h"
#include "node/fsck/journal_check.h"
#include "node/fsck/key_names.h"
#include "node/storage/database.h"
#include "node/storage/keys.h"

namespace assent::fsck {

using storage::Database;
using storage::Family;
using storage::Range;

namespace {

class Checker {
 public:
  Checker(const storage::RocksStore& store, const Options& options)
      : database_(store.database()),
        options_(options),
        tip_(store.Read()->tip()),
        walk_(database_, *options.act, options.workers, &report_.findings) {}

  Report Run() && {
    CheckFiles();
    ReadCheckpoint();
    walk_.Run(tip_.header.height, options_.progress);
    CheckBodies();
    CheckKeys();
    CheckState();
    CheckDerived();
    CheckCheckpoint();
    CheckMetadata();
    CheckJournal();
    report_.height = walk_.auditor().tip().height;
    report_.audited = walk_.auditor().counts();
    report_.index_keys = walk_.index_keys();
    report_.merkle_nodes = walk_.merkle_nodes();
    return std::move(report_);
  }

 private:
  Findings& findings() { return report_.findings; }
  std::string At() const { return absl::StrCat(" at block ", tip_.header.height.value()); }
  void Fault(Family family, std::string_view what, std::string_view wrong) {
    findings().Fault(absl::StrCat(AbslView(storage::FamilyName(family)), ": ", AbslView(what), ": ",
                                  AbslView(wrong)));
  }
  // Every key of a family; what cannot be read is told.
  void ScanAll(Family family,
               absl::FunctionRef<void(std::string_view key, std::string_view value)> visit) {
    Range range(database_, family, "", "", nullptr);
    for (; range.Valid(); range.Next()) visit(range.key(), range.value());
    if (const absl::Status status = range.status(); !status.ok()) {
      Fault(family, "reading all of it", StdView(status.message()));
    }
  }

  void CheckFiles();
  void ReadCheckpoint();
  void CheckBodies();
  void CheckKeys();
  void CheckIndexKeys();
  bool IsIndexKey(std::string_view key, std::string_view value) const;
  void CheckState();
  void CheckDerived();
  void CheckCheckpoint();
  absl::Status CheckAct(std::string_view value);
  void CheckMetadata();
  void CheckJournal();

  const Database& database_;
  const Options& options_;
  Report report_;
  const replica::Tip tip_;
  LogWalk walk_;
  std::optional<replica::CheckpointRecord> checkpoint_;
  Epoch epoch_;  // the one that follows the tip
};

// Whatever is in them: a block of a file that has changed is found here, also where nothing is read
// otherwise.
void Checker::CheckFiles() {
  const absl::Status status =
      storage::ToStatus(database_.db().VerifyChecksum(rocksdb::ReadOptions()), "a file is damaged");
  if (!status.ok()) findings().Fault(absl::StrCat("files: ", status.message()));
}

void Checker::ReadCheckpoint() {
  const auto value = database_.Get(Family::kMetadata, storage::kCheckpointKey, nullptr);
  if (value.ok() && !value->has_value()) return;
  auto checkpoint = value.ok() ? storage::DecodeCheckpoint(**value)
                               : absl::StatusOr<replica::CheckpointRecord>(value.status());
  if (!checkpoint.ok()) {
    return Fault(Family::kMetadata, "the public checkpoint",
                 StdView(checkpoint.status().message()));
  }
  checkpoint_ = *std::move(checkpoint);
  walk_.WatchTreeSize(checkpoint_->tree_size);
}

void Checker::CheckBodies() {
  const AuditCounts& counts = walk_.auditor().counts();
  if (counts.complete()) return;
  findings().Unchecked(absl::StrCat(
      counts.bodies_hidden, counts.bodies_hidden == 1 ? " body, which is" : " bodies, which are",
      " not here; so the rules were not applied to ", counts.rules_unchecked, " entries, and ",
      counts.digests_unchecked, " state digests were not computed"));
  if (counts.waits_unchecked == 0) return;
  findings().Unchecked(absl::StrCat("when ", counts.waits_unchecked,
                                    " new authority keys had to take force was not computed"));
}

// What must be there was looked for block by block; here, that nothing else is.
void Checker::CheckKeys() {
  const auto extra = [this](Family family, std::string_view key) {
    Fault(family, NameOfKey(family, key), "nothing in the blocks makes it" + At());
  };
  ScanAll(Family::kBlocks, [&](std::string_view key, std::string_view) {
    const auto height = storage::ParseNumber(key);
    if (!height || *height > tip_.header.height.value()) extra(Family::kBlocks, key);
  });
  ScanAll(Family::kEntries, [&](std::string_view key, std::string_view) {
    const auto index = storage::ParseNumber(key);
    if (!index || *index >= tip_.header.tree_size) extra(Family::kEntries, key);
  });
  ScanAll(Family::kMerkle, [&](std::string_view key, std::string_view) {
    ByteReader reader(key);
    const int level = reader.U8();
    const std::uint64_t index = reader.U64();
    const bool full = reader.AtEnd() && level < 64 && index < (tip_.header.tree_size >> level);
    if (!full) extra(Family::kMerkle, key);
  });
  CheckIndexKeys();
}

void Checker::CheckIndexKeys() {
  std::uint64_t keys = 0;
  ScanAll(Family::kIndexes, [&keys](std::string_view, std::string_view) { ++keys; });
  if (!walk_.read_all() || !walk_.auditor().counts().complete()) {
    findings().Unchecked(
        absl::StrCat("whether each of the ", keys,
                     " index keys belongs to an entry: not all entries were read"));
    return;
  }
  // All that must be there were found, or told to be missing.
  if (keys <= walk_.index_keys()) return;
  ScanAll(Family::kIndexes, [this](std::string_view key, std::string_view value) {
    if (!IsIndexKey(key, value)) {
      Fault(Family::kIndexes, NameOfKey(Family::kIndexes, key),
            "nothing in the blocks makes it" + At());
    }
  });
}

// Reads what the key speaks of, so only when one too many is there.
bool Checker::IsIndexKey(std::string_view key, std::string_view value) const {
  if (key.size() < 9) return false;
  const auto in_key = storage::ParseNumber(key.substr(key.size() - 8));
  const auto in_value = storage::ParseNumber(value);
  const char tag = key.front();
  if (tag == 'c' || tag == 'h') {
    const auto height = tag == 'c' ? in_key : in_value;
    if (!height) return false;
    const auto stored = database_.Get(Family::kBlocks, storage::NumberKey(*height), nullptr);
    if (!stored.ok() || !stored->has_value()) return false;
    const auto block = storage::DecodeBlock(**stored);
    if (!block.ok()) return false;
    const BlockHeader& header = block->header;
    if (tag == 'c')
      return key == storage::CertifiedKey(header.height) && !block->certificate.empty();
    return key == storage::HeightKey(header.first_index) &&
           header.tree_size > header.first_index.value();
  }
  const auto index = tag == 'a' ? in_value : in_key;
  if (!index || (tag != 'a' && tag != 't')) return false;
  const auto stored = database_.Get(Family::kEntries, storage::NumberKey(*index), nullptr);
  if (!stored.ok() || !stored->has_value()) return false;
  const auto entry = storage::DecodeEntry(**stored);
  if (!entry.ok()) return false;
  const EntryHeader& header = (*entry)->header();
  if (tag == 'a') return key == storage::AuthorKey(header.author, header.sequence);
  const std::string type = rules::Describe(**entry).value_or(rules::Description()).type;
  return key == storage::TypeKey(type, EntryIndex(*index));
}

void Checker::CheckState() {
  if (!walk_.audited() || !walk_.auditor().counts().complete()) {
    findings().Unchecked(absl::StrCat("the state", At(), ": it could not be computed anew"));
    return;
  }
  Range stored(database_, Family::kState, "", "", nullptr);
  const auto extra = [&] {
    Fault(
        Family::kState, NameOfKey(Family::kState, stored.key()),
        absl::StrCat("it is ", NameOfValue(stored.value()), ", the rules make no such key", At()));
    stored.Next();
  };
  walk_.auditor().state().Scan("", "", [&](std::string_view key, std::string_view value) {
    ++report_.state_keys;
    while (stored.Valid() && stored.key() < key) extra();
    if (!stored.Valid() || stored.key() != key) {
      if (!stored.status().ok()) return false;
      Fault(Family::kState, NameOfKey(Family::kState, key),
            absl::StrCat("it is missing, the rules make ", NameOfValue(value), At()));
      return true;
    }
    if (stored.value() != value) {
      Fault(Family::kState, NameOfKey(Family::kState, key),
            absl::StrCat("it is ", NameOfValue(stored.value()), ", the rules make ",
                         NameOfValue(value), At()));
    }
    stored.Next();
    return true;
  });
  while (stored.Valid()) extra();
  if (const absl::Status status = stored.status(); !status.ok()) {
    Fault(Family::kState, "reading all of it", StdView(status.message()));
  }
}

// What follows from the entries, whose faults are told elsewhere, and from the state computed anew.
void Checker::CheckDerived() {
  if (!walk_.audited() || !walk_.auditor().counts().complete()) {
    return findings().Unchecked("derived: the state that they follow from was not computed anew");
  }
  std::uint64_t expected = 0;
  const auto expect = [&](const std::string& key, std::string_view value) {
    ++expected;
    const auto stored = database_.Get(Family::kDerived, key, nullptr);
    if (!stored.ok()) {
      Fault(Family::kDerived, NameOfKey(Family::kDerived, key), StdView(stored.status().message()));
    } else if (!stored->has_value()) {
      Fault(Family::kDerived, NameOfKey(Family::kDerived, key), "it is missing");
    } else if (**stored != value) {
      Fault(Family::kDerived, NameOfKey(Family::kDerived, key),
            absl::StrCat("it is ", NameOfValue(**stored), ", must be ", NameOfValue(value)));
    }
  };
  for (const std::string_view mark : {rules::kRecordsMark, rules::kPastMark}) {
    const auto stored = database_.Get(Family::kDerived, mark, nullptr);
    if (stored.ok() && !stored->has_value()) {
      return findings().Unchecked("derived: the indexes are not whole; the next start makes them");
    }
    expect(std::string(mark), "");
  }
  ScanAll(Family::kEntries, [&](std::string_view key, std::string_view value) {
    const auto index = storage::ParseNumber(key);
    const auto entry = storage::DecodeEntry(value);
    if (!index || !entry.ok()) return;
    for (const std::string& of : rules::RecordKeysFor(**entry, EntryIndex(*index))) expect(of, "");
  });
  walk_.auditor().state().Scan(rules::kWasPrefix, "",
                               [&](std::string_view key, std::string_view value) {
                                 expect(rules::IndexKeyFor(key, value), value);
                                 return true;
                               });
  std::uint64_t keys = 0;
  ScanAll(Family::kDerived, [&](std::string_view, std::string_view) { ++keys; });
  if (keys > expected) {
    Fault(Family::kDerived, "all keys", absl::StrCat(keys - expected, " are there for nothing"));
  }
}

void Checker::CheckCheckpoint() {
  if (!checkpoint_) return;
  constexpr std::string_view kWhat = "the public checkpoint";
  const auto wrong = [&](std::string_view why) { Fault(Family::kMetadata, kWhat, why); };
  const auto value =
      database_.Get(Family::kBlocks, storage::NumberKey(checkpoint_->height.value()), nullptr);
  const auto block = value.ok() && value->has_value() ? storage::DecodeBlock(**value)
                                                      : absl::NotFoundError("it is not there");
  if (!block.ok())
    return wrong(
        absl::StrCat("its block ", checkpoint_->height.value(), ": ", block.status().message()));
  if (block->header.tree_size != checkpoint_->tree_size ||
      block->header.tree_root != checkpoint_->root) {
    return wrong(absl::StrCat("it is not about the tree of block ", checkpoint_->height.value()));
  }
  if (!walk_.audited()) {
    findings().Unchecked(
        "the signatures of the public checkpoint: the voters could not be computed anew");
    return;
  }
  const auto epochs = rules::EpochsUpTo(walk_.auditor().state(), block->header.epoch);
  const VoterSet& voters = epochs.back().voters;
  const assent::Checkpoint text{options_.act->text.origin, checkpoint_->tree_size,
                                checkpoint_->root};
  for (const auto& [code, signature] : checkpoint_->signatures) {
    const auto position = voters.Find(code);
    if (!position || !VerifyCheckpoint(text, voters.at(*position).checkpoint_key, signature)) {
      wrong(absl::StrCat("the signature of ", code.str(), " is not good"));
    }
  }
  report_.checkpoint_signers = checkpoint_->signatures.size();
}

absl::Status Checker::CheckAct(std::string_view value) {
  const auto record = storage::DecodeRestart(value);
  if (!record.ok()) return record.status();
  v1::RestartAct act;
  if (!act.ParseFromString(record->act)) return absl::DataLossError("it cannot be read");
  const auto restart = CheckRestart(act, options_.act->ledger_id);
  if (!restart.ok()) return restart.status();
  if (restart->epoch != record->epoch || restart->block.hash != record->hash ||
      restart->block.header.height != record->height) {
    return absl::DataLossError("it stands in another one's place");
  }
  if (record->hash == BlockHash(EncodeBlockHeader(tip_.header))) epoch_ = record->epoch;
  return absl::OkStatus();
}

void Checker::CheckMetadata() {
  epoch_ = EpochAfter(tip_.header);
  std::uint64_t evidence = 0;
  ScanAll(Family::kMetadata, [&](std::string_view key, std::string_view value) {
    if (key.starts_with(storage::kEvidencePrefix)) {
      ++evidence;
    } else if (key.starts_with(storage::kRestartPrefix)) {
      if (const auto status = CheckAct(value); !status.ok()) {
        Fault(Family::kMetadata, "an act of the members", StdView(status.message()));
      }
    } else if (key != storage::kFormatKey && key != storage::kLedgerKey &&
               key != storage::kTipKey && key != storage::kRestoringKey &&
               key != storage::kCheckpointKey) {
      Fault(Family::kMetadata, NameOfKey(Family::kMetadata, key),
            "this program writes no such key");
    }
  });
  if (evidence > 0) {
    findings().Unchecked(absl::StrCat(evidence,
                                      " records of evidence: they follow from no block "
                                      "(assent evidence checks them)"));
  }
}

void Checker::CheckJournal() {
  JournalCheck check(options_.act->ledger_id, options_.vote_key);
  if (walk_.audited()) {
    const Auditor& auditor = walk_.auditor();
    for (const auto& one : rules::EpochsUpTo(auditor.state(), EpochAfter(tip_.header))) {
      check.AddEpoch(one.epoch, one.voters);
    }
    // The state says of an epoch that an act begins only from its first block on.
    check.AddEpoch(epoch_, auditor.voters());
  }
  ScanAll(Family::kJournal, [&](std::string_view key, std::string_view value) {
    ++report_.journal_records;
    if (const absl::Status status = check.Check(key, value); !status.ok()) {
      Fault(Family::kJournal, NameOfKey(Family::kJournal, key), StdView(status.message()));
    }
  });
  if (check.unchecked() > 0) {
    findings().Unchecked(absl::StrCat("the signatures of ", check.unchecked(),
                                      check.unchecked() == 1 ? " record" : " records",
                                      " of the journal: the voters of the epoch are not known"));
  }
  findings().Unchecked(
      "whether the journal has every vote that this node has sent: only its peers know");
}

}  // namespace

Report Check(const storage::RocksStore& store, const Options& options) {
  return Checker(store, options).Run();
}

}  // namespace assent::fsck
