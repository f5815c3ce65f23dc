// A small ledger for tests: founders with keys made from their codes, a signed act, and entries of
// theirs.
#ifndef ASSENT_TESTS_SUPPORT_TEST_LEDGER_H_
#define ASSENT_TESTS_SUPPORT_TEST_LEDGER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/block/digests.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/entry.h"
#include "ledger/types.h"

namespace assent::testing {

// 2026-01-01T00:00:00Z: when a test ledger is founded.
inline constexpr Time kFounded{1'767'225'600'000'000};

// All secrets of one state. The same code always gives the same keys.
struct TestState {
  explicit TestState(std::string_view code);
  MemberCode code;
  SigningKey authority;
  SigningKey reader;
  NodeKeys node;
};

// Founders, their act, and a class list with SLV_MEDIUM and BM_SHORT among others.
struct TestLedger {
  // The first `members` of AAA, BBB, CCC, ...
  explicit TestLedger(std::size_t members, const ActParameters& parameters = {});
  std::vector<TestState> states;
  FoundingAct act;

  const LedgerId& id() const { return act.ledger_id; }
  const TestState& state(std::string_view code) const;
};

// Body of a public launch notification whose window opens 30 days after the ledger was founded.
v1::Body NotificationBody(std::string_view reference);
// Opens a round on a text that is to replace the founding act's.
v1::Body RevisionOpenBody();

// The author's entry after `head`; not_after is a year after the founding.
Entry MakeEntry(const TestLedger& ledger, const TestState& author, const AuthorHead& head,
                const v1::Body& body);

}  // namespace assent::testing

#endif  // ASSENT_TESTS_SUPPORT_TEST_LEDGER_H_
