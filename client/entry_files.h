// Prepared and signed entries as files, so that preparing, signing and submitting can happen on
// three machines. JSON that people can read; what is signed stands in it as exact bytes beside the
// same in words, and both are compared whenever a file is read.
#ifndef ASSENT_CLIENT_ENTRY_FILES_H_
#define ASSENT_CLIENT_ENTRY_FILES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/signer.h"
#include "client/tree.h"
#include "ledger/block/digests.h"
#include "ledger/bytes.h"
#include "ledger/entry/entry.h"
#include "ledger/entry/release.h"
#include "ledger/types.h"

namespace assent::client {

inline constexpr std::size_t kEntriesPerFileMax = 100'000;

// One entry to be signed.
struct DraftEntry {
  std::string source;  // the record's file, for messages
  std::string body;    // serialized v1::Body
  Salt salt;
  Time not_after;
};

// Entries of one author that follow each other. Each is linked to the signature of the one before,
// so they are signed together.
struct Draft {
  LedgerId ledger_id;
  MemberCode author;
  AuthorHead
      head;  // what the first entry follows: sequence 0 and a zero hash when there is nothing
  std::vector<DraftEntry> entries;
  std::vector<Releaser> releasers =
      {};  // one of whom must release each; empty: nobody, or not known
};

// A releaser for programs: name, public_key. `public_key` is the bytes of the key.
Tree ReleaserTree(std::string_view name, std::string_view public_key);

std::string FormatDraft(const Draft& draft);
// InvalidArgument: "NAME: what is wrong", also when the words of a record differ from its bytes.
absl::StatusOr<Draft> ParseDraft(std::string_view text, std::string_view name);

// A signed entry and the file that it came from.
struct SignedEntry {
  std::string source;
  Entry entry;
};

// All of it or, when the signer fails, nothing.
absl::StatusOr<std::vector<SignedEntry>> SignDraft(const Draft& draft, Signer& signer);

std::string FormatEntries(const std::vector<SignedEntry>& entries);
absl::StatusOr<std::vector<SignedEntry>> ParseEntries(std::string_view text, std::string_view name);

// What a body says, for people: the record as TOML. InvalidArgument when it is no body.
absl::StatusOr<Tree> BodyTree(std::string_view body);

// Drafts and signed entries stand beside what they were made from, under these endings.
inline constexpr char kDraftSuffix[] = ".draft.json";
inline constexpr char kReleasedSuffix[] = ".released.draft.json";
inline constexpr char kEntriesSuffix[] = ".entries.json";
// "a.toml" -> "a.draft.json": `old`, or when that is empty any extension, becomes `suffix`.
std::string WithSuffix(const std::string& path, const std::string& old, const std::string& suffix);

// "FRA/7"
std::string EntryName(const EntryHeader& header);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_ENTRY_FILES_H_
