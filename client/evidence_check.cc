#include "client/evidence_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "assent/v1/proof.pb.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/strict.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/merkle.h"
#include "ledger/receipt/ledger_root.h"
#include "ledger/rules/read.h"

namespace assent::client {
namespace {

// Kinds of evidence.
constexpr std::string_view kVotes = "VOTES";
constexpr std::string_view kProposals = "PROPOSALS";
constexpr std::string_view kCheckpoints = "CHECKPOINTS";

// Of the text of a checkpoint: origin, tree size, root.
constexpr std::size_t kCheckpointLines = 3;

// What a vote key has signed.
struct Statement {
  std::string_view tag;
  std::uint64_t epoch = 0;
  std::uint64_t view = 0;
  std::string_view block;  // empty for a skip
};

absl::Status Wrong(const v1::EvidenceRow& row, std::string_view what) {
  const std::string where =
      row.kind() == kCheckpoints ? " by a checkpoint" : absl::StrCat(" in view ", row.view());
  return absl::DataLossError(absl::StrCat("the evidence against ", row.voter(), where,
                                          " proves nothing: ", AbslView(what)));
}

// Tag, zero byte, ledger, epoch, view, and a block unless it is a skip.
std::optional<Statement> Parse(std::string_view bytes, const LedgerId& ledger) {
  const std::size_t end = bytes.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  Statement statement;
  statement.tag = bytes.substr(0, end);
  const bool known = statement.tag == tag::kNotarize || statement.tag == tag::kSkip ||
                     statement.tag == tag::kFinalize || statement.tag == tag::kProposal;
  ByteReader in(bytes.substr(end + 1));
  const auto of = in.Fixed<LedgerId>();
  statement.epoch = in.U64();
  statement.view = in.U64();
  if (statement.tag != tag::kSkip) statement.block = in.Bytes(Hash::kSize);
  if (!known || !in.AtEnd() || of != ledger) return std::nullopt;
  return statement;
}

// A node makes each kind of statement once in a view, finalizes nothing that it has skipped, and
// finalizes only what it has notarized. Skip and notarize go together.
bool Exclude(const Statement& a, const Statement& b) {
  if ((a.tag == tag::kProposal) != (b.tag == tag::kProposal)) return false;
  if (a.tag == b.tag) return a.block != b.block;
  const bool skips = a.tag == tag::kSkip || b.tag == tag::kSkip;
  const bool finalizes = a.tag == tag::kFinalize || b.tag == tag::kFinalize;
  return finalizes && (skips || a.block != b.block);
}

// What the bytes say, if they are the text of a checkpoint of this ledger.
std::optional<Checkpoint> ParseCheckpoint(const std::string& text, const FoundingAct& act) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  Checkpoint checkpoint{.origin = act.text.origin, .tree_size = 0, .root = {}};
  std::string root;
  if (lines.size() != kCheckpointLines + 1 || !absl::SimpleAtoi(lines[1], &checkpoint.tree_size) ||
      !absl::Base64Unescape(lines[2], &root) || root.size() != Hash::kSize) {
    return std::nullopt;
  }
  checkpoint.root = *Hash::From(root);
  // There is one way to write it.
  return CheckpointText(checkpoint) == text ? std::optional(checkpoint) : std::nullopt;
}

// Ok when the ledger's root for `tree_size` entries is another one.
absl::Status CheckOtherRoot(const v1::EvidenceRow& row, const Checkpoint& said,
                            const FoundingAct& act) {
  Hash root = MerkleEmptyRoot();
  if (said.tree_size > 0) {
    v1::LedgerRoot proof;
    const absl::Status parsed = ParseStrict(row.second_statement(), proof);
    if (!parsed.ok()) return Wrong(row, absl::StrCat("the ledger's root: ", parsed.message()));
    const auto proven = ProveRoot(proof, said.tree_size, act);
    if (!proven.ok()) {
      return Wrong(row, absl::StrCat("the ledger's root: ", proven.status().message()));
    }
    root = *proven;
  }
  return said.root == root ? Wrong(row, "the ledger has the same root") : absl::OkStatus();
}

absl::Status CheckCheckpoints(const v1::EvidenceRow& row, const PublicKey& key,
                              const FoundingAct& act) {
  const auto first = ParseCheckpoint(row.first_statement(), act);
  if (!first) return Wrong(row, "it is no checkpoint of this ledger");
  const auto signature = Signature::From(row.first_signature());
  if (!signature || !VerifyCheckpoint(*first, key, *signature)) {
    return Wrong(row, "a signature is not good");
  }
  if (row.second_signature().empty()) return CheckOtherRoot(row, *first, act);
  const auto second = ParseCheckpoint(row.second_statement(), act);
  if (!second) return Wrong(row, "it is no checkpoint of this ledger");
  const auto other = Signature::From(row.second_signature());
  if (!other || !VerifyCheckpoint(*second, key, *other)) {
    return Wrong(row, "a signature is not good");
  }
  if (first->tree_size != second->tree_size || first->root == second->root) {
    return Wrong(row, "a correct node may make both");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckEvidence(const v1::EvidenceRow& row, const FoundingAct& act) {
  const auto key = PublicKey::From(row.key());
  if (!key) return Wrong(row, "it has no key of the voter under which all of it is signed");
  if (row.kind() == kCheckpoints) return CheckCheckpoints(row, *key, act);
  const auto first = Parse(row.first_statement(), act.ledger_id);
  const auto second = Parse(row.second_statement(), act.ledger_id);
  if (!first || !second) return Wrong(row, "it is no statement of this ledger");
  for (const Statement& statement : {*first, *second}) {
    if (statement.epoch != row.epoch() || statement.view != row.view()) {
      return Wrong(row, "it is of another epoch or view");
    }
  }
  const auto first_signature = Signature::From(row.first_signature());
  const auto second_signature = Signature::From(row.second_signature());
  if (!first_signature || !second_signature ||
      !VerifyRaw(*key, row.first_statement(), *first_signature) ||
      !VerifyRaw(*key, row.second_statement(), *second_signature)) {
    return Wrong(row, "a signature is not good");
  }
  if (!Exclude(*first, *second)) return Wrong(row, "a correct node may make both");
  if (row.kind() != (first->tag == tag::kProposal ? kProposals : kVotes)) {
    return Wrong(row, "it is of another kind");
  }
  return absl::OkStatus();
}

absl::Status CheckVoterKey(const v1::EvidenceRow& row, const StateView& state) {
  const auto voter = MemberCode::From(row.voter());
  const auto history =
      voter ? rules::HistoryOf(state, *voter) : std::vector<rules::SubscriptionView>();
  const bool had = std::ranges::any_of(history, [&row](const rules::SubscriptionView& was) {
    if (!was.member || !was.member->node) return false;
    const rules::MemberNode& node = *was.member->node;
    return row.key() == (row.kind() == kCheckpoints ? node.checkpoint_key : node.vote_key).view();
  });
  return had ? absl::OkStatus() : Wrong(row, "its key was never that of the voter's node");
}

bool IsSaidUpTo(const v1::EvidenceRow& row, const BlockHeader& block, const FoundingAct& act) {
  if (row.kind() == kCheckpoints) {
    const auto said = ParseCheckpoint(row.first_statement(), act);
    return said && said->tree_size <= block.tree_size;
  }
  return std::pair(row.epoch(), row.view()) <= std::pair(block.epoch.value(), block.view.value());
}

}  // namespace assent::client
