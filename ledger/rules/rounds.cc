#include "ledger/rules/rounds.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/rules/changes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

std::optional<Refusal> RefuseUnlessOpen(EntryIndex id, const v1::RoundState& round, Time now) {
  const std::string name = absl::StrCat("round ", id.value());
  switch (StatusAt(round, now)) {
    case RoundStatus::kOpen:
      return std::nullopt;
    case RoundStatus::kFinal:
    case RoundStatus::kFinalWithEndorsedKey:
      return Refuse(kRoundFinal, name,
                    absl::StrCat(name, " is final since entry ", round.ended_by(),
                                 ": its text is revision ", round.number()));
    case RoundStatus::kObjected:
      return Refuse(kRoundObjected, name,
                    absl::StrCat(name, " was ended by the objection of ", round.objected_by(),
                                 " in entry ", round.ended_by(), ": a new text needs a new round"));
    case RoundStatus::kLapsed:
      return Refuse(kRoundLapsed, name,
                    absl::StrCat(name, " lapsed at ", FormatTime({round.deadline_us()}),
                                 ": its text can be proposed anew"));
    case RoundStatus::kWithdrawn:
      return Refuse(kRoundWithdrawn, name,
                    absl::StrCat(name, " was taken back by ", round.proposer(), " in entry ",
                                 round.ended_by(), ": a new text needs a new round"));
  }
  StopOnDamagedState(RoundKey(id));
}

}  // namespace

RoundStatus StatusAt(const v1::RoundState& round, Time now) {
  const auto status = static_cast<RoundStatus>(round.status());
  if (status == RoundStatus::kOpen && now.us > round.deadline_us()) return RoundStatus::kLapsed;
  return status;
}

std::optional<Refusal> RefusePublicDraft(const Filing& filing) {
  if (filing.body.visibility() != v1::PUBLIC) return std::nullopt;
  return Refuse(kDraftPublic, "visibility",
                "a draft is never public, nor what is said of it: file it with visibility MEMBERS");
}

std::optional<Refusal> FindRound(const StateView& state, bool has_round, std::uint64_t round,
                                 std::optional<StoredRound>& found) {
  if (!has_round) {
    return Refuse(kRoundMissing, "round", "the round is missing: name the entry that opened it");
  }
  const EntryIndex id(round);
  auto stored = id < kFirstWaitingIndex ? Load<v1::RoundState>(state, RoundKey(id)) : std::nullopt;
  if (!stored) {
    return Refuse(kRoundUnknown, "round",
                  absl::StrCat("entry ", id.value(), " has opened no round: list the revisions"));
  }
  found = StoredRound{.id = id, .state = *std::move(stored)};
  return std::nullopt;
}

std::optional<Refusal> FindOpenRound(const Filing& filing, bool has_round, std::uint64_t round,
                                     std::optional<StoredRound>& open) {
  if (auto refusal = RefusePublicDraft(filing)) return refusal;
  if (auto refusal = FindRound(filing.state, has_round, round, open)) return refusal;
  return RefuseUnlessOpen(open->id, open->state, filing.position.time);
}

bool IsComplete(const StateView& state, EntryIndex round) {
  bool any = false;
  bool missing = false;
  state.Scan(kMemberPrefix, kMemberPrefix, [&](std::string_view key, std::string_view value) {
    any = true;
    const auto member = Decode<v1::MemberState>(key, value);
    const auto signature =
        Load<v1::SignatureState>(state, SignatureKey(round, CodeOfKey(key, kMemberPrefix)));
    missing = !signature || signature->membership() != member.membership();
    return !missing;
  });
  return any && !missing;
}

void EndRound(const Filing& filing, StoredRound round, RoundStatus status) {
  round.state.set_status(static_cast<std::uint32_t>(status));
  round.state.set_ended_by(filing.position.index.value());
  round.state.set_ended_us(filing.position.time.us);
  Save(filing.state, RoundKey(round.id), round.state);
}

void PutInForce(const Filing& filing, StoredRound round) {
  auto ledger = LoadExisting<v1::LedgerState>(filing.state, kLedgerKey);
  Save(filing.state, LedgerBeforeKey(ledger.revision() + 1), ledger);
  ledger.set_revision(ledger.revision() + 1);
  ledger.set_revision_text_hash(round.state.text_hash());
  ledger.set_revision_round(round.id.value());
  if (round.state.has_changes()) {
    PutChangesInForce(round.state.changes(), ledger.revision(), ledger, filing.state);
  }
  Save(filing.state, kLedgerKey, ledger);
  v1::PointerState pointer;
  pointer.set_index(round.id.value());
  Save(filing.state, RevisionKey(ledger.revision()), pointer);
  round.state.set_number(ledger.revision());
  EndRound(filing, std::move(round), RoundStatus::kFinal);
}

void CompleteWithoutSigner(const Filing& filing) {
  if (!filing.ledger.has_newest_round()) return;
  const EntryIndex id(filing.ledger.newest_round());
  auto round = Load<v1::RoundState>(filing.state, RoundKey(id));
  if (!round || StatusAt(*round, filing.position.time) != RoundStatus::kOpen) return;
  if (IsComplete(filing.state, id)) PutInForce(filing, {.id = id, .state = *std::move(round)});
}

}  // namespace assent::rules
