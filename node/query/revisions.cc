#include "node/query/revisions.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/strict.h"
#include "ledger/rules/read.h"
#include "node/query/limits.h"
#include "node/query/page_token.h"

namespace assent::query {

using replica::ReadView;

namespace {

v1::RoundStatus ToProto(rules::RoundStatus status) {
  switch (status) {
    case rules::RoundStatus::kOpen:
      return v1::OPEN_FOR_SIGNATURE;
    case rules::RoundStatus::kFinal:
      return v1::FINAL;
    case rules::RoundStatus::kObjected:
      return v1::OBJECTED;
    case rules::RoundStatus::kLapsed:
      return v1::LAPSED;
    case rules::RoundStatus::kWithdrawn:
      return v1::ROUND_WITHDRAWN;
    case rules::RoundStatus::kFinalWithEndorsedKey:
      return v1::FINAL_WITH_ENDORSED_KEY;
  }
  return v1::ROUND_STATUS_UNSPECIFIED;
}

// Of the round, without what only the body of the entry that opened it says.
v1::Revision ToProto(const rules::RoundView& round) {
  v1::Revision message;
  message.set_round(round.id.value());
  message.set_replaces(round.replaces);
  if (round.number) message.set_number(*round.number);
  message.set_status(ToProto(round.status));
  message.set_proposer(round.proposer.str());
  if (IsFinal(round.status)) message.set_text_hash(round.text_hash.str());
  message.set_opened_us(round.opened.us);
  message.set_deadline_us(round.deadline.us);
  for (const rules::RoundSignature& signature : round.signatures) {
    v1::RoundSignature& added = *message.add_signatures();
    added.set_member(signature.member.str());
    added.set_index(signature.index.value());
    added.set_time_us(signature.time.us);
    added.set_endorsed(signature.endorsed);
  }
  for (const MemberCode& code : round.missing) message.add_missing(code.str());
  if (round.objected_by) message.set_objected_by(round.objected_by->str());
  if (round.ended_by) message.set_ended_by(round.ended_by->value());
  if (round.ended) message.set_ended_us(round.ended->us);
  return message;
}

// The founding act's text, in force from the start.
v1::Revision RevisionZero(const ActText& act) {
  v1::Revision message;
  message.set_number(0);
  message.set_status(v1::FINAL);
  message.set_title(act.code_title);
  message.set_text(act.code_text);
  message.set_text_hash(Sha256(act.code_text).str());
  message.set_opened_us(act.founded.us);
  message.set_ended_us(act.founded.us);
  return message;
}

// The round as it stood at the end of block `as_of`.
absl::StatusOr<v1::Revision> ReadRound(const ReadView& view, const Reader& reader, EntryIndex id,
                                       const BlockHeader& as_of) {
  const auto round = rules::RoundAt(view.state(), id, as_of.time, as_of.tree_size);
  const absl::StatusOr<replica::EntryPtr> entry = view.EntryAt(id);
  if (!entry.ok()) return entry.status();
  v1::Body body;
  if (!round || !(*entry)->has_body() || !ParseStrict((*entry)->body(), body).ok() ||
      !body.has_revision_open()) {
    return absl::DataLossError(
        "the database is damaged: a round of revision does not match its entry");
  }
  v1::Revision message = ToProto(*round);
  if (Visible(**entry, reader)) {
    message.set_title(std::move(*body.mutable_revision_open()->mutable_title()));
    message.set_text(std::move(*body.mutable_revision_open()->mutable_text()));
    message.set_text_hash(round->text_hash.str());
  }
  return message;
}

}  // namespace

absl::StatusOr<v1::ListRevisionsResponse> ListRevisions(const ReadView& view, const Reader& reader,
                                                        const ActText& act,
                                                        const v1::ListRevisionsRequest& request) {
  const auto page_size = PageSize(request.page_size(), kRevisionsPageDefault, kRevisionsPageMax);
  if (!page_size.ok()) return page_size.status();
  const TokenScope scope{"revisions", ""};
  BlockHeader as_of = view.tip().header;
  std::uint64_t below = as_of.tree_size;
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token(), scope);
    if (!token.ok()) return token.status();
    const auto cursor = NumberCursor(*token);
    if (!cursor.ok()) return cursor.status();
    if (token->as_of > as_of.height) {
      return absl::OutOfRangeError(absl::StrCat("height ", token->as_of.value(),
                                                " is not final at this node yet: its newest is ",
                                                as_of.height.value()));
    }
    const absl::StatusOr<replica::StoredBlock> block = view.BlockAt(token->as_of);
    if (!block.ok()) return block.status();
    as_of = block->header;
    below = std::min(*cursor, as_of.tree_size);
  }
  v1::ListRevisionsResponse response;
  response.set_as_of(as_of.height.value());
  std::size_t bytes = 0;
  // False when there is no room for it on this page.
  const auto add = [&](v1::Revision revision) {
    bytes += revision.ByteSizeLong();
    const std::size_t count = static_cast<std::size_t>(response.revisions_size());
    if (count == *page_size || (bytes > kPageBytesMax && count > 0)) return false;
    *response.add_revisions() = std::move(revision);
    return true;
  };
  for (const EntryIndex id : rules::Rounds(view.state(), *page_size, below)) {
    absl::StatusOr<v1::Revision> round = ReadRound(view, reader, id, as_of);
    if (!round.ok()) return round.status();
    if (!add(*std::move(round))) break;
    below = id.value();
  }
  // The founding act's text follows the last round.
  const bool more_rounds = !rules::Rounds(view.state(), 1, below).empty();
  if (more_rounds || !add(RevisionZero(act))) {
    response.set_next_page_token(EncodePageToken(as_of.height, below, scope));
  }
  return response;
}

}  // namespace assent::query
