#include "client/authority_keys.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "client/filing.h"
#include "ledger/crypto/hash.h"

namespace assent::client {
namespace {

// The author's key in a receipt that has been verified: the verification has found it there.
absl::StatusOr<PublicKey> KeyIn(const v1::Receipt& receipt, const EntryHeader& entry) {
  for (const v1::MemberInfo& member : receipt.members()) {
    const auto key = PublicKey::From(member.authority_key());
    const bool found =
        key && member.code() == entry.author.str() && KeyIdOf(*key) == entry.authority_key_id;
    if (found) return *key;
  }
  return absl::DataLossError("the node's receipt does not name the author's key");
}

}  // namespace

absl::Status AuthorityKeys::Check(AnsweredEntry& entry) {
  if (entry.signature != SignatureCheck::kNotChecked) return absl::OkStatus();
  const EntryHeader& header = entry.entry.header();
  const std::pair name(header.author, header.authority_key_id);
  auto known = known_.find(name);
  if (known == known_.end()) {
    const auto receipt = fetch_(entry.index);
    if (!receipt.ok()) return absl::OkStatus();
    const auto checked = CheckReceipt(*receipt, entry.entry.leaf_hash(), act_);
    if (!checked.ok()) return checked.status();
    const auto key = KeyIn(*receipt, header);
    if (!key.ok()) return key.status();
    known = known_.emplace(name, *key).first;
  }
  if (!entry.entry.VerifySignature(known->second)) {
    return absl::InvalidArgumentError(absl::StrCat("the node's answer is wrong: entry ",
                                                   entry.index.value(),
                                                   ": the signature is not by its author"));
  }
  entry.signature = SignatureCheck::kByVoters;
  return absl::OkStatus();
}

}  // namespace assent::client
