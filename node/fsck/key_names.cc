#include "node/fsck/key_names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/bytes.h"
#include "ledger/crypto/hash.h"
#include "ledger/types.h"
#include "node/storage/keys.h"

namespace assent::fsck {
namespace {

using storage::Family;

// What stands under the keys of the state that begin so: ledger/rules/keys.h.
constexpr std::array<std::pair<std::string_view, std::string_view>, 52> kStateKeys = {{
    {"accreditation-public/", "a PUBLIC accreditation"},
    {"accreditation/", "an accreditation"},
    {"accreditations/", "the accreditations that a member has given"},
    {"answer/", "the answer about an observed launch"},
    {"asked/", "a request about a record"},
    {"attendance/", "the attendance of a conference"},
    {"author/", "an author's newest entry"},
    {"chair/", "a term of the chair"},
    {"checkpoint_id/", "the id of a checkpoint key"},
    {"clarification/", "a request for clarification"},
    {"class/", "a launch class"},
    {"comments/", "a member's comments on a draft"},
    {"declaration/", "a state's declaration of a year"},
    {"differences/", "a declaration whose counts differ"},
    {"draft/", "a draft"},
    {"endorsement/", "an endorsement"},
    {"epoch/", "the voters of an epoch"},
    {"exemption/", "an exemption"},
    {"hold/", "an accepted offer"},
    {"in/", "what is in a set"},
    {"inspector/", "an inspector's accreditation"},
    {"invitation_answer/", "an answer to an invitation"},
    {"key/", "a registered key"},
    {"ledger", "the parameters of the ledger"},
    {"ledger_before/", "the parameters before a revision"},
    {"member/", "a member"},
    {"newest_draft", "the newest draft"},
    {"newest_question", "the newest question"},
    {"notified/", "the launches notified of a class and year"},
    {"observed/", "an observed launch"},
    {"observers/", "the places that are taken at an invitation"},
    {"offer/", "an offer"},
    {"offer_by/", "an offer of a state"},
    {"offer_for/", "an offer for a pledge"},
    {"offer_to/", "an offer to a state"},
    {"question/", "a question to the members"},
    {"received/", "a member's receipt of a draft"},
    {"recent/", "a recent block"},
    {"record/", "a record that can be amended"},
    {"reference/", "an author's reference"},
    {"replacement/", "an authority key that waits"},
    {"reply/", "the reply to a request"},
    {"reports/", "the reports on a notification"},
    {"revision/", "a revision of the Code"},
    {"round/", "a round of revision"},
    {"signature/", "a signature of a revision"},
    {"subscription/", "a state's subscription"},
    {"summary/", "a summary of the chair"},
    {"tally/", "a count over time"},
    {"void_signature/", "a signature of an earlier membership"},
    {"waiting_clock", "the clock of keys that wait"},
    {"was/", "what was in a set"},
}};

// More of a key than this is cut off.
constexpr std::size_t kKeyBytesShown = 160;

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string Shown(std::string_view key) {
  const std::string_view part = key.substr(0, kKeyBytesShown);
  return absl::StrCat(IsPlain(part) ? std::string(part) : ToHex(part),
                      part.size() < key.size() ? "..." : "");
}

std::string Unknown(std::string_view key) { return absl::StrCat("the key ", Shown(key)); }

std::string NameOfState(std::string_view key) {
  for (const auto& [prefix, what] : kStateKeys) {
    const bool is_whole = prefix.back() != '/';
    if (is_whole ? key == prefix : key.starts_with(prefix)) {
      return absl::StrCat(AbslView(what), " (", Shown(key), ")");
    }
  }
  return Unknown(key);
}

std::string NameOfIndex(std::string_view key) {
  const char tag = key.empty() ? '\0' : key.front();
  const auto number =
      key.size() < 9 ? std::nullopt : storage::ParseNumber(key.substr(key.size() - 8));
  if (!number) return Unknown(key);
  const std::string_view name = key.substr(1, key.size() - 9);
  const bool named =
      !name.empty() && name.back() == '\0' && IsPlain(name.substr(0, name.size() - 1));
  const std::string_view bare = named ? name.substr(0, name.size() - 1) : name;
  if (tag == 'a' && named) return absl::StrCat("the place of ", AbslView(bare), "/", *number);
  if (tag == 't' && named) return absl::StrCat("entry ", *number, " as a ", AbslView(bare));
  if (tag == 'c' && name.empty()) return absl::StrCat("the certificate of block ", *number);
  if (tag == 'h' && name.empty()) return absl::StrCat("the block that begins with entry ", *number);
  return Unknown(key);
}

std::string NameOfSubtree(std::string_view key) {
  ByteReader reader(key);
  const int level = reader.U8();
  const std::uint64_t index = reader.U64();
  if (!reader.AtEnd()) return Unknown(key);
  return absl::StrCat("subtree ", index, " of level ", level);
}

std::string Numbered(std::string_view what, std::string_view key) {
  const auto number = storage::ParseNumber(key);
  return number ? absl::StrCat(AbslView(what), " ", *number) : Unknown(key);
}

}  // namespace

std::string NameOfKey(Family family, std::string_view key) {
  switch (family) {
    case Family::kBlocks:
      return Numbered("block", key);
    case Family::kEntries:
      return Numbered("entry", key);
    case Family::kIndexes:
      return NameOfIndex(key);
    case Family::kMerkle:
      return NameOfSubtree(key);
    case Family::kState:
      return NameOfState(key);
    case Family::kDerived:
    case Family::kMetadata:
    case Family::kJournal:
      break;
  }
  return Unknown(key);
}

std::string NameOfValue(std::string_view value) {
  return absl::StrCat(value.size(), " bytes with SHA-256 ", Sha256(value).hex().substr(0, 16));
}

}  // namespace assent::fsck
