// Members, their keys and their heads, as the node asks for them.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/state.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

AuthorHead DecodeHead(std::string_view key, const v1::AuthorState& stored) {
  return {.sequence = Sequence(stored.sequence()),
          .leaf_hash = DecodeFixed<Hash>(key, stored.leaf_hash())};
}

}  // namespace

std::optional<PublicKey> SigningKeyOf(const StateView& state, const MemberCode& author,
                                      const KeyId& key_id) {
  const std::string key = MemberKey(author);
  const auto member = Load<v1::MemberState>(state, key);
  if (!member || member->authority_key().empty()) return std::nullopt;
  const auto in_force = DecodeFixed<PublicKey>(key, member->authority_key());
  if (KeyIdOf(in_force) != key_id) return std::nullopt;
  return in_force;
}

Refusal RefuseBadSignature(const EntryHeader& header) {
  return {"BAD_SIGNATURE",
          absl::StrCat("the signature is not by the authority key of ", header.author.str(),
                       "; sign the entry again"),
          "signature"};
}

AuthorHead HeadOf(const StateView& state, const MemberCode& author) {
  const std::string key = AuthorKey(author);
  const auto stored = Load<v1::AuthorState>(state, key);
  return stored ? DecodeHead(key, *stored) : AuthorHead();
}

AuthorHeads AllHeads(const StateView& state) {
  AuthorHeads heads;
  state.Scan(kAuthorPrefix, kAuthorPrefix, [&](std::string_view key, std::string_view value) {
    heads.emplace(CodeOfKey(key, kAuthorPrefix),
                  DecodeHead(key, Decode<v1::AuthorState>(key, value)));
    return true;
  });
  return heads;
}

VoterSet VotersOf(const StateView& state) {
  std::vector<Voter> voters;
  state.Scan(kMemberPrefix, kMemberPrefix, [&](std::string_view key, std::string_view value) {
    const auto member = Decode<v1::MemberState>(key, value);
    if (!member.votes()) return true;
    voters.push_back({.code = CodeOfKey(key, kMemberPrefix),
                      .vote_key = DecodeFixed<PublicKey>(key, member.vote_key()),
                      .checkpoint_key = DecodeFixed<PublicKey>(key, member.checkpoint_key()),
                      .transport_key = DecodeFixed<PublicKey>(key, member.transport_key())});
    return true;
  });
  auto made = VoterSet::Make(std::move(voters));
  if (!made.ok()) StopOnDamagedState(kMemberPrefix);
  return *std::move(made);
}

std::vector<MemberIdentity> MembersOf(const StateView& state) {
  std::vector<MemberIdentity> members;
  state.Scan(kMemberPrefix, kMemberPrefix, [&](std::string_view key, std::string_view value) {
    const auto member = Decode<v1::MemberState>(key, value);
    members.push_back({.code = CodeOfKey(key, kMemberPrefix),
                       .authority_key = member.authority_key().empty()
                                            ? PublicKey()
                                            : DecodeFixed<PublicKey>(key, member.authority_key()),
                       .membership = EntryIndex(member.membership())});
    return true;
  });
  return members;
}

bool TouchesMembership(const StateWrites& writes) {
  const auto first = writes.lower_bound(std::string(kMemberPrefix));
  return first != writes.end() && first->first.starts_with(kMemberPrefix);
}

}  // namespace assent::rules
