// Rounds of revision, with the entries that prove where each stands: for members, and for all once
// presented.
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "ledger/questions/answers.h"
#include "ledger/questions/round_message.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read.h"

namespace assent::questions {
namespace {

constexpr std::array<std::string_view, 4> kRevisionTypes{"RevisionObject", "RevisionOpen",
                                                         "RevisionSign", "RevisionWithdraw"};

// To find the first of them costs more than to go on from it.
constexpr std::size_t kRoundsAtOnce = 64;

v1::AnswerRow RowOf(const rules::RoundView& round) {
  v1::AnswerRow row;
  *row.mutable_revision() = RoundMessage(round);
  row.add_entries(round.id.value());
  for (const rules::RoundSignature& signature : round.signatures) {
    row.add_entries(signature.index.value());
  }
  // A final round is mostly ended by its last signature.
  if (round.ended_by && row.entries(row.entries_size() - 1) != round.ended_by->value()) {
    row.add_entries(round.ended_by->value());
  }
  if (round.presented_by) row.add_entries(round.presented_by->value());
  return row;
}

}  // namespace

absl::Status Answer(const Asked& asked, const v1::RevisionStatus& question) {
  const Snapshot& ledger = asked.ledger;
  const auto add = [&](EntryIndex id) {
    const auto round = rules::RoundAt(ledger.state, id, ledger.time, ledger.tree_size);
    if (!round) return true;
    const bool seen = round->presented_by ||
                      asked.sight.Of(round->proposer, kRevisionTypes) == rules::Audience::kMembers;
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
    const std::vector<EntryIndex> next = rules::Rounds(ledger.state, kRoundsAtOnce, below);
    for (const EntryIndex id : next) {
      if (!add(id)) return absl::OkStatus();
    }
    if (next.size() < kRoundsAtOnce) return absl::OkStatus();
    below = next.back().value();
  }
}

}  // namespace assent::questions
