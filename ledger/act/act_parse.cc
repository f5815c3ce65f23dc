// Reads a founding act. Each line must be the one that the format has at its place; at the end the
// act is written again and must come out the same, byte for byte.
#include <algorithm>
#include <charconv>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/act/act_lines.h"
#include "ledger/act/founding_act.h"
#include "ledger/crypto/hash.h"

namespace assent {
namespace {

using namespace act_lines;  // NOLINT: the words of this file

// Longest piece of a file that is shown in an error.
constexpr std::size_t kShownBytesMax = 80;

absl::Status ErrorAt(std::size_t line, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", AbslView(what)));
}

std::optional<std::uint64_t> Decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The lines of the file. What is wrong first stays: after it every line is empty, and Take... do
// nothing.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  // The line that comes next; nothing at the end. A last line without its end is an error.
  std::optional<std::string_view> Peek() {
    if (!status_.ok() || rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) {
      Fail("the line has no end; is the file cut short?");
      return std::nullopt;
    }
    return rest_.substr(0, end);
  }

  void Skip() {
    const auto line = Peek();
    if (!line) return;
    rest_.remove_prefix(line->size() + 1);
    ++number_;
  }

  bool NextBegins(std::string_view prefix) {
    const auto line = Peek();
    return line && line->starts_with(prefix);
  }

  // What follows `label` on the next line, which is skipped.
  std::string_view Take(std::string_view label) {
    const auto line = Peek();
    if (!line || !line->starts_with(label)) {
      Fail(absl::StrCat("expected \"", AbslView(label), "\""));
      return {};
    }
    Skip();
    return line->substr(label.size());
  }

  // The next line must be exactly this.
  void Expect(std::string_view line) {
    if (Peek() != line) {
      Fail(line.empty() ? std::string("expected a blank line")
                        : absl::StrCat("expected \"", AbslView(line), "\""));
    }
    Skip();
  }

  std::uint64_t TakeNumber(std::string_view label) {
    const std::string_view text = Take(label);
    const auto value = Decimal(text);
    if (!value) FailBefore("expected a number");
    return value.value_or(0);
  }

  void Fail(std::string_view what) {
    if (status_.ok()) status_ = ErrorAt(number_, what);
  }
  // About the line that was taken last.
  void FailBefore(std::string_view what) {
    if (status_.ok()) status_ = ErrorAt(number_ - 1, what);
  }

  const absl::Status& status() const { return status_; }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 1;
  absl::Status status_;
};

void ReadHead(Lines& lines, ActText& text) {
  lines.Expect(kTitle);
  lines.Expect("");
  text.origin = std::string(lines.Take(kOrigin));
  const auto founded = ParseTime(lines.Take(kFounded));
  if (!founded.ok()) lines.FailBefore(StdView(founded.status().message()));
  text.founded = founded.value_or(Time{});
}

void ReadHeading(Lines& lines, std::string_view words) {
  lines.Expect("");
  lines.Expect(words);
  lines.Expect("");
}

void ReadParameters(Lines& lines, ActParameters& parameters) {
  ReadHeading(lines, kParameters);
  for (const Period& period : kPeriods) {
    const std::uint64_t seconds = lines.TakeNumber(period.label);
    if (seconds > static_cast<std::uint64_t>(period.seconds_max)) {
      lines.FailBefore(absl::StrCat("the number is too large; at most ", period.seconds_max));
      return;
    }
    parameters.*period.field = Seconds(static_cast<std::int64_t>(seconds));
  }
  const std::uint64_t entries = lines.TakeNumber(kEntriesPerDay);
  if (entries > kAuthorEntriesPerDayLimit) {
    lines.FailBefore(absl::StrCat("the number is too large; at most ", kAuthorEntriesPerDayLimit));
    return;
  }
  parameters.entries_per_author_and_day = static_cast<std::uint32_t>(entries);
}

void ReadClasses(Lines& lines, std::vector<LaunchClass>& classes) {
  ReadHeading(lines, kClasses);
  for (auto line = lines.Peek(); line && !line->empty(); line = lines.Peek()) {
    const std::size_t comma = std::min(line->find(','), line->size());
    const std::string_view after = line->substr(comma);
    const bool space = after.starts_with(kSpaceLaunch);
    if (!space && !after.starts_with(kBallisticMissile)) {
      lines.Fail("expected \"ID, ballistic missile: NAME\" or \"ID, space launch: NAME\"");
      return;
    }
    if (classes.size() == kActClassesMax) {
      lines.Fail(absl::StrCat("more than ", kActClassesMax, " launch classes"));
      return;
    }
    const std::string_view name = after.substr((space ? kSpaceLaunch : kBallisticMissile).size());
    classes.push_back({std::string(line->substr(0, comma)),
                       space ? ClassKind::kSpaceLaunch : ClassKind::kBallisticMissile,
                       std::string(name)});
    lines.Skip();
  }
}

void ReadCode(Lines& lines, ActText& text) {
  ReadHeading(lines, kCode);
  text.code_title = std::string(lines.Take(kCodeTitle));
  const std::string_view prefix(&kCodeLine, 1);
  while (lines.NextBegins(prefix)) {
    std::string_view line = lines.Take(prefix);
    if (line.starts_with(" ")) line.remove_prefix(1);
    absl::StrAppend(&text.code_text, AbslView(line), "\n");
  }
}

void ReadFounders(Lines& lines, std::vector<Founder>& founders) {
  lines.Expect("");
  while (lines.NextBegins(kFounder)) {
    if (founders.size() == kMembersMax) {
      lines.Fail(absl::StrCat("more than ", kMembersMax, " founders"));
      return;
    }
    Founder founder;
    const auto code = MemberCode::From(lines.Take(kFounder));
    if (!code) lines.FailBefore("expected a code of 3 to 8 letters A-Z");
    founder.code = code.value_or(MemberCode());
    lines.Expect("");
    founder.name = std::string(lines.Take(kName));
    for (const Key& key : kKeys) {
      const auto value = PublicKey::FromHexText(lines.Take(key.label));
      if (!value) lines.FailBefore("expected a key of 64 hex digits");
      founder.*key.field = value.value_or(PublicKey());
    }
    founder.peer_endpoint = std::string(lines.Take(kPeerEndpoint));
    lines.Expect("");
    founders.push_back(std::move(founder));
  }
}

// "FRA vote <base64>": whose, by which key.
void ReadSignature(Lines& lines, FoundingAct& act) {
  const std::string_view line = lines.Take("");
  const std::size_t first = line.find(' ');
  const std::size_t second = first == line.npos ? line.npos : line.find(' ', first + 1);
  if (second == line.npos) {
    lines.FailBefore("expected a code, the name of a key and a signature");
    return;
  }
  const auto code = MemberCode::From(line.substr(0, first));
  const std::string_view name = line.substr(first + 1, second - first - 1);
  const auto key = std::find_if(kKeys.begin(), kKeys.end(),
                                [&](const Key& k) { return KeyRoleName(k.which) == name; });
  const auto bytes = FromBase64(line.substr(second + 1));
  const auto signature = bytes ? Signature::From(*bytes) : std::nullopt;
  const auto is_founder = [&](const Founder& founder) { return founder.code == code; };
  if (!code || std::none_of(act.text.founders.begin(), act.text.founders.end(), is_founder)) {
    lines.FailBefore("the signature is not by a founder");
  } else if (key == kKeys.end()) {
    lines.FailBefore("a key is one of authority, vote, checkpoint, transport, reader");
  } else if (!signature) {
    lines.FailBefore("the signature is not the base64 of 64 bytes");
  } else {
    const std::pair signer(*code, key->which);
    if (!act.signatures.empty() && signer <= act.signatures.rbegin()->first) {
      lines.FailBefore("signatures go by code and then in the order of the keys, each once");
    }
    act.signatures[signer] = *signature;
  }
}

// Where two texts part, as an error of the first.
absl::Status ErrorWhereTheyDiffer(std::string_view given, std::string_view canonical) {
  const auto [at, other] =
      std::mismatch(given.begin(), given.end(), canonical.begin(), canonical.end());
  const auto line = static_cast<std::size_t>(std::count(given.begin(), at, '\n')) + 1;
  const auto parted = static_cast<std::size_t>(other - canonical.begin());
  const std::size_t line_end = canonical.rfind('\n', parted == 0 ? 0 : parted - 1);
  const std::size_t begin = line_end == canonical.npos ? 0 : line_end + 1;
  const std::string_view wanted = canonical.substr(begin, canonical.find('\n', begin) - begin);
  return ErrorAt(line, absl::StrCat("not in the one form that an act has; write \"",
                                    AbslView(wanted.substr(0, kShownBytesMax)), "\""));
}

}  // namespace

absl::StatusOr<FoundingAct> ParseAct(std::string_view file) {
  if (file.size() > kActBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the act has ", file.size(), " bytes; the limit is ", kActBytesMax));
  }
  Lines lines(file);
  FoundingAct act;
  ReadHead(lines, act.text);
  ReadParameters(lines, act.text.parameters);
  ReadClasses(lines, act.text.classes);
  ReadCode(lines, act.text);
  ReadFounders(lines, act.text.founders);
  const std::string_view signed_text = file.substr(0, file.size() - lines.rest().size());
  lines.Expect(kSignatures);
  while (lines.Peek()) ReadSignature(lines, act);
  if (!lines.status().ok()) return lines.status();
  const std::string canonical = FormatActText(act.text);
  if (signed_text != canonical) return ErrorWhereTheyDiffer(signed_text, canonical);
  const absl::Status checked = CheckActText(act.text);
  if (!checked.ok()) return checked;
  act.ledger_id = *LedgerId::From(Sha256(signed_text).view());
  return act;
}

}  // namespace assent
