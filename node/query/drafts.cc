#include "node/query/drafts.h"

#include <optional>
#include <utility>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "ledger/entry/strict.h"
#include "ledger/rules/read_drafts.h"
#include "node/query/limits.h"
#include "node/query/page_start.h"
#include "node/query/page_token.h"

namespace assent::query {

using replica::ReadView;

namespace {

v1::DraftStatus ToProto(rules::DraftStatus status) {
  switch (status) {
    case rules::DraftStatus::kDrafted:
      return v1::DRAFTED;
    case rules::DraftStatus::kCirculated:
      return v1::CIRCULATED;
    case rules::DraftStatus::kSummarised:
      return v1::SUMMARISED;
    case rules::DraftStatus::kOpened:
      return v1::OPENED_FOR_SIGNATURE;
    case rules::DraftStatus::kWithdrawn:
      return v1::DRAFT_WITHDRAWN;
    case rules::DraftStatus::kOvertaken:
      return v1::DRAFT_OVERTAKEN;
  }
  return v1::DRAFT_STATUS_UNSPECIFIED;
}

v1::MemberEntry ToProto(const rules::MemberEntry& entry) {
  v1::MemberEntry message;
  message.set_member(entry.member.str());
  message.set_index(entry.index.value());
  message.set_time_us(entry.time.us);
  return message;
}

v1::CapitalReceipts ToProto(const rules::CapitalReceipts& receipts) {
  v1::CapitalReceipts message;
  for (const auto& entry : receipts.received) *message.add_received() = ToProto(entry);
  for (const MemberCode& code : receipts.missing) message.add_missing(code.str());
  return message;
}

// Of the draft, without what the bodies of its entry and of its summary say.
v1::Draft ToProto(const rules::DraftView& draft) {
  v1::Draft message;
  message.set_draft(draft.id.value());
  message.set_author(draft.author.str());
  message.set_replaces(draft.replaces);
  message.set_status(ToProto(draft.status));
  message.set_text_hash(draft.text_hash.str());
  message.set_drafted_us(draft.drafted.us);
  if (draft.previous) message.set_previous_draft(draft.previous->value());
  if (draft.circulated_by) {
    message.set_circulated_by(draft.circulated_by->value());
    message.set_circulated_us(draft.circulated.us);
    message.set_comments_due_us(draft.comments_due.us);
    *message.mutable_receipts() = ToProto(draft.receipts);
  }
  for (const auto& comment : draft.comments) *message.add_comments() = ToProto(comment);
  if (draft.round) message.set_round(draft.round->value());
  if (draft.withdrawn_by) message.set_withdrawn_by(draft.withdrawn_by->value());
  return message;
}

// The body of the entry at `index`; nothing where the reader may not see it.
absl::StatusOr<std::optional<v1::Body>> ReadBody(const ReadView& view, const Reader& reader,
                                                 EntryIndex index) {
  const absl::StatusOr<EntryPtr> entry = view.EntryAt(index);
  if (!entry.ok()) return entry.status();
  if (!Visible(**entry, reader)) return std::nullopt;
  v1::Body body;
  if (!ParseStrict((*entry)->body(), body).ok()) {
    return absl::DataLossError("the database is damaged: a draft does not match its entry");
  }
  return body;
}

absl::StatusOr<v1::DraftSummary> ReadSummary(const ReadView& view, const Reader& reader,
                                             const rules::SummaryView& summary) {
  v1::DraftSummary message;
  *message.mutable_by() = ToProto(summary.by);
  message.set_text_hash(summary.text_hash.str());
  *message.mutable_receipts() = ToProto(summary.receipts);
  auto body = ReadBody(view, reader, summary.by.index);
  if (!body.ok()) return body.status();
  if (*body) message.set_text((*body)->revision_summary().text());
  return message;
}

// The draft as of `tree_size`; nothing where the reader may not see it.
absl::StatusOr<std::optional<v1::Draft>> ReadDraft(const ReadView& view, const Reader& reader,
                                                   EntryIndex id, std::uint64_t tree_size) {
  auto body = ReadBody(view, reader, id);
  if (!body.ok()) return body.status();
  if (!*body) return std::nullopt;
  const auto draft = rules::DraftAt(view.state(), id, tree_size);
  if (!draft || !(*body)->has_revision_draft()) {
    return absl::DataLossError("the database is damaged: a draft does not match its entry");
  }
  v1::Draft message = ToProto(*draft);
  v1::RevisionDraft& said = *(*body)->mutable_revision_draft();
  message.set_title(std::move(*said.mutable_title()));
  message.set_text(std::move(*said.mutable_text()));
  if (said.has_changes()) *message.mutable_changes() = std::move(*said.mutable_changes());
  *message.mutable_answers() = std::move(*said.mutable_answers());
  if (draft->summary) {
    auto summary = ReadSummary(view, reader, *draft->summary);
    if (!summary.ok()) return summary.status();
    *message.mutable_summary() = *std::move(summary);
  }
  return message;
}

}  // namespace

absl::StatusOr<v1::ListDraftsResponse> ListDrafts(const ReadView& view, const Reader& reader,
                                                  const v1::ListDraftsRequest& request) {
  const auto page_size = PageSize(request.page_size(), kRevisionsPageDefault, kRevisionsPageMax);
  if (!page_size.ok()) return page_size.status();
  const TokenScope scope{"drafts", ""};
  const auto start = StartPage(view, request.page_token(), scope);
  if (!start.ok()) return start.status();
  const BlockHeader& as_of = start->as_of;
  v1::ListDraftsResponse response;
  response.set_as_of(as_of.height.value());
  // Where a page ends would tell who sees only some of the others.
  if (!reader.SeesAllOf("RevisionDraft")) return response;
  std::uint64_t below = start->cursor.value_or(as_of.tree_size);
  std::size_t bytes = 0;
  // One more than fits, so that the last page is known.
  for (const EntryIndex id : rules::Drafts(view.state(), *page_size + 1, below)) {
    auto draft = ReadDraft(view, reader, id, as_of.tree_size);
    if (!draft.ok()) return draft.status();
    const std::size_t count = static_cast<std::size_t>(response.drafts_size());
    if (*draft) bytes += (*draft)->ByteSizeLong();
    if (count == *page_size || (bytes > kPageBytesMax && count > 0)) {
      response.set_next_page_token(EncodePageToken(as_of.height, below, scope));
      break;
    }
    if (*draft) *response.add_drafts() = **std::move(draft);
    below = id.value();
  }
  return response;
}

}  // namespace assent::query
