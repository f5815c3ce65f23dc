#include "ledger/rules/replacement.h"

#include <algorithm>

#include "assent/v1/state.pb.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/membership.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

std::optional<v1::ReplacementState> WaitingReplacement(const StateView& state,
                                                       const MemberCode& code) {
  return Load<v1::ReplacementState>(state, ReplacementKey(code));
}

void BeginReplacement(const Filing& filing, EntryIndex question, const MemberCode& code,
                      const PublicKey& new_key) {
  const auto clock =
      Load<v1::WaitingClockState>(filing.state, kWaitingClockKey).value_or(v1::WaitingClockState());
  Save(filing.state, kWaitingClockKey, clock);
  v1::ReplacementState waits;
  waits.set_question(question.value());
  waits.set_new_key(new_key.str());
  waits.set_due_us(clock.elapsed_us() + Days(kKeyReplacementDays).us);
  Save(filing.state, ReplacementKey(code), waits);
}

void DropReplacement(StateOverlay& state, const MemberCode& code) {
  if (!state.Get(ReplacementKey(code))) return;
  state.Remove(ReplacementKey(code));
  bool others = false;
  state.Scan(kReplacementPrefix, kReplacementPrefix,
             [&](std::string_view /*key*/, std::string_view /*value*/) {
               others = true;
               return false;
             });
  if (!others) state.Remove(kWaitingClockKey);
}

void CountWaitingTime(const BlockStart& start, StateOverlay& state) {
  auto clock = Load<v1::WaitingClockState>(state, kWaitingClockKey);
  if (!clock) return;
  const auto ledger = LoadExisting<v1::LedgerState>(state, kLedgerKey);
  const Duration passed =
      std::min(start.time - start.parent_time, Duration{2 * ledger.heartbeat_us()});
  clock->set_elapsed_us(clock->elapsed_us() + passed.us);
  Save(state, kWaitingClockKey, *clock);
}

std::vector<MemberCode> DueReplacements(const StateView& state) {
  std::vector<MemberCode> due;
  const auto clock = Load<v1::WaitingClockState>(state, kWaitingClockKey);
  if (!clock) return due;
  state.Scan(kReplacementPrefix, kReplacementPrefix,
             [&](std::string_view key, std::string_view value) {
               if (Decode<v1::ReplacementState>(key, value).due_us() <= clock->elapsed_us()) {
                 due.push_back(CodeOfKey(key, kReplacementPrefix));
               }
               return true;
             });
  return due;
}

void PutReplacementInForce(const BlockStart& start, const MemberCode& code, StateOverlay& state) {
  const auto waited = LoadExisting<v1::ReplacementState>(state, ReplacementKey(code));
  auto member = LoadExisting<v1::MemberState>(state, MemberKey(code));
  member.set_authority_key(waited.new_key());
  member.set_endorsed_since(start.first_index.value());
  // Whoever has lost all releasers' keys comes by a new list in no other way.
  member.clear_releasers();
  SaveMember(state, code, member,
             {.index = start.first_index, .time = start.time, .with_block = true});
  DropReplacement(state, code);
}

}  // namespace assent::rules
