// Rounds of revision, with the entries that prove where each stands: for members, and for all once
// presented.
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "ledger/questions/answers.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 4> kTypes{"RevisionObject", "RevisionOpen", "RevisionSign",
                                                 "RevisionWithdraw"};

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

v1::AnswerRow RowOf(const rules::RoundView& round) {
  v1::AnswerRow row;
  row.add_entries(round.id.value());
  v1::Revision& said = *row.mutable_revision();
  said.set_round(round.id.value());
  said.set_replaces(round.replaces);
  if (round.number) said.set_number(*round.number);
  said.set_status(ToProto(round.status));
  said.set_proposer(round.proposer.str());
  said.set_text_hash(round.text_hash.str());
  said.set_opened_us(round.opened.us);
  said.set_deadline_us(round.deadline.us);
  for (const rules::RoundSignature& signature : round.signatures) {
    row.add_entries(signature.index.value());
    v1::RoundSignature& added = *said.add_signatures();
    added.set_member(signature.member.str());
    added.set_index(signature.index.value());
    added.set_time_us(signature.time.us);
    added.set_endorsed(signature.endorsed);
  }
  for (const MemberCode& code : round.missing) said.add_missing(code.str());
  if (round.objected_by) said.set_objected_by(round.objected_by->str());
  if (round.ended) said.set_ended_us(round.ended->us);
  if (round.ended_by) {
    said.set_ended_by(round.ended_by->value());
    // A final round is mostly ended by its last signature.
    if (row.entries(row.entries_size() - 1) != round.ended_by->value()) {
      row.add_entries(round.ended_by->value());
    }
  }
  if (round.draft) said.set_draft(round.draft->value());
  if (round.presented_by) {
    said.set_presented_by(round.presented_by->value());
    said.set_presented_us(round.presented->us);
    row.add_entries(round.presented_by->value());
  }
  return row;
}

}  // namespace

absl::Status Answer(const Asked& asked, const v1::RevisionStatus& question) {
  const Snapshot& ledger = asked.ledger;
  const auto add = [&](EntryIndex id) {
    const auto round = rules::RoundAt(ledger.state, id, ledger.time, ledger.tree_size);
    if (!round) return true;
    const bool seen =
        round->presented_by || asked.sight.Of(round->proposer, kTypes) == rules::Audience::kMembers;
    if (!seen) return true;
    return asked.page.Add(rules::IndexDigits(id), RowOf(*round));
  };
  if (question.has_round()) {
    add(EntryIndex(question.round()));
    return absl::OkStatus();
  }
  std::uint64_t below = ledger.tree_size;
  if (const std::string& from = asked.page.from(); !from.empty()) {
    std::uint64_t first = 0;
    if (!absl::SimpleAtoi(from, &first) || first == rules::kNewest) {
      return absl::InvalidArgumentError("the cursor is none of this question");
    }
    below = std::min(below, first + 1);
  }
  for (;;) {
    const auto next = rules::Rounds(ledger.state, 1, below);
    if (next.empty() || !add(next[0])) return absl::OkStatus();
    below = next[0].value();
  }
}

}  // namespace assent::questions
