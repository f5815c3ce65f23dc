#include "ledger/receipt/receipt.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/block.pb.h"
#include "assent/v1/entry.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "ledger/entry/release.h"
#include "ledger/entry/strict.h"
#include "ledger/receipt/header_chain.h"
#include "ledger/receipt/member_list.h"
#include "ledger/receipt/proven_block.h"
#include "ledger/receipt/receipt_file.h"
#include "ledger/receipt/step.h"

namespace assent {
namespace {

// Who says that the key of an entry is its author's.
enum class KeyWitness { kFoundingAct, kVoters };

// The key in force is that of the member lists after the block or before it, whose hashes a quorum
// has signed.
absl::StatusOr<PublicKey> KeyFromMembers(const v1::Receipt& receipt, const Entry& entry,
                                         const NamedHeader& block) {
  const MemberCode& author = entry.header().author;
  const auto members = ReadMembers(receipt.members());
  if (!members.ok()) return members.status();
  Hash claimed = block.header.members_hash;
  if (!receipt.parent().empty()) {
    const auto parent = ReadHeader(receipt.parent(), block.header.ledger_id);
    if (!parent.ok()) return parent.status();
    if (parent->hash != block.header.parent) {
      return absl::InvalidArgumentError("the header before the block is that of another block");
    }
    claimed = parent->header.members_hash;
  }
  if (MembersHash(*members) != claimed) {
    return absl::InvalidArgumentError("the members are not those that the block names");
  }
  for (const MemberIdentity& member : *members) {
    if (member.code != author) continue;
    if (KeyIdOf(member.authority_key) == entry.header().authority_key_id) {
      return member.authority_key;
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "the entry names another key than the one that the members give ", author.str()));
  }
  return absl::InvalidArgumentError(absl::StrCat(author.str(), " is not among the members"));
}

absl::StatusOr<KeyWitness> CheckAuthor(const v1::Receipt& receipt, const Entry& entry,
                                       const NamedHeader& block, const FoundingAct& act) {
  const MemberCode& author = entry.header().author;
  const auto& founders = act.text.founders;
  const auto founder = std::find_if(founders.begin(), founders.end(),
                                    [&](const Founder& f) { return f.code == author; });
  KeyWitness witness = KeyWitness::kFoundingAct;
  PublicKey key;
  if (founder != founders.end() &&
      entry.header().authority_key_id == KeyIdOf(founder->authority_key)) {
    key = founder->authority_key;
  } else if (receipt.members().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the founding act does not give ", author.str(),
                     " the key of this entry, and the receipt has no list of members"));
  } else {
    const auto given = KeyFromMembers(receipt, entry, block);
    if (!given.ok()) return given.status();
    key = *given;
    witness = KeyWitness::kVoters;
  }
  if (!entry.VerifySignature(key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the signature is not by the authority key of ", author.str()));
  }
  return witness;
}

// Who has released the entry, and why nobody could tell.
struct ReleaseCheck {
  std::optional<Releaser> by;
  bool readable = true;  // the body was there, and of a form that this version knows
};

absl::StatusOr<ReleaseCheck> CheckRelease(const Entry& entry) {
  v1::Body body;
  if (!entry.has_body() || !ParseStrict(entry.body(), body).ok()) {
    return ReleaseCheck{.by = std::nullopt, .readable = false};
  }
  if (!body.has_release()) return ReleaseCheck{};
  const v1::Release& release = body.release();
  if (!VerifyRelease(entry.header(), entry.body(), release.public_key(), release.signature())) {
    return absl::InvalidArgumentError("it is not signed by the key that it names, for this entry");
  }
  return ReleaseCheck{.by = Releaser{release.name(), *PublicKey::From(release.public_key())}};
}

void ExplainRelease(const ReleaseCheck& release, const std::string& author, ReceiptProof& proof) {
  proof.released_by = release.by;
  if (release.by) {
    proof.proved.push_back(absl::StrCat("\"", release.by->name, "\" released it, with the key ",
                                        release.by->key.hex()));
    proof.not_shown.push_back(absl::StrCat("that ", author, " had named this releaser: nodes take ",
                                           "nothing else from it, which an audit checks again"));
  } else if (!release.readable) {
    proof.not_shown.push_back(
        "who released it, if its author had named releasers: that stands in its text");
  }
}

void Explain(const FoundingAct& act, const ProvenBlock& block, KeyWitness witness,
             const ReleaseCheck& release, ReceiptProof& proof) {
  const EntryHeader& entry = proof.entry.header();
  const std::string& author = entry.author.str();
  const bool by_act = witness == KeyWitness::kFoundingAct;
  proof.proved.push_back(absl::StrCat(
      author, " signed this entry, its number ", entry.sequence.value(),
      ", with the authority key that ",
      by_act ? "the founding act names" : "a quorum of the voters named when it was filed"));
  proof.proved.push_back(absl::StrCat("it is entry ", proof.index.value(), " of ledger ",
                                      act.text.origin, ", in block ", proof.header.height.value(),
                                      ", filed at ", FormatTime(proof.header.time)));
  proof.proved.push_back(FinalitySentence(block));
  if (auto restart = RestartSentence(block); !restart.empty()) {
    proof.proved.push_back(std::move(restart));
  }
  if (proof.entry.has_body()) {
    proof.proved.push_back(absl::StrCat("the text shown is the one that ", author, " signed"));
  } else {
    proof.not_shown.push_back("what the entry says: its text is not in this receipt");
  }
  ExplainRelease(release, author, proof);
  proof.not_shown.push_back(
      absl::StrCat("whether ", author, " has amended or withdrawn the entry since"));
  if (!by_act) {
    proof.not_shown.push_back(absl::StrCat("how ", author,
                                           " came by this key: that stands in its subscription and "
                                           "key entries, which an audit reads"));
  }
  proof.not_shown.push_back(absl::StrCat("whether ", author,
                                         " has replaced its authority key or reported it lost "
                                         "since"));
  proof.not_shown.push_back(OtherHistorySentence(block));
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
  const auto proven =
      ProveBlock({.header = receipt->header(),
                  .descendants = {receipt->descendants().begin(), receipt->descendants().end()},
                  .certificate = receipt->certificate(),
                  .epochs = receipt->epochs()},
                 act);
  if (!proven.ok()) return proven.status();
  const BlockHeader& header = proven->block.header;
  const EntryIndex index(receipt->index());
  if (const auto status = CheckPlace(index, header); !status.ok()) return At("place", status);
  if (const auto status =
          CheckInclusion(entry->leaf_hash(), index, receipt->inclusion_proof(), header);
      !status.ok()) {
    return At("inclusion", status);
  }
  const auto witness = CheckAuthor(*receipt, *entry, proven->block, act);
  if (!witness.ok()) return At("author", witness.status());
  const auto release = CheckRelease(*entry);
  if (!release.ok()) return At("release", release.status());
  ReceiptProof proof{*std::move(entry), index, header, {}, {}};
  Explain(act, *proven, *witness, *release, proof);
  return proof;
}

}  // namespace assent
