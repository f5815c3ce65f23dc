// The bytes of the state, pinned. Every node's state digest is in the headers that a quorum has
// signed, so a ledger that exists is read by these bytes for ever. When a test here fails, the
// rules write something else than they did for the same entries: nodes of the old and the new build
// would part at the next block, and `assent audit` of the new one would refuse every ledger of the
// old. Put the code back, unless no ledger exists yet or the change is a new ledger format
// (CONTRIBUTING.md); only then put the new digest here. (A change of the story or of the bodies in
// test_ledger.cc changes the digest too; make it apart from any change of the rules.) New types of
// record come at the end of the story, so that the digest of what was there before stays.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/rules/changes.h"
#include "tests/unit/ledger/rules/cooperation_bodies.h"
#include "tests/unit/ledger/rules/draft_bodies.h"
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

constexpr std::string_view kSecondText = "The second text.\n";

// A launch of two missiles from the sea, that nobody would report under its first window.
v1::Body FromTheSea() {
  v1::Body body = Notification("SEA-1");
  v1::LaunchNotification& said = *body.mutable_launch_notification();
  said.set_kind(v1::BALLISTIC_MISSILE);
  said.set_class_id("BM_A");
  said.mutable_area()->set_sea_area("Norwegian Sea");
  said.mutable_direction()->mutable_sector()->set_from_deg(350);
  said.mutable_direction()->mutable_sector()->set_to_deg(10);
  said.set_count(2);
  return body;
}

v1::Body UnchangedWithLaunches(EntryIndex since) {
  v1::Body body = Declaration(2026);
  v1::DeclarationPart& part = *body.mutable_annual_declaration()->mutable_space_launch();
  part.set_form(v1::NO_CHANGE);
  part.set_unchanged_since(since.value());
  part.add_launches()->set_class_id("SLV_A");
  part.mutable_launches(0)->set_count(1);
  return body;
}

v1::Body Unannounced() {
  v1::Body body = Report(EntryIndex(0));
  v1::LaunchReport& said = *body.mutable_launch_report();
  said.clear_notification();
  said.set_outcome(v1::FAILED);
  said.set_launched_at_us(At("2026-01-01T00:30:00Z").us);
  said.set_kind(v1::SPACE_LAUNCH);
  said.set_class_id("SLV_B");
  return body;
}

using PartDigest = std::pair<std::string, std::string>;  // name of the part, hex

// Files every type of record, amends and withdraws what can be, and ends rounds in each way.
class GoldenStory {
 public:
  GoldenStory() {
    Part("first types", [this] { FileFirstTypes(); });
    Part("cancellation", [this] { FileCancellation(); });
    Part("pledges", [this] { FilePledges(); });
    Part("incentives", [this] { FileIncentives(); });
    Part("assistance", [this] { FileAssistance(); });
    Part("observers", [this] { FileObservers(); });
    Part("conferences", [this] { FileConferences(); });
    Part("drafts", [this] { FileDrafts(); });
    Part("exemptions", [this] { FileExemptions(); });
    Part("observed launches", [this] { FileObservedLaunches(); });
    Part("clarifications", [this] { FileClarifications(); });
    Part("inspectors", [this] { FileAccreditations(); });
    Part("chair", [this] { FileChair(); });
    Part("votes", [this] { FileVotes(); });
    Part("subscription", [this] { FileSubscriptions(); });
    Part("keys", [this] { FileKeys(); });
    Part("releasers", [this] { FileReleasers(); });
  }

  const TestLedger& ledger() const { return ledger_; }
  // Digest after each part of the story, in its order.
  const std::vector<PartDigest>& digests() const { return digests_; }
  const std::set<std::string>& types() const { return types_; }

 private:
  void Part(std::string_view name, const std::function<void()>& file) {
    file();
    digests_.emplace_back(name, ledger_.digest().hex());
  }

  void FileFirstTypes() {
    FileLaunches();
    FileDeclarations();
    File("FRA", Proposing(0, "Objected to.\n"));
    File("NOR", ObjectTo(Newest()));
    File("DEU", Proposing(0, "Taken back.\n"));
    File("DEU", TakeBack(Newest()));
    File("NOR", Proposing(0, "Forgotten.\n"));
    ledger_.Pass(Days(181));  // lapses
    File("FRA", Proposing(0, kSecondText));
    const EntryIndex round = Newest();
    for (const char* member : {"NOR", "DEU", "FRA"}) File(member, SignRound(round, kSecondText));
  }

  void FileLaunches() {
    File("FRA", Public(Notification("A-1")));
    const EntryIndex first = Newest();
    File("NOR", FromTheSea());
    const EntryIndex sea = Newest();
    ledger_.SetTime("2026-01-31T12:00:00Z");
    v1::Body more = FromTheSea();
    more.mutable_launch_notification()->set_count(3);
    File("NOR", Amending(more, sea));
    File("FRA", Report(first));
    File("FRA", Amending(Report(first), Newest()));
    File("FRA", Report(first));
    File("DEU", Unannounced());
    File("DEU", WithdrawalOf(Newest()));
  }

  void FileDeclarations() {
    File("FRA", FullDeclaration(2025));
    File("FRA", UnchangedWithLaunches(Newest()));
    File("DEU", Declaration(2025));
    File("DEU", Amending(Public(FullDeclaration(2025)), Newest()));
    File("DEU", Public(WithdrawalOf(Newest())));
  }

  void FileCancellation() {
    File("NOR", Notification("N-1"));
    File("NOR", CancellationOf(Newest()));
  }

  void FilePledges() {
    File("NOR", PledgeBy("2030-01-01"));
    File("NOR", Amending(Public(PledgeBy("2031-01-01")), Newest()));
    File("DEU", PledgeBy("2032-01-01"));
    File("DEU", WithdrawalOf(Newest()));
  }

  // The members endorse the newest question.
  void Endorse(const std::vector<const char*>& members) {
    const EntryIndex question = Newest();
    for (const char* member : members) File(member, EndorsementOf(question));
  }

  void FileChair() {
    File("FRA", TermOf("NOR", "2028-01-01", "2029-01-01"));
    Endorse({"DEU", "NOR"});
  }

  void FileVotes() {
    File("NOR", NodeKeysOf("NOR", "NOR/2"));
    File("NOR", StepBack());
    File("NOR", VotingFrom(ledger_, "NOR/2"));
    File("FRA", SuspensionOf("NOR"));
    Endorse({"DEU", "NOR"});
  }

  void FileSubscriptions() {
    File("FRA", Inviting("SWE"));
    File("FRA", DeclineOf("SWE"));
    File("DEU", NoteOf("SWE"));
    Endorse({"FRA", "NOR"});
    ledger_.SignWith("SWE", "SWE/authority");
    File("SWE", NewContact());
    File("NOR", Leaving());
  }

  void FileKeys() {
    File("DEU", RotationTo("DEU", "DEU/second"));
    ledger_.SignWith("DEU", "DEU/second");
    File("SWE", ReplacementOf("FRA", "FRA/second"));
    Endorse({"DEU", "FRA"});
    File("FRA", RefusingReplacement());
    File("SWE", ReplacementOf("FRA", "FRA/third"));
    Endorse({"DEU", "FRA"});
    Wait(ledger_, Days(30));
    ledger_.SignWith("FRA", "FRA/third");
    File("FRA", NewReaderKey("FRA", "FRA/second reader"));
    File("SWE", Revoking());
  }

  void FileReleasers() {
    File("DEU", NamingReleasers("DEU", {"Head", "Deputy"}));
    FileReleased("DEU", "Head", Notification("D-1"));
    FileReleased("DEU", "Deputy", NamingReleasers("DEU", {"Deputy"}));
    FileReleased("DEU", "Deputy", NamingReleasers("DEU", {}));
    File("DEU", NamingReleasers("DEU", {"Head"}));
  }

  void FileIncentives() {
    File("NOR", PledgeBy("2032-01-01"));
    const EntryIndex pledge = Newest();
    v1::Body offer = OfferTo("NOR", pledge);
    offer.mutable_incentive_offer()->set_expires_us(At("2027-01-01").us);
    File("FRA", offer);
    File("NOR", AnswerTo(Newest(), v1::DECLINE));
    File("FRA", offer);
    const EntryIndex accepted = Newest();
    File("NOR", AnswerTo(accepted, v1::ACCEPT));
    File("FRA", Ending(accepted, v1::DELIVERED));
    File("DEU", offer);
    File("DEU", Ending(Newest(), v1::RESCINDED));
    File("DEU", offer);
    File("NOR", AnswerTo(Newest(), v1::ACCEPT));
  }

  void FileAssistance() {
    File("FRA", AssistanceTo("IDN"));
    File("FRA", Amending(Public(AssistanceTo("IDN")), Newest()));
  }

  void FileObservers() {
    v1::Body visit = InvitingObservers({"NOR", "DEU"}, 4);
    visit.mutable_observer_invitation()->set_until_us(At("2027-03-06").us);
    File("FRA", visit);
    const EntryIndex first = Newest();
    File("DEU", ObserversCome(first, 3));
    File("NOR", NoObserversCome(first));
    visit.mutable_observer_invitation()->set_places(5);
    File("FRA", Amending(visit, first));
    const EntryIndex second = Newest();
    File("NOR", Amending(ObserversCome(second, 2), EntryIndex(first.value() + 2)));
    File("DEU", WithdrawalOf(EntryIndex(first.value() + 1)));
    File("DEU", ObserversCome(second, 1));
  }

  void FileConferences() {
    v1::Body meeting = ConferenceWith({"NOR", "MEX"});
    meeting.mutable_conference()->set_until_us(At("2027-03-06").us);
    File("FRA", Public(meeting));
    const EntryIndex conference = Newest();
    File("NOR", ConferenceAnswerOf("NOR", conference, v1::ACCEPT));
    File("DEU", Public(ConferenceAnswerOf("MEX", conference, v1::DECLINE)));
    File("NOR", ConferenceAnswerOf("MEX", conference, v1::ACCEPT));
    File("FRA", AttendanceOf(conference, {"NOR"}));
    File("FRA", Amending(Public(AttendanceOf(conference, {"MEX", "NOR"})), Newest()));
  }

  // From a draft to the presentation of what came of it, with changes besides the text.
  void FileDrafts() {
    AppointChair(ledger_);
    v1::Body opening = Proposing(1, kDraftText);
    v1::RevisionChanges& changes = *opening.mutable_revision_open()->mutable_changes();
    changes.set_report_due_seconds(3600);
    v1::ClassAddition& added = *changes.add_classes();
    added.set_id("SLV_C");
    added.set_kind(v1::SPACE_LAUNCH);
    added.set_name("Reusable");
    v1::Body drafting = Drafting(kDraftText, 1);
    *drafting.mutable_revision_draft()->mutable_changes() = changes;
    const std::string hash = RevisionHash(kDraftText, changes).str();

    File("FRA", drafting);
    const EntryIndex draft = Newest();
    File("NOR", Circulating(draft));
    v1::Body received = DraftReceived(draft);
    received.mutable_revision_receipt()->set_text_hash(hash);
    File("DEU", received);
    File("DEU", CommentOn(draft));
    File("DEU", Amending(CommentOn(draft, "Better."), Newest()));
    const EntryIndex comment = Newest();
    ledger_.Pass(Days(61));
    File("NOR", SummingUp(draft));
    File("DEU", SummaryReceived(Newest()));
    v1::Body next = NextDraft(draft, {comment});
    next.mutable_revision_draft()->set_replaces(1);
    File("FRA", next);
    File("FRA", TakeBackDraft(Newest()));
    opening.mutable_revision_open()->set_draft(draft.value());
    File("FRA", opening);
    const EntryIndex round = Newest();
    v1::Body signature = SignRound(round, kDraftText, 1);
    signature.mutable_revision_sign()->set_text_hash(hash);
    for (const char* member : {"NOR", "DEU", "FRA"}) File(member, signature);
    v1::Body presenting = Presenting(round, kDraftText);
    *presenting.mutable_revision_present()->mutable_changes() = changes;
    File("NOR", presenting);
  }

  void FileExemptions() {
    File("NOR", ExemptionFor("2028-01-01", "2029-01-01"));
    v1::Body longer = ExemptionFor("2028-01-01", "2030-01-01");
    longer.mutable_exemption()->set_class_id("SLV_B");
    File("NOR", Amending(longer, Newest()));
    File("NOR", WithdrawalOf(Newest()));
  }

  void FileObservedLaunches() {
    File("FRA", ObservationOf("PRK"));
    v1::Body somewhere = ObservationOf("DEU");
    auto& circle = *somewhere.mutable_observed_launch()->mutable_place()->mutable_circle();
    circle.set_radius_m(300'000);
    circle.mutable_center()->set_latitude_udeg(-62'000'000);
    circle.mutable_center()->set_longitude_udeg(179'000'000);
    File("FRA", somewhere);
    const EntryIndex first = Newest();
    File("DEU", ContestOf(first));
    const EntryIndex contest = Newest();
    File("FRA", Amending(Public(somewhere), first));
    const EntryIndex second = Newest();
    File("DEU", Amending(ConfirmationOf(second), contest));
    File("DEU", WithdrawalOf(Newest()));
    File("DEU", Public(ContestOf(second)));
    File("FRA", Public(WithdrawalOf(second)));
  }

  void FileClarifications() {
    File("NOR", Public(FullDeclaration(2024)));
    const EntryIndex declaration = Newest();
    File("FRA", Public(QuestionAbout(declaration)));
    const EntryIndex request = Newest();
    File("NOR", ReplyTo(request));
    File("NOR", Amending(ReplyTo(request), Newest()));
    File("NOR", WithdrawalOf(Newest()));
    ledger_.Pass(Days(3));
    File("FRA", Public(CloseOf(request)));
    File("NOR", Public(ReplyTo(request)));
    File("DEU", QuestionAbout(declaration));
  }

  void FileAccreditations() {
    File("NOR", Accrediting("A"));
    File("FRA", Public(Accrediting("A")));
    File("FRA", Public(EndOf(Newest())));
    v1::Body some = Accrediting("B");
    some.mutable_inspector_accreditation()->set_all_bodies(false);
    some.mutable_inspector_accreditation()->add_authors("FRA");
    some.mutable_inspector_accreditation()->add_types("LaunchReport");
    File("NOR", some);
    File("NOR", Accrediting("B"));
    File("NOR", EndOf(Newest()));
  }

  EntryIndex Newest() const { return EntryIndex(ledger_.size() - 1); }

  void File(std::string_view author, const v1::Body& body) {
    ledger_.Pass(Seconds(1));
    types_.insert(
        Describe(ledger_.Sign(ledger_.NextHeader(author), body.SerializeAsString()))->type);
    ledger_.MustFile(author, body);
  }

  void FileReleased(std::string_view author, std::string_view name, const v1::Body& body) {
    ledger_.Pass(Seconds(1));
    ledger_.MustFile(author, ReleasedBy(ledger_, author, name, body));
  }

  TestLedger ledger_;
  std::vector<PartDigest> digests_;
  std::set<std::string> types_;
};

TEST(Golden, DigestOfTheFirstState) {
  EXPECT_EQ(TestLedger().digest().hex(),
            "1537c0a13f260bd314077ec11e90470481809ee761ff7100ba4765da66da9fe0");
}

TEST(Golden, DigestOfAStoryWithEveryTypeOfRecord) {
  const GoldenStory story;
  const auto types = RecordTypes();
  EXPECT_EQ(story.types(), std::set<std::string>(types.begin(), types.end()));
  EXPECT_EQ(ParametersOf(story.ledger().state()).revision, 2u);
  const std::vector<PartDigest> expected = {
      {"first types", "a561d246557666f11d8e1c9e0091c34fc6195d48dc7588694e6755b58c54ef58"},
      {"cancellation", "43c0cbdf5d74ee6f614f287345dcefb1045c9b996eda899ebdd2890d4e9b8ad3"},
      {"pledges", "2feec789050aecc9693c7ef258d71d1b52689a95c7543825a9d8b00ad19fd3e8"},
      {"incentives", "968932473568430dfa1bb95a63465b0ad0a3b061e6088f4f2685ee8b06b468bd"},
      {"assistance", "4a984dad2a0be5c487172173fea96d49aa529b2d0e35e1e7b33e6d2dfcddc626"},
      {"observers", "9d1b52e9c70b152a50511d9b96306a93ecd4e1c969714d5d8887a95d2142165f"},
      {"conferences", "370eba57992280a8ad37e6966b365445d0b574739c9f27c79a1f4d8cff3b3d73"},
      {"drafts", "93cff27bd4117e4874cb32a8ff4cb8fbebabd682172115116a6b308dfdd62fc7"},
      {"exemptions", "b2606ad4fbe87081d1002e1c0127e4e8cae67e36887d6e75ce4c5d38b7111538"},
      {"observed launches", "09af36b9862c8193c6ae1f90ffe4f6c7595731dfa72f25dce7909f66b378a5cc"},
      {"clarifications", "604a7718f1f78c178d4937cc7520e2e5e5b1f2dfef2c03754115c85f6ef5e55a"},
      {"inspectors", "91ccb92bf95fcb85f4daca83466627f424e0340bc5fbdd00ea687e2359e09290"},
      {"chair", "2b58597423628c371cbf930f760805e4b1aef8116d4c71c5b2b1065dc64e92fa"},
      {"votes", "f0ac9ec7f1f7d792104b398b39cb3785a5357ebfabf23210fb55094a3dd8072e"},
      {"subscription", "e7c8edf0301ff4b4dece82351651ffc4eab093e9856960f1a13e002e025d2e16"},
      {"keys", "35e7e94541d461f1f42b207cd5d61d03a5e26925c8bd1de246aeaf5f8d871e13"},
      {"releasers", "4313966c7e4c039b19972ac99230ad8b1674bdf0c58b0db93bebce1a6b6ce869"},
  };
  EXPECT_EQ(story.digests(), expected);
}

}  // namespace
}  // namespace assent::rules
