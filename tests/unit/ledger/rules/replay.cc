// Prints how each rule is broken, and how a record of each type lives, as entries for a ledger that
// runs: tests of whole nodes submit them, and no rule is written twice.
//
// usage: ledger_rules_replay ACT NOW [NUMBER...]
//
// ACT is a founding act as TestLedger wants it, NOW a time (RFC 3339) after which it was founded
// and at which the entries are filed. The stories of these numbers, from 0 on, or all. One line of
// JSON for each:
//
//   {"number": 7, "record": "Pledge", "reason": "TEXT_INVALID", "steps": [STEP...]}
//   {"number": 8, "record": "Pledge", "steps": [STEP...], "filed": 0, "amended": 1, "withdrawn": 2}
//   STEP: {"author": "FRA", "wait_us": 0, "body": "HEX", "entry": "HEX"}
//
// The last step of a story with a reason is refused. Each story begins on an empty ledger;
// `wait_us` is how long its author waits before the step, and `entry` an Entry of proto/assent/v1.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <sstream>
#include <string>

#include "absl/strings/numbers.h"
#include "tests/unit/ledger/rules/good_records.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// The time that a new TestLedger shows.
constexpr std::string_view kToldNow = "2026-01-01T01:00:00Z";

std::string Serialized(const Entry& entry) {
  v1::Entry message;
  message.set_header(entry.header_bytes());
  message.set_signature(entry.signature().str());
  if (entry.has_body()) {
    message.set_body(entry.body());
    message.set_salt(entry.salt().str());
  }
  return message.SerializeAsString();
}

nlohmann::ordered_json StepsOf(const TestLedger& ledger, Time begin) {
  auto steps = nlohmann::ordered_json::array();
  for (const Step& step : ledger.steps()) {
    steps.push_back({{"author", step.entry.header().author.str()},
                     {"wait_us", (step.time - begin).us},
                     {"body", step.entry.has_body() ? ToHex(step.entry.body()) : ""},
                     {"entry", ToHex(Serialized(step.entry))}});
    begin = step.time;
  }
  return steps;
}

// All of them when `numbers` is empty.
void PrintStories(const FoundingAct& act, Time now, const std::set<std::size_t>& numbers) {
  TellTo(act.ledger_id, now - At(kToldNow));
  const auto at_now = [&] {
    TestLedger ledger(act);
    ledger.SetTime(now);
    return ledger;
  };
  std::size_t next = 0;
  const auto skipped = [&](std::size_t number) {
    return !numbers.empty() && !numbers.contains(number);
  };
  for (const BrokenRule& rule : AllBrokenRules()) {
    const std::size_t number = next++;
    if (skipped(number)) continue;
    TestLedger ledger = at_now();
    rule.file(ledger);
    std::cout << nlohmann::ordered_json{{"number", number},
                                        {"record", rule.record},
                                        {"reason", rule.reason},
                                        {"steps", StepsOf(ledger, now)}}
                     .dump()
              << "\n";
  }
  for (const GoodRecord& record : GoodRecords()) {
    const std::size_t number = next++;
    if (skipped(number)) continue;
    TestLedger ledger = at_now();
    const Life life = Live(record, ledger);
    nlohmann::ordered_json story{{"number", number},
                                 {"record", record.type},
                                 {"steps", StepsOf(ledger, now)},
                                 {"filed", life.filed.value()}};
    if (life.amended) story["amended"] = life.amended->value();
    if (life.withdrawn) story["withdrawn"] = life.withdrawn->value();
    std::cout << story.dump() << "\n";
  }
}

int Main(const char* act_path, const char* now_text, std::span<char*> number_texts) {
  std::set<std::size_t> numbers;
  for (const char* text : number_texts) {
    if (std::size_t number; absl::SimpleAtoi(text, &number)) {
      numbers.insert(number);
    } else {
      std::cerr << text << ": is no number\n";
      return 2;
    }
  }
  std::ostringstream text;
  text << std::ifstream(act_path, std::ios::binary).rdbuf();
  const auto act = ParseAct(text.str());
  const auto now = ParseTime(now_text);
  if (!act.ok() || !now.ok()) {
    std::cerr << act.status() << "\n" << now.status() << "\n";
    return 2;
  }
  PrintStories(*act, *now, numbers);
  // A story that does not go as it should is a failure of a test that is not running.
  return testing::UnitTest::GetInstance()->Failed() ? 1 : 0;
}

}  // namespace
}  // namespace assent::rules

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc < 3) {
    std::cerr << "usage: ledger_rules_replay ACT NOW [NUMBER...]\n";
    return 2;
  }
  return assent::rules::Main(argv[1], argv[2], std::span(argv + 3, argv + argc));
}
