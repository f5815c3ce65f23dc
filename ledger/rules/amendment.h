// Records that can be amended and withdrawn: nothing is overwritten, each record keeps its place in
// a chain from the first filing to the newest amendment.
#ifndef ASSENT_LEDGER_RULES_AMENDMENT_H_
#define ASSENT_LEDGER_RULES_AMENDMENT_H_

#include <optional>
#include <string_view>

#include "ledger/rules/filing.h"

namespace assent::rules {

// The record of an amendable type at `index`, whoever filed it. Nothing for an index that is not on
// the ledger, and for other types.
std::optional<StoredRecord> FindRecord(const StateView& state, EntryIndex index);

// The author's own record of an amendable type at `index`. Nothing for another author's, for an
// index that is not on the ledger and for other types: those get one answer.
std::optional<StoredRecord> FindOwnRecord(const StateView& state, const MemberCode& author,
                                          EntryIndex index);

// Who filed it.
MemberCode AuthorOf(const StoredRecord& record);

// True when the record at `index`, which a pointer of the state names, is current.
bool IsCurrentAt(const StateView& state, EntryIndex index);
inline bool IsCurrent(const StoredRecord& record) { return !record.state.has_replaced_by(); }

// The name of its type: "LaunchNotification".
std::string_view TypeOf(const StoredRecord& record);

// The newest record of the chain of amendments that `record` is in.
StoredRecord NewestOfChain(const StateView& state, const StoredRecord& record);

// A record state for the entry being filed: author, type, visibility, and the beginning of its
// chain.
v1::RecordState NewRecord(const Filing& filing);
// Stores it, and marks what it amends as amended.
void SaveRecord(const Filing& filing, const v1::RecordState& record);
// Marks `target`, which is current, as withdrawn by the entry being filed.
void WithdrawRecord(const Filing& filing, StoredRecord target);
// Marks `target`, which is a current notification, as cancelled by the entry being filed.
void CancelRecord(const Filing& filing, StoredRecord target);

// RecordHandler::retire of a type whose records have no effects on other keys.
inline void RetireNothing(StateOverlay& /*state*/, const StoredRecord& /*record*/) {}

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_AMENDMENT_H_
