// InspectorAccreditation: a member accredits a key, whose holder reads what is for members, within
// a scope and for a term. It needs nobody's leave, and keeps nobody else from accrediting that key.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/crypto/public_key.h"
#include "ledger/limits.h"
#include "ledger/rules/accreditations.h"
#include "ledger/rules/filing.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace inspector_accreditation {

constexpr Rule kNameInvalid{"NAME_INVALID", "The name of who holds the key is 1 to 256 bytes."};
constexpr Rule kKeyInvalid{"KEY_INVALID", "The public key is a valid Ed25519 key of 32 bytes."};
constexpr Rule kKeyInUse{"KEY_IN_USE",
                         "The key was never that of a state, of its node or of its ministry."};
constexpr Rule kTermInvalid{
    "TERM_INVALID",
    "The term begins and ends in the years 1970 to 9999, and begins before it ends."};
constexpr Rule kTermOver{"TERM_OVER", "The term ends after block time."};
constexpr Rule kTermTooLong{"TERM_TOO_LONG", "The term ends at most 731 days after block time."};
constexpr Rule kScopeMissing{"SCOPE_MISSING", "The scope is all bodies, or names states or types."};
constexpr Rule kScopeAmbiguous{"SCOPE_AMBIGUOUS",
                               "A scope of all bodies names neither states nor types."};
constexpr Rule kScopeAuthorUnknown{"SCOPE_AUTHOR_UNKNOWN",
                                   "A state in scope is a member, or has been one and has filed."};
constexpr Rule kScopeTypeUnknown{"SCOPE_TYPE_UNKNOWN", "A type in scope is a type of record."};
constexpr Rule kScopeRepeated{"SCOPE_REPEATED", "No state and no type is in scope twice."};
constexpr Rule kAccreditationsMany{
    "ACCREDITATIONS_MANY",
    "The author has fewer than 128 accreditations that are in force or ahead."};

constexpr std::array kRules{kNameInvalid,      kKeyInvalid,     kKeyInUse,
                            kTermInvalid,      kTermOver,       kTermTooLong,
                            kScopeMissing,     kScopeAmbiguous, kScopeAuthorUnknown,
                            kScopeTypeUnknown, kScopeRepeated,  kAccreditationsMany};

std::optional<Refusal> RefuseBadKey(const Filing& filing, const v1::InspectorAccreditation& said) {
  if (said.public_key().size() != PublicKey::kSize) {
    return Refuse(kKeyInvalid, "public_key",
                  absl::StrCat("the public key has ", said.public_key().size(),
                               " bytes: an Ed25519 key has 32"));
  }
  const PublicKey key = *PublicKey::From(said.public_key());
  if (!IsValidPublicKey(key)) {
    return Refuse(
        kKeyInvalid, "public_key",
        absl::StrCat("the public key ", key.hex(), " is not valid: let the inspector make one"));
  }
  if (filing.state.Get(RegisteredKey(key))) {
    return Refuse(kKeyInUse, "public_key",
                  "the key is or was one of a state: let the inspector make one of its own");
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadTerm(const Filing& filing, const v1::InspectorAccreditation& said) {
  const Time from{said.from_us()};
  const Time until{said.until_us()};
  const Time now = filing.position.time;
  if (from.us <= 0 || until.us > kTimeMaxUs || until <= from) {
    return Refuse(kTermInvalid, "until_us",
                  "the term is missing, or does not begin before it ends: say from and until");
  }
  if (until <= now) {
    return Refuse(kTermOver, "until_us",
                  absl::StrCat("the term ended at ", FormatTime(until), " and block time is ",
                               FormatTime(now), ": say an end that is ahead"));
  }
  const Time last = now + Days(kAccreditationDaysMax);
  if (until > last) {
    return Refuse(kTermTooLong, "until_us",
                  absl::StrCat("the term ends at ", FormatTime(until), ", after ", FormatTime(last),
                               ", which is ", kAccreditationDaysMax,
                               " days from now: let it end by then and accredit the key anew"));
  }
  return std::nullopt;
}

template <class List>
bool HasRepeats(const List& list) {
  return std::set<std::string>(list.begin(), list.end()).size() !=
         static_cast<std::size_t>(list.size());
}

bool HasBeenMember(const StateView& state, const MemberCode& code) {
  return state.Get(MemberKey(code)) || state.Get(AuthorKey(code));
}

std::optional<Refusal> RefuseBadScope(const Filing& filing,
                                      const v1::InspectorAccreditation& said) {
  const bool named = said.authors_size() + said.types_size() > 0;
  if (!said.all_bodies() && !named) {
    return Refuse(kScopeMissing, "all_bodies",
                  "the scope is missing: say all_bodies, or which authors or types");
  }
  if (said.all_bodies() && named) {
    return Refuse(kScopeAmbiguous, "all_bodies",
                  "all_bodies is said and so are authors or types: say one or the other");
  }
  for (const std::string& author : said.authors()) {
    const auto code = MemberCode::From(author);
    if (code && HasBeenMember(filing.state, *code)) continue;
    return Refuse(kScopeAuthorUnknown, "authors",
                  absl::StrCat(code ? code->str() : "what is no code of 3 to 8 letters A-Z",
                               " is no member and never filed: name states that have"));
  }
  const std::vector<std::string> types = RecordTypes();
  for (const std::string& type : said.types()) {
    if (std::binary_search(types.begin(), types.end(), type)) continue;
    return Refuse(kScopeTypeUnknown, "types",
                  absl::StrCat("a type in scope is no type of record: use some of ",
                               absl::StrJoin(types, ", ")));
  }
  if (HasRepeats(said.authors()) || HasRepeats(said.types())) {
    return Refuse(kScopeRepeated, HasRepeats(said.authors()) ? "authors" : "types",
                  "the scope names the same twice: name each once");
  }
  return std::nullopt;
}

// The author's accreditations: those that are in force or ahead, and the keys under which those
// that are over can still be found.
struct Given {
  v1::AccreditationListState remaining;
  std::vector<std::string> over;
};
Given GivenBy(const Filing& filing) {
  Given given;
  const auto listed =
      Load<v1::AccreditationListState>(filing.state, AccreditationListKey(filing.author));
  if (!listed) return given;
  for (const std::uint64_t number : listed->accreditations()) {
    const EntryIndex index(number);
    const auto stored = Load<v1::AccreditationState>(filing.state, AccreditationKey(index));
    if (!stored) continue;  // see Apply
    if (IsOver(filing.state, *stored, filing.position.time)) {
      given.over.push_back(InspectorKey(
          DecodeFixed<PublicKey>(AccreditationKey(index), stored->public_key()), index));
    } else {
      given.remaining.add_accreditations(number);
    }
  }
  return given;
}

v1::AccreditationState StoredAs(const Filing& filing, const v1::InspectorAccreditation& said) {
  v1::AccreditationState stored;
  stored.set_member(filing.author.str());
  stored.set_membership(filing.member.membership());
  stored.set_public_key(said.public_key());
  stored.set_name(said.name());
  stored.set_from_us(said.from_us());
  stored.set_until_us(said.until_us());
  stored.set_all_bodies(said.all_bodies());
  *stored.mutable_authors() = said.authors();
  *stored.mutable_types() = said.types();
  stored.set_visibility(static_cast<std::uint32_t>(filing.body.visibility()));
  return stored;
}

std::optional<Refusal> ApplyAccreditation(const Filing& filing) {
  const v1::InspectorAccreditation& said = filing.body.inspector_accreditation();
  if (auto refusal = RefuseBadText(kNameInvalid, "name", said.name(), kNameBytesMax, Lines::kOne)) {
    return refusal;
  }
  if (auto refusal = RefuseBadKey(filing, said)) return refusal;
  if (auto refusal = RefuseBadTerm(filing, said)) return refusal;
  if (auto refusal = RefuseBadScope(filing, said)) return refusal;
  Given given = GivenBy(filing);
  if (given.remaining.accreditations_size() >= kAccreditationsMax) {
    return Refuse(kAccreditationsMany, filing.author.str(),
                  absl::StrCat(filing.author.str(), " has accredited ", kAccreditationsMax,
                               " keys, which is the limit: end one of these first"));
  }
  const EntryIndex index = filing.position.index;
  for (const std::string& key : given.over) filing.state.Remove(key);
  given.remaining.add_accreditations(index.value());
  Save(filing.state, AccreditationListKey(filing.author), given.remaining);
  v1::PointerState pointer;
  pointer.set_index(index.value());
  Save(filing.state, InspectorKey(*PublicKey::From(said.public_key()), index), pointer);
  Save(filing.state, AccreditationKey(index), StoredAs(filing, said));
  if (filing.body.visibility() == v1::PUBLIC) {
    Save(filing.state, PublicAccreditationKey(index), pointer);
  }
  return std::nullopt;
}

}  // namespace inspector_accreditation

extern const RecordHandler kInspectorAccreditation;
constinit const RecordHandler kInspectorAccreditation{
    .name = "InspectorAccreditation",
    .field = v1::Body::kInspectorAccreditation,
    .rules = inspector_accreditation::kRules,
    .apply = inspector_accreditation::ApplyAccreditation,
};

}  // namespace assent::rules
