// The release of an entry: somebody other than who drafted it has seen it, and lets it be filed. It
// stands at the end of the body, is made before the authority key signs, and holds for no other
// entry.
#ifndef ASSENT_LEDGER_ENTRY_RELEASE_H_
#define ASSENT_LEDGER_ENTRY_RELEASE_H_

#include <string>
#include <string_view>

#include "ledger/bytes.h"
#include "ledger/entry/entry.h"

namespace assent {

// Somebody whom a state has named to release what it files.
struct Releaser {
  std::string name;
  PublicKey key;
};

// All of a serialized Body that stands before its release; the whole body when it has none.
std::string_view ReleasedPart(std::string_view body);

// What a releaser signs under assent/release/v1. Of `header` only ledger_id, author, sequence and
// not_after are looked at: the rest depends on the release.
std::string ReleaseStatement(const EntryHeader& header, std::string_view body);

// True when `signature` is by `public_key` for this entry. Both are as they stand in the body, of
// any length. Whose key it is, is not looked at.
bool VerifyRelease(const EntryHeader& header, std::string_view body, std::string_view public_key,
                   std::string_view signature);

}  // namespace assent

#endif  // ASSENT_LEDGER_ENTRY_RELEASE_H_
