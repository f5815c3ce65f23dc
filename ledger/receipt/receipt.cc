#include "ledger/receipt/receipt.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "assent/v1/block.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "ledger/receipt/header_chain.h"
#include "ledger/receipt/receipt_file.h"

namespace assent {
namespace {

using google::protobuf::RepeatedPtrField;

// Names the step in which a receipt failed.
absl::Status At(std::string_view step, std::string_view detail) {
  return absl::InvalidArgumentError(absl::StrCat(AbslView(step), ": ", AbslView(detail)));
}
absl::Status At(std::string_view step, const absl::Status& status) {
  return At(step, StdView(status.message()));
}

std::vector<std::string_view> Views(const RepeatedPtrField<std::string>& list) {
  return {list.begin(), list.end()};
}

absl::StatusOr<VoterSet> ReadVoters(const RepeatedPtrField<v1::VoterInfo>& infos) {
  std::vector<Voter> voters;
  for (const v1::VoterInfo& info : infos) {
    const auto code = MemberCode::From(info.code());
    const auto vote = PublicKey::From(info.vote_key());
    const auto checkpoint = PublicKey::From(info.checkpoint_key());
    const auto transport = PublicKey::From(info.transport_key());
    if (!code || !vote || !checkpoint || !transport) {
      return absl::InvalidArgumentError("a voter has no code or a key that is not 32 bytes");
    }
    voters.push_back({*code, *vote, *checkpoint, *transport});
  }
  return VoterSet::Make(std::move(voters));
}

// Where the walk from the founding act has arrived.
struct EpochVoters {
  Epoch epoch{1};
  VoterSet voters;
  Height closed{0};  // of the block that began the epoch
};

absl::StatusOr<EpochVoters> NextEpoch(const EpochVoters& now, const v1::EpochChange& change,
                                      const LedgerId& ledger) {
  const auto closing = ReadHeader(change.header(), ledger);
  if (!closing.ok()) return closing.status();
  if (closing->header.kind != BlockKind::kClosing || closing->header.epoch != now.epoch) {
    return absl::InvalidArgumentError("the header is not that of the epoch's closing block");
  }
  if (closing->header.height <= now.closed) {
    return absl::InvalidArgumentError("the epoch ends before it begins");
  }
  const auto last = LastOfChain(*closing, Views(change.tail()));
  if (!last.ok()) return last.status();
  const auto certificate = CheckFinal(*last, change.certificate(), now.voters);
  if (!certificate.ok()) return certificate.status();
  auto voters = ReadVoters(change.voters());
  if (!voters.ok()) return voters.status();
  if (voters->hash() != closing->header.voters_hash) {
    return absl::InvalidArgumentError("the voters are not those that the closing block names");
  }
  return EpochVoters{now.epoch.next(), *std::move(voters), closing->header.height};
}

// The voters of the epoch that the receipt's block is of, from the founders on.
absl::StatusOr<EpochVoters> WalkEpochs(const v1::Receipt& receipt, const FoundingAct& act) {
  EpochVoters now;
  now.voters = act.voters();
  for (const v1::EpochChange& change : receipt.epochs()) {
    auto next = NextEpoch(now, change, act.ledger_id);
    if (!next.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("end of epoch ", now.epoch.value(), ": ", next.status().message()));
    }
    now = *std::move(next);
  }
  return now;
}

absl::Status CheckPlace(EntryIndex index, const BlockHeader& header) {
  if (header.kind == BlockKind::kTail || header.height == Height(0)) {
    return absl::InvalidArgumentError("the block is of a kind that holds no entries");
  }
  if (index < header.first_index || index.value() >= header.tree_size) {
    return absl::InvalidArgumentError(absl::StrCat(
        "entry ", index.value(), " is not among those of block ", header.height.value(), " (",
        header.first_index.value(), " to ", header.tree_size, ", the last excluded)"));
  }
  return absl::OkStatus();
}

absl::Status CheckInclusion(const v1::Receipt& receipt, const Entry& entry,
                            const BlockHeader& header) {
  std::vector<Hash> proof;
  if (static_cast<std::size_t>(receipt.inclusion_proof_size()) > kProofHashesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has more than ", kProofHashesMax, " hashes"));
  }
  for (const std::string& bytes : receipt.inclusion_proof()) {
    const auto hash = Hash::From(bytes);
    if (!hash) return absl::InvalidArgumentError("a hash of it is not 32 bytes");
    proof.push_back(*hash);
  }
  return VerifyInclusion(entry.leaf_hash(), receipt.index(), header.tree_size, proof,
                         header.tree_root);
}

absl::Status CheckEpoch(const BlockHeader& header, const EpochVoters& epoch) {
  if (header.epoch != epoch.epoch) {
    return absl::InvalidArgumentError(
        absl::StrCat("the block is of epoch ", header.epoch.value(),
                     ", the receipt leads from the founding act to epoch ", epoch.epoch.value()));
  }
  if (header.height <= epoch.closed) {
    return absl::InvalidArgumentError("the block is older than its epoch");
  }
  if (header.kind == BlockKind::kNormal && header.voters_hash != epoch.voters.hash()) {
    return absl::InvalidArgumentError("the block names other voters than its epoch has");
  }
  return absl::OkStatus();
}

// By the key that the founding act gives the author: version 1 of the ledger has no entry that
// replaces it.
absl::Status CheckAuthor(const Entry& entry, const FoundingAct& act) {
  const MemberCode& author = entry.header().author;
  const auto& founders = act.text.founders;
  const auto founder = std::find_if(founders.begin(), founders.end(),
                                    [&](const Founder& f) { return f.code == author; });
  if (founder == founders.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat(author.str(), " is not a founder, so the founding act has no key of it"));
  }
  if (entry.header().authority_key_id != KeyIdOf(founder->authority_key)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the entry names another key than the one that the founding act gives ", author.str()));
  }
  if (!entry.VerifySignature(founder->authority_key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the signature is not by the authority key of ", author.str()));
  }
  return absl::OkStatus();
}

std::string SignerNames(const Certificate& certificate, const VoterSet& voters) {
  return absl::StrJoin(certificate.votes, ", ", [&](std::string* out, const auto& vote) {
    out->append(voters.at(vote.first).code.str());
  });
}

void Explain(const FoundingAct& act, const EpochVoters& epoch, const Certificate& certificate,
             ReceiptProof& proof) {
  const EntryHeader& entry = proof.entry.header();
  const std::string& author = entry.author.str();
  proof.proved.push_back(absl::StrCat(author, " signed this entry, its number ",
                                      entry.sequence.value(),
                                      ", with the authority key that the founding act names"));
  proof.proved.push_back(absl::StrCat("it is entry ", proof.index.value(), " of ledger ",
                                      act.text.origin, ", in block ", proof.header.height.value(),
                                      ", filed at ", FormatTime(proof.header.time)));
  proof.proved.push_back(absl::StrCat("the block is final: ", certificate.votes.size(), " of ",
                                      epoch.voters.size(), " voters signed it (",
                                      SignerNames(certificate, epoch.voters), "), ",
                                      epoch.voters.quorum(), " are needed"));
  if (proof.entry.has_body()) {
    proof.proved.push_back(absl::StrCat("the text shown is the one that ", author, " signed"));
  } else {
    proof.not_shown.push_back("what the entry says: its text is not in this receipt");
  }
  proof.not_shown.push_back(
      absl::StrCat("whether ", author, " has amended or withdrawn the entry since"));
  proof.not_shown.push_back(absl::StrCat("whether ", author,
                                         " has replaced its authority key or reported it lost "
                                         "outside this ledger"));
  proof.not_shown.push_back(absl::StrCat("whether more than ", epoch.voters.faults(), " of the ",
                                         epoch.voters.size(),
                                         " voters signed a second, different history: compare "
                                         "checkpoints with other nodes"));
}

}  // namespace

absl::StatusOr<ReceiptProof> VerifyReceipt(std::string_view file, const FoundingAct& act) {
  auto receipt = ParseReceiptFile(file);
  if (!receipt.ok()) return At("file", receipt.status());
  auto entry = FromProto(std::move(*receipt->mutable_entry()));
  if (!entry.ok()) return At("entry", entry.status());
  if (entry->header().ledger_id != act.ledger_id) {
    return At("entry", "it was signed for another ledger than that of the founding act");
  }
  auto block = ReadHeader(receipt->header(), act.ledger_id);
  if (!block.ok()) return At("block header", block.status());
  const EntryIndex index(receipt->index());
  if (const auto status = CheckPlace(index, block->header); !status.ok()) {
    return At("place", status);
  }
  if (const auto status = CheckInclusion(*receipt, *entry, block->header); !status.ok()) {
    return At("inclusion", status);
  }
  const auto last = LastOfChain(*block, Views(receipt->descendants()));
  if (!last.ok()) return At("descendants", last.status());
  const auto epoch = WalkEpochs(*receipt, act);
  if (!epoch.ok()) return At("voters", epoch.status());
  if (const auto status = CheckEpoch(block->header, *epoch); !status.ok()) {
    return At("voters", status);
  }
  const auto certificate = CheckFinal(*last, receipt->certificate(), epoch->voters);
  if (!certificate.ok()) return At("certificate", certificate.status());
  if (const auto status = CheckAuthor(*entry, act); !status.ok()) return At("author", status);
  ReceiptProof proof{*std::move(entry), index, block->header, {}, {}};
  Explain(act, *epoch, *certificate, proof);
  return proof;
}

}  // namespace assent
