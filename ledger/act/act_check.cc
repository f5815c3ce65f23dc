// What must hold for a founding act, and its signatures.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/act/act_lines.h"
#include "ledger/act/founding_act.h"
#include "ledger/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/strict.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/endpoint.h"

namespace assent {
namespace {

using act_lines::kKeys;
using act_lines::kPeriods;
using act_lines::Period;

// Missing signatures that an error lists by name.
constexpr std::size_t kMissingShownMax = 10;

absl::Status Wrong(std::string_view where, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("founding act: ", AbslView(where), ": ", AbslView(what)));
}

// A text on one line whose ends can be seen.
absl::Status CheckLine(const std::string& where, std::string_view text) {
  const absl::Status status = CheckText(text, 1, kNameBytesMax, /*multiline=*/false);
  if (!status.ok()) return Wrong(where, StdView(status.message()));
  if (text.front() == ' ' || text.back() == ' ') {
    return Wrong(where, "the text begins or ends with a space");
  }
  return absl::OkStatus();
}

bool IsClassIdCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

absl::Status CheckCode(const ActText& text) {
  absl::Status title = CheckLine("title of the code", text.code_title);
  if (!title.ok()) return title;
  const absl::Status body = CheckText(text.code_text, 1, kRevisionTextBytesMax, /*multiline=*/true);
  if (!body.ok()) return Wrong("text of the code", StdView(body.message()));
  if (text.code_text.back() != '\n') return Wrong("text of the code", "its last line has no end");
  return absl::OkStatus();
}

absl::Status CheckFounders(const std::vector<Founder>& founders) {
  if (founders.size() > std::min(kMembersMax, kVotersMax)) {
    return Wrong("founders", absl::StrCat("there are more than ", kMembersMax));
  }
  for (std::size_t i = 0; i < founders.size(); ++i) {
    const Founder& founder = founders[i];
    const std::string where = absl::StrCat("founder ", founder.code.str());
    if (founder.code.empty()) return Wrong("founders", "one has no code");
    if (i > 0 && founder.code <= founders[i - 1].code) {
      return Wrong(where, "founders go in the order of their codes, each once");
    }
    absl::Status name = CheckLine(where, founder.name);
    if (!name.ok()) return name;
    if (!IsEndpoint(founder.peer_endpoint)) {
      return Wrong(where, "the peer endpoint must be host:port, e.g. node.example:7401");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckKeysDistinct(const ActText& text) {
  std::set<PublicKey> keys;
  std::set<std::uint32_t> checkpoint_ids;
  for (const Founder& founder : text.founders) {
    const std::string where = absl::StrCat("founder ", founder.code.str());
    for (const act_lines::Key& key : kKeys) {
      if (!keys.insert(founder.*key.field).second) {
        return Wrong(where, absl::StrCat("its ", AbslView(KeyRoleName(key.which)),
                                         " key is listed twice; make a new one"));
      }
    }
    if (!checkpoint_ids.insert(NoteKeyId(text.origin, founder.checkpoint_key)).second) {
      return Wrong(where, "its checkpoint key has the key id of another; make a new one");
    }
  }
  return absl::OkStatus();
}

bool VerifyActSignature(const LedgerId& ledger, const MemberCode& code, KeyRole which,
                        const PublicKey& key, const Signature& signature) {
  if (which == KeyRole::kAuthority) return Verify(key, tag::kAct, ledger.view(), signature);
  return VerifyPossession(ledger, code, which, key, signature);
}

absl::Status CheckSignatures(const FoundingAct& act) {
  std::vector<std::string> missing;
  std::size_t checked = 0;
  for (const Founder& founder : act.text.founders) {
    for (const act_lines::Key& key : kKeys) {
      const std::string who =
          absl::StrCat(founder.code.str(), " ", AbslView(KeyRoleName(key.which)));
      const auto found = act.signatures.find({founder.code, key.which});
      if (found == act.signatures.end()) {
        missing.push_back(who);
        continue;
      }
      ++checked;
      if (!VerifyActSignature(act.ledger_id, founder.code, key.which, founder.*key.field,
                              found->second)) {
        return Wrong(who, "the signature does not verify; was the text changed after signing?");
      }
    }
  }
  if (checked != act.signatures.size()) return Wrong("signatures", "one is not by a founder");
  if (missing.empty()) return absl::OkStatus();
  const std::size_t shown = std::min(missing.size(), kMissingShownMax);
  std::string list =
      absl::StrJoin(missing.begin(), missing.begin() + static_cast<long>(shown), ", ");
  if (shown < missing.size()) absl::StrAppend(&list, " and ", missing.size() - shown, " more");
  return absl::FailedPreconditionError(
      absl::StrCat("founding act is not complete; signatures missing: ", list));
}

}  // namespace

VoterSet FoundingAct::voters() const {
  std::vector<Voter> voters;
  voters.reserve(text.founders.size());
  for (const Founder& founder : text.founders) {
    voters.push_back(
        {founder.code, founder.vote_key, founder.checkpoint_key, founder.transport_key});
  }
  auto set = VoterSet::Make(std::move(voters));
  ASSENT_CHECK(set.ok());
  return *std::move(set);
}

Signature SignAct(const LedgerId& ledger, const MemberCode& code, KeyRole which,
                  const SigningKey& key) {
  if (which == KeyRole::kAuthority) return key.Sign(tag::kAct, ledger.view());
  return SignPossession(ledger, code, which, key);
}

absl::Status CheckActParameters(const ActParameters& parameters) {
  for (const Period& period : kPeriods) {
    const std::string where(period.label.substr(0, period.label.find(',')));
    const Duration value = parameters.*period.field;
    if (value.us % Seconds(1).us != 0) return Wrong(where, "it must be whole seconds");
    if (value < Seconds(period.seconds_min) || Seconds(period.seconds_max) < value) {
      return Wrong(where, absl::StrCat("it must be from ", period.seconds_min, " to ",
                                       period.seconds_max, " seconds"));
    }
  }
  if (parameters.entries_per_author_and_day == 0 ||
      parameters.entries_per_author_and_day > kAuthorEntriesPerDayLimit) {
    return Wrong("entries per author and day",
                 absl::StrCat("it must be from 1 to ", kAuthorEntriesPerDayLimit));
  }
  return absl::OkStatus();
}

absl::Status CheckLaunchClasses(const std::vector<LaunchClass>& classes) {
  if (classes.size() > kActClassesMax) {
    return Wrong("launch classes", absl::StrCat("there are more than ", kActClassesMax));
  }
  std::set<std::string_view> ids;
  for (const LaunchClass& launch_class : classes) {
    const std::string& id = launch_class.id;
    const bool well_formed = id.size() >= kActClassIdBytesMin && id.size() <= kActClassIdBytesMax &&
                             std::all_of(id.begin(), id.end(), IsClassIdCharacter);
    if (!well_formed) {
      return Wrong("launch classes", "an id is 2 to 32 of A-Z, 0-9 and _, e.g. SLV_MEDIUM");
    }
    if (!ids.insert(id).second) return Wrong("launch class " + id, "it is listed twice");
    absl::Status name = CheckLine("launch class " + id, launch_class.name);
    if (!name.ok()) return name;
  }
  return absl::OkStatus();
}

absl::Status CheckActText(const ActText& text) {
  const absl::Status origin = CheckOrigin(text.origin);
  if (!origin.ok()) return Wrong("origin", StdView(origin.message()));
  if (text.founded < Time{} || Time{kTimeMaxUs} < text.founded) {
    return Wrong("founded", "it must be in the years 1970 to 9999");
  }
  for (const absl::Status& status :
       {CheckActParameters(text.parameters), CheckLaunchClasses(text.classes), CheckCode(text),
        CheckFounders(text.founders)}) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckAct(const FoundingAct& act) {
  absl::Status text = CheckActText(act.text);
  if (!text.ok()) return text;
  if (act.ledger_id.view() != Sha256(FormatActText(act.text)).view()) {
    return Wrong("ledger id", "it is not the hash of the text");
  }
  if (act.text.founders.empty()) {
    return absl::FailedPreconditionError("founding act is not complete: it has no founder");
  }
  absl::Status keys = CheckKeysDistinct(act.text);
  if (!keys.ok()) return keys;
  return CheckSignatures(act);
}

}  // namespace assent
