// Each rule of annual declarations broken once.
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using Change = std::function<void(v1::AnnualDeclaration&)>;

// FRA files a declaration of 2025 that `change` spoils.
BrokenRule SpoiledDeclaration(std::string_view reason, v1::Body good, Change change) {
  return {"AnnualDeclaration", reason,
          [good = std::move(good), change = std::move(change)](TestLedger& ledger) {
            v1::Body body = good;
            change(*body.mutable_annual_declaration());
            return ledger.File("FRA", body);
          }};
}

BrokenRule SpoiledNil(std::string_view reason, Change change) {
  return SpoiledDeclaration(reason, Declaration(2025), std::move(change));
}

BrokenRule SpoiledFull(std::string_view reason, Change change) {
  return SpoiledDeclaration(reason, FullDeclaration(2025), std::move(change));
}

void AddLaunches(v1::DeclarationPart& part, const std::string& class_id, std::uint32_t count) {
  part.add_launches()->set_class_id(class_id);
  part.mutable_launches(part.launches_size() - 1)->set_count(count);
}

// A declaration of 2026 whose space part says that nothing has changed since `since`.
v1::Body Unchanged(EntryIndex since) {
  v1::Body body = Declaration(2026);
  auto& space = *body.mutable_annual_declaration()->mutable_space_launch();
  space.set_form(v1::NO_CHANGE);
  space.set_unchanged_since(since.value());
  return body;
}

std::vector<BrokenRule> BrokenYears() {
  return {
      SpoiledNil("YEAR_TOO_EARLY", [](auto& said) { said.set_year(2001); }),
      SpoiledNil("YEAR_IN_FUTURE", [](auto& said) { said.set_year(2027); }),
      {"AnnualDeclaration", "YEAR_CHANGED",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", Declaration(2024));
         return ledger.File("FRA", Amending(Declaration(2025), first));
       }},
      {"AnnualDeclaration", "ALREADY_DECLARED",
       [](TestLedger& ledger) {
         ledger.MustFile("FRA", Declaration(2025));
         return ledger.File("FRA", Declaration(2025));
       }},
  };
}

std::vector<BrokenRule> BrokenParts() {
  return {
      SpoiledNil("PART_MISSING", [](auto& said) { said.clear_space_launch(); }),
      SpoiledNil("FORM_INVALID",
                 [](auto& said) {
                   said.mutable_space_launch()->set_form(v1::DECLARATION_FORM_UNSPECIFIED);
                 }),
      SpoiledNil("NIL_WITH_LAUNCHES",
                 [](auto& said) { AddLaunches(*said.mutable_space_launch(), "SLV_A", 1); }),
      SpoiledNil("ONLY_IN_FULL",
                 [](auto& said) { said.mutable_space_launch()->set_policy_outline("Peace."); }),
      SpoiledFull("POLICY_INVALID",
                  [](auto& said) { said.mutable_space_launch()->clear_policy_outline(); }),
      SpoiledFull("OBSERVER_POLICY_INVALID",
                  [](auto& said) {
                    said.mutable_ballistic_missiles()->set_observer_policy("Come and see.");
                  }),
      SpoiledFull("TOO_MANY_SITES",
                  [](auto& said) {
                    auto& part = *said.mutable_space_launch();
                    while (part.sites_size() < 65) *part.add_sites() = part.sites(0);
                  }),
      SpoiledFull("SITE_NAME_INVALID",
                  [](auto& said) {
                    said.mutable_space_launch()->mutable_sites(0)->set_name("two\nlines");
                  }),
      SpoiledFull(
          "COORDINATES_INVALID",
          [](auto& said) { said.mutable_space_launch()->mutable_sites(0)->clear_location(); }),
      SpoiledFull("CLASS_UNKNOWN",
                  [](auto& said) { AddLaunches(*said.mutable_space_launch(), "SLV_C", 1); }),
      SpoiledFull("CLASS_WRONG_KIND",
                  [](auto& said) { AddLaunches(*said.mutable_space_launch(), "BM_A", 1); }),
      SpoiledFull("COUNT_ZERO",
                  [](auto& said) { AddLaunches(*said.mutable_space_launch(), "SLV_A", 0); }),
      SpoiledFull("CLASS_TWICE",
                  [](auto& said) {
                    AddLaunches(*said.mutable_space_launch(), "SLV_A", 1);
                    AddLaunches(*said.mutable_space_launch(), "SLV_A", 2);
                  }),
  };
}

std::vector<BrokenRule> BrokenNoChange() {
  return {
      SpoiledNil("UNCHANGED_SINCE_MISSING",
                 [](auto& said) { said.mutable_space_launch()->set_form(v1::NO_CHANGE); }),
      SpoiledNil("UNCHANGED_SINCE_MISPLACED",
                 [](auto& said) { said.mutable_space_launch()->set_unchanged_since(0); }),
      {"AnnualDeclaration", "DECLARATION_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Unchanged(ledger.MustFile("NOR", FullDeclaration(2025))));
       }},
      {"AnnualDeclaration", "DECLARATION_NOT_CURRENT",
       [](TestLedger& ledger) {
         const EntryIndex first = ledger.MustFile("FRA", FullDeclaration(2025));
         ledger.MustFile("FRA", Amending(FullDeclaration(2025), first));
         return ledger.File("FRA", Unchanged(first));
       }},
      {"AnnualDeclaration", "DECLARATION_LATER",
       [](TestLedger& ledger) {
         v1::Body body = Unchanged(ledger.MustFile("FRA", FullDeclaration(2025)));
         body.mutable_annual_declaration()->set_year(2024);
         return ledger.File("FRA", body);
       }},
      {"AnnualDeclaration", "NOTHING_UNCHANGED",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Unchanged(ledger.MustFile("FRA", Declaration(2025))));
       }},
      {"AnnualDeclaration", "FULL_RETRACTED",
       [](TestLedger& ledger) {
         const EntryIndex full = ledger.MustFile("FRA", FullDeclaration(2024));
         v1::Body body = Unchanged(full);
         body.mutable_annual_declaration()->set_year(2025);
         const EntryIndex unchanged = ledger.MustFile("FRA", body);
         ledger.MustFile("FRA", WithdrawalOf(full));
         return ledger.File("FRA", Unchanged(unchanged));
       }},
  };
}

std::vector<BrokenRule> BrokenDeclarationRules() {
  std::vector<BrokenRule> all = BrokenYears();
  for (const auto& part : {BrokenParts(), BrokenNoChange()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

const AddBrokenRules declaration_rules(BrokenDeclarationRules);

}  // namespace
}  // namespace assent::rules
