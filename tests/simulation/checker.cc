#include "tests/simulation/checker.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"

namespace assent::simulation {

void Checker::OnCommit(NodeId node, const consensus::Block& block, const Certificate* certificate,
                       const std::vector<std::string>& tail) {
  if (!honest_.contains(node)) return;
  const std::uint64_t height = block.header.height.value();
  if (height != HeightOf(node) + 1) {
    Fail(absl::StrCat("node ", node, " committed height ", height, " after ", HeightOf(node)));
    return;
  }
  committed_[node] = height;
  const auto [at, fresh] = chain_.emplace(height, block.hash);
  if (at->second != block.hash) {
    Fail(absl::StrCat("agreement: node ", node, " has another block at height ", height));
    return;
  }
  if (certificate != nullptr) CheckCertificate(block, *certificate, tail);
  if (!fresh) return;
  if (height > 1 && chain_.at(height - 1) != block.header.parent) {
    Fail(absl::StrCat("ancestry: height ", height, " does not follow the one before"));
  }
  if (BlockHash(EncodeBlockHeader(block.header)) != block.hash) {
    Fail(absl::StrCat("ancestry: height ", height, " is not what its hash says"));
  }
  for (const EntryPtr& entry : block.entries) {
    if (!places_.emplace(entry->leaf_hash(), places_.size()).second) {
      Fail(absl::StrCat("validity: an entry is in the log twice, again at height ", height));
    }
  }
  if (!read) return;
  if (auto wrong = read(block)) Fail(*std::move(wrong));
}

// More than two thirds, counted in thirds; and, of the first node that has the block, every
// signature. A closing block may be final by the certificate of an empty one that follows it.
void Checker::CheckCertificate(const consensus::Block& block, const Certificate& certificate,
                               const std::vector<std::string>& tail) {
  const bool first = certified_.insert(block.hash).second;
  Hash last = block.hash;
  View view = block.header.view;
  for (const std::string& bytes : tail) {
    const auto header = ParseBlockHeader(bytes);
    if (block.header.kind != BlockKind::kClosing || !header.ok() ||
        header->kind != BlockKind::kTail || header->epoch != block.header.epoch ||
        header->parent != last || header->view <= view ||
        header->tree_root != block.header.tree_root) {
      Fail(
          absl::StrCat("quorum: height ", block.header.height.value(), " has a tail that is none"));
      return;
    }
    last = BlockHash(bytes);
    view = header->view;
  }
  const Statement expected{VoteKind::kFinalize, block.header.epoch, view, last};
  const auto voters = keys(block.header.epoch);
  if (!voters) {
    Fail(absl::StrCat("epochs: height ", block.header.height.value(), " is of epoch ",
                      block.header.epoch.value(), ", which has not begun"));
    return;
  }
  std::set<std::size_t> good;
  for (const auto& [voter, signature] : certificate.votes) {
    if (voter >= voters->size()) continue;
    if (first && !VerifyStatement(expected, ledger_, (*voters)[voter], signature)) continue;
    good.insert(voter);
  }
  if (certificate.statement != expected || 3 * good.size() <= 2 * voters->size()) {
    Fail(absl::StrCat("quorum: height ", block.header.height.value(), " is final by ", good.size(),
                      " of ", voters->size(), " votes"));
  }
}

void Checker::OnStart(NodeId node, Height height, const Hash& hash) {
  if (!honest_.contains(node)) return;
  if (height.value() < HeightOf(node)) {
    Fail(absl::StrCat("durability: node ", node, " had committed height ", HeightOf(node),
                      " and came up with ", height.value()));
  } else if (height.value() > 0 && chain_.at(height.value()) != hash) {
    Fail(absl::StrCat("durability: node ", node, " came up with another block"));
  }
}

void Checker::OnVote(NodeId node, const Statement& statement) {
  if (!honest_.contains(node)) return;
  ++votes_seen_[node];
  const std::pair at(node, At(statement.epoch.value(), statement.view.value()));
  const auto differs = [&](const auto& votes) {
    const auto found = votes.find(at);
    return found != votes.end() && found->second != statement.block_hash;
  };
  bool wrong = false;
  switch (statement.kind) {
    case VoteKind::kNotarize:
      wrong = differs(notarized_) || differs(finalized_);
      notarized_.emplace(at, statement.block_hash);
      break;
    case VoteKind::kSkip:
      wrong = finalized_.contains(at);
      skipped_.insert(at);
      break;
    case VoteKind::kFinalize:
      // Its Notarize vote may have been written and lost in a crash before anybody saw it.
      wrong = skipped_.contains(at) || differs(finalized_) || differs(notarized_);
      finalized_.emplace(at, statement.block_hash);
      break;
  }
  if (wrong) {
    Fail(absl::StrCat("votes: node ", node, " contradicts itself in view ", at.second.second,
                      " of epoch ", at.second.first, " with ",
                      AbslView(VoteKindName(statement.kind))));
  }
}

void Checker::OnProposal(NodeId node, const BlockHeader& header, const Hash& hash) {
  if (!honest_.contains(node)) return;
  const std::pair at(node, At(header.epoch.value(), header.view.value()));
  if (proposed_.emplace(at, hash).first->second != hash) {
    Fail(absl::StrCat("votes: node ", node, " proposes two blocks in view ", at.second.second));
  }
}

void Checker::OnBroken(NodeId node, const std::string& what) {
  if (honest_.contains(node)) Fail(absl::StrCat("node ", node, " gave up: ", what));
}

void Checker::OnEvidence(NodeId node, NodeId accused) {
  ++evidence_;
  if (honest_.contains(node) && honest_.contains(accused)) {
    Fail(absl::StrCat("evidence: node ", node, " accuses node ", accused, ", which is honest"));
  }
}

void Checker::OnAnswer(NodeId node, const Hash& leaf, EntryIndex index) {
  if (!honest_.contains(node)) return;
  ++answers_;
  told_[node] = std::max(told_[node], index.value() + 1);
  if (PlaceOf(leaf) != index.value()) {
    Fail(absl::StrCat("durability: node ", node, " told a client that its entry is final at ",
                      index.value(), ", and it is not there"));
  }
}

std::optional<std::uint64_t> Checker::PlaceOf(const Hash& leaf) const {
  const auto found = places_.find(leaf);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

std::uint64_t Checker::HeightOf(NodeId node) const {
  const auto found = committed_.find(node);
  return found == committed_.end() ? 0 : found->second;
}

}  // namespace assent::simulation
