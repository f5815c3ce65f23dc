#include "client/commands/revision_parts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/records.h"
#include "client/terminal.h"
#include "client/transfers.h"
#include "client/tree.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "ledger/receipt/receipt.h"
#include "ledger/rules/changes.h"

namespace assent::client {

v1::Body NewBody(v1::Visibility visibility) {
  v1::Body body;
  body.set_visibility(visibility);
  body.set_issued_at_us(Now().us);
  return body;
}

absl::StatusOr<v1::Body> FetchSigned(Session& session, std::uint64_t index) {
  v1::GetReceiptRequest request;
  request.set_index(index);
  const auto receipt = session.Call(&v1::Ledger::Stub::GetReceipt, request);
  if (!receipt.ok()) return receipt.status();
  const std::string file = absl::StrCat(AbslView(kReceiptMagic), receipt->SerializeAsString());
  const auto proof = VerifyReceipt(file, session.act());
  if (!proof.ok()) return Prefixed("the node's receipt proves nothing", proof.status());
  if (proof->index.value() != index)
    return absl::DataLossError("the node answers with another entry");
  if (!proof->entry.has_body()) {
    return absl::PermissionDeniedError(
        absl::StrCat("the text of entry ", index, " is not shown to this reader: use --reader"));
  }
  v1::Body body;
  if (auto status = ParseStrict(proof->entry.body(), body); !status.ok()) return status;
  return body;
}

absl::StatusOr<v1::RevisionOpen> FetchOpening(Session& session, std::uint64_t round) {
  const auto body = FetchSigned(session, round);
  if (!body.ok()) return body.status();
  if (body->has_revision_open()) return body->revision_open();
  return absl::InvalidArgumentError(
      absl::StrCat("entry ", round, " opens no round of revision: assent revision show lists all"));
}

absl::StatusOr<v1::RevisionDraft> FetchDraft(Session& session, std::uint64_t draft) {
  const auto body = FetchSigned(session, draft);
  if (!body.ok()) return body.status();
  if (body->has_revision_draft()) return body->revision_draft();
  return absl::InvalidArgumentError(
      absl::StrCat("entry ", draft, " is no draft: assent revision show lists all"));
}

absl::StatusOr<std::uint32_t> FetchInForce(Session& session) {
  const auto revisions = FetchRevisions(session);
  if (!revisions.ok()) return revisions.status();
  std::uint32_t newest = 0;
  for (const v1::Revision& revision : *revisions) newest = std::max(newest, revision.number());
  return newest;
}

absl::Status ReadMessage(const std::string& path, google::protobuf::Message& message) {
  const auto text = ReadFile(path, kRecordFileBytesMax);
  if (!text.ok()) return text.status();
  const auto tree = ParseTree(*text, path);
  if (!tree.ok()) return tree.status();
  return FillMessage(*tree, path, message);
}

void TellText(const std::string& name, const std::string& title, const std::string& text,
              const v1::RevisionChanges& changes) {
  PrintError(absl::StrCat(name, ": ", Printable(title), "\ntext hash ",
                          rules::RevisionHash(text, changes).hex(), ", ", text.size(), " bytes\n"));
  const std::string lines = rules::FormatChanges(changes);
  if (!lines.empty()) PrintError("and changes:\n" + Printable(lines, true));
}

absl::Status FileRevisionRecord(const Invocation& invocation, const DirectFiling& filing,
                                const std::string& what, const std::string& file_name,
                                v1::Visibility visibility, const FillBody& fill) {
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  v1::Body body = NewBody(visibility);
  if (auto status = fill(**session, body); !status.ok()) return status;
  return FileDirectly(**session, *settings, {what, std::move(body), std::nullopt}, file_name,
                      filing, invocation.json);
}

}  // namespace assent::client
