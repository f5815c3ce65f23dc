// Split duties: who must release what, and when that begins and ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> NamesOf(const MemberView& member) {
  std::vector<std::string> names;
  for (const Releaser& releaser : member.releasers) names.push_back(releaser.name);
  return names;
}

std::vector<std::string> ReleasersOf(const TestLedger& ledger, std::string_view code) {
  return NamesOf(MemberOf(ledger.state(), Code(code)).value());
}

// FRA has named a head and a deputy, by its entry 0.
class ReleaseTest : public ::testing::Test {
 protected:
  ReleaseTest() { ledger_.MustFile("FRA", NamingReleasers("FRA", {"Head", "Deputy"})); }

  v1::Body By(std::string_view name, const v1::Body& body) const {
    return ReleasedBy(ledger_, "FRA", name, body);
  }
  std::string Reason(const v1::Body& body) { return ledger_.Reason("FRA", body); }

  TestLedger ledger_;
};

TEST_F(ReleaseTest, HoldsFromTheNextEntryOnForThisStateAlone) {
  EXPECT_EQ(Reason(Notification("A-1")), "RELEASE_MISSING");
  EXPECT_EQ(Reason(By("Head", Notification("A-1"))), "");
  EXPECT_EQ(Reason(By("Deputy", Notification("A-2"))), "");
  EXPECT_EQ(ledger_.Reason("NOR", Notification("A-1")), "");
  EXPECT_THAT(ReleasersOf(ledger_, "FRA"), ElementsAre("Head", "Deputy"));
  EXPECT_THAT(ReleasersOf(ledger_, "NOR"), IsEmpty());
}

TEST_F(ReleaseTest, IsOfOneEntryAlone) {
  const v1::Body first = By("Head", Notification("A-1"));
  ledger_.MustFile("NOR", NamingReleasers("NOR", {"Head"}));
  EXPECT_EQ(ledger_.Reason("NOR", first), "RELEASE_UNKNOWN_KEY");  // of another author
  ledger_.MustFile("FRA", By("Head", Notification("A-0")));
  EXPECT_EQ(Reason(first), "RELEASE_BAD_SIGNATURE");  // with another sequence
  EntryHeader longer = ledger_.NextHeader("FRA");
  longer.not_after = longer.not_after + Seconds(1);
  const Entry late = ledger_.Sign(longer, By("Head", Notification("A-1")).SerializeAsString());
  EXPECT_EQ(ledger_.Put(late).refusal->reason, "RELEASE_BAD_SIGNATURE");
  EXPECT_EQ(Reason(By("Head", Notification("A-1"))), "");
}

// What an authority key alone could do would be what its thief does.
TEST_F(ReleaseTest, IsNeededOfEveryTypeOfRecord) {
  for (const v1::Body& body :
       {Revoking(), RotationTo("FRA", "FRA/second"), NamingReleasers("FRA", {}), Leaving(),
        StepBack(), NewContact(), RefusingReplacement()}) {
    EXPECT_EQ(Reason(body), "RELEASE_MISSING");
  }
}

TEST_F(ReleaseTest, GoesOnWithARotatedKey) {
  ledger_.MustFile("FRA", By("Head", RotationTo("FRA", "FRA/second")));
  ledger_.SignWith("FRA", "FRA/second");
  EXPECT_EQ(Reason(Notification("A-1")), "RELEASE_MISSING");
  EXPECT_EQ(Reason(By("Head", Notification("A-1"))), "");
}

TEST_F(ReleaseTest, ByOneWhoIsLeftOutIsRefused) {
  ledger_.MustFile("FRA", By("Head", NamingReleasers("FRA", {"Deputy", "Secretary"})));
  EXPECT_THAT(ReleasersOf(ledger_, "FRA"), ElementsAre("Deputy", "Secretary"));
  EXPECT_EQ(Reason(By("Head", Notification("A-1"))), "RELEASE_UNKNOWN_KEY");
  EXPECT_EQ(Reason(By("Secretary", Notification("A-1"))), "");
}

TEST_F(ReleaseTest, OfAKeyThatComesBackNeedsNoProofButAGoodOne) {
  ledger_.MustFile("FRA", By("Head", NamingReleasers("FRA", {"Deputy"})));
  v1::Body back = NamingReleasers("FRA", {"Head"});
  back.mutable_releasers()->mutable_releasers(0)->set_possession("x");
  EXPECT_EQ(Reason(By("Deputy", back)), "POSSESSION_INVALID");
  back.mutable_releasers()->mutable_releasers(0)->clear_possession();
  EXPECT_EQ(Reason(By("Deputy", back)), "");
  EXPECT_EQ(Reason(By("Head", Notification("A-1"))), "");
}

TEST_F(ReleaseTest, IsByAKeyOfNoOtherState) {
  v1::Body theirs = NamingReleasers("NOR", {"Head"});
  theirs.mutable_releasers()->mutable_releasers(0)->set_public_key(
      TestKey("FRA/Head").public_key().str());
  EXPECT_EQ(ledger_.Reason("NOR", theirs), "KEY_REGISTERED");
  EXPECT_EQ(ledger_.Reason("NOR", RotationTo("NOR", "FRA/Head")), "KEY_REGISTERED");
}

TEST_F(ReleaseTest, TwiceTheSameKeyIsRefused) {
  v1::Body twice = NamingReleasers("FRA", {"Head"});
  v1::Releaser& again = *twice.mutable_releasers()->add_releasers();
  again = twice.releasers().releasers(0);
  again.set_name("Other");
  EXPECT_EQ(Reason(By("Head", twice)), "RELEASER_REPEATED");
}

TEST_F(ReleaseTest, EndsByAnEmptyList) {
  ledger_.MustFile("FRA", By("Deputy", NamingReleasers("FRA", {})));
  EXPECT_EQ(Reason(By("Head", Notification("A-1"))), "RELEASE_UNEXPECTED");
  EXPECT_EQ(Reason(Notification("A-1")), "");
  EXPECT_EQ(Reason(NamingReleasers("FRA", {})), "NOTHING_TO_END");
}

TEST(Release, EndsWithAKeyThatTheMembersGive) {
  TestLedger ledger({"DEU", "FRA", "ITA", "NOR"});
  ledger.MustFile("FRA", NamingReleasers("FRA", {"Head"}));
  const EntryIndex question = ledger.MustFile("NOR", ReplacementOf("FRA", "FRA/second"));
  ledger.MustFile("DEU", EndorsementOf(question));
  ledger.MustFile("ITA", EndorsementOf(question));
  EXPECT_EQ(ledger.Reason("FRA", RefusingReplacement()), "RELEASE_MISSING");
  Wait(ledger, Days(30));
  EXPECT_THAT(ReleasersOf(ledger, "FRA"), IsEmpty());
  ledger.SignWith("FRA", "FRA/second");
  ledger.MustFile("FRA", Notification("A-1"));
}

TEST(Release, EndsWithTheMembership) {
  TestLedger ledger;
  ledger.MustFile("FRA", NamingReleasers("FRA", {"Head"}));
  ledger.MustFile("FRA", ReleasedBy(ledger, "FRA", "Head", Leaving()));
  const EntryIndex question =
      ledger.MustFile("NOR", NoteOf(StatementOf("FRA", "FRA again"), "FRA again"));
  ledger.MustFile("DEU", EndorsementOf(question));
  ledger.SignWith("FRA", "FRA again/authority");
  EXPECT_THAT(ReleasersOf(ledger, "FRA"), IsEmpty());
  ledger.MustFile("FRA", Notification("A-1"));
}

TEST_F(ReleaseTest, KeepsWhoReleasedWhen) {
  ledger_.MustFile("FRA", By("Head", NamingReleasers("FRA", {"Secretary"})));  // entry 1
  const auto names_at = [&](std::uint64_t tree_size) {
    return NamesOf(*SubscriptionOf(ledger_.state(), Code("FRA"), tree_size)->member);
  };
  EXPECT_THAT(names_at(0), IsEmpty());
  EXPECT_THAT(names_at(1), ElementsAre("Head", "Deputy"));
  EXPECT_THAT(names_at(2), ElementsAre("Secretary"));
}

// Without all bodies, releases of those that are there are still checked.
TEST_F(ReleaseTest, IsFollowedWithoutAllBodies) {
  const auto judged = [&](const Entry& entry) {
    StateOverlay overlay(&ledger_.state());
    const Position position{EntryIndex(ledger_.size()), ledger_.height().next(), ledger_.now()};
    const auto refusal = ApplyMembership(entry, position, overlay);
    return refusal ? refusal->reason : "";
  };
  const auto signed_as = [&](const v1::Body& body) {
    return ledger_.Sign(ledger_.NextHeader("FRA"), body.SerializeAsString());
  };
  EXPECT_EQ(judged(signed_as(Notification("A-1"))), "RELEASE_MISSING");
  EXPECT_EQ(judged(signed_as(By("Head", Notification("A-1")))), "");
  EXPECT_EQ(judged(signed_as(Notification("A-1")).WithoutBody()), "");
  EXPECT_EQ(judged(signed_as(NewContact())), "RELEASE_MISSING");
}

}  // namespace
}  // namespace assent::rules
