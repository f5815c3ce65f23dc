// ObserverInvitationAnswer: an invited member says whether its observers come, and how many.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/audience.h"
#include "ledger/rules/counters.h"
#include "ledger/rules/invitations.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace observer_invitation_answer {

constexpr Rule kInvitationUnknown{"INVITATION_UNKNOWN",
                                  "What is answered is an observer invitation."};
constexpr Rule kPlacesMissing{"PLACES_MISSING", "Who accepts says how many observers come."};
constexpr Rule kPlacesMisplaced{"PLACES_MISPLACED", "Who declines sends no observers."};
constexpr Rule kPlacesTaken{"PLACES_TAKEN", "All accepted observers find room."};

constexpr std::array kRules{kAnswerInvalid,     kInvitationMissing,   kInvitationUnknown,
                            kInvitationAmended, kInvitationWithdrawn, kInvitationOver,
                            kNotInvited,        kMembersOnly,         kAnswerMoved,
                            kAlreadyAnswered,   kPlacesMissing,       kPlacesMisplaced,
                            kPlacesTaken};

// Observers that an answer sends.
std::uint64_t ObserversOf(const v1::RecordState& answer) {
  const v1::InvitationAnswerState& kept = answer.observer_invitation_answer();
  return kept.accepted() ? kept.places() : 0;
}

std::optional<Refusal> RefuseBadPlaces(const Filing& filing, std::uint64_t places, bool accepted,
                                       const StoredRecord& invitation) {
  if (!accepted) {
    if (places == 0) return std::nullopt;
    return Refuse(kPlacesMisplaced, "places",
                  "who declines takes no places: leave them out, or ACCEPT");
  }
  if (places == 0) {
    return Refuse(kPlacesMissing, "places", "places are missing: say how many observers come");
  }
  const std::uint64_t offered = invitation.state.observer_invitation().places();
  const std::uint64_t counted =
      CountAt(filing.state, ObserversKey(EntryIndex(invitation.state.first_index())));
  const std::uint64_t own = filing.amends ? ObserversOf(filing.amends->state) : 0;
  const std::uint64_t taken = counted - std::min(own, counted);
  if (places + taken <= offered) return std::nullopt;
  return Refuse(kPlacesTaken, "places",
                absl::StrCat(taken, " of ", offered, " places are taken by others: there are ",
                             offered - std::min(taken, offered), " left, not ", places));
}

std::optional<Refusal> ApplyAnswer(const Filing& filing) {
  const v1::ObserverInvitationAnswer& in_body = filing.body.observer_invitation_answer();
  AnswerSaid said{.field = "invitation",
                  .invitation = std::nullopt,
                  .state = filing.author.str(),
                  .answer = in_body.answer()};
  if (in_body.has_invitation()) said.invitation = in_body.invitation();
  std::optional<StoredRecord> invitation;
  if (auto refusal = FindAnswered(filing, said, v1::Body::kObserverInvitation, kInvitationUnknown,
                                  invitation)) {
    return refusal;
  }
  v1::RecordState record = NewRecord(filing);
  v1::InvitationAnswerState& kept = *record.mutable_observer_invitation_answer();
  kept = KeepAnswer(filing, said, *invitation);
  kept.set_places(in_body.places());
  if (auto refusal = RefuseBadPlaces(filing, in_body.places(), kept.accepted(), *invitation)) {
    return refusal;
  }
  SaveRecord(filing, record);  // takes the observers of an answer that it amends off the count
  if (kept.accepted()) {
    Increase(filing.state, ObserversKey(EntryIndex(kept.invitation())), kept.places());
  }
  PointAtAnswer(filing, kept);
  return std::nullopt;
}

void RetireAnswer(StateOverlay& state, const StoredRecord& record) {
  const v1::InvitationAnswerState& kept = record.state.observer_invitation_answer();
  if (kept.accepted()) Decrease(state, ObserversKey(EntryIndex(kept.invitation())), kept.places());
}

}  // namespace observer_invitation_answer

extern const RecordHandler kObserverInvitationAnswer;
constinit const RecordHandler kObserverInvitationAnswer{
    .name = "ObserverInvitationAnswer",
    .field = v1::Body::kObserverInvitationAnswer,
    .rules = observer_invitation_answer::kRules,
    .apply = observer_invitation_answer::ApplyAnswer,
    .retire = observer_invitation_answer::RetireAnswer,
};

}  // namespace assent::rules
