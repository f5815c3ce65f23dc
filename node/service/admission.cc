#include "node/service/admission.h"

#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/types.h"
#include "node/quota/refusal.h"
#include "node/service/limits.h"
#include "node/service/status.h"

namespace assent::service {
namespace {

constexpr std::array<std::string_view, kCallKinds> kKindNames = {"read", "submission", "watch",
                                                                 "audit", "comparison"};
constexpr std::array<std::string_view, kMets> kMetNames = {"node", "strangers", "client", "rate",
                                                           "author"};

std::size_t At(CallKind kind) { return static_cast<std::size_t>(kind); }
std::size_t At(Met met) { return static_cast<std::size_t>(met); }

// `what` there are too many of, and how it is with them.
grpc::Status Full(const std::string& what, const char* state, CallKind kind, Met met) {
  const auto refuse = [&](std::string_view reason, const char* whose) {
    return ToGrpc(quota::Refuse(reason,
                                absl::StrCat(what, whose, state, " at this node; try again later"),
                                std::string(NameOf(kind))));
  };
  switch (met) {
    case Met::kStrangers:
      return refuse(quota::kCallsOfStrangers, " of callers without a known key");
    case Met::kClient:
      return refuse(quota::kCallsOfClient, " of this client");
    case Met::kNode:
    case Met::kRate:
    case Met::kAuthor:
      break;
  }
  return refuse(quota::kCallsOfNode, "");
}

}  // namespace

std::string_view NameOf(CallKind kind) { return kKindNames[At(kind)]; }
std::string_view NameOf(Met met) { return kMetNames[At(met)]; }

Admission::Admission(const quota::Quotas& quotas, const replica::Clock* clock)
    : clock_(clock),
      reads_of_address_(quotas.reads_of_address),
      reads_of_key_(quotas.reads_of_key),
      submissions_of_address_(quotas.submissions_of_address),
      submissions_of_key_(quotas.submissions_of_key),
      refusals_(kRefusalsAtOnce),
      limits_{CallLimit(kReads), CallLimit(kSubmits), CallLimit(kWatches), CallLimit(kAudits),
              CallLimit(kComparisons)},
      answers_(kAnswerBytes),
      held_(kHeldBytes) {}

quota::RateLimit& Admission::RateOf(CallKind kind, const Caller& caller) {
  if (kind == CallKind::kSubmission) {
    return caller.known ? submissions_of_key_ : submissions_of_address_;
  }
  return caller.known ? reads_of_key_ : reads_of_address_;
}

Admission::Answer Admission::Admit(CallKind kind, const Caller& caller) {
  // First what costs least to refuse, and is met by who does not stop.
  if (const auto wait = RateOf(kind, caller).Take(caller.name, clock_->MonotonicUs())) {
    Count(kind, Met::kRate);
    return {nullptr, ToGrpc(quota::Refuse(quota::kRateOfClient,
                                          "this client calls more often than this node allows; "
                                          "try again later",
                                          std::string(NameOf(kind)), *wait))};
  }
  Met met = Met::kNode;
  std::shared_ptr<void> place = limits_[At(kind)].Take(caller, &met);
  if (place != nullptr) return {std::move(place), grpc::Status::OK};
  Count(kind, met);
  return {nullptr, Full(absl::StrCat("too many ", AbslView(NameOf(kind)), " calls"),
                        " are under way", kind, met)};
}

bool Admission::CountRefused(const absl::Status& submission) {
  const auto refusal = quota::RefusalIn(submission);
  if (!refusal) return false;
  const bool of_node = refusal->reason() == quota::kEntriesOfNode;
  Count(CallKind::kSubmission, of_node ? Met::kNode : Met::kAuthor);
  return true;
}

std::shared_ptr<void> Admission::HoldBack(const Caller& caller, std::size_t request_bytes) {
  if (!refusals_.Take(caller.name, clock_->MonotonicUs())) return nullptr;
  return held_.Take(caller, nullptr, kHeldCallBytes + request_bytes);
}

Admission::Answer Admission::MakeRoom(const Caller& caller, std::size_t answer_bytes) {
  if (answer_bytes == 0) return {std::make_shared<int>(), grpc::Status::OK};
  Met met = Met::kNode;
  std::shared_ptr<void> room = answers_.Take(caller, &met, answer_bytes);
  if (room != nullptr) return {std::move(room), grpc::Status::OK};
  Count(CallKind::kRead, met);
  return {nullptr, Full("too many bytes of answers", " wait to be taken", CallKind::kRead, met)};
}

void Admission::Count(CallKind kind, Met met) { ++turned_away_[At(kind)][At(met)]; }

std::vector<TurnedAway> Admission::turned_away() const {
  std::vector<TurnedAway> all;
  for (std::size_t kind = 0; kind < kCallKinds; ++kind) {
    for (std::size_t met = 0; met < kMets; ++met) {
      const bool of_author = static_cast<Met>(met) == Met::kAuthor;
      if (of_author && static_cast<CallKind>(kind) != CallKind::kSubmission) continue;
      all.push_back(
          {static_cast<CallKind>(kind), static_cast<Met>(met), turned_away_[kind][met].load()});
    }
  }
  return all;
}

}  // namespace assent::service
