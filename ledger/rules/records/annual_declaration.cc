// AnnualDeclaration: what a state says once a year of its programmes, in two parts.
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "assent/v1/index.pb.h"
#include "ledger/compliance/timeliness.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/classes.h"
#include "ledger/rules/flags.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/places.h"
#include "ledger/rules/pointers.h"
#include "ledger/rules/read.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace annual_declaration {

constexpr Rule kYearTooEarly{"YEAR_TOO_EARLY", "The year is 2002 or later."};
constexpr Rule kYearInFuture{"YEAR_IN_FUTURE", "The year has ended or is running, by block time."};
constexpr Rule kYearChanged{"YEAR_CHANGED", "An amendment is for the year of what it amends."};
constexpr Rule kAlreadyDeclared{
    "ALREADY_DECLARED", "An author has one current declaration a year; more is an amendment."};
constexpr Rule kPartMissing{"PART_MISSING", "Both parts are given."};
constexpr Rule kFormInvalid{"FORM_INVALID", "The form of a part is NIL, NO_CHANGE or FULL."};
constexpr Rule kNilWithLaunches{"NIL_WITH_LAUNCHES", "A NIL part declares no launches."};
constexpr Rule kOnlyInFull{
    "ONLY_IN_FULL", "Policy outline, sites and observer policy are given only in a FULL part."};
constexpr Rule kPolicyInvalid{"POLICY_INVALID",
                              "A FULL part has a policy outline of 1 to 16,384 bytes."};
constexpr Rule kObserverPolicyInvalid{
    "OBSERVER_POLICY_INVALID",
    "An observer policy is at most 16,384 bytes, and only in the space launch part."};
constexpr Rule kTooManySites{"TOO_MANY_SITES", "A part has at most 64 sites."};
constexpr Rule kUnchangedSinceMissing{
    "UNCHANGED_SINCE_MISSING",
    "A NO_CHANGE part names the declaration from which nothing has changed."};
constexpr Rule kUnchangedSinceMisplaced{"UNCHANGED_SINCE_MISPLACED",
                                        "Only a NO_CHANGE part names another declaration."};
constexpr Rule kDeclarationUnknown{
    "DECLARATION_UNKNOWN", "NO_CHANGE refers to an earlier declaration of the same author."};
constexpr Rule kDeclarationNotCurrent{
    "DECLARATION_NOT_CURRENT",
    "NO_CHANGE refers to a declaration that is neither amended nor withdrawn."};
constexpr Rule kDeclarationLater{
    "DECLARATION_LATER",
    "NO_CHANGE refers to a declaration for an earlier year, or to the one that is amended."};
constexpr Rule kNothingUnchanged{
    "NOTHING_UNCHANGED",
    "The same part of the declaration that NO_CHANGE refers to is FULL, or NO_CHANGE itself."};
constexpr Rule kFullRetracted{
    "FULL_RETRACTED",
    "The declaration that gave the part in FULL gives it still: it has neither been withdrawn, nor "
    "amended to NIL or to rest on another one."};
constexpr Rule kCountZero{"COUNT_ZERO", "A class that is listed has at least one launch."};
constexpr Rule kClassTwice{"CLASS_TWICE", "No class is listed twice in a part."};

constexpr std::array kRules{
    kYearTooEarly,
    kYearInFuture,
    kYearChanged,
    kAlreadyDeclared,
    kPartMissing,
    kFormInvalid,
    kNilWithLaunches,
    kOnlyInFull,
    kPolicyInvalid,
    kObserverPolicyInvalid,
    kTooManySites,
    kSiteNameInvalid,
    kCoordinatesInvalid,
    kUnchangedSinceMissing,
    kUnchangedSinceMisplaced,
    kDeclarationUnknown,
    kDeclarationNotCurrent,
    kDeclarationLater,
    kNothingUnchanged,
    kFullRetracted,
    kClassUnknown,
    kClassWrongKind,
    kCountZero,
    kClassTwice,
};

using LaunchCounts = std::map<std::string, std::uint64_t>;

// One part while it is checked.
struct Part {
  std::string_view field;  // "space_launch"
  ClassKind kind;
  const v1::DeclarationPart& said;
};

std::uint32_t FormOf(const v1::DeclarationState& declaration, ClassKind kind) {
  return kind == ClassKind::kBallisticMissile ? declaration.ballistic_form()
                                              : declaration.space_form();
}

std::uint64_t FullOf(const v1::DeclarationState& declaration, ClassKind kind) {
  return kind == ClassKind::kBallisticMissile ? declaration.ballistic_full()
                                              : declaration.space_full();
}

std::string FieldOf(const Part& part, std::string_view name) {
  return absl::StrCat(AbslView(part.field), ".", AbslView(name));
}

std::optional<Refusal> RefuseBadYear(const Filing& filing, std::int64_t year) {
  if (year < compliance::kFirstYear) {
    return Refuse(kYearTooEarly, "year",
                  absl::StrCat("year ", year, " cannot be declared: the Code is of ",
                               compliance::kFirstYear));
  }
  if (const std::int64_t running = ToCivil(filing.position.time).year; year > running) {
    return Refuse(kYearInFuture, "year",
                  absl::StrCat("year ", year, " has not begun: declare ", running, " or earlier"));
  }
  if (filing.amends) {
    const std::uint32_t amended = filing.amends->state.declaration().year();
    if (amended == year) return std::nullopt;
    return Refuse(kYearChanged, "year",
                  absl::StrCat("entry ", filing.amends->index.value(), " declares ", amended,
                               ", not ", year, ": withdraw it, and declare ", year, " anew"));
  }
  if (const auto current = DeclarationOf(filing.state, filing.author, year)) {
    return Refuse(
        kAlreadyDeclared, "year",
        absl::StrCat(filing.author.str(), " has declared ", year, " in entry ", current->value(),
                     ": amend that (supersedes ", current->value(), ")"));
  }
  return std::nullopt;
}

// What only a FULL part may say.
std::optional<Refusal> RefuseFullContent(const Part& part) {
  const auto& said = part.said;
  if (said.policy_outline().empty() && said.sites().empty() && said.observer_policy().empty()) {
    return std::nullopt;
  }
  return Refuse(
      kOnlyInFull, std::string(part.field),
      absl::StrCat(AbslView(part.field),
                   " gives policy or sites, but is not FULL: leave them out, or declare FULL"));
}

std::optional<Refusal> RefuseBadFull(const Part& part) {
  const auto& said = part.said;
  if (auto refusal = RefuseBadText(kPolicyInvalid, FieldOf(part, "policy_outline"),
                                   said.policy_outline(), kPolicyBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (!said.observer_policy().empty()) {
    const std::string field = FieldOf(part, "observer_policy");
    if (part.kind != ClassKind::kSpaceLaunch) {
      return Refuse(kObserverPolicyInvalid, field,
                    "an observer policy belongs to the space_launch part: move it there");
    }
    if (auto refusal = RefuseBadText(kObserverPolicyInvalid, field, said.observer_policy(),
                                     kPolicyBytesMax, Lines::kMany)) {
      return refusal;
    }
  }
  if (said.sites_size() > kSitesMax) {
    return Refuse(kTooManySites, FieldOf(part, "sites"),
                  absl::StrCat(AbslView(part.field), " lists ", said.sites_size(),
                               " sites: give at most ", kSitesMax));
  }
  for (int i = 0; i < said.sites_size(); ++i) {
    const std::string field = FieldOf(part, absl::StrCat("sites[", i, "]"));
    if (auto refusal = RefuseBadSite(field, said.sites(i))) return refusal;
  }
  return std::nullopt;
}

// True when the chain of declarations that gave a part in FULL in `full` gives it still, there or
// in an amendment.
bool GivesStill(const Filing& filing, ClassKind kind, const StoredRecord& full) {
  const StoredRecord newest = NewestOfChain(filing.state, full);
  if (newest.state.withdrawn() || FormOf(newest.state.declaration(), kind) == v1::NIL) return false;
  const auto text = FindOwnRecord(filing.state, filing.author,
                                  EntryIndex(FullOf(newest.state.declaration(), kind)));
  return text && text->state.first_index() == full.state.first_index();
}

// NO_CHANGE: finds the declaration that gave this part in FULL.
std::optional<Refusal> FindFull(const Filing& filing, const Part& part, EntryIndex& full) {
  const std::string field = FieldOf(part, "unchanged_since");
  if (!part.said.has_unchanged_since()) {
    return Refuse(
        kUnchangedSinceMissing, field,
        absl::StrCat(AbslView(part.field), " is NO_CHANGE: name the declaration that still holds"));
  }
  const EntryIndex since(part.said.unchanged_since());
  const auto record = FindOwnRecord(filing.state, filing.author, since);
  if (!record || record->state.type() != v1::Body::kAnnualDeclaration) {
    return Refuse(kDeclarationUnknown, field,
                  absl::StrCat("entry ", since.value(), " is no declaration of ",
                               filing.author.str(), ": name one of its own"));
  }
  if (!IsCurrent(*record)) {
    return Refuse(kDeclarationNotCurrent, field,
                  absl::StrCat("declaration ", since.value(), " was ",
                               record->state.withdrawn() ? "withdrawn" : "amended", " by entry ",
                               record->state.replaced_by(), ": name one that still holds"));
  }
  const v1::DeclarationState& earlier = record->state.declaration();
  if (const std::int64_t year = filing.body.annual_declaration().year(); earlier.year() > year) {
    return Refuse(
        kDeclarationLater, field,
        absl::StrCat("declaration ", since.value(), " is for ", earlier.year(), ", which is after ",
                     year, ": name an earlier one, or declare FULL"));
  }
  if (FormOf(earlier, part.kind) == v1::NIL) {
    return Refuse(kNothingUnchanged, field,
                  absl::StrCat("the ", AbslView(part.field), " part of declaration ", since.value(),
                               " is NIL: declare NIL again, or FULL"));
  }
  full = EntryIndex(FullOf(earlier, part.kind));
  const auto given = FindOwnRecord(filing.state, filing.author, full);
  if (!given || !GivesStill(filing, part.kind, *given)) {
    return Refuse(kFullRetracted, field,
                  absl::StrCat("declaration ", full.value(),
                               ", which gave this part in full, was withdrawn, or amended so that "
                               "it gives it no more: declare FULL"));
  }
  return std::nullopt;
}

// Checks what the form asks for. `full` is set to the declaration that has this part in FULL, if
// any.
std::optional<Refusal> RefuseBadForm(const Filing& filing, const Part& part,
                                     std::optional<EntryIndex>& full) {
  const auto& said = part.said;
  if (said.form() != v1::NO_CHANGE && said.has_unchanged_since()) {
    return Refuse(kUnchangedSinceMisplaced, FieldOf(part, "unchanged_since"),
                  absl::StrCat(AbslView(part.field), " names declaration ", said.unchanged_since(),
                               ", but is not NO_CHANGE: leave it out"));
  }
  switch (said.form()) {
    case v1::NIL:
      if (said.launches_size() > 0) {
        return Refuse(kNilWithLaunches, FieldOf(part, "launches"),
                      absl::StrCat(AbslView(part.field),
                                   " is NIL and lists launches: take them out, or declare FULL"));
      }
      return RefuseFullContent(part);
    case v1::NO_CHANGE: {
      if (auto refusal = RefuseFullContent(part)) return refusal;
      EntryIndex found;
      if (auto refusal = FindFull(filing, part, found)) return refusal;
      full = found;
      return std::nullopt;
    }
    case v1::FULL:
      full = filing.position.index;
      return RefuseBadFull(part);
    default:
      return Refuse(kFormInvalid, FieldOf(part, "form"),
                    absl::StrCat("the form of ", AbslView(part.field),
                                 " is missing or unknown: NIL, NO_CHANGE or FULL"));
  }
}

std::optional<Refusal> AddLaunches(const Filing& filing, const Part& part, LaunchCounts& counts) {
  for (int i = 0; i < part.said.launches_size(); ++i) {
    const auto& launches = part.said.launches(i);
    const std::string field = FieldOf(part, absl::StrCat("launches[", i, "]"));
    if (auto refusal = RefuseBadClass(filing.state, absl::StrCat(field, ".class_id"),
                                      launches.class_id(), part.kind)) {
      return refusal;
    }
    if (launches.count() == 0) {
      return Refuse(
          kCountZero, absl::StrCat(field, ".count"),
          absl::StrCat("class ", launches.class_id(), " is listed with no launches: leave it out"));
    }
    if (!counts.emplace(launches.class_id(), launches.count()).second) {
      return Refuse(
          kClassTwice, absl::StrCat(field, ".class_id"),
          absl::StrCat("class ", launches.class_id(), " is listed twice: give one count for it"));
    }
  }
  return std::nullopt;
}

// Keeps in which classes the declared counts are not the notified ones.
void SaveDifferences(const Filing& filing, const LaunchCounts& declared,
                     const LaunchCounts& notified) {
  LaunchCounts all = declared;
  all.insert(notified.begin(), notified.end());
  const auto count_in = [](const LaunchCounts& counts, const std::string& class_id) {
    const auto found = counts.find(class_id);
    return found == counts.end() ? 0 : found->second;
  };
  v1::DifferencesState differences;
  for (const auto& [class_id, any] : all) {
    const std::uint64_t says = count_in(declared, class_id);
    const std::uint64_t said = count_in(notified, class_id);
    if (says == said) continue;
    v1::ClassDifference& differs = *differences.add_classes();
    differs.set_class_id(class_id);
    differs.set_declared(says);
    differs.set_notified(said);
  }
  Save(filing.state, DifferencesKey(filing.position.index), differences);
}

std::optional<Refusal> ApplyDeclaration(const Filing& filing) {
  const v1::AnnualDeclaration& said = filing.body.annual_declaration();
  if (auto refusal = RefuseBadYear(filing, said.year())) return refusal;
  if (!said.has_ballistic_missiles() || !said.has_space_launch()) {
    const char* missing = said.has_ballistic_missiles() ? "space_launch" : "ballistic_missiles";
    return Refuse(kPartMissing, missing,
                  absl::StrCat("part ", missing, " is missing: declare NIL if there is nothing"));
  }
  const Part ballistic{"ballistic_missiles", ClassKind::kBallisticMissile,
                       said.ballistic_missiles()};
  const Part space{"space_launch", ClassKind::kSpaceLaunch, said.space_launch()};
  std::optional<EntryIndex> ballistic_full;
  std::optional<EntryIndex> space_full;
  LaunchCounts counts;
  if (auto refusal = RefuseBadForm(filing, ballistic, ballistic_full)) return refusal;
  if (auto refusal = AddLaunches(filing, ballistic, counts)) return refusal;
  if (auto refusal = RefuseBadForm(filing, space, space_full)) return refusal;
  if (auto refusal = AddLaunches(filing, space, counts)) return refusal;

  v1::RecordState record = NewRecord(filing);
  v1::DeclarationState& kept = *record.mutable_declaration();
  kept.set_year(said.year());
  kept.set_ballistic_form(static_cast<std::uint32_t>(said.ballistic_missiles().form()));
  kept.set_space_form(static_cast<std::uint32_t>(said.space_launch().form()));
  if (ballistic_full) kept.set_ballistic_full(ballistic_full->value());
  if (space_full) kept.set_space_full(space_full->value());
  record.set_timeliness(static_cast<std::uint32_t>(compliance::JudgeDeclaration(
      {record.first_time_us()}, said.year(), {filing.member.member_since_us()})));
  const LaunchCounts notified = NotifiedLaunches(filing.state, filing.author, said.year());
  if (counts != notified) {
    record.set_flags(kFlagCountsDiffer);
    SaveDifferences(filing, counts, notified);
  }
  SaveRecord(filing, record);
  SavePointer(filing.state, DeclarationKey(filing.author, said.year()), filing.position.index);
  return std::nullopt;
}

void RetireDeclaration(StateOverlay& state, const StoredRecord& record) {
  state.Remove(DeclarationKey(AuthorOf(record), record.state.declaration().year()));
}

}  // namespace annual_declaration

extern const RecordHandler kAnnualDeclaration;
constinit const RecordHandler kAnnualDeclaration{
    .name = "AnnualDeclaration",
    .field = v1::Body::kAnnualDeclaration,
    .rules = annual_declaration::kRules,
    .apply = annual_declaration::ApplyDeclaration,
    .retire = annual_declaration::RetireDeclaration,
};

}  // namespace assent::rules
