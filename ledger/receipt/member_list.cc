#include "ledger/receipt/member_list.h"

#include "absl/strings/str_cat.h"
#include "ledger/limits.h"

namespace assent {

absl::StatusOr<std::vector<MemberIdentity>> ReadMembers(
    const google::protobuf::RepeatedPtrField<v1::MemberInfo>& infos) {
  std::vector<MemberIdentity> members;
  if (static_cast<std::size_t>(infos.size()) > kMembersMax) {
    return absl::InvalidArgumentError(absl::StrCat("it has more than ", kMembersMax, " members"));
  }
  for (const v1::MemberInfo& info : infos) {
    const auto code = MemberCode::From(info.code());
    const auto key = PublicKey::From(info.authority_key());
    if (!code || (!key && !info.authority_key().empty())) {
      return absl::InvalidArgumentError("a member has no code or a key that is not 32 bytes");
    }
    members.push_back({*code, key.value_or(PublicKey()), EntryIndex(info.membership())});
  }
  return members;
}

void AddMembers(const std::vector<MemberIdentity>& members,
                google::protobuf::RepeatedPtrField<v1::MemberInfo>* infos) {
  for (const MemberIdentity& member : members) {
    v1::MemberInfo& info = *infos->Add();
    info.set_code(member.code.str());
    info.set_authority_key(member.authority_key.str());
    info.set_membership(member.membership.value());
  }
}

}  // namespace assent
