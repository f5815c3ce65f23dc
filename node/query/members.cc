#include "node/query/members.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "node/query/limits.h"
#include "node/query/page_token.h"
#include "node/replica/restart.h"

namespace assent::query {
namespace {

std::string StatusName(rules::SubscriptionStatus status) {
  switch (status) {
    case rules::SubscriptionStatus::kInvited:
      return "INVITED";
    case rules::SubscriptionStatus::kDeclined:
      return "DECLINED";
    case rules::SubscriptionStatus::kNoted:
      return "NOTED";
    case rules::SubscriptionStatus::kActive:
      return "ACTIVE";
    case rules::SubscriptionStatus::kWithdrawn:
      return "WITHDRAWN";
  }
  return "";
}

void AddReleasers(const rules::MemberView& member,
                  google::protobuf::RepeatedPtrField<v1::ReleaserInfo>& infos) {
  for (const Releaser& releaser : member.releasers) {
    v1::ReleaserInfo& info = *infos.Add();
    info.set_name(releaser.name);
    info.set_public_key(releaser.key.str());
  }
}

void AddMember(const rules::MemberView& member, v1::Member& message) {
  message.set_votes(member.votes);
  if (member.authority_key) message.set_authority_key(member.authority_key->str());
  if (member.node) {
    v1::VoterInfo& node = *message.mutable_node();
    node.set_code(member.code.str());
    node.set_vote_key(member.node->vote_key.str());
    node.set_checkpoint_key(member.node->checkpoint_key.str());
    node.set_transport_key(member.node->transport_key.str());
  }
  message.set_peer_endpoint(member.peer_endpoint);
  message.set_reader_key(member.reader_key.str());
  message.set_entries(member.entries);
  message.set_contact(member.contact);
  message.set_since_us(member.member_since.us);
  message.set_membership(member.membership.value());
  message.set_endorsed_key(member.endorsed_key);
  AddReleasers(member, *message.mutable_releasers());
}

v1::Member ToProto(const rules::SubscriptionView& state) {
  v1::Member message;
  message.set_code(state.code.str());
  message.set_name(state.name);
  message.set_status(StatusName(state.status));
  message.set_since_us(state.since.us);
  if (state.question) message.set_question(state.question->value());
  if (state.member) AddMember(*state.member, message);
  return message;
}

// States as they were after the block of this time, in code order after `after`, one more than a
// page: members, or all. Members come in small numbers, so those that are none are read over.
std::vector<rules::SubscriptionView> ReadStates(const StateView& state, bool all_states,
                                                std::size_t count, const MemberCode& after,
                                                Time block_time) {
  std::vector<rules::SubscriptionView> states;
  MemberCode from = after;
  while (states.size() < count) {
    std::vector<rules::SubscriptionView> some =
        rules::SubscriptionsAfter(state, count, from, block_time);
    if (some.empty()) break;
    from = some.back().code;
    for (rules::SubscriptionView& each : some) {
      if (all_states || each.member) states.push_back(std::move(each));
    }
  }
  if (states.size() > count) states.resize(count);
  return states;
}

// What two pages of one listing have in common.
TokenScope ScopeOf(v1::ListMembersRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  return {"members", request.SerializeAsString()};
}

absl::StatusOr<BlockHeader> BlockAsOf(const replica::ReadView& view, Height as_of) {
  const Height newest = view.tip().header.height;
  if (as_of > newest) {
    return absl::OutOfRangeError(absl::StrCat("height ", as_of.value(),
                                              " is not final at this node yet: its newest is ",
                                              newest.value()));
  }
  const absl::StatusOr<StoredBlock> block = view.BlockAt(as_of);
  if (!block.ok()) return block.status();
  return block->header;
}

}  // namespace

absl::StatusOr<v1::ListMembersResponse> ListMembers(const replica::ReadView& view,
                                                    const v1::ListMembersRequest& request) {
  const auto page_size = PageSize(request.page_size(), kMembersPageDefault, kMembersPageMax);
  if (!page_size.ok()) return page_size.status();
  const TokenScope scope = ScopeOf(request);
  Height height = request.has_as_of() ? Height(request.as_of()) : view.tip().header.height;
  MemberCode after;
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token(), scope);
    if (!token.ok()) return token.status();
    const auto code = MemberCode::From(token->cursor);
    if (!code) return absl::InvalidArgumentError("page_token is none of this ledger");
    after = *code;
    height = token->as_of;
  }
  const absl::StatusOr<BlockHeader> as_of = BlockAsOf(view, height);
  if (!as_of.ok()) return as_of.status();
  auto states = ReadStates(view.state(), request.all_states(), *page_size + 1, after, as_of->time);
  const bool more = states.size() > *page_size;
  if (more) states.pop_back();

  v1::ListMembersResponse response;
  for (const rules::SubscriptionView& state : states) *response.add_members() = ToProto(state);
  if (more)
    response.set_next_page_token(EncodePageToken({height, states.back().code.str()}, scope));
  response.set_as_of(height.value());
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
  AddReleasers(*member, *message.mutable_releasers());
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
  status.set_epoch(replica::EpochAfterTip(view).value_or(EpochAfter(tip)).value());
  status.set_version(version);
  return status;
}

}  // namespace assent::query
