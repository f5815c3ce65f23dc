#include "ledger/receipt/make_proofs.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/block/digests.h"
#include "ledger/block/header.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"

namespace assent {
namespace {

constexpr std::size_t kStatesMax = 65'536;  // of which the ledger says anything, for a receipt

absl::Status CheckTree(const LogView& log, std::uint64_t size) {
  const std::uint64_t newest = log.tree_size();
  if (size <= newest) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("a tree of ", size, " entries is not final here yet: the log has ", newest));
}

absl::StatusOr<std::vector<Hash>> ProveLeaf(const LogView& log, std::uint64_t index,
                                            std::uint64_t size) {
  return InclusionProof(index, size, [&](std::uint8_t level, std::uint64_t node) {
    return log.MerkleNodeAt(level, node);
  });
}

// The headers after `block` up to the one that has a certificate, that certificate, and how the
// voters of the founding act came to be those who signed it. `proof` is any message that has these.
template <class Proof>
absl::Status AddFinality(const LogView& log, const StoredBlock& block, Proof& proof) {
  const Height height = block.header.height;
  const absl::StatusOr<Height> certified = log.CertifiedAtOrAfter(height);
  if (absl::IsNotFound(certified.status()) ||
      (certified.ok() && certified->value() - height.value() > kDescendantsMax)) {
    return absl::UnavailableError(
        absl::StrCat("the certificate for block ", height.value(), " is not here yet: try again"));
  }
  if (!certified.ok()) return certified.status();
  StoredBlock last = block;
  for (Height next = height.next(); next <= *certified; next = next.next()) {
    absl::StatusOr<StoredBlock> descendant = log.BlockAt(next);
    if (!descendant.ok()) return descendant.status();
    last = *std::move(descendant);
    proof.add_descendants(last.header_bytes);
  }
  for (std::string& header : last.tail) proof.add_descendants(std::move(header));
  proof.set_certificate(std::move(last.certificate));
  return AddEpochs(log, last.header.epoch, *proof.mutable_epochs());
}

// Does the founding act give its author the key of this entry?
bool IsByFirstKey(const StateView& state, const EntryHeader& entry) {
  const auto history = rules::HistoryOf(state, entry.author);
  if (history.empty() || history.front().since_index != EntryIndex(0)) return false;
  const auto& member = history.front().member;
  return member && member->authority_key &&
         KeyIdOf(*member->authority_key) == entry.authority_key_id;
}

// The members and their keys after this block.
std::vector<MemberIdentity> MembersAfter(const StateView& state, const BlockHeader& block) {
  std::vector<MemberIdentity> members;
  for (const rules::SubscriptionView& view :
       rules::SubscriptionsAfter(state, kStatesMax, MemberCode(), block.time)) {
    if (!view.member) continue;
    members.push_back(
        {view.code, view.member->authority_key.value_or(PublicKey()), view.member->membership});
  }
  return members;
}

bool HaveKeyOf(const std::vector<MemberIdentity>& members, const EntryHeader& entry) {
  return std::any_of(members.begin(), members.end(), [&](const MemberIdentity& member) {
    return member.code == entry.author && KeyIdOf(member.authority_key) == entry.authority_key_id;
  });
}

// What shows that the key was its author's, where the founding act does not: the members after the
// block, or those before it when the block changed the key. It does so once, so that one of them
// has it.
absl::Status AddMembers(const LogView& log, const EntryHeader& entry, const StoredBlock& block,
                        v1::Receipt& receipt) {
  if (IsByFirstKey(log.state(), entry)) return absl::OkStatus();
  Hash claimed = block.header.members_hash;
  std::vector<MemberIdentity> members = MembersAfter(log.state(), block.header);
  if (!HaveKeyOf(members, entry)) {
    absl::StatusOr<StoredBlock> parent = log.BlockAt(Height(block.header.height.value() - 1));
    if (!parent.ok()) return parent.status();
    claimed = parent->header.members_hash;
    members = MembersAfter(log.state(), parent->header);
    receipt.set_parent(std::move(parent->header_bytes));
  }
  if (!HaveKeyOf(members, entry) || MembersHash(members) != claimed) {
    return absl::DataLossError(
        absl::StrCat("the log is damaged: the members that it has for block ",
                     block.header.height.value(), " are not those that the block names"));
  }
  for (const MemberIdentity& member : members) {
    v1::MemberInfo& info = *receipt.add_members();
    info.set_code(member.code.str());
    info.set_authority_key(member.authority_key.str());
    info.set_membership(member.membership.value());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddEpochs(const LogView& log, Epoch epoch,
                       google::protobuf::RepeatedPtrField<v1::EpochChange>& changes) {
  for (const rules::EpochView& begun : rules::EpochsUpTo(log.state(), epoch)) {
    if (begun.epoch == Epoch(1)) continue;
    absl::StatusOr<StoredBlock> before = log.BlockAt(begun.begun_by);
    if (!before.ok()) return before.status();
    v1::RestartAct act;
    const absl::StatusOr<std::string> named = log.RestartActOn(begun.begun_by);
    if (!named.ok()) return named.status();
    if (!act.ParseFromString(*named)) {
      return absl::DataLossError(
          absl::StrCat("the act on block ", begun.begun_by.value(), " is damaged"));
    }
    const bool closed = begun.epoch == EpochAfter(before->header);
    // An epoch in which no block became final leaves nothing, nor does a closing block that only an
    // act made final.
    if (closed ? before->certificate.empty() : act.epoch() != begun.epoch.value()) continue;
    v1::EpochChange& change = *changes.Add();
    if (closed) {
      change.set_header(std::move(before->header_bytes));
      for (std::string& header : before->tail) change.add_tail(std::move(header));
      change.set_certificate(std::move(before->certificate));
    } else {
      *change.mutable_restart() = std::move(act);
    }
    for (const Voter& voter : begun.voters.voters()) {
      v1::VoterInfo& info = *change.add_voters();
      info.set_code(voter.code.str());
      info.set_vote_key(voter.vote_key.str());
      info.set_checkpoint_key(voter.checkpoint_key.str());
      info.set_transport_key(voter.transport_key.str());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Receipt> MakeReceipt(const LogView& log, EntryIndex index,
                                        absl::FunctionRef<bool(const Entry&)> shows_body) {
  const absl::StatusOr<EntryPtr> entry = log.EntryAt(index);
  if (!entry.ok()) return entry.status();
  const absl::StatusOr<Height> height = log.HeightOf(index);
  if (!height.ok()) return height.status();
  const absl::StatusOr<StoredBlock> block = log.BlockAt(*height);
  if (!block.ok()) return block.status();
  const auto proof = ProveLeaf(log, index.value(), block->header.tree_size);
  if (!proof.ok()) return proof.status();

  v1::Receipt receipt;
  *receipt.mutable_entry() =
      shows_body(**entry) ? ToProto(**entry) : ToProto((*entry)->WithoutBody());
  receipt.set_index(index.value());
  for (const Hash& hash : *proof) receipt.add_inclusion_proof(hash.str());
  receipt.set_header(block->header_bytes);
  if (const absl::Status status = AddFinality(log, *block, receipt); !status.ok()) return status;
  const absl::Status status = AddMembers(log, (*entry)->header(), *block, receipt);
  if (!status.ok()) return status;
  return receipt;
}

absl::StatusOr<v1::ConsistencyProof> ProveConsistency(
    const LogView& log, const v1::GetConsistencyProofRequest& request) {
  const std::uint64_t first = request.first_size();
  const std::uint64_t second = request.second_size();
  if (first == 0 || first > second) {
    return absl::InvalidArgumentError(
        absl::StrCat("first_size is ", first, " and second_size ", second,
                     ": the first must be at least 1 and not above the second"));
  }
  if (const absl::Status status = CheckTree(log, second); !status.ok()) return status;
  const auto proof = ConsistencyProof(first, second, [&](std::uint8_t level, std::uint64_t node) {
    return log.MerkleNodeAt(level, node);
  });
  if (!proof.ok()) return proof.status();
  v1::ConsistencyProof response;
  for (const Hash& hash : *proof) response.add_hashes(hash.str());
  return response;
}

absl::StatusOr<v1::LedgerRoot> ProveRoot(const LogView& log, std::uint64_t tree_size) {
  if (tree_size == 0) return absl::InvalidArgumentError("a tree without entries needs no proof");
  if (const absl::Status status = CheckTree(log, tree_size); !status.ok()) return status;
  const auto nodes = [&](std::uint8_t level, std::uint64_t node) {
    return log.MerkleNodeAt(level, node);
  };
  const absl::StatusOr<Height> height = log.HeightOf(EntryIndex(tree_size - 1));
  if (!height.ok()) return height.status();
  const absl::StatusOr<StoredBlock> block = log.BlockAt(*height);
  if (!block.ok()) return block.status();
  const auto frontier = ReadFrontier(tree_size, nodes);
  if (!frontier.ok()) return frontier.status();
  const auto hashes = ConsistencyProof(tree_size, block->header.tree_size, nodes);
  if (!hashes.ok()) return hashes.status();

  v1::LedgerRoot proof;
  proof.set_root(frontier->Root().str());
  for (const Hash& hash : *hashes) proof.add_consistency_proof(hash.str());
  proof.set_header(block->header_bytes);
  if (const absl::Status status = AddFinality(log, *block, proof); !status.ok()) return status;
  return proof;
}

absl::StatusOr<v1::InclusionProof> ProveInclusion(const LogView& log,
                                                  const v1::GetInclusionProofRequest& request) {
  if (request.index() >= request.tree_size()) {
    return absl::InvalidArgumentError(absl::StrCat("entry ", request.index(),
                                                   " is not in a tree of ", request.tree_size(),
                                                   " entries: tree_size must be above index"));
  }
  if (const absl::Status status = CheckTree(log, request.tree_size()); !status.ok()) return status;
  const auto proof = ProveLeaf(log, request.index(), request.tree_size());
  if (!proof.ok()) return proof.status();
  v1::InclusionProof response;
  for (const Hash& hash : *proof) response.add_hashes(hash.str());
  return response;
}

}  // namespace assent
