#include "ledger/rules/key_change.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "assent/v1/membership.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

// The author's key when the block began; empty when it had none. Times grow from block to block.
std::string KeyBefore(const Filing& filing) {
  std::string before;
  const std::string prefix = SubscriptionPrefix(filing.author);
  filing.state.Scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    const auto was = Decode<v1::SubscriptionState>(key, value);
    if (was.since_us() >= filing.position.time.us) return false;
    before = was.member().authority_key();
    return true;
  });
  return before;
}

}  // namespace

std::optional<Refusal> RefuseSecondKeyChange(const Filing& filing) {
  if (!filing.state.writes().contains(MemberKey(filing.author))) return std::nullopt;
  if (KeyBefore(filing) == filing.member.authority_key()) return std::nullopt;
  return Refuse(kKeyChangedInBlock, filing.author.str(),
                absl::StrCat("the authority key of ", filing.author.str(),
                             " came into force in this very block: file it in the next one"));
}

}  // namespace assent::rules
