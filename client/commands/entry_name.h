// Entries as people name them on the command line: an index, or author and sequence.
#ifndef ASSENT_CLIENT_COMMANDS_ENTRY_NAME_H_
#define ASSENT_CLIENT_COMMANDS_ENTRY_NAME_H_

#include <string>

#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "client/answers.h"

namespace assent::client {

// "41" or "FRA/7"; else UsageError.
absl::StatusOr<v1::GetEntryRequest> EntryRequest(const std::string& name);
// True when the answer is the entry that was asked for.
bool IsNamed(const AnsweredEntry& entry, const v1::GetEntryRequest& request);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMANDS_ENTRY_NAME_H_
