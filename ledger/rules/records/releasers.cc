// Releasers: the author names who releases what it files, from the next entry on; an empty list
// ends that. Whoever is left out releases nothing any more. The first such record needs no release;
// all others do, like everything else.
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/membership/key_role.h"
#include "ledger/rules/key_registry.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace releasers {

constexpr Rule kNothingToEnd{"NOTHING_TO_END", "An empty list ends releasers that there are."};
constexpr Rule kReleasersMany{"RELEASERS_MANY", "There are at most 16 releasers."};
constexpr Rule kNameInvalid{"NAME_INVALID", "The name of each releaser is 1 to 64 bytes."};
constexpr Rule kReleaserRepeated{"RELEASER_REPEATED", "No name and no key is given twice."};
constexpr Rule kReleaserKeyRegistered{
    "KEY_REGISTERED",
    "A key was never registered before, but as that of a releaser of the author."};

constexpr std::array kRules{
    kNotPublic,  kNothingToEnd,     kReleasersMany,         kNameInvalid,
    kKeyInvalid, kReleaserRepeated, kReleaserKeyRegistered, kPossessionInvalid};

bool WasReleaserOf(const StateView& state, const MemberCode& code, std::string_view bytes) {
  const auto key = PublicKey::From(bytes);
  const auto before = key ? Load<v1::KeyState>(state, RegisteredKey(*key)) : std::nullopt;
  return before && before->owner() == code.str() &&
         before->role() == static_cast<std::uint32_t>(KeyRole::kReleaser);
}

std::optional<Refusal> RefuseBadNames(const v1::Releasers& said) {
  std::set<std::string> names;
  std::set<std::string> keys;
  for (const v1::Releaser& releaser : said.releasers()) {
    if (auto refusal = RefuseBadText(kNameInvalid, "name", releaser.name(), kReleaserNameBytesMax,
                                     Lines::kOne)) {
      return refusal;
    }
    if (!names.insert(releaser.name()).second) {
      return Refuse(kReleaserRepeated, "name",
                    absl::StrCat("\"", releaser.name(), "\" is given twice: name each otherwise"));
    }
    if (!keys.insert(releaser.public_key()).second) {
      return Refuse(kReleaserRepeated, "public_key",
                    absl::StrCat("the key of \"", releaser.name(),
                                 "\" is given twice: each releaser has one of its own"));
    }
  }
  return std::nullopt;
}

// `unknown` gets the keys that are to be registered.
std::optional<Refusal> RefuseBadReleaserKeys(const Filing& filing, const v1::Releasers& said,
                                             std::vector<NewKey>& unknown) {
  std::vector<NewKey> shown_anew;
  for (const v1::Releaser& releaser : said.releasers()) {
    const NewKey key{KeyRole::kReleaser, "public_key", releaser.public_key(),
                     releaser.possession()};
    if (!WasReleaserOf(filing.state, filing.author, releaser.public_key())) {
      unknown.push_back(key);
    } else if (!releaser.possession().empty()) {
      shown_anew.push_back(key);
    }
  }
  if (auto refusal = RefuseUnprovenKeys(filing, filing.author, unknown)) return refusal;
  return RefuseWithoutPossession(filing, filing.author, shown_anew);
}

std::optional<Refusal> ApplyReleasers(const Filing& filing) {
  const v1::Releasers& said = filing.body.releasers();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  if (said.releasers().empty() && filing.member.releasers().empty()) {
    return Refuse(kNothingToEnd, "releasers",
                  absl::StrCat(filing.author.str(), " has no releasers: name some"));
  }
  if (said.releasers_size() > kReleasersMax) {
    return Refuse(
        kReleasersMany, "releasers",
        absl::StrCat(said.releasers_size(), " releasers are named: name at most ", kReleasersMax));
  }
  if (auto refusal = RefuseBadNames(said)) return refusal;
  std::vector<NewKey> unknown;
  if (auto refusal = RefuseBadReleaserKeys(filing, said, unknown)) return refusal;
  for (const NewKey& key : unknown) {
    RegisterKey(filing, filing.author, key, AfterEntry(filing));
  }
  v1::MemberState member = filing.member;
  member.clear_releasers();
  for (const v1::Releaser& releaser : said.releasers()) {
    v1::ReleaserState& kept = *member.add_releasers();
    kept.set_name(releaser.name());
    kept.set_public_key(releaser.public_key());
  }
  SaveMember(filing.state, filing.author, member, AfterEntry(filing));
  return std::nullopt;
}

}  // namespace releasers

extern const RecordHandler kReleasers;
constinit const RecordHandler kReleasers{
    .name = "Releasers",
    .field = v1::Body::kReleasers,
    .rules = releasers::kRules,
    .apply = releasers::ApplyReleasers,
    .membership = true,
};

}  // namespace assent::rules
