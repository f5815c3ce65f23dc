// An index of records by author, type and visibility, for lists that show few of many. It follows
// from the entries and is no part of the state: it stands beside it, as the index of the past does
// (past.h), under keys of its own, with empty values:
//
// clang-format off
//   records/                                            the index is whole
//   records/m/<author>/<type>/<index>                   a record of the author
//   records/p/<author>/<type>/<index>                   a PUBLIC one
//   records/p//<type>/<index>                           a PUBLIC one, by whomever
// clang-format on
//
// Who sees one body but not another is told of the PUBLIC ones only: that an index knows of a
// record, or where its pages end, would tell that there is one.
#ifndef ASSENT_LEDGER_RULES_RECORD_INDEX_H_
#define ASSENT_LEDGER_RULES_RECORD_INDEX_H_

#include <string>
#include <string_view>
#include <vector>

#include "ledger/entry/entry.h"
#include "ledger/rules/rules.h"
#include "ledger/types.h"

namespace assent::rules {

inline constexpr std::string_view kRecordsMark = "records/";

// Before the index. An empty author: by whomever, of PUBLIC ones.
std::string RecordsPrefix(Audience audience, const MemberCode& author, std::string_view type);

// The keys for an entry of the log; none when its body is not there or cannot be read.
std::vector<std::string> RecordKeysFor(const Entry& entry, EntryIndex index);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_RECORD_INDEX_H_
