#include "tests/bench/scale/states.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/membership.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/membership/key_role.h"

namespace assent::bench {
namespace {

MemberCode CodeOf(std::size_t index) {
  const char text[] = {'A', static_cast<char>('A' + index / 26 % 26),
                       static_cast<char>('A' + index % 26)};
  return MemberCode::From(std::string_view(text, sizeof(text))).value();
}

SecretSeed SeedOf(const MemberCode& code, std::string_view purpose) {
  return *SecretSeed::From(Sha256({"bench/", code.str(), "/", purpose}).view());
}

}  // namespace

State::State(std::size_t index)
    : code(CodeOf(index)),
      name(absl::StrCat("State of ", code.str())),
      node_seed(SeedOf(code, "node")),
      reader_seed(SeedOf(code, "reader")),
      authority(SeedOf(code, "authority")),
      reader(reader_seed),
      node(DeriveNodeKeys(node_seed)) {}

FoundingAct MakeAct(const std::vector<State>& states, Time founded) {
  ActText text;
  text.origin = "bench.example/scale";
  text.founded = founded;
  text.parameters.entries_per_author_and_day = kAuthorEntriesPerDayLimit;
  text.classes = {
      {std::string(kLightClass), ClassKind::kSpaceLaunch, "light space launch vehicle"},
      {std::string(kMissileClass), ClassKind::kBallisticMissile, "short-range ballistic missile"}};
  text.code_title = "Code of Conduct";
  text.code_text = "1. States declare.\n2. States notify.\n";
  for (std::size_t i = 0; i < kVotingStates; ++i) {
    const State& state = states[i];
    text.founders.push_back({state.code, state.name, state.authority.public_key(),
                             state.node.vote.public_key(), state.node.checkpoint.public_key(),
                             state.node.transport.public_key(), state.reader.public_key(),
                             absl::StrCat("127.0.0.1:", 7411 + i)});
  }
  FoundingAct act = ParseAct(FormatAct({text, LedgerId(), {}})).value();
  for (std::size_t i = 0; i < kVotingStates; ++i) {
    const State& state = states[i];
    const std::pair<KeyRole, const SigningKey*> keys[] = {
        {KeyRole::kAuthority, &state.authority},
        {KeyRole::kVote, &state.node.vote},
        {KeyRole::kCheckpoint, &state.node.checkpoint},
        {KeyRole::kTransport, &state.node.transport},
        {KeyRole::kReader, &state.reader}};
    for (const auto& [role, key] : keys) {
      act.signatures[{state.code, role}] = SignAct(act.ledger_id, state.code, role, *key);
    }
  }
  return act;
}

v1::Body NoteOf(const State& state, const LedgerId& ledger) {
  v1::SubscriptionStatement said;
  said.set_ledger_id(ledger.str());
  said.set_code(state.code.str());
  said.set_name(state.name);
  said.set_authority_key(state.authority.public_key().str());
  said.set_reader_key(state.reader.public_key().str());
  said.set_reader_possession(
      SignPossession(ledger, state.code, KeyRole::kReader, state.reader).str());
  said.set_contact("Ministry of Foreign Affairs");
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  v1::SubscriptionNote& note = *body.mutable_subscription_note();
  note.set_statement(said.SerializeAsString());
  note.set_signature(state.authority.Sign(tag::kSubscription, note.statement()).str());
  return body;
}

}  // namespace assent::bench
