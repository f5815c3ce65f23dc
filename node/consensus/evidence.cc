#include "node/consensus/evidence.h"

#include <string>

#include "absl/status/status.h"

namespace assent::consensus {
namespace {

void AppendSigned(std::string& out, const Vote& vote) {
  AppendU8(out, static_cast<std::uint8_t>(vote.statement.kind));
  out += vote.statement.block_hash.view();
  out += vote.signature.view();
}

bool ReadSigned(ByteReader& in, Vote& vote) {
  const std::uint8_t kind = in.U8();
  if (kind < 1 || kind > 3) return false;
  vote.statement.kind = static_cast<VoteKind>(kind);
  vote.statement.block_hash = in.Fixed<Hash>();
  vote.signature = in.Fixed<Signature>();
  return in.ok();
}

}  // namespace

bool Conflict(const Statement& a, const Statement& b) {
  if (a.epoch != b.epoch || a.view != b.view) return false;
  if (a.kind == b.kind) return a.block_hash != b.block_hash;
  if (a.kind == VoteKind::kSkip) return b.kind == VoteKind::kFinalize;
  if (b.kind == VoteKind::kSkip) return a.kind == VoteKind::kFinalize;
  return a.block_hash != b.block_hash;
}

std::string EncodeEvidence(const Evidence& evidence) {
  std::string out;
  AppendU8(out, static_cast<std::uint8_t>(evidence.kind));
  AppendU64(out, evidence.first.statement.epoch.value());
  AppendU64(out, evidence.first.statement.view.value());
  AppendU64(out, evidence.first.voter);
  AppendSigned(out, evidence.first);
  AppendSigned(out, evidence.second);
  return out;
}

absl::StatusOr<Evidence> ParseEvidence(std::string_view bytes) {
  ByteReader in(bytes);
  Evidence evidence;
  const std::uint8_t kind = in.U8();
  if (kind != 1 && kind != 2) return absl::InvalidArgumentError("evidence has no known kind");
  evidence.kind = static_cast<Evidence::Kind>(kind);
  Vote both;
  both.statement.epoch = Epoch(in.U64());
  both.statement.view = View(in.U64());
  both.voter = in.U64();
  evidence.first = evidence.second = both;
  if (!ReadSigned(in, evidence.first) || !ReadSigned(in, evidence.second) || !in.AtEnd()) {
    return absl::InvalidArgumentError("evidence has not the size of its form");
  }
  return evidence;
}

}  // namespace assent::consensus
