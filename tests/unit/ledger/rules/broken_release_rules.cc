// Each rule of releasers and of what they release broken once.
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

v1::Body TwoReleasers() { return NamingReleasers("FRA", {"Head", "Deputy"}); }

// What is spoiled after it was released by the head, once FRA has named the two.
Outcome WithRelease(TestLedger& ledger, const std::function<void(v1::Body&)>& spoil) {
  ledger.MustFile("FRA", TwoReleasers());
  v1::Body body = ReleasedBy(ledger, "FRA", "Head", Notification("A-1"));
  spoil(body);
  return ledger.File("FRA", body);
}

std::vector<BrokenRule> BrokenReleases() {
  return {
      {"Entry", "RELEASE_MISSING",
       [](TestLedger& ledger) {
         return WithRelease(ledger, [](v1::Body& body) { body.clear_release(); });
       }},
      {"Entry", "RELEASE_UNEXPECTED",
       [](TestLedger& ledger) {
         return ledger.File("FRA", ReleasedBy(ledger, "FRA", "Head", Notification("A-1")));
       }},
      {"Entry", "RELEASE_UNKNOWN_KEY",
       [](TestLedger& ledger) {
         ledger.MustFile("FRA", TwoReleasers());
         return ledger.File("FRA", ReleasedBy(ledger, "FRA", "Doorman", Notification("A-1")));
       }},
      {"Entry", "RELEASE_NAME_DIFFERS",
       [](TestLedger& ledger) {
         return WithRelease(ledger,
                            [](v1::Body& body) { body.mutable_release()->set_name("Deputy"); });
       }},
      {"Entry", "RELEASE_BAD_SIGNATURE",
       [](TestLedger& ledger) {
         return WithRelease(
             ledger, [](v1::Body& body) { body.mutable_launch_notification()->set_count(2); });
       }},
  };
}

BrokenRule SpoiledReleasers(std::string_view reason, std::function<void(v1::Releasers&)> change) {
  return {"Releasers", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = TwoReleasers();
            change(*body.mutable_releasers());
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenReleasers() {
  return {
      {"Releasers", "NOT_PUBLIC",
       [](TestLedger& ledger) {
         v1::Body body = TwoReleasers();
         body.set_visibility(v1::MEMBERS);
         return ledger.File("FRA", body);
       }},
      SpoiledReleasers("NOTHING_TO_END", [](auto& said) { said.clear_releasers(); }),
      SpoiledReleasers("RELEASERS_MANY",
                       [](auto& said) {
                         while (said.releasers_size() < 17)
                           *said.add_releasers() = said.releasers(0);
                       }),
      SpoiledReleasers(
          "NAME_INVALID",
          [](auto& said) { said.mutable_releasers(1)->set_name(std::string(65, 'x')); }),
      SpoiledReleasers("KEY_INVALID",
                       [](auto& said) { said.mutable_releasers(1)->set_public_key("x"); }),
      SpoiledReleasers("RELEASER_REPEATED",
                       [](auto& said) { said.mutable_releasers(1)->set_name("Head"); }),
      SpoiledReleasers("KEY_REGISTERED",
                       [](auto& said) {
                         *said.mutable_releasers(1) =
                             NamingReleasers("FRA", {"authority"}).releasers().releasers(0);
                       }),
      SpoiledReleasers("POSSESSION_INVALID",
                       [](auto& said) { said.mutable_releasers(1)->clear_possession(); }),
  };
}

std::vector<BrokenRule> BrokenReleaseRules() {
  std::vector<BrokenRule> all = BrokenReleases();
  for (BrokenRule& rule : BrokenReleasers()) all.push_back(std::move(rule));
  return all;
}

const AddBrokenRules release_rules(BrokenReleaseRules);

}  // namespace
}  // namespace assent::rules
