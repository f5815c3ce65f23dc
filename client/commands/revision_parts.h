// What the commands of `assent revision` share.
#ifndef ASSENT_CLIENT_COMMANDS_REVISION_PARTS_H_
#define ASSENT_CLIENT_COMMANDS_REVISION_PARTS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "assent/v1/entry.pb.h"
#include "client/commands/command.h"
#include "client/commands/filing_steps.h"
#include "client/session.h"

namespace assent::client {

// A body of now, without its record.
v1::Body NewBody(v1::Visibility visibility);

// What entry `index` says, with its proof: what its author signed, not what the node says of it.
// PermissionDenied where it is not shown to this reader.
absl::StatusOr<v1::Body> FetchSigned(Session& session, std::uint64_t index);
// The same of an entry that opened a round, and of one that filed a draft.
absl::StatusOr<v1::RevisionOpen> FetchOpening(Session& session, std::uint64_t round);
absl::StatusOr<v1::RevisionDraft> FetchDraft(Session& session, std::uint64_t draft);

// Number of the revision in force, as the node says.
absl::StatusOr<std::uint32_t> FetchInForce(Session& session);

// Reads the TOML or JSON file at `path` into `message`.
absl::Status ReadMessage(const std::string& path, google::protobuf::Message& message);

// Tells on standard error what is bound by a text hash: title, size, hash, and the changes besides
// the text, line by line.
void TellText(const std::string& name, const std::string& title, const std::string& text,
              const v1::RevisionChanges& changes);

// Connects, asks `fill` for the record, and files it. `file_name` is what it is called in the names
// of files.
using FillBody = std::function<absl::Status(Session& session, v1::Body& body)>;
absl::Status FileRevisionRecord(const Invocation& invocation, const DirectFiling& filing,
                                const std::string& what, const std::string& file_name,
                                v1::Visibility visibility, const FillBody& fill);

// The commands of drafts (draft, circulate, receipt, comment, summarise), show, and instrument.
void AddDraftCommands(CLI::App& revision, Invocation& invocation);
void AddRevisionShow(CLI::App& revision, Invocation& invocation);
void AddInstrument(CLI::App& revision, Invocation& invocation);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_COMMANDS_REVISION_PARTS_H_
