#include "ledger/rules/epochs.h"

#include <string>
#include <utility>
#include <vector>

#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

v1::EpochState Encode(Height begun_by, const VoterSet& voters) {
  v1::EpochState epoch;
  epoch.set_begun_by(begun_by.value());
  for (const Voter& voter : voters.voters()) {
    v1::VoterState& stored = *epoch.add_voters();
    stored.set_code(voter.code.str());
    stored.set_vote_key(voter.vote_key.str());
    stored.set_checkpoint_key(voter.checkpoint_key.str());
    stored.set_transport_key(voter.transport_key.str());
  }
  return epoch;
}

VoterSet DecodeVoters(std::string_view key, const v1::EpochState& epoch) {
  std::vector<Voter> voters;
  for (const v1::VoterState& stored : epoch.voters()) {
    const auto code = MemberCode::From(stored.code());
    if (!code) StopOnDamagedState(key);
    voters.push_back({.code = *code,
                      .vote_key = DecodeFixed<PublicKey>(key, stored.vote_key()),
                      .checkpoint_key = DecodeFixed<PublicKey>(key, stored.checkpoint_key()),
                      .transport_key = DecodeFixed<PublicKey>(key, stored.transport_key())});
  }
  auto made = VoterSet::Make(std::move(voters));
  if (!made.ok()) StopOnDamagedState(key);
  return *std::move(made);
}

}  // namespace

void BeginFirstEpoch(StateOverlay& state) {
  Save(state, EpochKey(Epoch(1)), Encode(Height(0), VotersOf(state)));
}

bool CloseEpochIfVotersChanged(const BlockHeader& parent, Epoch epoch, StateOverlay& state) {
  if (!TouchesMembership(state.writes())) return false;
  const VoterSet voters = VotersOf(state);
  if (voters.hash() == parent.voters_hash) return false;
  Save(state, EpochKey(epoch.next()), Encode(parent.height.next(), voters));
  return true;
}

void RestartEpoch(const BlockHeader& parent, Epoch epoch, StateOverlay& state) {
  const v1::EpochState begun = Encode(parent.height, VotersOf(state));
  for (Epoch next = EpochAfter(parent).next(); next <= epoch; next = next.next()) {
    Save(state, EpochKey(next), begun);
  }
}

std::vector<EpochView> EpochsUpTo(const StateView& state, Epoch last) {
  std::vector<EpochView> epochs;
  for (Epoch epoch(1); epoch <= last; epoch = epoch.next()) {
    const std::string key = EpochKey(epoch);
    const auto stored = LoadExisting<v1::EpochState>(state, key);
    epochs.push_back({epoch, Height(stored.begun_by()), DecodeVoters(key, stored)});
  }
  return epochs;
}

}  // namespace assent::rules
