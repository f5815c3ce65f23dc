// A list of members as messages carry it. Only for those who speak protobuf anyway.
#ifndef ASSENT_LEDGER_RECEIPT_MEMBER_LIST_H_
#define ASSENT_LEDGER_RECEIPT_MEMBER_LIST_H_

#include <vector>

#include "absl/status/statusor.h"
#include "assent/v1/block.pb.h"
#include "ledger/membership/voters.h"

namespace assent {

// InvalidArgument: too many, or one without a code or with a key of the wrong size. Whether they
// are the members, their hash shows.
absl::StatusOr<std::vector<MemberIdentity>> ReadMembers(
    const google::protobuf::RepeatedPtrField<v1::MemberInfo>& infos);

void AddMembers(const std::vector<MemberIdentity>& members,
                google::protobuf::RepeatedPtrField<v1::MemberInfo>* infos);

}  // namespace assent

#endif  // ASSENT_LEDGER_RECEIPT_MEMBER_LIST_H_
