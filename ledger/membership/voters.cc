#include "ledger/membership/voters.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"

namespace assent {
namespace {

void AppendCode(std::string& out, const MemberCode& code) {
  AppendU8(out, static_cast<std::uint8_t>(code.str().size()));
  out += code.str();
}

Hash HashOf(const std::vector<Voter>& voters) {
  std::string bytes;
  AppendU8(bytes, 0x06);
  AppendU16(bytes, static_cast<std::uint16_t>(voters.size()));
  for (const Voter& voter : voters) {
    AppendCode(bytes, voter.code);
    bytes += voter.vote_key.view();
    bytes += voter.checkpoint_key.view();
    bytes += voter.transport_key.view();
  }
  return Sha256(bytes);
}

absl::Status CheckDistinct(const std::vector<Voter>& in_code_order) {
  std::set<PublicKey> keys;
  const Voter* before = nullptr;
  for (const Voter& voter : in_code_order) {
    if (voter.code.empty()) return absl::InvalidArgumentError("a voter has no code");
    if (before != nullptr && before->code == voter.code) {
      return absl::InvalidArgumentError(
          absl::StrCat(voter.code.str(), " is listed twice as voter"));
    }
    for (const PublicKey* key : {&voter.vote_key, &voter.checkpoint_key, &voter.transport_key}) {
      if (!keys.insert(*key).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("key ", key->hex(), " of voter ", voter.code.str(),
                         " is used twice; every key of a node must be its own"));
      }
    }
    before = &voter;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VoterSet> VoterSet::Make(std::vector<Voter> voters) {
  if (voters.empty()) return absl::InvalidArgumentError("a set of voters cannot be empty");
  if (voters.size() > kVotersMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(voters.size(), " voters are more than the limit of ", kVotersMax));
  }
  std::sort(voters.begin(), voters.end());
  const absl::Status distinct = CheckDistinct(voters);
  if (!distinct.ok()) return distinct;
  VoterSet set;
  set.hash_ = HashOf(voters);
  set.voters_ = std::move(voters);
  return set;
}

std::optional<std::size_t> VoterSet::Find(const MemberCode& code) const {
  const auto found = std::lower_bound(
      voters_.begin(), voters_.end(), code,
      [](const Voter& voter, const MemberCode& wanted) { return voter.code < wanted; });
  if (found == voters_.end() || found->code != code) return std::nullopt;
  return static_cast<std::size_t>(found - voters_.begin());
}

std::optional<std::size_t> VoterSet::FindTransportKey(const PublicKey& key) const {
  for (std::size_t i = 0; i < voters_.size(); ++i) {
    if (voters_[i].transport_key == key) return i;
  }
  return std::nullopt;
}

std::size_t VoterSet::Leader(Epoch epoch, View view) const {
  ASSENT_CHECK(!voters_.empty());
  const std::size_t n = voters_.size();
  // Each term is reduced first: the sum of two hostile numbers must not wrap.
  return (epoch.value() % n + view.value() % n) % n;
}

Hash MembersHash(const std::vector<MemberIdentity>& members) {
  std::vector<const MemberIdentity*> in_code_order;
  in_code_order.reserve(members.size());
  for (const MemberIdentity& member : members) in_code_order.push_back(&member);
  std::sort(in_code_order.begin(), in_code_order.end(),
            [](const auto* a, const auto* b) { return a->code < b->code; });
  std::string bytes;
  AppendU8(bytes, 0x07);
  AppendU16(bytes, static_cast<std::uint16_t>(members.size()));
  for (const MemberIdentity* member : in_code_order) {
    AppendCode(bytes, member->code);
    bytes += member->authority_key.view();
    AppendU64(bytes, member->membership.value());
  }
  return Sha256(bytes);
}

}  // namespace assent
