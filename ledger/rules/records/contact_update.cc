// ContactUpdate: how to reach the author: where its node listens, an address for people, the key by
// which its ministry reads. What is left out stays as it is.
#include <array>
#include <optional>

#include "ledger/limits.h"
#include "ledger/rules/key_registry.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/refuse.h"

namespace assent::rules {
namespace contact_update {

constexpr Rule kNothingGiven{"NOTHING_GIVEN", "Endpoint, contact or reader key is given."};
constexpr Rule kContactInvalid{"CONTACT_INVALID", "A contact is 1 to 1,024 bytes."};

constexpr std::array kRules{kNotPublic,  kNothingGiven,  kEndpointInvalid,  kContactInvalid,
                            kKeyInvalid, kKeyRegistered, kPossessionInvalid};

std::optional<Refusal> ApplyUpdate(const Filing& filing) {
  const v1::ContactUpdate& said = filing.body.contact_update();
  if (auto refusal = RefuseUnlessPublic(filing)) return refusal;
  const bool has_key = !said.reader_key().empty() || !said.reader_possession().empty();
  if (!said.has_peer_endpoint() && !said.has_contact() && !has_key) {
    return Refuse(kNothingGiven, "contact",
                  "nothing is given: peer_endpoint, contact, or reader_key with its proof");
  }
  if (said.has_peer_endpoint()) {
    if (auto refusal = RefuseBadEndpoint("peer_endpoint", said.peer_endpoint())) return refusal;
  }
  if (said.has_contact()) {
    if (auto refusal = RefuseBadText(kContactInvalid, "contact", said.contact(), kContactBytesMax,
                                     Lines::kMany)) {
      return refusal;
    }
  }
  const std::array<NewKey, 1> key{
      {{KeyRole::kReader, "reader_key", said.reader_key(), said.reader_possession()}}};
  if (has_key) {
    if (auto refusal = RefuseUnprovenKeys(filing, filing.author, key)) return refusal;
    RegisterKey(filing, filing.author, key[0], AfterEntry(filing));
  }
  v1::MemberState member = filing.member;
  if (said.has_peer_endpoint()) member.set_peer_endpoint(said.peer_endpoint());
  if (said.has_contact()) member.set_contact(said.contact());
  if (has_key) member.set_reader_key(said.reader_key());
  SaveMember(filing.state, filing.author, member, AfterEntry(filing));
  return std::nullopt;
}

}  // namespace contact_update

extern const RecordHandler kContactUpdate;
constinit const RecordHandler kContactUpdate{
    .name = "ContactUpdate",
    .field = v1::Body::kContactUpdate,
    .rules = contact_update::kRules,
    .apply = contact_update::ApplyUpdate,
    .membership = true,
};

}  // namespace assent::rules
