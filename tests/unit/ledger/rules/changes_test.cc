// What a revision changes besides the text: bound by the hash that is signed, and in force from the
// entry that completes the members.
#include "ledger/rules/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "ledger/rules/read_parameters.h"
#include "tests/unit/ledger/rules/draft_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using namespace std::string_literals;  // NOLINT: for a text with a zero byte

constexpr std::string_view kText = "The same text, other periods.\n";

v1::RevisionChanges SomeChanges() {
  v1::RevisionChanges changes;
  changes.set_signature_period_seconds(3600);
  changes.set_entries_per_author_and_day(7);
  v1::ClassAddition& added = *changes.add_classes();
  added.set_id("SLV_C");
  added.set_kind(v1::SPACE_LAUNCH);
  added.set_name("Reusable");
  return changes;
}

v1::Body ProposingChanges() {
  v1::Body body = Proposing(0, kText);
  *body.mutable_revision_open()->mutable_changes() = SomeChanges();
  return body;
}

v1::Body SignChanges(EntryIndex round) {
  v1::Body body = SignRound(round, kText);
  body.mutable_revision_sign()->set_text_hash(RevisionHash(kText, SomeChanges()).str());
  return body;
}

v1::Body OfClass(std::string_view class_id) {
  v1::Body body = Notification(class_id);
  body.mutable_launch_notification()->set_class_id(std::string(class_id));
  return body;
}

TEST(RevisionHash, OfATextAloneIsTheHashOfTheText) {
  EXPECT_EQ(RevisionHash(kText, {}), Sha256(kText));
  EXPECT_EQ(FormatChanges({}), "");
}

TEST(RevisionHash, BindsTheChangesAsLinesOfAnAct) {
  EXPECT_EQ(FormatChanges(SomeChanges()),
            "signature period, seconds: 3600\n"
            "entries per author and day: 7\n"
            "SLV_C, space launch: Reusable\n");
  EXPECT_EQ(RevisionHash("T\n", SomeChanges()), Sha256("T\n\0signature period, seconds: 3600\n"
                                                       "entries per author and day: 7\n"
                                                       "SLV_C, space launch: Reusable\n"s));
}

// Each parameter stands under its own label.
TEST(RevisionHash, NamesEveryParameter) {
  v1::RevisionChanges changes;
  changes.set_notification_lead_seconds(1);
  changes.set_report_due_seconds(2);
  changes.set_comment_period_seconds(3);
  changes.set_signature_period_seconds(4);
  changes.set_heartbeat_seconds(5);
  changes.set_max_clock_skew_seconds(6);
  changes.set_entries_per_author_and_day(7);
  EXPECT_EQ(FormatChanges(changes),
            "notification lead, seconds: 1\nreport due, seconds: 2\ncomment period, seconds: 3\n"
            "signature period, seconds: 4\nheartbeat, seconds: 5\nlargest clock skew, seconds: 6\n"
            "entries per author and day: 7\n");
}

// As the ledger knew them when it had so many entries.
TEST(Changes, ParametersAtAnOlderSizeAreThoseOfThen) {
  TestLedger ledger;
  std::vector<LedgerParameters> was{ParametersOf(ledger.state())};
  const auto file = [&](const char* member, const v1::Body& body) {
    const EntryIndex index = ledger.MustFile(member, body);
    was.push_back(ParametersOf(ledger.state()));
    return index;
  };
  const EntryIndex first = file("FRA", ProposingChanges());
  for (const char* member : {"DEU", "FRA", "NOR"}) file(member, SignChanges(first));
  const EntryIndex second = file("FRA", Proposing(1, "No changes.\n"));
  for (const char* member : {"DEU", "FRA", "NOR"}) {
    file(member, SignRound(second, "No changes.\n", 1));
  }
  EXPECT_EQ(was.back().revision, 2u);
  for (std::uint64_t size = 0; size < was.size(); ++size) {
    const LedgerParameters at = ParametersAt(ledger.state(), size);
    EXPECT_EQ(at.revision, was[size].revision) << size;
    EXPECT_EQ(at.revision_text_hash, was[size].revision_text_hash) << size;
    EXPECT_EQ(at.revision_round, was[size].revision_round) << size;
    EXPECT_EQ(at.signature_period, was[size].signature_period) << size;
    EXPECT_EQ(at.entries_per_author_and_day, was[size].entries_per_author_and_day) << size;
    EXPECT_EQ(at.founded, was[size].founded) << size;
  }
  EXPECT_EQ(ParametersAt(ledger.state(), kNewest).revision, 2u);
}

TEST(Changes, TakeForceAtTheVeryEntryThatCompletesTheMembers) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", ProposingChanges());
  ledger.MustFile("FRA", SignChanges(round));
  ledger.MustFile("NOR", SignChanges(round));
  EXPECT_EQ(ParametersOf(ledger.state()).signature_period, Days(180));
  EXPECT_EQ(ledger.Reason("DEU", OfClass("SLV_C")), "CLASS_UNKNOWN");

  ledger.MustFile("DEU", SignChanges(round));
  const LedgerParameters changed = ParametersOf(ledger.state());
  EXPECT_EQ(changed.signature_period, Hours(1));
  EXPECT_EQ(changed.entries_per_author_and_day, 7u);
  EXPECT_EQ(changed.comment_period, Days(60));  // not named
  EXPECT_EQ(changed.heartbeat, Hours(1));
  const std::vector<LaunchClass> classes = ClassList(ledger.state());
  ASSERT_EQ(classes.size(), 5u);
  EXPECT_EQ(classes.back().id, "SLV_C");
  EXPECT_EQ(classes.back().name, "Reusable");
  EXPECT_EQ(ledger.Reason("DEU", OfClass("SLV_C")), "");

  const EntryIndex next = ledger.MustFile("FRA", Proposing(1, "Next.\n"));
  EXPECT_EQ(RoundAt(ledger.state(), next, ledger.now())->deadline, ledger.now() + Hours(1));
}

TEST(Changes, AreBoundByEverySignature) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", ProposingChanges());
  EXPECT_EQ(ledger.Reason("DEU", SignRound(round, kText)), "WRONG_TEXT");
  v1::RevisionChanges others = SomeChanges();
  others.set_entries_per_author_and_day(8);
  v1::Body signature = SignChanges(round);
  signature.mutable_revision_sign()->set_text_hash(RevisionHash(kText, others).str());
  EXPECT_EQ(ledger.Reason("DEU", signature), "WRONG_TEXT");
}

TEST(Changes, MayBeAllThatARevisionDoes) {
  TestLedger ledger;
  v1::Body same_text = Proposing(0, ledger.act().text.code_text);
  EXPECT_EQ(ledger.Reason("FRA", same_text), "TEXT_UNCHANGED");
  same_text.mutable_revision_open()->mutable_changes()->set_report_due_seconds(60);
  EXPECT_EQ(ledger.Reason("FRA", same_text), "");
}

TEST(Changes, OfARoundWithoutConsentChangeNothing) {
  TestLedger ledger;
  const EntryIndex round = ledger.MustFile("FRA", ProposingChanges());
  ledger.MustFile("DEU", SignChanges(round));
  ledger.MustFile("NOR", ObjectTo(round));
  EXPECT_EQ(ParametersOf(ledger.state()).signature_period, Days(180));
  EXPECT_EQ(ClassList(ledger.state()).size(), 4u);
}

TEST(Changes, WithClassesThatCouldNotBeAreRefused) {
  TestLedger ledger;
  const auto reason = [&](const std::function<void(v1::RevisionChanges&)>& spoil) {
    v1::Body body = ProposingChanges();
    spoil(*body.mutable_revision_open()->mutable_changes());
    return ledger.Reason("FRA", body);
  };
  EXPECT_EQ(reason([](auto& c) { c.mutable_classes(0)->set_kind(v1::LAUNCH_KIND_UNSPECIFIED); }),
            "CLASS_INVALID");
  EXPECT_EQ(reason([](auto& c) { c.mutable_classes(0)->set_id("slv"); }), "CLASS_INVALID");
  EXPECT_EQ(reason([](auto& c) { c.mutable_classes(0)->set_name("Two\nlines"); }), "CLASS_INVALID");
  EXPECT_EQ(reason([](auto& c) { *c.add_classes() = c.classes(0); }), "CLASS_INVALID");
  EXPECT_EQ(reason([](auto& c) { c.set_max_clock_skew_seconds(3601); }), "PARAMETER_OUT_OF_BOUNDS");
  EXPECT_EQ(reason([](auto& c) { c.set_entries_per_author_and_day(0); }),
            "PARAMETER_OUT_OF_BOUNDS");
}

TEST(Changes, OfADraftAreTheChangesOfItsRound) {
  TestLedger ledger;
  AppointChair(ledger);
  v1::Body drafting = Drafting(kText);
  *drafting.mutable_revision_draft()->mutable_changes() = SomeChanges();
  const EntryIndex draft = ledger.MustFile("FRA", drafting);
  ledger.MustFile("NOR", Circulating(draft));
  ledger.Pass(Days(61));
  ledger.MustFile("NOR", SummingUp(draft));
  EXPECT_EQ(ledger.Reason("FRA", OpeningFrom(draft, kText)), "DRAFT_DIFFERS");
  v1::Body opening = OpeningFrom(draft, kText);
  *opening.mutable_revision_open()->mutable_changes() = SomeChanges();
  EXPECT_EQ(ledger.Reason("FRA", opening), "");
}

}  // namespace
}  // namespace assent::rules
