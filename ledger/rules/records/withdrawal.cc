// Withdrawal: an author takes its own current record back. It stays on the ledger, and is shown as
// withdrawn.
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/amendment.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace withdrawal {

constexpr Rule kReasonInvalid{"REASON_INVALID", "A reason of 1 to 1,024 bytes is given."};
constexpr Rule kTargetMissing{"TARGET_MISSING", "The target is named."};
constexpr Rule kTargetUnknown{
    "TARGET_UNKNOWN",
    "The target is a record of the author's own, of a type that can be withdrawn."};
constexpr Rule kTargetAmended{"TARGET_AMENDED", "The target has not been amended."};
constexpr Rule kTargetWithdrawn{"TARGET_WITHDRAWN", "The target has not been withdrawn before."};
constexpr Rule kTargetCancelled{"TARGET_CANCELLED", "The target has not been cancelled."};
constexpr Rule kTargetHeld{
    "TARGET_HELD",
    "No accepted incentive holds the target: a pledge for which one is neither delivered nor "
    "rescinded stays."};
constexpr Rule kTargetPublic{"TARGET_PUBLIC", "What takes back a PUBLIC record is PUBLIC."};

constexpr std::array kRules{kReasonInvalid,   kTargetMissing,   kTargetUnknown, kTargetAmended,
                            kTargetWithdrawn, kTargetCancelled, kTargetHeld,    kTargetPublic};

std::optional<Refusal> RefuseHeld(const StateView& state, const StoredRecord& target) {
  const RecordHandler* handler = FindHandler(target.state.type());
  if (handler == nullptr || handler->held == nullptr) return std::nullopt;
  const auto why = handler->held(state, target);
  if (!why) return std::nullopt;
  return Refuse(kTargetHeld, "target",
                absl::StrCat("record ", target.index.value(), " cannot be withdrawn now: ", *why));
}

std::optional<Refusal> ApplyWithdrawal(const Filing& filing) {
  const v1::Withdrawal& said = filing.body.withdrawal();
  if (auto refusal = RefuseBadText(kReasonInvalid, "reason", said.reason(),
                                   kWithdrawalReasonBytesMax, Lines::kMany)) {
    return refusal;
  }
  if (!said.has_target()) {
    return Refuse(kTargetMissing, "target",
                  "the target is missing: name the record that is taken back");
  }
  auto target = FindOwnRecord(filing.state, filing.author, EntryIndex(said.target()));
  if (!target) {
    return Refuse(kTargetUnknown, "target",
                  absl::StrCat("entry ", said.target(), " is no record of ", filing.author.str(),
                               " that can be withdrawn: name one of type ", AmendableTypes()));
  }
  if (!IsCurrent(*target)) {
    const std::uint64_t by = target->state.replaced_by();
    if (target->state.withdrawn()) {
      return Refuse(
          kTargetWithdrawn, "target",
          absl::StrCat("record ", said.target(), " was withdrawn by entry ", by, " already"));
    }
    if (target->state.cancelled()) {
      return Refuse(kTargetCancelled, "target",
                    absl::StrCat("notification ", said.target(), " was cancelled by entry ", by,
                                 ": nothing is left of it to withdraw"));
    }
    return Refuse(kTargetAmended, "target",
                  absl::StrCat("record ", said.target(), " was amended by entry ", by,
                               ": withdraw the newest amendment, ",
                               NewestOfChain(filing.state, *target).index.value()));
  }
  if (auto refusal = RefuseHeld(filing.state, *target)) return refusal;
  if (target->state.visibility() == v1::PUBLIC && filing.body.visibility() != v1::PUBLIC) {
    return Refuse(kTargetPublic, "visibility",
                  absl::StrCat("record ", said.target(),
                               " is PUBLIC: withdraw it with visibility PUBLIC, so that all who "
                               "could read it can read why it was taken back"));
  }
  WithdrawRecord(filing, *std::move(target));
  return std::nullopt;
}

}  // namespace withdrawal

extern const RecordHandler kWithdrawal;
constinit const RecordHandler kWithdrawal{
    .name = "Withdrawal",
    .field = v1::Body::kWithdrawal,
    .rules = withdrawal::kRules,
    .apply = withdrawal::ApplyWithdrawal,
};

}  // namespace assent::rules
