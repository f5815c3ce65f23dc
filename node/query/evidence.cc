#include "node/query/evidence.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/membership/certificate.h"
#include "ledger/rules/read.h"
#include "ledger/types.h"

namespace assent::query {
namespace {

// What the evidence store has: see EncodeEvidence in node/consensus/evidence.h. Its keys are
// "vote/<code>/<epoch>/<view>/<hash>".
constexpr std::string_view kVotePrefix = "vote/";
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

}  // namespace

absl::Status AnswerEvidence(const replica::ReadView& view, std::size_t rows_max,
                            std::string& cursor, v1::AskResponse& response) {
  const std::string from = std::exchange(cursor, "");
  const LedgerId& ledger = view.tip().header.ledger_id;
  absl::Status damaged;
  const absl::Status scanned = view.ScanEvidence([&](std::string_view key, std::string_view value) {
    if (key < from || !key.starts_with(kVotePrefix)) return true;
    if (static_cast<std::size_t>(response.rows_size()) == rows_max) {
      cursor = key;
      return false;
    }
    const std::string_view rest = key.substr(kVotePrefix.size());
    const auto voter = MemberCode::From(rest.substr(0, rest.find('/')));
    const auto pair = Parse(value, ledger);
    if (!voter || !pair) {
      damaged = absl::DataLossError("the database is damaged: evidence cannot be read");
      return false;
    }
    *response.add_rows() = RowOf(view.state(), *voter, *pair);
    return true;
  });
  return damaged.ok() ? scanned : damaged;
}

}  // namespace assent::query
