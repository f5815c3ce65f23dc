#include "node/replica/catch_up.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace assent::replica {

void CatchUp::PeerHas(const MemberCode& peer, Height height) {
  Height& known = heights_[peer];
  known = std::max(known, height);
}

void CatchUp::Advance(const execution::ExecutedPtr& tip, std::int64_t monotonic_us,
                      const std::optional<MemberCode>& preferred) {
  if (source_) return;
  retry_at_us_.reset();
  const auto may_ask = [&](const MemberCode& peer) {
    const auto failed = failed_at_.find(peer);
    return failed == failed_at_.end() || monotonic_us - failed->second >= kRetryUs;
  };
  std::optional<MemberCode> best;
  if (preferred && may_ask(*preferred)) {
    best = preferred;
  } else {
    for (const auto& [peer, height] : heights_) {
      if (height <= tip->header.height) continue;
      if (!may_ask(peer)) {
        const std::int64_t again_us = failed_at_[peer] + kRetryUs;
        retry_at_us_ = std::min(retry_at_us_.value_or(again_us), again_us);
        continue;
      }
      // One whose last range failed comes after all others, whatever it claims to have.
      const auto rank = [&](const MemberCode& code) {
        return std::pair(!failed_at_.contains(code), heights_[code]);
      };
      if (!best || rank(peer) > rank(*best)) best = peer;
    }
  }
  if (!best) return;
  source_ = best;
  source_faulty_ = false;
  progressed_ = false;
  Forget();
  peers_->RequestBlocks(*best, tip->header.height.next(), kBlocksPerRequest);
}

absl::StatusOr<std::optional<CatchUp::Segment>> CatchUp::OnBlock(
    const MemberCode& from, FinalBlockParts parts, const execution::ExecutedPtr& tip) {
  if (source_ != from || source_faulty_) return std::nullopt;
  // What became final otherwise in the meantime need not be taken again.
  if (parts.header.height <= tip->header.height) return std::nullopt;
  Rebase(tip);

  const execution::ExecutedPtr& parent = held_.empty() ? tip : held_.back();
  const auto fault = [&](const absl::Status& status) {
    source_faulty_ = true;
    Forget();
    return absl::InvalidArgumentError(absl::StrCat("block ", parts.header.height.value(), " from ",
                                                   from.str(), ": ", status.message()));
  };
  if (parts.header.height != parent->header.height.next()) {
    return fault(absl::InvalidArgumentError(
        absl::StrCat("height ", parent->header.height.value() + 1, " was due")));
  }
  for (const EntryPtr& entry : parts.entries) held_bytes_ += entry->size_bytes();
  if (held_.size() >= kUncertifiedMax || held_bytes_ > kUncertifiedBytesMax) {
    return fault(absl::InvalidArgumentError("no certificate in too long a range"));
  }
  auto executed = executor_->Execute(parent, parts.header, std::move(parts.header_bytes),
                                     std::move(parts.entries));
  if (!executed.ok()) return fault(executed.status());
  held_.push_back(*std::move(executed));
  if (!parts.certificate) return std::nullopt;

  const Statement& statement = parts.certificate->statement;
  const BlockHeader& last = held_.back()->header;
  if (statement.kind != VoteKind::kFinalize || statement.block_hash != held_.back()->hash ||
      statement.epoch != last.epoch || statement.view != last.view) {
    return fault(absl::InvalidArgumentError("the certificate is not for this block"));
  }
  progressed_ = true;
  held_bytes_ = 0;
  return Segment{std::exchange(held_, {}), std::move(parts.certificate)};
}

void CatchUp::Rebase(const execution::ExecutedPtr& tip) {
  // What became final otherwise in the meantime need not be held any more.
  const auto above = std::find_if(held_.begin(), held_.end(), [&](const auto& block) {
    return block->header.height > tip->header.height;
  });
  const bool reached = above != held_.begin();
  const bool follows = !reached || (*std::prev(above))->hash == tip->hash;
  held_.erase(held_.begin(), above);
  if (!follows) Forget();
}

void CatchUp::Forget() {
  held_.clear();
  held_bytes_ = 0;
}

void CatchUp::OnEnd(const MemberCode& from, const absl::Status& status, std::int64_t monotonic_us) {
  if (source_ != from) return;
  if (!status.ok() || source_faulty_ || !progressed_) {
    failed_at_[from] = monotonic_us;
  } else {
    failed_at_.erase(from);
  }
  source_.reset();
  Forget();
}

}  // namespace assent::replica
