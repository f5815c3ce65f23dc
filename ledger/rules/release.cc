#include "ledger/rules/release.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/bytes.h"
#include "ledger/entry/release.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {

std::optional<Refusal> RefuseBadRelease(const Entry& entry, const v1::Body& body,
                                        const v1::MemberState& author) {
  const std::string& code = entry.header().author.str();
  const auto refuse = [](const Rule& rule, std::string message) {
    return Refuse(rule, "release", std::move(message));
  };
  if (!body.has_release()) {
    if (author.releasers().empty()) return std::nullopt;
    return refuse(
        kReleaseMissing,
        absl::StrCat("what ", code, " files must be released: have one of its releasers, ",
                     "such as ", author.releasers(0).name(), ", do that, and sign it then"));
  }
  if (author.releasers().empty()) {
    return refuse(kReleaseUnexpected,
                  absl::StrCat(code, " has no releasers: prepare it again, and sign it as it is"));
  }
  const v1::Release& release = body.release();
  const auto& known = author.releasers();
  const auto named = std::find_if(known.begin(), known.end(), [&](const auto& releaser) {
    return releaser.public_key() == release.public_key();
  });
  if (named == known.end()) {
    return refuse(kReleaseUnknownKey, absl::StrCat("key ", ToHex(release.public_key()),
                                                   " is not that of a releaser of ", code,
                                                   ": have one of them release it"));
  }
  if (named->name() != release.name()) {
    return refuse(kReleaseNameDiffers,
                  absl::StrCat("the name of who releases is not the one that ", code,
                               " has given the key, ", named->name(), ": release it under that"));
  }
  if (!VerifyRelease(entry.header(), entry.body(), release.public_key(), release.signature())) {
    return refuse(kReleaseBadSignature,
                  absl::StrCat("the release is not signed by the key of ", named->name(),
                               " for this entry: release it again"));
  }
  return std::nullopt;
}

}  // namespace assent::rules
