// NodeKeys: the keys of a member's node, and where it listens. Of a node that votes, they are those
// of its votes from the next block on.
#include <array>
#include <optional>

#include "ledger/rules/key_registry.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace node_keys {

constexpr std::array kRules{kNotPublic, kKeyInvalid, kKeyRegistered, kPossessionInvalid,
                            kEndpointInvalid};

std::optional<Refusal> ApplyNodeKeys(const Filing& filing) {
  const v1::NodeKeys& said = filing.body.node_keys();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  const std::array<NewKey, 3> keys{{
      {KeyRole::kVote, "vote_key", said.vote_key(), said.vote_possession()},
      {KeyRole::kCheckpoint, "checkpoint_key", said.checkpoint_key(), said.checkpoint_possession()},
      {KeyRole::kTransport, "transport_key", said.transport_key(), said.transport_possession()},
  }};
  if (auto refusal = RefuseUnprovenKeys(filing, filing.author, keys)) return refusal;
  if (auto refusal = RefuseBadEndpoint("peer_endpoint", said.peer_endpoint())) return refusal;

  const Since since = AfterEntry(filing);
  for (const NewKey& key : keys) RegisterKey(filing, filing.author, key, since);
  v1::MemberState member = filing.member;
  member.set_vote_key(said.vote_key());
  member.set_checkpoint_key(said.checkpoint_key());
  member.set_transport_key(said.transport_key());
  member.set_peer_endpoint(said.peer_endpoint());
  SaveMember(filing.state, filing.author, member, since);
  return std::nullopt;
}

}  // namespace node_keys

extern const RecordHandler kNodeKeys;
constinit const RecordHandler kNodeKeys{
    .name = "NodeKeys",
    .field = v1::Body::kNodeKeys,
    .rules = node_keys::kRules,
    .apply = node_keys::ApplyNodeKeys,
    .membership = true,
};

}  // namespace assent::rules
