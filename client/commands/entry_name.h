// Entries as people name them on the command line: an index, or author and sequence.
#ifndef ASSENT_CLIENT_COMMANDS_ENTRY_NAME_H_
#define ASSENT_CLIENT_COMMANDS_ENTRY_NAME_H_

#include <string>

#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"

namespace assent::client {

// "41" or "FRA/7"; else UsageError.
absl::StatusOr<v1::GetEntryRequest> EntryRequest(const std::string& name);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMANDS_ENTRY_NAME_H_
