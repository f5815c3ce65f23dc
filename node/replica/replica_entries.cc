// Entries: submitted here, passed on, and what their submitters are told.
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"
#include "ledger/rules/rules.h"
#include "node/quota/refusal.h"
#include "node/replica/replica.h"

namespace assent::replica {

namespace {

// The rules' reason for an entry that comes before the one it continues.
constexpr std::string_view kSequenceGap = "SEQUENCE_GAP";

rules::Refusal AlreadyOnLedger(const EntryHeader& header, Sequence newest) {
  return {"SEQUENCE_ALREADY_USED",
          absl::StrCat("sequence ", header.sequence.value(), " of ", header.author.str(),
                       " is already on the ledger (next is ", newest.next().value(), ")"),
          "sequence"};
}

}  // namespace

pool::AddResult Replica::AddToPool(const EntryPtr& entry, std::optional<quota::RateLimit>& rate) {
  const Time now = clock_->Wall();
  if (!rate) return pool_.Add(entry, now);
  return pool_.Add(entry, now, pool::Rate{&*rate, clock_->MonotonicUs()});
}

void Replica::OnPeer(const MemberCode&, WaitingEntries entries) {
  for (const EntryPtr& entry : entries.entries) {
    // What is refused here was checked by the node that passed it on; its view may be older or
    // newer. What comes too fast stays with that node, which proposes it when it leads.
    if (AddToPool(entry, passed_on_rate_).admission == pool::Admission::kTaken) {
      work_arrived_ = true;
    }
  }
}

void Replica::On(Submitted input) {
  const EntryHeader header = input.entry->header();
  if (!Offer(std::move(input), true)) return;
  Sequence sequence = header.sequence;
  for (auto next = early_.TakeNext(header.author, sequence); !next.empty();
       next = early_.TakeNext(header.author, sequence)) {
    sequence = sequence.next();
    for (Submitted& waiting : next) Offer(std::move(waiting), false);
  }
}

// What others know to be final may not be known here yet.
bool Replica::MayLag() const {
  const std::size_t others = voters().quorum() - (position_ ? 1 : 0);
  if (greeted_.size() < others) return true;
  // One of so many is honest; a liar alone could keep this node from ever refusing anything.
  std::size_t ahead = 0;
  for (const auto& [peer, height] : catch_up_.peer_heights()) {
    if (height > tip_->header.height && voters().Find(peer)) ++ahead;
  }
  return ahead > voters().faults();
}

bool Replica::Offer(Submitted submitted, bool may_wait) {
  const EntryPtr entry = submitted.entry;
  pool::AddResult result = AddToPool(entry, submitted_rate_);
  switch (result.admission) {
    case pool::Admission::kTaken:
      to_pass_on_.push_back(entry);
      work_arrived_ = true;
      [[fallthrough]];
    case pool::Admission::kWaiting:
      if (!submitted.wait_until_final) {
        submitted.done({absl::OkStatus(), std::nullopt, std::nullopt});
      } else if (!submissions_.Add(entry->leaf_hash(), submitted.done)) {
        submitted.done({absl::UnavailableError("too many callers wait; submit again later"),
                        std::nullopt, std::nullopt});
      }
      return true;
    case pool::Admission::kFinal:
      AnswerFinal(std::move(submitted));
      return true;
    case pool::Admission::kRefused:
      if (result.refusal->reason == kSequenceGap && may_wait &&
          early_.Add(submitted, clock_->MonotonicUs())) {
        return false;
      }
      if (MayLag()) {
        submitted.done({absl::UnavailableError(absl::StrCat(
                            "this node is still catching up with the ledger, and does not know yet "
                            "whether ",
                            result.refusal->reason, " holds; submit again later")),
                        std::nullopt, std::nullopt});
        return true;
      }
      submitted.done({absl::OkStatus(), std::move(result.refusal), std::nullopt});
      return true;
    case pool::Admission::kFull:
      submitted.done(
          {quota::Refuse(quota::kEntriesOfAuthor,
                         absl::StrCat("too many entries of ", entry->header().author.str(),
                                      " wait to be ordered; submit again later"),
                         entry->header().author.str()),
           std::nullopt, std::nullopt});
      return true;
    case pool::Admission::kTooFast:
      submitted.done(
          {quota::Refuse(quota::kRateOfAuthor,
                         absl::StrCat(entry->header().author.str(), " files faster than ",
                                      config_.author_entries_per_second,
                                      " entries a second, which this node takes of one author; "
                                      "submit again later"),
                         entry->header().author.str(), result.retry_after),
           std::nullopt, std::nullopt});
      return true;
  }
  return true;
}

void Replica::AnswerFinal(Submitted submitted) {
  const EntryHeader& header = submitted.entry->header();
  const auto index = committed_.view().IndexOf(header.author, header.sequence);
  const auto stored =
      index.ok() ? committed_.view().EntryAt(*index) : absl::StatusOr<EntryPtr>(index.status());
  if (!stored.ok()) {
    submitted.done({stored.status(), std::nullopt, std::nullopt});
  } else if ((*stored)->leaf_hash() == submitted.entry->leaf_hash()) {
    submitted.done({absl::OkStatus(), std::nullopt, *index});
  } else {
    const AuthorHead head = rules::HeadOf(committed_, header.author);
    submitted.done({absl::OkStatus(), AlreadyOnLedger(header, head.sequence), std::nullopt});
  }
}

void Replica::On(HeadAsked input) { input.done(pool_.HeadOf(input.author)); }

void Replica::Answer(const std::vector<pool::Dropped>& dropped) {
  for (const pool::Dropped& drop : dropped) {
    for (SubmitDone& done : submissions_.Take(drop.entry->leaf_hash())) {
      done({absl::OkStatus(), drop.refusal, std::nullopt});
    }
  }
}

// What waits and comes next, once more, authors in turns. It goes after votes and certificates,
// and is bounded, so that it does not fill the queue before them.
void Replica::Repeat(const std::optional<MemberCode>& to) {
  SendEntries(pool_.Select(kResendEntriesMax, kResendBytesMax, tip_->heads, core_->view().value()),
              to);
}

void Replica::SendEntries(const std::vector<EntryPtr>& entries,
                          const std::optional<MemberCode>& to) {
  WaitingEntries message;
  std::size_t bytes = 0;
  const auto flush = [&] {
    if (message.entries.empty()) return;
    outbox_.emplace_back(to, epoch_->codec.Encode(PeerMessage(std::exchange(message, {}))));
    bytes = 0;
  };
  for (const EntryPtr& entry : entries) {
    if (message.entries.size() == kEntriesPerMessageMax ||
        bytes + entry->size_bytes() > kEntryBytesPerMessageMax) {
      flush();
    }
    message.entries.push_back(entry);
    bytes += entry->size_bytes();
  }
  flush();
}

// What was submitted here leaves at once: it needs no write before it.
void Replica::PassOn() {
  if (to_pass_on_.empty()) return;
  auto later = std::exchange(outbox_, {});
  SendEntries(std::exchange(to_pass_on_, {}), std::nullopt);
  for (auto& [to, bytes] : std::exchange(outbox_, std::move(later))) SendToAll(std::move(bytes));
}

}  // namespace assent::replica
