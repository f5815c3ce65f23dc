#include "node/query/revisions.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/strict.h"
#include "ledger/questions/round_message.h"
#include "ledger/rules/read.h"
#include "node/query/limits.h"
#include "node/query/page_start.h"
#include "node/query/page_token.h"

namespace assent::query {

using replica::ReadView;

namespace {

// To find the first of them costs more than to go on from it.
constexpr std::size_t kRoundsAtOnce = 64;

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

// The round as it stood at the end of block `as_of`; nothing where the reader may not see it.
absl::StatusOr<std::optional<v1::Revision>> ReadRound(const ReadView& view, const Reader& reader,
                                                      EntryIndex id, const BlockHeader& as_of) {
  const auto round = rules::RoundAt(view.state(), id, as_of.time, as_of.tree_size);
  const absl::StatusOr<EntryPtr> entry = view.EntryAt(id);
  if (!entry.ok()) return entry.status();
  v1::Body body;
  if (!round || !(*entry)->has_body() || !ParseStrict((*entry)->body(), body).ok() ||
      !body.has_revision_open()) {
    return absl::DataLossError(
        "the database is damaged: a round of revision does not match its entry");
  }
  if (!round->presented_by && !Visible(**entry, reader)) return std::nullopt;
  v1::Revision message = questions::RoundMessage(*round);
  v1::RevisionOpen& said = *body.mutable_revision_open();
  message.set_title(std::move(*said.mutable_title()));
  message.set_text(std::move(*said.mutable_text()));
  if (said.has_changes()) *message.mutable_changes() = std::move(*said.mutable_changes());
  return message;
}

// What a listing goes through, newest first, before it comes to the founding act's text: `cursor`
// is what the next must be below. Who sees all rounds goes by their ids. Others see those that were
// presented, by the number of the revision: a cursor tells them nothing of rounds that they may not
// see.
struct Walk {
  bool all_rounds;
  std::uint64_t cursor;
  std::vector<EntryIndex> ahead = {};  // the newest last

  // The next round, if there is one.
  std::optional<EntryIndex> Next(const StateView& state) {
    if (all_rounds) {
      if (ahead.empty()) {
        ahead = rules::Rounds(state, kRoundsAtOnce, cursor);
        std::reverse(ahead.begin(), ahead.end());
      }
      if (ahead.empty()) return std::nullopt;
      const EntryIndex next = ahead.back();
      ahead.pop_back();
      cursor = next.value();
      return next;
    }
    if (cursor <= 1) return std::nullopt;
    --cursor;
    return rules::RoundOfRevision(state, static_cast<std::uint32_t>(cursor));
  }
};

}  // namespace

absl::StatusOr<v1::ListRevisionsResponse> ListRevisions(const ReadView& view, const Reader& reader,
                                                        const ActText& act,
                                                        const v1::ListRevisionsRequest& request) {
  const auto page_size = PageSize(request.page_size(), kRevisionsPageDefault, kRevisionsPageMax);
  if (!page_size.ok()) return page_size.status();
  const bool all_rounds = reader.SeesAllOf("RevisionOpen");
  const TokenScope scope{"revisions", all_rounds ? "all" : "presented"};
  auto start = StartPage(view, request.page_token(), scope);
  if (!start.ok()) return start.status();
  const BlockHeader& as_of = start->as_of;
  const std::uint64_t newest = rules::ParametersOf(view.state()).revision + std::uint64_t{1};
  Walk walk{.all_rounds = all_rounds,
            .cursor = start->cursor.value_or(all_rounds ? as_of.tree_size : newest)};
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
  while (true) {
    const std::uint64_t before = walk.cursor;
    const auto id = walk.Next(view.state());
    std::optional<v1::Revision> revision = RevisionZero(act);  // the founding act's text is last
    if (id) {
      if (id->value() >= as_of.tree_size) continue;
      auto round = ReadRound(view, reader, *id, as_of);
      if (!round.ok()) return round.status();
      revision = *std::move(round);
    }
    if (revision && !add(*std::move(revision))) {
      response.set_next_page_token(EncodePageToken(as_of.height, before, scope));
      break;
    }
    if (!id) break;
  }
  return response;
}

}  // namespace assent::query
