#include "ledger/rules/unseen.h"

#include "assent/v1/state.pb.h"
#include "ledger/limits.h"
#include "ledger/rules/changes.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/replacement.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {

void ForgetParameters(StateOverlay& state) {
  auto ledger = LoadExisting<v1::LedgerState>(state, kLedgerKey);
  ActParameters widest = LoadParameters(ledger);
  widest.heartbeat = Seconds(kActHeartbeatSecondsMax);
  widest.entries_per_author_and_day = kAuthorEntriesPerDayLimit;
  StoreParameters(widest, ledger);
  ledger.clear_newest_round();  // a withdrawal completes nothing that could be seen
  Save(state, kLedgerKey, ledger);
}

std::vector<MemberCode> KeysThatMayTakeForce(const BlockStart& start, const StateView& state) {
  StateOverlay counted(&state);
  CountWaitingTime(start, counted);
  return DueReplacements(counted);
}

}  // namespace assent::rules
