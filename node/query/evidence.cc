#include "node/query/evidence.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/block/header.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/certificate.h"
#include "ledger/rules/read.h"
#include "ledger/rules/read_parameters.h"
#include "ledger/types.h"
#include "node/query/limits.h"
#include "node/query/proofs.h"

namespace assent::query {
namespace {

// What the evidence store has: see EncodeEvidence in node/consensus/evidence.h. Its keys are
// "vote/<code>/<epoch>/<view>/<hash>", and "checkpoint/<code>/<tree size>" (CheckpointBook).
constexpr std::string_view kVotePrefix = "vote/";
constexpr std::string_view kCheckpointPrefix = "checkpoint/";
constexpr std::uint8_t kVotes = 1;
constexpr std::uint8_t kProposals = 2;

struct Signed {
  std::string statement;  // the bytes that were signed
  Signature signature;
};

struct Pair {
  std::uint8_t kind = 0;
  Epoch epoch;
  View view;
  Signed first;
  Signed second;
};

std::optional<std::string_view> TagOf(std::uint8_t pair_kind, std::uint8_t vote_kind) {
  if (pair_kind == kProposals) return tag::kProposal;
  switch (static_cast<VoteKind>(vote_kind)) {
    case VoteKind::kNotarize:
      return tag::kNotarize;
    case VoteKind::kSkip:
      return tag::kSkip;
    case VoteKind::kFinalize:
      return tag::kFinalize;
  }
  return std::nullopt;
}

// Tag, zero byte, ledger, epoch, view and, but for a skip, the block (docs/protocol.md).
bool ReadSigned(ByteReader& in, const Pair& pair, const LedgerId& ledger, Signed& out) {
  const std::uint8_t vote_kind = in.U8();
  const auto block = in.Fixed<Hash>();
  out.signature = in.Fixed<Signature>();
  const auto tag = TagOf(pair.kind, vote_kind);
  if (!tag) return false;
  out.statement = *tag;
  out.statement += '\0';
  out.statement += ledger.view();
  AppendU64(out.statement, pair.epoch.value());
  AppendU64(out.statement, pair.view.value());
  const bool names_block =
      pair.kind == kProposals || static_cast<VoteKind>(vote_kind) != VoteKind::kSkip;
  if (names_block) out.statement += block.view();
  return true;
}

std::optional<Pair> Parse(std::string_view bytes, const LedgerId& ledger) {
  ByteReader in(bytes);
  Pair pair;
  pair.kind = in.U8();
  pair.epoch = Epoch(in.U64());
  pair.view = View(in.U64());
  in.U64();  // the voter's place in its epoch: the key has its code
  if (pair.kind != kVotes && pair.kind != kProposals) return std::nullopt;
  if (!ReadSigned(in, pair, ledger, pair.first)) return std::nullopt;
  if (!ReadSigned(in, pair, ledger, pair.second) || !in.AtEnd()) return std::nullopt;
  return pair;
}

// The vote key of the state, present or former, under which both signatures are good.
std::optional<PublicKey> KeyOf(const StateView& state, const MemberCode& voter, const Pair& pair) {
  for (const rules::SubscriptionView& was : rules::HistoryOf(state, voter)) {
    if (!was.member || !was.member->node) continue;
    const PublicKey& key = was.member->node->vote_key;
    if (VerifyRaw(key, pair.first.statement, pair.first.signature) &&
        VerifyRaw(key, pair.second.statement, pair.second.signature)) {
      return key;
    }
  }
  return std::nullopt;
}

v1::AnswerRow RowOf(const StateView& state, const MemberCode& voter, const Pair& pair) {
  v1::AnswerRow row;
  v1::EvidenceRow& said = *row.mutable_evidence();
  said.set_voter(voter.str());
  said.set_kind(pair.kind == kProposals ? "PROPOSALS" : "VOTES");
  said.set_epoch(pair.epoch.value());
  said.set_view(pair.view.value());
  said.set_first_statement(pair.first.statement);
  said.set_first_signature(pair.first.signature.str());
  said.set_second_statement(pair.second.statement);
  said.set_second_signature(pair.second.signature.str());
  if (const auto key = KeyOf(state, voter, pair)) said.set_key(key->str());
  return row;
}

// Checkpoints.

// Of one tree, as the evidence store has it.
struct SignedRoot {
  std::uint64_t tree_size = 0;
  Hash root;
  Signature signature;
};

// See node/replica/checkpoint_book.h: a false one, or two that exclude each other.
std::vector<SignedRoot> ParseRoots(std::string_view bytes) {
  ByteReader in(bytes);
  std::vector<SignedRoot> roots;
  do {
    in.U64();  // the height, which is not signed
    SignedRoot& root = roots.emplace_back();
    root.tree_size = in.U64();
    root.root = in.Fixed<Hash>();
    root.signature = in.Fixed<Signature>();
  } while (in.ok() && !in.AtEnd() && roots.size() < 2);
  const bool same_size = roots.front().tree_size == roots.back().tree_size;
  return in.ok() && in.AtEnd() && same_size ? roots : std::vector<SignedRoot>();
}

// The checkpoint key of the state, present or former, under which all are signed.
std::optional<PublicKey> CheckpointKeyOf(const StateView& state, const MemberCode& voter,
                                         const std::string& origin,
                                         const std::vector<SignedRoot>& roots) {
  for (const rules::SubscriptionView& was : rules::HistoryOf(state, voter)) {
    if (!was.member || !was.member->node) continue;
    const PublicKey& key = was.member->node->checkpoint_key;
    if (std::all_of(roots.begin(), roots.end(), [&](const SignedRoot& one) {
          return VerifyCheckpoint({origin, one.tree_size, one.root}, key, one.signature);
        })) {
      return key;
    }
  }
  return std::nullopt;
}

absl::StatusOr<v1::AnswerRow> RowOf(const replica::ReadView& view, const MemberCode& voter,
                                    const std::vector<SignedRoot>& roots) {
  const std::string origin = rules::OriginOf(view.state());
  const auto text = [&](const SignedRoot& one) {
    return CheckpointText({origin, one.tree_size, one.root});
  };
  v1::AnswerRow row;
  v1::EvidenceRow& said = *row.mutable_evidence();
  said.set_voter(voter.str());
  said.set_kind("CHECKPOINTS");
  said.set_first_statement(text(roots.front()));
  said.set_first_signature(roots.front().signature.str());
  if (const auto key = CheckpointKeyOf(view.state(), voter, origin, roots)) {
    said.set_key(key->str());
  }
  if (roots.size() == 2) {
    said.set_second_statement(text(roots.back()));
    said.set_second_signature(roots.back().signature.str());
  } else if (roots.front().tree_size > 0) {
    const auto proof = ProveRoot(view, roots.front().tree_size);
    if (!proof.ok()) return proof.status();
    said.set_second_statement(proof->SerializeAsString());
  }
  return row;
}

absl::Status Damaged() {
  return absl::DataLossError("the database is damaged: evidence cannot be read");
}

bool IsAfter(const Pair& pair, const BlockHeader& block) {
  return std::tie(pair.epoch, pair.view) > std::tie(block.epoch, block.view);
}

// Of what stands under a key of the evidence store; nothing when it is about a later time than
// `until`, if that is given.
absl::StatusOr<std::optional<v1::AnswerRow>> Read(const replica::ReadView& view,
                                                  const BlockHeader* until, std::string_view prefix,
                                                  std::string_view key, std::string_view value) {
  const std::string_view rest = key.substr(prefix.size());
  const auto voter = MemberCode::From(rest.substr(0, rest.find('/')));
  if (!voter) return Damaged();
  if (prefix == kCheckpointPrefix) {
    const auto roots = ParseRoots(value);
    if (roots.empty()) return Damaged();
    if (until != nullptr && roots.front().tree_size > until->tree_size) return std::nullopt;
    return RowOf(view, *voter, roots);
  }
  const auto pair = Parse(value, view.tip().header.ledger_id);
  if (!pair) return Damaged();
  if (until != nullptr && IsAfter(*pair, *until)) return std::nullopt;
  return RowOf(view.state(), *voter, *pair);
}

}  // namespace

absl::Status AnswerEvidence(const replica::ReadView& view, const BlockHeader* until,
                            std::size_t rows_max, std::string& cursor, v1::AskResponse& response) {
  const std::string from = std::exchange(cursor, "");
  std::size_t bytes = 0;
  absl::Status failed;
  const absl::Status scanned = view.ScanEvidence([&](std::string_view key, std::string_view value) {
    const bool known = key.starts_with(kCheckpointPrefix) || key.starts_with(kVotePrefix);
    if (key < from || !known) return true;
    if (static_cast<std::size_t>(response.rows_size()) == rows_max || bytes > kPageBytesMax) {
      cursor = key;
      return false;
    }
    absl::StatusOr<std::optional<v1::AnswerRow>> row = Read(
        view, until, key.starts_with(kVotePrefix) ? kVotePrefix : kCheckpointPrefix, key, value);
    if (!row.ok()) {
      failed = row.status();
      return false;
    }
    if (!row->has_value()) return true;
    bytes += (*row)->ByteSizeLong();
    *response.add_rows() = **std::move(row);
    return true;
  });
  return failed.ok() ? scanned : failed;
}

}  // namespace assent::query
