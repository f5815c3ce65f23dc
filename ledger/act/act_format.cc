// Writes a founding act. docs/formats.md has an example.
#include "absl/strings/str_cat.h"
#include "ledger/act/act_lines.h"
#include "ledger/act/founding_act.h"

namespace assent {
namespace {

using namespace act_lines;  // NOLINT: the words of this file

void Line(std::string& out, std::string_view label, std::string_view value = "") {
  absl::StrAppend(&out, AbslView(label), AbslView(value), "\n");
}

void Heading(std::string& out, std::string_view words, std::string_view value = "") {
  out += "\n";
  Line(out, words, value);
  out += "\n";
}

void FormatParameters(std::string& out, const ActParameters& parameters) {
  Heading(out, kParameters);
  for (const Period& period : kPeriods) {
    Line(out, period.label, std::to_string((parameters.*period.field).us / Seconds(1).us));
  }
  Line(out, kEntriesPerDay, std::to_string(parameters.entries_per_author_and_day));
}

void FormatClasses(std::string& out, const std::vector<LaunchClass>& classes) {
  Heading(out, kClasses);
  for (const LaunchClass& launch_class : classes) out += FormatClassLine(launch_class);
}

void FormatCode(std::string& out, const ActText& text) {
  Heading(out, kCode);
  Line(out, kCodeTitle, text.code_title);
  std::string_view rest = text.code_text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    out += kCodeLine;
    if (!line.empty()) out += " ";
    Line(out, line);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
}

void FormatFounder(std::string& out, const Founder& founder) {
  Heading(out, kFounder, founder.code.str());
  Line(out, kName, founder.name);
  for (const Key& key : kKeys) Line(out, key.label, (founder.*key.field).hex());
  Line(out, kPeerEndpoint, founder.peer_endpoint);
}

}  // namespace

std::string FormatClassLine(const LaunchClass& launch_class) {
  const bool space = launch_class.kind == ClassKind::kSpaceLaunch;
  return absl::StrCat(launch_class.id, AbslView(space ? kSpaceLaunch : kBallisticMissile),
                      launch_class.name, "\n");
}

std::string FormatActText(const ActText& text) {
  std::string out;
  Line(out, kTitle);
  out += "\n";
  Line(out, kOrigin, text.origin);
  Line(out, kFounded, FormatTime(text.founded));
  FormatParameters(out, text.parameters);
  FormatClasses(out, text.classes);
  FormatCode(out, text);
  for (const Founder& founder : text.founders) FormatFounder(out, founder);
  out += "\n";
  return out;
}

std::string FormatAct(const FoundingAct& act) {
  std::string out = FormatActText(act.text);
  Line(out, kSignatures);
  for (const auto& [signer, signature] : act.signatures) {
    absl::StrAppend(&out, signer.first.str(), " ", AbslView(KeyRoleName(signer.second)), " ",
                    ToBase64(signature.view()), "\n");
  }
  return out;
}

}  // namespace assent
