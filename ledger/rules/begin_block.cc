// What a block does to the state before its first entry: it remembers its parent, so that an entry
// can show which block its author's node has reached, and lets the time since then pass for what
// waits.
#include "assent/v1/membership.pb.h"
#include "ledger/limits.h"
#include "ledger/rules/keys.h"
#include "ledger/rules/replacement.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/typed_state.h"
#include "ledger/rules/unseen.h"

namespace assent::rules {
namespace {

void RememberParent(const BlockStart& start, StateOverlay& state) {
  const std::uint64_t parent_height = start.height.value() - 1;
  v1::RecentBlockState recent;
  recent.set_height(parent_height);
  recent.set_hash(start.parent.str());
  Save(state, RecentBlockKey(parent_height % kRecentBlocks), recent);
}

}  // namespace

void BeginBlock(const BlockStart& start, StateOverlay& state) {
  RememberParent(start, state);
  CountWaitingTime(start, state);
  for (const MemberCode& code : DueReplacements(state)) PutReplacementInForce(start, code, state);
}

void BeginUnseenBlock(const BlockStart& start, std::span<const MemberCode> in_force,
                      StateOverlay& state) {
  RememberParent(start, state);
  CountWaitingTime(start, state);
  for (const MemberCode& code : in_force) PutReplacementInForce(start, code, state);
}

}  // namespace assent::rules
