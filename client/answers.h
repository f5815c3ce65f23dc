// What a server says of entries, checked as far as an entry carries its own proof: its hash, its
// body's commitment, its author's signature. Where and when it was filed is shown by a receipt
// only.
#ifndef ASSENT_CLIENT_ANSWERS_H_
#define ASSENT_CLIENT_ANSWERS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "assent/v1/entry.pb.h"
#include "assent/v1/ledger.pb.h"
#include "client/tree.h"
#include "ledger/act/founding_act.h"
#include "ledger/entry/entry.h"
#include "ledger/types.h"

namespace assent::client {

// Under which key the signature of an entry was found to be good.
enum class SignatureCheck {
  kNotChecked,     // the founding act does not have the key that signed it
  kByFoundingAct,  // that which the founding act names for its author
  kByVoters,       // that which a quorum of the voters has named for its author: see AuthorityKeys
};

// An entry in an answer. What is not in `entry` is the server's word.
struct AnsweredEntry {
  Entry entry;
  std::optional<v1::Body> body;  // absent where the reader may not see it
  EntryIndex index;
  Height height;
  Time time;
  std::string type;
  v1::EntryStatus status = v1::ENTRY_STATUS_UNSPECIFIED;
  std::optional<EntryIndex> replaced_by;
  v1::Timeliness timeliness = v1::TIMELINESS_UNSPECIFIED;
  // The first of its chain of amendments, and when that was filed; absent where not told.
  std::optional<EntryIndex> first_index;
  std::optional<Time> first_time;
  bool counts_differ = false;
  bool more_reports = false;
  SignatureCheck signature = SignatureCheck::kNotChecked;
};

// Checks the signature where the founding act has the key, and the signature of a release.
// InvalidArgument: "the node's answer is wrong: entry 5: ..."
absl::StatusOr<AnsweredEntry> CheckAnswer(const v1::LedgerEntry& answer, const FoundingAct& act);

// True when the answer is the entry that was asked for.
bool IsNamed(const AnsweredEntry& entry, const v1::GetEntryRequest& request);

// For programs: index, entry ("FRA/7"), author, sequence, leaf_hash, height, time, type, status,
// replaced_by, timeliness, first_index, first_time, counts_differ, more_reports, record; of an
// observed launch also claim, true; of one that was released, released_by. signature_checked, and
// signing_key where it was: "FOUNDING_ACT" or "VOTERS", by whom the key is named.
Tree AnswerTree(const AnsweredEntry& entry);

bool IsAmendment(const AnsweredEntry& entry);
// "current", "amended by 9", "withdrawn by 9", "cancelled by 9"; of an amendment "current, amended
// from 5" as well. Empty when not told.
std::string StatusText(const AnsweredEntry& entry);
// What a person should look at: "counts differ", "more reports than announced", and of an observed
// launch that it is a claim; that the signature was not checked; mostly empty.
std::string FlagsText(const AnsweredEntry& entry);
// "timely", "late", "post facto", "historic"; empty when it does not apply.
std::string TimelinessText(v1::Timeliness timeliness);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_ANSWERS_H_
