// The body of an entry by the rules: u8 author || body. Whatever it is, the rules accept or refuse
// it by a reason that is listed; what they accept can be shown in words that say the same.
#include <set>

#include "client/records.h"
#include "client/tree.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"
#include "tests/fuzz/target.h"
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/good_records.h"
#include "tests/unit/ledger/rules/membership_bodies.h"

namespace assent::fuzz {
namespace {

constexpr std::array<std::string_view, 3> kAuthors{"FRA", "NOR", "DEU"};

// A ledger on which there is something to refer to.
const rules::TestLedger& RunningLedger() {
  static const rules::TestLedger running = [] {
    using namespace rules;  // NOLINT: the bodies of its tests
    rules::TestLedger ledger;
    ledger.MustFile("FRA", Notification("A-0"));
    ledger.MustFile("FRA", Proposing(0, "Newer.\n"));
    ledger.MustFile("NOR", TermOf("FRA", "2026-02-01", "2027-02-01"));
    ledger.MustFile("NOR", PledgeBy("2030-01-01"));
    const EntryIndex pledge = ledger.MustFile("FRA", PledgeBy("2030-01-01"));
    ledger.MustFile("NOR", OfferTo("FRA", pledge));
    ledger.MustFile("NOR", InvitingObservers({"FRA"}, 4));
    ledger.MustFile("NOR", ConferenceWith({"FRA", "MEX"}));
    ledger.MustFile("NOR", ObservationOf("FRA"));
    ledger.MustFile("NOR", QuestionAbout(EntryIndex(0)));
    ledger.MustFile("FRA", QuestionAbout(EntryIndex(3)));
    ledger.MustFile("FRA", Accrediting("B"));
    return ledger;
  }();
  return running;
}

const std::set<std::string>& Reasons() {
  static const std::set<std::string> reasons = [] {
    std::set<std::string> all;
    for (const rules::RecordRules& record : rules::AllRules()) {
      for (const rules::Rule& rule : record.rules) all.emplace(rule.reason);
    }
    return all;
  }();
  return reasons;
}

void CheckWordsSayTheSame(const v1::Body& body) {
  const std::string words = client::ToToml(client::RecordTree(body));
  const auto tree = client::ParseToml(words, "words");
  ASSENT_CHECK(tree.ok());
  const auto again = client::ReadRecord(*tree, "words", Time{0});
  ASSENT_CHECK(again.ok());
  ASSENT_CHECK(again->body.SerializeAsString() == body.SerializeAsString());
}

}  // namespace

const Target kBodyTarget{
    "body",
    4 * 1024,
    [](std::string_view input) {
      if (input.empty()) return;
      const rules::TestLedger& ledger = RunningLedger();
      const std::string bytes(input.substr(1));
      v1::Body body;
      const bool strict = ParseStrict(bytes, body).ok();
      if (strict) ASSENT_CHECK(body.SerializeAsString() == bytes);
      const std::string_view author =
          kAuthors[static_cast<unsigned char>(input[0]) % kAuthors.size()];
      const Entry entry = ledger.Sign(ledger.NextHeader(author), bytes);
      StateOverlay overlay(&ledger.state());
      const auto refusal = rules::Apply(
          entry, {EntryIndex(ledger.size()), Height(ledger.size() + 1), ledger.now()}, overlay);
      ASSENT_CHECK(refusal.has_value() == overlay.writes().empty());
      if (refusal) {
        ASSENT_CHECK(Reasons().contains(refusal->reason));
        return;
      }
      ASSENT_CHECK(strict && rules::Describe(entry));
      CheckWordsSayTheSame(body);
    },
    [] {
      std::vector<Seed> seeds;
      for (const rules::GoodRecord& good : rules::GoodRecords()) {
        rules::TestLedger ledger;
        const char author = good.author == "FRA" ? '\0' : good.author == "NOR" ? '\1' : '\2';
        seeds.push_back(
            {std::string(good.type), author + good.prepare(ledger).SerializeAsString()});
      }
      return seeds;
    },
    []() -> const google::protobuf::Message* { return &v1::Body::default_instance(); },
    1};

}  // namespace assent::fuzz
