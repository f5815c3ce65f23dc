// Every key of the state, and what stands under it. Keys are text, so that two nodes that disagree
// can name the one that differs. Their bytes are part of the state digest: they stay as they are.
//
//   key                                value           while
//   ledger                             LedgerState     always
//   member/<code>                      MemberState     the state is an ACTIVE member
//   author/<code>                      AuthorState     since its first entry
//   class/<class id>                   ClassState      since the revision that brought it
//   record/<index>                     RecordState     since a record that can be amended is filed
//   reference/<code>/<reference>       PointerState    since the first notification under it
//   declaration/<code>/<year>          PointerState    the year has a current declaration
//   notified/<code>/<year>/<class id>  CountState      current notifications announce such
//   reports/<index>                    CountState      current reports name the chain of records
//                                                      that begins with this notification
//   epoch/<number>                     EpochState      since the epoch before was closed
//   round/<index>                      RoundState      since the round was opened
//   signature/<round index>/<code>     SignatureState  since the round was signed
//
// Indices have 20 decimal digits and years 4, so that keys sort as numbers do. A '/' sorts before
// all letters of a code, so that keys sort in code order.
#ifndef ASSENT_LEDGER_RULES_KEYS_H_
#define ASSENT_LEDGER_RULES_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/types.h"

namespace assent::rules {

inline constexpr std::string_view kLedgerKey = "ledger";
inline constexpr std::string_view kMemberPrefix = "member/";
inline constexpr std::string_view kAuthorPrefix = "author/";
inline constexpr std::string_view kClassPrefix = "class/";

std::string MemberKey(const MemberCode& code);
std::string AuthorKey(const MemberCode& code);
std::string ClassKey(std::string_view class_id);
std::string RecordKey(EntryIndex index);
std::string ReferenceKey(const MemberCode& author, std::string_view reference);
std::string DeclarationKey(const MemberCode& author, std::int64_t year);
std::string NotifiedPrefix(const MemberCode& author, std::int64_t year);
std::string NotifiedKey(const MemberCode& author, std::int64_t year, std::string_view class_id);
std::string ReportsKey(EntryIndex first_of_chain);
std::string EpochKey(Epoch epoch);
std::string RoundKey(EntryIndex round);
std::string SignaturePrefix(EntryIndex round);
std::string SignatureKey(EntryIndex round, const MemberCode& member);

// The code at the end of a key with this prefix. The key must be one of ours: a code that is none
// stops the process.
MemberCode CodeOfKey(std::string_view key, std::string_view prefix);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_KEYS_H_
