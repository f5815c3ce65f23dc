// Members and authors, and where the ledger stands.
#ifndef ASSENT_NODE_QUERY_MEMBERS_H_
#define ASSENT_NODE_QUERY_MEMBERS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "assent/v1/ledger.pb.h"
#include "ledger/types.h"
#include "node/replica/store.h"

namespace assent::query {

// All: any thread.

// All pages hold at the height of the first: the one asked for, or the newest. InvalidArgument:
// page size or token. OutOfRange: the height is not final here.
absl::StatusOr<v1::ListMembersResponse> ListMembers(const replica::ReadView& view,
                                                    const v1::ListMembersRequest& request);

// As far as the ledger goes; entries that wait are not counted. InvalidArgument: no code. NotFound:
// no member.
absl::StatusOr<v1::AuthorHead> AuthorHeadOf(const replica::ReadView& view, std::string_view author);

// `origin` is the ledger's name, `code` the state whose node answers, `version` that of its
// software.
v1::LedgerStatus StatusOf(const replica::ReadView& view, const std::string& origin,
                          const MemberCode& code, const std::string& version);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_MEMBERS_H_
