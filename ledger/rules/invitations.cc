#include "ledger/rules/invitations.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/audience.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/read_invitations.h"
#include "ledger/rules/refuse.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

bool IsInvited(const StoredRecord& invitation, std::string_view state) {
  const auto& invited = InvitedBy(invitation);
  return std::find(invited.begin(), invited.end(), state) != invited.end();
}

// Those that the amended invitation had invited, that have accepted, and that are left out now.
std::optional<Refusal> RefuseDropped(const Filing& filing, const std::set<std::string>& invited) {
  const EntryIndex first(filing.amends->state.first_index());
  for (const std::string& before : InvitedBy(*filing.amends)) {
    if (invited.contains(before)) continue;
    const auto code = MemberCode::From(before);
    if (!code) StopOnDamagedState(RecordKey(filing.amends->index));
    const auto answer = InvitationAnswerAt(filing.state, first, *code);
    if (!answer || !answer->accepted) continue;
    return Refuse(kAcceptedDropped, "invited",
                  absl::StrCat(before, " has accepted in entry ", answer->index.value(),
                               ": go on inviting it, or withdraw the whole invitation"));
  }
  return std::nullopt;
}

// Of an invitation that is not current.
Refusal RefuseReplaced(const Filing& filing, const AnswerSaid& said,
                       const StoredRecord& invitation) {
  const std::string name = absl::StrCat(AbslView(said.field), " ", invitation.index.value());
  const std::uint64_t by = invitation.state.replaced_by();
  if (invitation.state.withdrawn()) {
    return Refuse(kInvitationWithdrawn, std::string(said.field),
                  absl::StrCat(name, " was withdrawn by entry ", by,
                               ": there is nothing to answer any more"));
  }
  return Refuse(kInvitationAmended, std::string(said.field),
                absl::StrCat(name, " was amended by entry ", by, ": answer the newest amendment, ",
                             NewestOfChain(filing.state, invitation).index.value()));
}

std::optional<Refusal> RefuseSecondAnswer(const Filing& filing, const AnswerSaid& said,
                                          const StoredRecord& invitation) {
  const std::uint64_t first = invitation.state.first_index();
  if (filing.amends) {
    const v1::InvitationAnswerState& before = AnswerOf(filing.amends->state);
    if (before.invitation() == first && before.state() == said.state) return std::nullopt;
    return Refuse(kAnswerMoved, "supersedes",
                  absl::StrCat("entry ", filing.amends->index.value(), " is the answer of ",
                               before.state(), " to the invitation that began with entry ",
                               before.invitation(), ": an amendment answers the same"));
  }
  const auto pointer = Load<v1::PointerState>(
      filing.state,
      InvitationAnswerKey(EntryIndex(first), *MemberCode::From(said.state), filing.author));
  if (!pointer || !IsCurrentAt(filing.state, EntryIndex(pointer->index()))) return std::nullopt;
  return Refuse(kAlreadyAnswered, std::string(said.field),
                absl::StrCat(filing.author.str(), " has filed the answer of ", said.state,
                             " in entry ", pointer->index(), ": amend that to change it"));
}

}  // namespace

std::optional<Refusal> RefuseBadDates(const Filing& filing, std::int64_t from_us,
                                      std::int64_t until_us) {
  if (from_us <= 0 || until_us > kTimeMaxUs || until_us <= from_us) {
    return Refuse(kDatesInvalid, from_us <= 0 ? "from_us" : "until_us",
                  "the dates are incomplete, in the wrong order, or not in the years 1970 to 9999: "
                  "say from when until when");
  }
  if (until_us <= filing.position.time.us) {
    return Refuse(kDatesPassed, "until_us",
                  absl::StrCat("the end, ", FormatTime({until_us}),
                               ", is not ahead: block time is ", FormatTime(filing.position.time)));
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseBadInvited(const Filing& filing,
                                        const std::vector<std::string>& invited) {
  if (invited.empty() || invited.size() > kInvitedMax) {
    return Refuse(kInvitedCount, "invited",
                  absl::StrCat(invited.size(), " states are invited: name 1 to ", kInvitedMax));
  }
  std::set<std::string> codes;
  for (const std::string& code : invited) {
    if (code == filing.author.str()) {
      return Refuse(kHostInvited, "invited",
                    absl::StrCat(code, " is the host itself: leave it out"));
    }
    if (!codes.insert(code).second) {
      return Refuse(kInvitedTwice, "invited",
                    absl::StrCat(code, " is invited twice: name it once"));
    }
  }
  return filing.amends ? RefuseDropped(filing, codes) : std::nullopt;
}

bool IsInvitation(const StoredRecord& record) {
  return record.state.has_observer_invitation() || record.state.has_conference();
}

Time UntilOf(const StoredRecord& invitation) {
  const v1::RecordState& state = invitation.state;
  return {state.has_conference() ? state.conference().until_us()
                                 : state.observer_invitation().until_us()};
}

const google::protobuf::RepeatedPtrField<std::string>& InvitedBy(const StoredRecord& invitation) {
  const v1::RecordState& state = invitation.state;
  return state.has_conference() ? state.conference().invited()
                                : state.observer_invitation().invited();
}

std::optional<Refusal> FindAnswered(const Filing& filing, const AnswerSaid& said,
                                    v1::Body::RecordCase type, const Rule& unknown,
                                    std::optional<StoredRecord>& invitation) {
  const std::string field(said.field);
  if (said.answer != v1::ACCEPT && said.answer != v1::DECLINE) {
    return Refuse(kAnswerInvalid, "answer", "the answer is missing or unknown: ACCEPT or DECLINE");
  }
  if (!said.invitation) {
    return Refuse(kInvitationMissing, field,
                  absl::StrCat("the ", field, " is missing: name the one that is answered"));
  }
  invitation = FindRecord(filing.state, EntryIndex(*said.invitation));
  if (!invitation || invitation->state.type() != static_cast<std::uint32_t>(type)) {
    return Refuse(unknown, field,
                  absl::StrCat("entry ", *said.invitation, " is no ", field, ": name one"));
  }
  if (!IsCurrent(*invitation)) return RefuseReplaced(filing, said, *invitation);
  const std::string name = absl::StrCat(field, " ", *said.invitation);
  if (filing.position.time > UntilOf(*invitation)) {
    return Refuse(kInvitationOver, field,
                  absl::StrCat(name, " was over at ", FormatTime(UntilOf(*invitation)),
                               ": it cannot be answered any more"));
  }
  if (!IsInvited(*invitation, said.state)) {
    return Refuse(kNotInvited, said.state.empty() ? "state" : field,
                  absl::StrCat("the state whose answer this is has not been invited by ", name,
                               ": only those that are invited answer"));
  }
  if (auto refusal = RefuseWiderAudience(filing, invitation->state.visibility(), name)) {
    return refusal;
  }
  return RefuseSecondAnswer(filing, said, *invitation);
}

const v1::InvitationAnswerState& AnswerOf(const v1::RecordState& answer) {
  return answer.has_conference_answer() ? answer.conference_answer()
                                        : answer.observer_invitation_answer();
}

v1::InvitationAnswerState KeepAnswer(const Filing& filing, const AnswerSaid& said,
                                     const StoredRecord& invitation) {
  v1::InvitationAnswerState kept;
  kept.set_invitation(invitation.state.first_index());
  kept.set_state(said.state);
  kept.set_accepted(said.answer == v1::ACCEPT);
  kept.set_time_us(filing.position.time.us);
  const auto before = Load<v1::PointerState>(
      filing.state, InvitationAnswerKey(EntryIndex(kept.invitation()),
                                        *MemberCode::From(said.state), filing.author));
  if (before) kept.set_previous(before->index());
  return kept;
}

void PointAtAnswer(const Filing& filing, const v1::InvitationAnswerState& answer) {
  v1::PointerState pointer;
  pointer.set_index(filing.position.index.value());
  Save(filing.state,
       InvitationAnswerKey(EntryIndex(answer.invitation()), *MemberCode::From(answer.state()),
                           filing.author),
       pointer);
}

}  // namespace assent::rules
