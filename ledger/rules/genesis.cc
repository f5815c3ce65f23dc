// Height 0: the founding act as state and header.
#include <string>
#include <utility>

#include "assent/v1/state.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/merkle.h"
#include "ledger/rules/changes.h"
#include "ledger/rules/classes.h"
#include "ledger/rules/epochs.h"
#include "ledger/rules/key_registry.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

void WriteLedger(const FoundingAct& act, StateOverlay& state) {
  const ActText& text = act.text;
  v1::LedgerState ledger;
  ledger.set_ledger_id(act.ledger_id.str());
  ledger.set_founded_us(text.founded.us);
  ledger.set_revision(0);
  ledger.set_revision_text_hash(Sha256(text.code_text).str());
  StoreParameters(text.parameters, ledger);
  ledger.set_origin(text.origin);
  Save(state, kLedgerKey, ledger);
}

void WriteClasses(const FoundingAct& act, StateOverlay& state) {
  std::uint32_t position = 0;
  for (const LaunchClass& listed : act.text.classes) {
    v1::ClassState stored;
    stored.set_kind(KindNumber(listed.kind));
    stored.set_name(listed.name);
    stored.set_position(position++);
    Save(state, ClassKey(listed.id), stored);
  }
}

void RegisterKeys(const std::string& origin, const Founder& founder, StateOverlay& state) {
  const auto add = [&](KeyRole role, const PublicKey& key) {
    RegisterKey(state, origin, founder.code, role, key, EntryIndex(0));
  };
  add(KeyRole::kAuthority, founder.authority_key);
  add(KeyRole::kVote, founder.vote_key);
  add(KeyRole::kCheckpoint, founder.checkpoint_key);
  add(KeyRole::kTransport, founder.transport_key);
  add(KeyRole::kReader, founder.reader_key);
}

void WriteMembers(const FoundingAct& act, StateOverlay& state) {
  for (const Founder& founder : act.text.founders) {
    v1::MemberState member;
    member.set_name(founder.name);
    member.set_authority_key(founder.authority_key.str());
    member.set_vote_key(founder.vote_key.str());
    member.set_checkpoint_key(founder.checkpoint_key.str());
    member.set_transport_key(founder.transport_key.str());
    member.set_reader_key(founder.reader_key.str());
    member.set_peer_endpoint(founder.peer_endpoint);
    member.set_member_since_us(act.text.founded.us);
    member.set_votes(true);
    SaveMember(state, founder.code, member, {.index = EntryIndex(0), .time = act.text.founded});
    RegisterKeys(act.text.origin, founder, state);
  }
}

}  // namespace

Genesis MakeGenesis(const FoundingAct& act) {
  const MemoryState nothing;
  StateOverlay state(&nothing);
  WriteLedger(act, state);
  WriteClasses(act, state);
  WriteMembers(act, state);
  BeginFirstEpoch(state);

  Genesis genesis;
  genesis.header.kind = BlockKind::kNormal;
  genesis.header.ledger_id = act.ledger_id;
  genesis.header.epoch = Epoch(1);
  genesis.header.time = act.text.founded;
  genesis.header.tree_root = MerkleEmptyRoot();
  genesis.header.state_digest = NextStateDigest(Hash(), SaltsHash({}), state.writes());
  genesis.header.author_heads_root = AuthorHeadsRoot({});
  genesis.header.voters_hash = act.voters().hash();
  genesis.header.members_hash = MembersHash(MembersOf(state));
  genesis.writes = state.TakeWrites();
  return genesis;
}

}  // namespace assent::rules
