#include "node/query/members.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "node/query/limits.h"
#include "node/query/page_token.h"

namespace assent::query {
namespace {

v1::Member ToProto(const rules::MemberView& member) {
  v1::Member message;
  message.set_code(member.code.str());
  message.set_name(member.name);
  message.set_status("ACTIVE");
  message.set_votes(member.votes);
  message.set_authority_key(member.authority_key.str());
  v1::VoterInfo& node = *message.mutable_node();
  node.set_code(member.code.str());
  node.set_vote_key(member.vote_key.str());
  node.set_checkpoint_key(member.checkpoint_key.str());
  node.set_transport_key(member.transport_key.str());
  message.set_peer_endpoint(member.peer_endpoint);
  message.set_reader_key(member.reader_key.str());
  message.set_entries(member.entries);
  return message;
}

}  // namespace

absl::StatusOr<v1::ListMembersResponse> ListMembers(const replica::ReadView& view,
                                                    const v1::ListMembersRequest& request) {
  const auto page_size = PageSize(request.page_size(), kMembersPageDefault, kMembersPageMax);
  if (!page_size.ok()) return page_size.status();
  const TokenScope scope{"members", ""};
  MemberCode after;
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token(), scope);
    if (!token.ok()) return token.status();
    const auto code = MemberCode::From(token->cursor);
    if (!code) return absl::InvalidArgumentError("page_token is none of this ledger");
    after = *code;
  }
  std::vector<rules::MemberView> members = rules::Members(view.state(), *page_size + 1, after);
  const bool more = members.size() > *page_size;
  if (more) members.pop_back();

  v1::ListMembersResponse response;
  const Height as_of = view.tip().header.height;
  for (const rules::MemberView& member : members) *response.add_members() = ToProto(member);
  if (more) {
    response.set_next_page_token(EncodePageToken({as_of, members.back().code.str()}, scope));
  }
  response.set_as_of(as_of.value());
  return response;
}

absl::StatusOr<v1::AuthorHead> AuthorHeadOf(const replica::ReadView& view,
                                            std::string_view author) {
  const std::optional<MemberCode> code = MemberCode::From(author);
  if (!code) {
    return absl::InvalidArgumentError("author is not the code of a state: 3 to 8 letters A-Z");
  }
  const std::optional<rules::MemberView> member = rules::MemberOf(view.state(), *code);
  if (!member) return absl::NotFoundError(absl::StrCat(code->str(), " is not a member"));
  const AuthorHead head = rules::HeadOf(view.state(), *code);
  v1::AuthorHead message;
  message.set_sequence(head.sequence.value());
  message.set_leaf_hash(head.leaf_hash.str());
  message.set_membership(member->membership.value());
  return message;
}

v1::LedgerStatus StatusOf(const replica::ReadView& view, const std::string& origin,
                          const MemberCode& code, const std::string& version) {
  const BlockHeader& tip = view.tip().header;
  v1::LedgerStatus status;
  status.set_ledger_id(tip.ledger_id.str());
  status.set_origin(origin);
  status.set_code(code.str());
  status.set_height(tip.height.value());
  status.set_time_us(tip.time.us);
  status.set_tree_size(tip.tree_size);
  status.set_root(tip.tree_root.str());
  status.set_state_digest(tip.state_digest.str());
  status.set_epoch(tip.epoch.value());
  status.set_version(version);
  return status;
}

}  // namespace assent::query
