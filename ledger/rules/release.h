// Split duties: while a member has named releasers, each of its entries carries the release of one
// of them, beside the signature of its authority key. There is no type of record that needs none:
// without a releaser the authority key is worth nothing to who has stolen it
// (docs/decisions/0008-two-people.md).
#ifndef ASSENT_LEDGER_RULES_RELEASE_H_
#define ASSENT_LEDGER_RULES_RELEASE_H_

#include <optional>

#include "assent/v1/entry.pb.h"
#include "assent/v1/state.pb.h"
#include "ledger/entry/entry.h"
#include "ledger/rules/rules.h"

namespace assent::rules {

inline constexpr Rule kReleaseMissing{"RELEASE_MISSING",
                                      "What the author files is released, while it has releasers."};
inline constexpr Rule kReleaseUnexpected{
    "RELEASE_UNEXPECTED", "Nothing is released for an author that has no releasers."};
inline constexpr Rule kReleaseUnknownKey{
    "RELEASE_UNKNOWN_KEY", "What releases is the key of one of the author's releasers."};
inline constexpr Rule kReleaseNameDiffers{
    "RELEASE_NAME_DIFFERS", "The release has the name under which the author has named that key."};
inline constexpr Rule kReleaseBadSignature{
    "RELEASE_BAD_SIGNATURE", "The release is signed by that key, for this very entry."};

// `body` is that of `entry`, which has it, and `author` its author before the entry.
std::optional<Refusal> RefuseBadRelease(const Entry& entry, const v1::Body& body,
                                        const v1::MemberState& author);

}  // namespace assent::rules

#endif  // ASSENT_LEDGER_RULES_RELEASE_H_
