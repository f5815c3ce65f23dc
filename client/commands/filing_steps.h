// The steps from records to receipts, for `file` and its parts, and for the commands that
// write their records themselves.
#ifndef ASSENT_CLIENT_COMMANDS_FILING_STEPS_H_
#define ASSENT_CLIENT_COMMANDS_FILING_STEPS_H_

#include <optional>
#include <string>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "client/commands/command.h"
#include "client/entry_files.h"
#include "client/filing.h"

namespace assent::client {

inline constexpr Duration kValidForDefault = Days(7);

// A record ready to become an entry.
struct RecordToFile {
  std::string source;  // for messages
  v1::Body body;
  std::optional<Time> not_after;
};

// Reads record files (TOML or JSON).
absl::StatusOr<std::vector<RecordToFile>> ReadRecords(const std::vector<std::string>& paths);

// By this machine's clock, in whole seconds.
Time Now();

absl::StatusOr<Draft> MakeDraft(const std::vector<RecordToFile>& records, const LedgerId& ledger_id,
                                const MemberCode& author, const AuthorStanding& standing,
                                Duration valid_for);

// For programs: what a draft has.
Tree DraftFacts(const Draft& draft);

// Says on standard error who must release it, if somebody must.
void TellWhoReleases(const Draft& draft);

// Ok when the draft is for the act's ledger.
absl::Status CheckAgainstAct(const Draft& draft, const FoundingAct& act);

// Shows on standard error what will be released, then does so with the releaser's key of the
// settings. `name` as for ReleaserName.
absl::StatusOr<Draft> ShowAndRelease(const Draft& draft, const Settings& settings,
                                     const std::string& name);

// Shows on standard error what will be signed, then signs with the authority key of the settings.
// Every entry must be released if the draft names releasers. `act`, when there is one, is the
// ledger's: a key that it does not name for the author is remarked on.
absl::StatusOr<std::vector<SignedEntry>> ShowAndSign(const Draft& draft, const Settings& settings,
                                                     const FoundingAct* act);

// How entries are sent and what is kept.
struct SubmitOptions {
  bool no_wait = false;
  int wait_s = static_cast<int>(kFinalityTimeoutDefault.count());
  std::string receipt;   // file, for one entry
  std::string receipts;  // folder, for any number: FRA-7.receipt
  // Where signed entries stand from before the first is sent until all are final, so that the same
  // bytes can be sent again whatever happens; empty: they are in a file already.
  std::string keep;
};
void AddSubmitOptions(CLI::App* command, SubmitOptions& options);
// --keep; `by_default` says where they are when it is not given.
void AddKeep(CLI::App* command, SubmitOptions& options, const std::string& by_default);

absl::Status SubmitEntries(Session& session, const std::vector<SignedEntry>& entries,
                           const SubmitOptions& options, bool json);

// Prepares, signs and submits. `options.keep` must be given.
absl::Status FileRecords(Session& session, const Settings& settings,
                         const std::vector<RecordToFile>& records, const SubmitOptions& options,
                         bool json);

// For commands that file one record made from their arguments: as a draft to be signed elsewhere,
// or signed and filed at once.
struct DirectFiling {
  std::string draft;  // --draft FILE
  SubmitOptions submit;
};
void AddDirectFiling(CLI::App* command, Invocation& invocation, DirectFiling& filing);
// `name` is what the record is called in the names of files: "revision-sign-20".
absl::Status FileDirectly(Session& session, const Settings& settings, RecordToFile record,
                          const std::string& name, const DirectFiling& filing, bool json);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMANDS_FILING_STEPS_H_
