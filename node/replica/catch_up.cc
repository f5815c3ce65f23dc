#include "node/replica/catch_up.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/receipt/header_chain.h"

namespace assent::replica {
namespace {

std::size_t SizeBytes(const FinalBlockParts& block) {
  std::size_t bytes = 0;
  for (const EntryPtr& entry : block.entries) bytes += entry->size_bytes();
  return bytes;
}

}  // namespace

std::int64_t CatchUp::Peer::again_us() const {
  if (failures == 0) return 0;
  constexpr int kDoublingsMax = 6;
  const std::int64_t wait_us = kRetryFirstUs << std::min(failures - 1, kDoublingsMax);
  return failed_us + std::min(wait_us, kRetryMaxUs);
}

std::int64_t CatchUp::Source::late_us() const {
  return std::min(progress_us + kStallUs, since_us + kRangeUs);
}

void CatchUp::PeerHas(const MemberCode& peer, Height height) {
  Height& known = known_[peer].height;
  known = std::max(known, height);
}

std::map<MemberCode, Height> CatchUp::peer_heights() const {
  std::map<MemberCode, Height> heights;
  for (const auto& [code, peer] : known_) heights.emplace(code, peer.height);
  return heights;
}

std::optional<std::int64_t> CatchUp::deadline_us() const {
  return source_ ? source_->late_us() : retry_at_us_;
}

void CatchUp::Advance(const execution::ExecutedPtr& tip, std::int64_t monotonic_us,
                      const std::optional<MemberCode>& preferred) {
  if (source_ && monotonic_us >= source_->late_us()) Leave(monotonic_us);
  if (source_) return;
  retry_at_us_.reset();
  std::optional<MemberCode> best;
  if (preferred && known_[*preferred].again_us() <= monotonic_us) {
    best = preferred;
  } else {
    // Who has failed comes after all others, whatever it claims to have.
    const auto rank = [&](const MemberCode& code) {
      const Peer& peer = known_.at(code);
      return std::pair(-peer.failures, peer.height);
    };
    for (const auto& [code, peer] : known_) {
      if (peer.height <= tip->header.height) continue;
      if (peer.again_us() > monotonic_us) {
        retry_at_us_ = std::min(retry_at_us_.value_or(peer.again_us()), peer.again_us());
        continue;
      }
      if (!best || rank(code) > rank(*best)) best = code;
    }
  }
  if (!best) return;
  Forget();
  source_ = Source{*best, monotonic_us, monotonic_us, false};
  peers_->RequestBlocks(*best, tip->header.height.next(), kBlocksPerRequest);
}

absl::StatusOr<std::optional<CatchUp::Segment>> CatchUp::OnBlock(const MemberCode& from,
                                                                 FinalBlockParts parts,
                                                                 const execution::ExecutedPtr& tip,
                                                                 std::int64_t monotonic_us,
                                                                 const absl::Status& act) {
  if (!source_ || source_->peer != from) return std::nullopt;
  // What became final otherwise in the meantime need not be taken again.
  if (parts.header.height <= tip->header.height) return std::nullopt;
  Rebase(tip);

  const Height height = parts.header.height;
  const auto fault = [&](const absl::Status& status) {
    Leave(monotonic_us);
    return absl::InvalidArgumentError(
        absl::StrCat("block ", height.value(), " from ", from.str(), ": ", status.message()));
  };
  const Height before = held_.empty() ? tip->header.height : held_.back().header.height;
  if (height != before.next()) {
    return fault(
        absl::InvalidArgumentError(absl::StrCat("height ", before.value() + 1, " was due")));
  }
  if (parts.header.parent != (held_.empty() ? tip->hash : held_hash_)) {
    return fault(absl::InvalidArgumentError("it does not follow the block before"));
  }
  if (parts.restarted != nullptr) {
    if (parts.restarted->hash != parts.header.parent ||
        parts.restarted->epoch != parts.header.epoch) {
      return fault(absl::InvalidArgumentError("its act is not that by which its epoch began"));
    }
    if (!act.ok()) return fault(act);
    return ByAct(tip, parts.restarted, monotonic_us);
  }
  held_bytes_ += SizeBytes(parts);
  if (held_.size() >= kUncertifiedMax || held_bytes_ > kUncertifiedBytesMax) {
    return fault(absl::InvalidArgumentError("no certificate in too long a range"));
  }
  held_hash_ = parts.hash;
  held_.push_back(std::move(parts));
  consensus::CertificatePtr certificate = held_.back().certificate;
  if (certificate == nullptr && ends_at_ == held_hash_) return ByAct(tip, nullptr, monotonic_us);
  if (certificate == nullptr) return std::nullopt;

  const FinalBlockParts& closed = held_.back();
  const auto last =
      LastOfChain({closed.header, closed.hash}, {closed.tail.begin(), closed.tail.end()});
  if (!last.ok()) return fault(last.status());
  if (certificate->statement !=
      Statement{VoteKind::kFinalize, last->header.epoch, last->header.view, last->hash}) {
    return fault(absl::InvalidArgumentError("the certificate is not for this block"));
  }
  auto segment = Execute(tip, std::move(certificate));
  // The certificate speaks for the headers, whoever sent the entries.
  if (absl::IsFailedPrecondition(segment.status())) return fault(segment.status());
  if (!segment.ok()) {
    return absl::DataLossError(absl::StrCat(
        "a quorum has certified a block that is not valid here: ", segment.status().message()));
  }
  source_->progress_us = monotonic_us;
  source_->progressed = true;
  return *std::move(segment);
}

absl::StatusOr<CatchUp::Segment> CatchUp::Execute(const execution::ExecutedPtr& tip,
                                                  consensus::CertificatePtr certificate) {
  Segment segment;
  execution::ExecutedPtr parent = tip;
  for (FinalBlockParts& block : held_) {
    // Blocks of no later epoch than the present one come here.
    const bool restarted = block.header.epoch > EpochAfter(parent->header);
    auto executed =
        executor_->Execute(parent, block.header, std::move(block.header_bytes), block.entries,
                           restarted ? std::optional(block.header.epoch) : std::nullopt);
    if (!executed.ok()) return executed.status();
    parent = *executed;
    segment.blocks.push_back(*std::move(executed));
  }
  if (!held_.empty()) segment.tail = std::move(held_.back().tail);
  Forget();
  segment.certificate = std::move(certificate);
  return segment;
}

absl::StatusOr<std::optional<CatchUp::Segment>> CatchUp::ByAct(const execution::ExecutedPtr& tip,
                                                               RestartPtr act,
                                                               std::int64_t monotonic_us) {
  auto segment = Execute(tip, nullptr);
  if (!segment.ok()) {
    Leave(monotonic_us);
    return absl::InvalidArgumentError(absl::StrCat(
        "blocks up to one that an act of the members names: ", segment.status().message()));
  }
  segment->restart = std::move(act);
  source_->progress_us = monotonic_us;
  source_->progressed = true;
  return *std::move(segment);
}

void CatchUp::Rebase(const execution::ExecutedPtr& tip) {
  // What became final otherwise in the meantime need not be held any more.
  const auto above = std::ranges::find_if(
      held_, [&](const auto& block) { return block.header.height > tip->header.height; });
  const bool reached = above != held_.begin();
  const bool follows = !reached || std::prev(above)->hash == tip->hash;
  std::for_each(held_.begin(), above,
                [this](const FinalBlockParts& block) { held_bytes_ -= SizeBytes(block); });
  held_.erase(held_.begin(), above);
  if (!follows) Forget();
}

void CatchUp::Forget() {
  held_.clear();
  held_bytes_ = 0;
}

void CatchUp::Leave(std::int64_t monotonic_us) {
  const MemberCode peer = std::exchange(source_, std::nullopt)->peer;
  Failed(peer, monotonic_us);
  Forget();
  peers_->CancelBlocks(peer);
}

void CatchUp::Failed(const MemberCode& peer, std::int64_t monotonic_us) {
  ++known_[peer].failures;
  known_[peer].failed_us = monotonic_us;
}

void CatchUp::OnEnd(const MemberCode& from, const absl::Status& status, std::int64_t monotonic_us) {
  if (!source_ || source_->peer != from) return;
  if (status.ok() && source_->progressed) {
    known_[from].failures = 0;
  } else {
    Failed(from, monotonic_us);
  }
  source_.reset();
  Forget();
}

}  // namespace assent::replica
