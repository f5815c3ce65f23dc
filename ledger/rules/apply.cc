// The rules of every entry, in their order, and the way from an entry to the rules of its record.
#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/release.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

constexpr Rule kWrongLedger{"WRONG_LEDGER", "The entry names this ledger."};
constexpr Rule kUnknownAuthor{"UNKNOWN_AUTHOR", "The author is an active member."};
constexpr Rule kKeyNotInForce{"KEY_NOT_IN_FORCE",
                              "The authority key is the author's, and in force."};
constexpr Rule kSequenceAlreadyUsed{"SEQUENCE_ALREADY_USED",
                                    "The author has no entry of this sequence on the ledger."};
constexpr Rule kSequenceGap{"SEQUENCE_GAP",
                            "The sequence follows that of the author's newest entry."};
constexpr Rule kWrongPrevious{"WRONG_PREVIOUS",
                              "The entry names the author's newest entry as previous."};
constexpr Rule kExpired{"EXPIRED", "Block time is not after the entry's not_after."};
constexpr Rule kDailyLimit{
    "DAILY_LIMIT",
    "An author files no more entries a day (UTC, by block time) than the act allows."};
constexpr Rule kBodyMalformed{
    "BODY_MALFORMED", "The body comes with the entry, and is well formed, without unknown fields."};
constexpr Rule kVisibilityInvalid{"VISIBILITY_INVALID", "The visibility is MEMBERS or PUBLIC."};
constexpr Rule kIssuedAtInvalid{"ISSUED_AT_INVALID",
                                "The time of issue is given, in the years 1970 to 9999."};
constexpr Rule kRecordMissing{"RECORD_MISSING", "The body holds a record."};
constexpr Rule kNotAmendable{"NOT_AMENDABLE",
                             "What supersedes a record is of a type that can be amended."};
constexpr Rule kSupersededUnknown{"SUPERSEDED_UNKNOWN",
                                  "What is superseded is a record of the author's own."};
constexpr Rule kSupersededType{"SUPERSEDED_TYPE",
                               "What is superseded is a record of the same type."};
constexpr Rule kSupersededAmended{"SUPERSEDED_AMENDED", "What is superseded has not been amended."};
constexpr Rule kSupersededWithdrawn{"SUPERSEDED_WITHDRAWN",
                                    "What is superseded has not been withdrawn."};
constexpr Rule kSupersededCancelled{"SUPERSEDED_CANCELLED",
                                    "What is superseded has not been cancelled."};
constexpr Rule kVisibilityNarrowed{
    "VISIBILITY_NARROWED",
    "What amends a PUBLIC record is PUBLIC: visibility is only ever widened."};

constexpr std::array kEntryRules{
    kWrongLedger,
    kUnknownAuthor,
    kKeyNotInForce,
    kSequenceAlreadyUsed,
    kSequenceGap,
    kWrongPrevious,
    kExpired,
    kDailyLimit,
    kBodyMalformed,
    kVisibilityInvalid,
    kIssuedAtInvalid,
    kRecordMissing,
    kReleaseMissing,
    kReleaseUnexpected,
    kReleaseUnknownKey,
    kReleaseNameDiffers,
    kReleaseBadSignature,
    kNotAmendable,
    kSupersededUnknown,
    kSupersededType,
    kSupersededAmended,
    kSupersededWithdrawn,
    kSupersededCancelled,
    kVisibilityNarrowed,
};

std::string NameOf(const EntryHeader& header) {
  return absl::StrCat(header.author.str(), "/", header.sequence.value());
}

// Who files, and with which key.
std::optional<Refusal> RefuseBadAuthor(const EntryHeader& header, const v1::LedgerState& ledger,
                                       const std::optional<v1::MemberState>& member) {
  if (header.ledger_id.view() != ledger.ledger_id()) {
    return Refuse(kWrongLedger, "ledger_id",
                  absl::StrCat("the entry is for ledger ", header.ledger_id.hex(), "; this one is ",
                               ToHex(ledger.ledger_id())));
  }
  if (!member) {
    return Refuse(kUnknownAuthor, header.author.str(),
                  absl::StrCat(header.author.str(), " is no active member of this ledger"));
  }
  if (member->authority_key().empty()) {
    return Refuse(kKeyNotInForce, "authority_key_id",
                  absl::StrCat(header.author.str(),
                               " has revoked its authority key: the members can replace it"));
  }
  const auto key = PublicKey::From(member->authority_key());
  if (!key) StopOnDamagedState(MemberKey(header.author));
  if (header.authority_key_id != KeyIdOf(*key)) {
    return Refuse(kKeyNotInForce, "authority_key_id",
                  absl::StrCat("key ", header.authority_key_id.hex(),
                               " is not the authority key of ", header.author.str(),
                               " in force, which is ", KeyIdOf(*key).hex(), ": sign with that"));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadSequence(const EntryHeader& header, const v1::AuthorState& head) {
  const std::string& author = header.author.str();
  const std::uint64_t next = head.sequence() + 1;
  if (header.sequence.value() < next) {
    return Refuse(kSequenceAlreadyUsed, NameOf(header),
                  absl::StrCat("sequence ", header.sequence.value(), " of ", author,
                               " is already on the ledger (next is ", next, ")"));
  }
  if (header.sequence.value() > next) {
    return Refuse(kSequenceGap, NameOf(header),
                  absl::StrCat("sequence ", header.sequence.value(), " of ", author,
                               " leaves a gap (next is ", next, ")"));
  }
  const Hash previous = Hash::From(head.leaf_hash()).value_or(Hash());
  if (header.previous != previous) {
    return Refuse(
        kWrongPrevious, NameOf(header),
        absl::StrCat("the entry follows leaf ", header.previous.hex(), ", but the newest entry of ",
                     author, " is leaf ", previous.hex(), ": prepare it again"));
  }
  return std::nullopt;
}

std::uint32_t EntriesOnDay(const v1::AuthorState& head, std::int64_t day) {
  return head.day() == day ? head.entries_on_day() : 0;
}

std::optional<Refusal> RefuseBadTime(const EntryHeader& header, const v1::LedgerState& ledger,
                                     const v1::AuthorState& head, Time now) {
  if (header.not_after < now) {
    return Refuse(kExpired, NameOf(header),
                  absl::StrCat("the entry was good until ", FormatTime(header.not_after),
                               " and block time is ", FormatTime(now), ": sign it anew"));
  }
  if (EntriesOnDay(head, DayNumber(now)) >= ledger.entries_per_author_and_day()) {
    return Refuse(
        kDailyLimit, header.author.str(),
        absl::StrCat(header.author.str(), " has filed ", ledger.entries_per_author_and_day(),
                     " entries today, which is the limit: file it tomorrow (UTC)"));
  }
  return std::nullopt;
}

std::optional<Refusal> ParseBody(const Entry& entry, v1::Body& body) {
  if (!entry.has_body()) {
    return Refuse(kBodyMalformed, NameOf(entry.header()),
                  "the entry came without its body and salt: submit it with both");
  }
  const absl::Status parsed = ParseStrict(entry.body(), body);
  if (!parsed.ok()) {
    return Refuse(kBodyMalformed, NameOf(entry.header()),
                  absl::StrCat("the body cannot be read: ", parsed.message()));
  }
  if (body.visibility() != v1::MEMBERS && body.visibility() != v1::PUBLIC) {
    return Refuse(kVisibilityInvalid, "visibility",
                  "the visibility is missing or unknown: MEMBERS or PUBLIC");
  }
  if (body.issued_at_us() == 0) {
    return Refuse(kIssuedAtInvalid, "issued_at_us",
                  "the time of issue is missing: say when the entry was issued");
  }
  if (body.issued_at_us() < 0 || body.issued_at_us() > kTimeMaxUs) {
    return Refuse(kIssuedAtInvalid, "issued_at_us",
                  absl::StrCat("the time of issue, ", body.issued_at_us(),
                               " us, is not in the years 1970 to 9999: check the author's clock"));
  }
  return std::nullopt;
}

// Finds what `supersedes` names.
std::optional<Refusal> FindAmended(const StateView& state, const MemberCode& author,
                                   const v1::Body& body, const RecordHandler& handler,
                                   std::optional<StoredRecord>& amends) {
  if (!body.has_supersedes()) return std::nullopt;
  const EntryIndex index(body.supersedes());
  const auto refuse = [&](const Rule& rule, std::string message) {
    return Refuse(rule, "supersedes", std::move(message));
  };
  if (!handler.amendable()) {
    return refuse(kNotAmendable,
                  absl::StrCat("a ", AbslView(handler.name), " supersedes nothing (only ",
                               AmendableTypes(), " can): leave supersedes out"));
  }
  auto record = FindOwnRecord(state, author, index);
  if (!record) {
    return refuse(kSupersededUnknown, absl::StrCat("entry ", index.value(), " is no record of ",
                                                   author.str(), " that can be amended"));
  }
  if (record->state.type() != static_cast<std::uint32_t>(handler.field)) {
    return refuse(kSupersededType,
                  absl::StrCat("entry ", index.value(), " is no ", AbslView(handler.name),
                               ": supersede one of the same type"));
  }
  if (!IsCurrent(*record)) {
    const std::uint64_t by = record->state.replaced_by();
    if (record->state.withdrawn()) {
      return refuse(kSupersededWithdrawn,
                    absl::StrCat("record ", index.value(), " was withdrawn by entry ", by,
                                 ": file a new one"));
    }
    if (record->state.cancelled()) {
      return refuse(kSupersededCancelled,
                    absl::StrCat("notification ", index.value(), " was cancelled by entry ", by,
                                 ": notify the launch anew, by another reference"));
    }
    return refuse(kSupersededAmended,
                  absl::StrCat("record ", index.value(), " was amended by entry ", by,
                               ": supersede the newest amendment, ",
                               NewestOfChain(state, *record).index.value()));
  }
  if (record->state.visibility() == v1::PUBLIC && body.visibility() != v1::PUBLIC) {
    return Refuse(
        kVisibilityNarrowed, "visibility",
        absl::StrCat("record ", index.value(), " is PUBLIC: amend it with visibility PUBLIC"));
  }
  amends = std::move(record);
  return std::nullopt;
}

void SaveHead(const Entry& entry, const Position& position, v1::AuthorState head,
              StateOverlay& state) {
  const std::int64_t day = DayNumber(position.time);
  head.set_entries_on_day(EntriesOnDay(head, day) + 1);
  head.set_day(day);
  head.set_sequence(entry.header().sequence.value());
  head.set_leaf_hash(entry.leaf_hash().str());
  Save(state, AuthorKey(entry.header().author), head);
}

}  // namespace

std::span<const Rule> EntryRules() { return kEntryRules; }

std::optional<Refusal> ApplyMembership(const Entry& entry, const Position& position,
                                       StateOverlay& state) {
  const EntryHeader& header = entry.header();
  v1::Body body;
  const bool readable = entry.has_body() && ParseStrict(entry.body(), body).ok();
  if (readable) {
    const RecordHandler* handler = FindHandler(body.record_case());
    if (handler != nullptr && handler->membership) return Apply(entry, position, state);
  }
  const auto ledger = LoadExisting<v1::LedgerState>(state, kLedgerKey);
  const auto member = Load<v1::MemberState>(state, MemberKey(header.author));
  if (auto refusal = RefuseBadAuthor(header, ledger, member)) return refusal;
  const auto head =
      Load<v1::AuthorState>(state, AuthorKey(header.author)).value_or(v1::AuthorState());
  if (auto refusal = RefuseBadSequence(header, head)) return refusal;
  if (readable) {
    if (auto refusal = RefuseBadRelease(entry, body, *member)) return refusal;
  }
  SaveHead(entry, position, head, state);
  return std::nullopt;
}

std::optional<Refusal> Apply(const Entry& entry, const Position& position, StateOverlay& state) {
  const EntryHeader& header = entry.header();
  const auto ledger = LoadExisting<v1::LedgerState>(state, kLedgerKey);
  const auto member = Load<v1::MemberState>(state, MemberKey(header.author));
  if (auto refusal = RefuseBadAuthor(header, ledger, member)) return refusal;
  const auto head =
      Load<v1::AuthorState>(state, AuthorKey(header.author)).value_or(v1::AuthorState());
  if (auto refusal = RefuseBadSequence(header, head)) return refusal;
  if (auto refusal = RefuseBadTime(header, ledger, head, position.time)) return refusal;

  v1::Body body;
  if (auto refusal = ParseBody(entry, body)) return refusal;
  const RecordHandler* handler = FindHandler(body.record_case());
  if (handler == nullptr) {
    return Refuse(kRecordMissing, NameOf(header), "the body holds no record: state one");
  }
  if (auto refusal = RefuseBadRelease(entry, body, *member)) return refusal;
  std::optional<StoredRecord> amends;
  if (auto refusal = FindAmended(state, header.author, body, *handler, amends)) return refusal;
  const Filing filing{.author = header.author,
                      .body = body,
                      .position = position,
                      .ledger = ledger,
                      .member = *member,
                      .amends = amends,
                      .state = state};
  if (auto refusal = handler->apply(filing)) return refusal;
  SaveHead(entry, position, head, state);
  return std::nullopt;
}

}  // namespace assent::rules
