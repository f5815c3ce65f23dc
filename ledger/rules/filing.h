// What a record's rules work with, and what a record type must provide. A new record type is one
// file in records/ that defines a RecordHandler; what it must remember beyond what RecordState has
// for all types is a message of its own there, or under keys of its own (keys.h).
#ifndef ASSENT_LEDGER_RULES_FILING_H_
#define ASSENT_LEDGER_RULES_FILING_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "assent/v1/entry.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

// A record in the state, with its place in the log.
struct StoredRecord {
  EntryIndex index;
  v1::RecordState state;
};

// One entry on its way into the state. The rules for every entry hold already.
struct Filing {
  const MemberCode& author;
  const v1::Body& body;
  const Position& position;
  const v1::LedgerState& ledger;              // before the entry; to change it, load it anew
  const v1::MemberState& member;              // the author's
  const std::optional<StoredRecord>& amends;  // the author's current record that `supersedes` names
  StateOverlay& state;
};

struct QuestionRules;

// One record type. Handlers are constants without behaviour of their own.
struct RecordHandler {
  std::string_view name;  // of its message: "LaunchNotification"
  v1::Body::RecordCase field;
  std::span<const Rule> rules;
  // Checks every rule first, and only then writes. Refuses by one of `rules`.
  std::optional<Refusal> (*apply)(const Filing& filing);
  // Takes a record's effects on other keys back, when it is amended or withdrawn. Null when records
  // of this type are neither.
  void (*retire)(StateOverlay& state, const StoredRecord& record) = nullptr;
  // Of a type that opens questions which the members decide (questions.h); else null.
  const QuestionRules* question = nullptr;
  // Why a current record cannot be withdrawn for now, as a sentence; nothing when it can. Null when
  // nothing ever holds records of this type.
  std::optional<std::string> (*held)(const StateView& state, const StoredRecord& record) = nullptr;

  // Says who is a member, and with which keys and votes. Always PUBLIC, and judged by such records
  // alone, so that who does not see all bodies can follow them.
  bool membership = false;

  bool amendable() const { return retire != nullptr; }
};

// The rules of every entry, whatever its record.
std::span<const Rule> EntryRules();

// All record types, in the order of their fields in Body.
std::span<const RecordHandler* const> Handlers();
// The names of those that can be amended and withdrawn: "AnnualDeclaration, LaunchReport".
std::string AmendableTypes();
// By the number of a record's field in Body, as the database has it as well; it is not trusted.
// Null when it is 0, for no record, or has no rules.
const RecordHandler* FindHandler(std::int64_t field);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_FILING_H_
