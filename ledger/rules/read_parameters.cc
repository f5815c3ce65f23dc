#include "ledger/rules/read_parameters.h"

#include <string>

#include "assent/v1/state.pb.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/typed_state.h"

namespace assent::rules {
namespace {

LedgerParameters DecodeLedger(std::string_view key, const v1::LedgerState& stored) {
  LedgerParameters ledger;
  ledger.ledger_id = DecodeFixed<LedgerId>(key, stored.ledger_id());
  ledger.founded = {stored.founded_us()};
  ledger.notification_lead = {stored.notification_lead_us()};
  ledger.report_due = {stored.report_due_us()};
  ledger.comment_period = {stored.comment_period_us()};
  ledger.signature_period = {stored.signature_period_us()};
  ledger.heartbeat = {stored.heartbeat_us()};
  ledger.max_clock_skew = {stored.max_clock_skew_us()};
  ledger.entries_per_author_and_day = stored.entries_per_author_and_day();
  ledger.revision = stored.revision();
  ledger.revision_text_hash = DecodeFixed<Hash>(key, stored.revision_text_hash());
  if (stored.revision() > 0) ledger.revision_round = EntryIndex(stored.revision_round());
  return ledger;
}

}  // namespace

LedgerParameters ParametersOf(const StateView& state) {
  return DecodeLedger(kLedgerKey, LoadExisting<v1::LedgerState>(state, kLedgerKey));
}

std::string OriginOf(const StateView& state) {
  return LoadExisting<v1::LedgerState>(state, kLedgerKey).origin();
}

LedgerParameters ParametersAt(const StateView& state, std::uint64_t tree_size) {
  std::string key(kLedgerKey);
  auto ledger = LoadExisting<v1::LedgerState>(state, key);
  while (ledger.revision() > 0) {
    const auto round =
        LoadExisting<v1::RoundState>(state, RoundKey(EntryIndex(ledger.revision_round())));
    if (round.ended_by() < tree_size) break;
    key = LedgerBeforeKey(ledger.revision());
    ledger = LoadExisting<v1::LedgerState>(state, key);
  }
  return DecodeLedger(key, ledger);
}

}  // namespace assent::rules
