// A ledger in memory with three founders, on which tests file records: what the rules say, and what
// the state is after.
#ifndef ASSENT_TESTS_UNIT_LEDGER_RULES_TEST_LEDGER_H_
#define ASSENT_TESTS_UNIT_LEDGER_RULES_TEST_LEDGER_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/entry.h"
#include "ledger/rules/read.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/state.h"
#include "ledger/types.h"

namespace assent::rules {

MemberCode Code(std::string_view text);
PublicKey KeyOf(std::string_view holder);  // of an inspector
// RFC 3339. Times are told as if a ledger were founded at the beginning of 2026.
Time At(std::string_view text);
// For a program that tells what happens here to a ledger that runs: moves all that At gives from
// here on, and gives the ledgers of these tests that ledger's id.
void TellTo(const LedgerId& ledger_id, Duration moved_by);
Salt SaltOf(std::uint64_t number);
// A key of its own for each name; founders have "FRA/authority", "FRA/vote" and so on.
SigningKey TestKey(std::string_view name);

// So much of the time between two blocks counts for what waits: two heartbeats.
inline constexpr Duration kLongestStep = Hours(2);

// What became of an entry: exactly one is set.
struct Outcome {
  std::optional<EntryIndex> index;
  std::optional<Refusal> refusal;
};

// An entry that was put on a ledger, or that it has refused.
struct Step {
  Time time;  // of the block
  Entry entry;
  bool accepted;
};

class TestLedger {
 public:
  // Founded 2026-01-01 by DEU, FRA and NOR, with classes BM_A, BM_B (ballistic missile), SLV_A and
  // SLV_B (space launch), at most 50 entries per author and day, and a heartbeat each hour. Block
  // time is one hour later.
  explicit TestLedger(const std::vector<std::string>& founders = {"DEU", "FRA", "NOR"});
  // On an act whose founders sign with TestKey("CODE/authority"). Block time is one hour
  // later.
  explicit TestLedger(FoundingAct act);

  const FoundingAct& act() const { return act_; }
  const MemoryState& state() const { return state_; }
  // All that was put so far.
  const std::vector<Step>& steps() const { return steps_; }
  const Hash& digest() const { return digest_; }
  std::uint64_t size() const { return size_; }
  Time now() const { return now_; }
  void SetTime(Time now) { now_ = now; }
  void SetTime(std::string_view now) { now_ = At(now); }
  void Pass(Duration time) { now_ = now_ + time; }
  Height height() const { return height_; }
  // What stands for the hash of the block at `height`.
  static Hash BlockHashAt(Height height);

  // Header of the author's next entry, good for a day; key id and commitment are filled in when it
  // is signed.
  EntryHeader NextHeader(std::string_view author) const;
  Entry Sign(const EntryHeader& header, std::string body) const;
  // From now on the author's entries are signed with TestKey(name).
  void SignWith(std::string_view author, std::string_view name);

  // Applies one entry in a block of its own; there is no block when it is refused. Checks that a
  // refusal has changed nothing.
  Outcome Put(const Entry& entry);
  // A block without entries.
  void PutEmptyBlock();
  // Signs and puts the author's next entry.
  Outcome File(std::string_view author, const v1::Body& body);
  // The same, where it must be accepted.
  EntryIndex MustFile(std::string_view author, const v1::Body& body);
  // Changes the state by hand: for what no record can do yet.
  void Write(const StateWrites& writes) { state_.Apply(writes); }
  // The reason for which it is refused, empty when it is not.
  std::string Reason(std::string_view author, const v1::Body& body);

 private:
  void BeginNext(StateOverlay& overlay) const;
  void Commit(const StateWrites& writes, const std::vector<Salt>& salts);

  FoundingAct act_;
  std::map<std::string, SigningKey, std::less<>> keys_;
  std::vector<Step> steps_;
  MemoryState state_;
  Hash digest_;
  std::uint64_t size_ = 0;
  Height height_;
  Time block_time_;
  Time now_;
};

// MEMBERS, without a record.
v1::Body NewBody();
// Good bodies, MEMBERS, to be changed by a test.
v1::Body Notification(
    std::string_view reference);  // SLV_A, one launch, window 2026-02-01T00:00Z + 6 h, at a site
v1::Body Declaration(std::uint32_t year);      // both parts NIL
v1::Body FullDeclaration(std::uint32_t year);  // both parts FULL, no launches
v1::Body Report(EntryIndex notification);      // NOT_LAUNCHED
v1::Body WithdrawalOf(EntryIndex target);
v1::Body CancellationOf(EntryIndex notification);
v1::Body ExemptionFor(std::string_view from, std::string_view until);  // RFC 3339; space launches
v1::Body ObservationOf(std::string_view attributed);  // SLV_A, 2026-01-01T00:30Z, no place
v1::Body ConfirmationOf(EntryIndex observation);
v1::Body ContestOf(EntryIndex observation);
v1::Body QuestionAbout(EntryIndex record);
v1::Body ReplyTo(EntryIndex request);
v1::Body CloseOf(EntryIndex request);
v1::Body Proposing(std::uint32_t replaces, std::string_view text);
v1::Body SignRound(EntryIndex round, std::string_view text, std::uint32_t replaces = 0);
v1::Body ObjectTo(EntryIndex round);
v1::Body TakeBack(EntryIndex round);
v1::Body PledgeBy(std::string_view target_date);  // RFC 3339
// The holder's key for all bodies, from 2026-01-01 to 2027-01-01.
v1::Body Accrediting(std::string_view holder);
v1::Body EndOf(EntryIndex accreditation);
v1::Body Amending(v1::Body body, EntryIndex superseded);
v1::Body Public(v1::Body body);

// A rule, and how it is broken: `file` files what must be refused by it.
struct BrokenRule {
  std::string_view record;  // as in AllRules()
  std::string_view reason;
  std::function<Outcome(TestLedger&)> file;
};
// A file adds those that it breaks: `const AddBrokenRules report_rules(BrokenReports);`
class AddBrokenRules {
 public:
  explicit AddBrokenRules(std::vector<BrokenRule> (*make)());
};
// Those of all files; not before main.
std::vector<BrokenRule> AllBrokenRules();

}  // namespace assent::rules

#endif  // ASSENT_TESTS_UNIT_LEDGER_RULES_TEST_LEDGER_H_
