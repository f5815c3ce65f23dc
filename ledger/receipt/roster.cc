#include "ledger/receipt/roster.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/membership.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "ledger/membership/voters.h"
#include "ledger/receipt/step.h"

namespace assent {
namespace {

// Waiting keys at one time for which all combinations are tried.
constexpr std::size_t kWaitingKeysMax = 8;

absl::Status NoKey(const MemberCode& author) {
  return Wrong(absl::StrCat("the key of the entry is not one that authority keys have given ",
                            author.str()));
}

}  // namespace

Roster::Roster(const FoundingAct& act) : ledger_(act.ledger_id) {
  for (const Founder& founder : act.text.founders) {
    members_[founder.code].authority_key = founder.authority_key;
  }
}

absl::Status Roster::Admit(const Entry& entry) {
  const MemberCode& author = entry.header().author;
  const KeyId& key_id = entry.header().authority_key_id;
  const auto found = members_.find(author);
  if (found == members_.end()) return Wrong(absl::StrCat(author.str(), " is not a member"));
  RosterMember& member = found->second;
  const bool takes_force = member.waiting_key && KeyIdOf(*member.waiting_key) == key_id;
  const auto& key = takes_force ? member.waiting_key : member.authority_key;
  if (!key || KeyIdOf(*key) != key_id) return NoKey(author);
  if (!entry.VerifySignature(*key)) {
    return Wrong(absl::StrCat("the signature is not by the authority key of ", author.str()));
  }
  if (takes_force) {
    member.authority_key = std::exchange(member.waiting_key, std::nullopt);
    member.endorsed_key = true;
  }
  return absl::OkStatus();
}

absl::Status Roster::Apply(EntryIndex index, const MemberCode& author, const v1::Body& body) {
  RosterMember& member = members_.at(author);
  switch (body.record_case()) {
    case v1::Body::kSubscriptionNote: {
      absl::Status opened = OpenSubscription(index, body.subscription_note());
      if (opened.ok()) Endorse(index, index, author);
      return opened;
    }
    case v1::Body::kAuthorityKeyReplacement: {
      absl::Status opened = OpenReplacement(index, body.authority_key_replacement());
      if (opened.ok()) Endorse(index, index, author);
      return opened;
    }
    case v1::Body::kEndorsement:
      Endorse(EntryIndex(body.endorsement().question()), index, author);
      return absl::OkStatus();
    case v1::Body::kMembershipWithdrawal:
      members_.erase(author);
      return absl::OkStatus();
    case v1::Body::kAuthorityKeyRotation: {
      const auto key = PublicKey::From(body.authority_key_rotation().new_key());
      if (!key) return Wrong("the new key is not 32 bytes");
      member.authority_key = *key;
      return absl::OkStatus();
    }
    case v1::Body::kAuthorityKeyRevocation:
      member.authority_key.reset();
      member.endorsed_key = false;
      return absl::OkStatus();
    case v1::Body::kKeyReplacementRefusal:
      member.waiting_key.reset();
      return absl::OkStatus();
    default:
      return Wrong("it is about no membership");
  }
}

absl::Status Roster::OpenSubscription(EntryIndex index, const v1::SubscriptionNote& note) {
  v1::SubscriptionStatement said;
  if (auto status = ParseStrict(note.statement(), said); !status.ok()) return status;
  const auto code = MemberCode::From(said.code());
  const auto key = PublicKey::From(said.authority_key());
  const auto signature = Signature::From(note.signature());
  if (!code || !key || said.ledger_id() != ledger_.view()) {
    return Wrong("the state's note is malformed or of another ledger");
  }
  if (!signature || !Verify(*key, tag::kSubscription, note.statement(), *signature)) {
    return Wrong("the state's note is not signed by its authority key");
  }
  questions_[index] = {.about = *code, .key = *key, .is_subscription = true, .endorsers = {}};
  return absl::OkStatus();
}

absl::Status Roster::OpenReplacement(EntryIndex index, const v1::AuthorityKeyReplacement& said) {
  const auto code = MemberCode::From(said.member());
  const auto key = PublicKey::From(said.new_key());
  if (!code || !key) return Wrong("the replacement of a key is malformed");
  questions_[index] = {.about = *code, .key = *key, .is_subscription = false, .endorsers = {}};
  return absl::OkStatus();
}

void Roster::Endorse(EntryIndex question, EntryIndex index, const MemberCode& author) {
  const auto found = questions_.find(question);
  if (found == questions_.end()) return;  // on a question that changes neither members nor keys
  Question& asked = found->second;
  asked.endorsers.emplace(author, members_.at(author).membership);
  std::size_t count = 0;
  for (const auto& [code, member] : members_) {
    if (asked.endorsers.contains({code, member.membership})) ++count;
  }
  if (count < QuorumOf(members_.size())) return;
  const auto about = members_.find(asked.about);
  if (asked.is_subscription && about == members_.end()) {
    members_[asked.about] = {.authority_key = asked.key,
                             .membership = index,
                             .endorsed_key = false,
                             .waiting_key = std::nullopt};
  } else if (!asked.is_subscription && about != members_.end()) {
    about->second.waiting_key = asked.key;
  }
  questions_.erase(found);
}

bool Roster::HasHash(const Hash& hash) const {
  std::vector<MemberIdentity> members;
  std::vector<std::pair<std::size_t, PublicKey>> waiting;  // where it would stand
  for (const auto& [code, member] : members_) {
    if (member.waiting_key) waiting.emplace_back(members.size(), *member.waiting_key);
    members.push_back({.code = code,
                       .authority_key = member.authority_key.value_or(PublicKey()),
                       .membership = member.membership});
  }
  if (waiting.size() > kWaitingKeysMax) return false;
  for (std::uint32_t in_force = 0; in_force < 1u << waiting.size(); ++in_force) {
    std::vector<MemberIdentity> tried = members;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if ((in_force >> i & 1u) != 0) tried[waiting[i].first].authority_key = waiting[i].second;
    }
    if (MembersHash(tried) == hash) return true;
  }
  return false;
}

}  // namespace assent
