#include "ledger/rules/amendment.h"

#include "ledger/rules/indexes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

// Another record of the chain that `record` is in; `record` itself where the view has no such one
// (see Apply).
StoredRecord OfSameChain(const StateView& state, std::uint64_t index, const StoredRecord& record) {
  if (record.index.value() == index) return record;
  auto found = Load<v1::RecordState>(state, RecordKey(EntryIndex(index)));
  return found ? StoredRecord{.index = EntryIndex(index), .state = *std::move(found)} : record;
}

const RecordHandler& HandlerOf(const StoredRecord& record) {
  const RecordHandler* handler = FindHandler(record.state.type());
  if (handler == nullptr || !handler->amendable()) StopOnDamagedState(RecordKey(record.index));
  return *handler;
}

// Takes back what `record` has done, and says what replaced it.
void Replace(const Filing& filing, StoredRecord record) {
  HandlerOf(record).retire(filing.state, record);
  record.state.set_replaced_by(filing.position.index.value());
  Save(filing.state, RecordKey(record.index), record.state);
  IndexReplaced(filing.state, record, filing.position.index);
}

}  // namespace

std::optional<StoredRecord> FindRecord(const StateView& state, EntryIndex index) {
  if (index >= kFirstWaitingIndex) return std::nullopt;
  auto record = Load<v1::RecordState>(state, RecordKey(index));
  if (!record) return std::nullopt;
  return StoredRecord{.index = index, .state = *std::move(record)};
}

std::optional<StoredRecord> FindOwnRecord(const StateView& state, const MemberCode& author,
                                          EntryIndex index) {
  auto record = FindRecord(state, index);
  if (!record || record->state.author() != author.str()) return std::nullopt;
  return record;
}

bool IsCurrentAt(const StateView& state, EntryIndex index) {
  const auto record = Load<v1::RecordState>(state, RecordKey(index));
  return record && !record->has_replaced_by();
}

MemberCode AuthorOf(const StoredRecord& record) {
  const auto code = MemberCode::From(record.state.author());
  if (!code) StopOnDamagedState(RecordKey(record.index));
  return *code;
}

std::string_view TypeOf(const StoredRecord& record) { return HandlerOf(record).name; }

StoredRecord NewestOfChain(const StateView& state, const StoredRecord& record) {
  const StoredRecord first = OfSameChain(state, record.state.first_index(), record);
  return OfSameChain(state, first.state.newest_index(), record);
}

v1::RecordState NewRecord(const Filing& filing) {
  v1::RecordState record;
  record.set_author(filing.author.str());
  record.set_type(static_cast<std::uint32_t>(filing.body.record_case()));
  record.set_visibility(static_cast<std::uint32_t>(filing.body.visibility()));
  if (filing.amends) {
    record.set_first_index(filing.amends->state.first_index());
    record.set_first_time_us(filing.amends->state.first_time_us());
  } else {
    record.set_first_index(filing.position.index.value());
    record.set_first_time_us(filing.position.time.us);
    record.set_newest_index(filing.position.index.value());
  }
  return record;
}

void SaveRecord(const Filing& filing, const v1::RecordState& record) {
  if (filing.amends) {
    Replace(filing, *filing.amends);
    const std::string first_key = RecordKey(EntryIndex(record.first_index()));
    if (auto first = Load<v1::RecordState>(filing.state, first_key)) {
      first->set_newest_index(filing.position.index.value());
      Save(filing.state, first_key, *first);
    }
  }
  Save(filing.state, RecordKey(filing.position.index), record);
  IndexFiled(filing, {.index = filing.position.index, .state = record});
}

void WithdrawRecord(const Filing& filing, StoredRecord target) {
  target.state.set_withdrawn(true);
  Replace(filing, std::move(target));
}

void CancelRecord(const Filing& filing, StoredRecord target) {
  target.state.set_cancelled(true);
  Replace(filing, std::move(target));
}

}  // namespace assent::rules
