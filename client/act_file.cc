#include "client/act_file.h"

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "client/files.h"
#include "ledger/limits.h"

namespace assent::client {

absl::StatusOr<FoundingAct> LoadDraftAct(const std::string& path) {
  const auto text = ReadFile(path, kActBytesMax);
  if (!text.ok()) return text.status();
  auto act = ParseAct(*text);
  if (!act.ok()) return Prefixed(path, act.status());
  return act;
}

absl::StatusOr<FoundingAct> LoadAct(const std::string& path) {
  auto act = LoadDraftAct(path);
  if (!act.ok()) return act.status();
  if (const auto status = CheckAct(*act); !status.ok()) return Prefixed(path, status);
  return act;
}

const Founder* FindFounder(const FoundingAct& act, const MemberCode& code) {
  for (const Founder& founder : act.text.founders) {
    if (founder.code == code) return &founder;
  }
  return nullptr;
}

absl::StatusOr<const Founder*> FounderOf(const FoundingAct& act, const std::string& code) {
  const auto member = MemberCode::From(code);
  if (!member) {
    return UsageError(absl::StrCat("\"", code, "\" is no code of a state: 3 to 8 letters A-Z"));
  }
  if (const Founder* founder = FindFounder(act, *member)) return founder;
  std::string known;
  for (const Founder& founder : act.text.founders) {
    absl::StrAppend(&known, known.empty() ? "" : ", ", founder.code.str());
  }
  return absl::NotFoundError(absl::StrCat(code, " is not in the founding act: it has ", known));
}

}  // namespace assent::client
