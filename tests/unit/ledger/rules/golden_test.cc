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
            "65eb4fc8c5e0dc00a2ff80095446ee96e482cba9c7748df9f7691ab5c132f3bc");
}

TEST(Golden, DigestOfAStoryWithEveryTypeOfRecord) {
  const GoldenStory story;
  const auto types = RecordTypes();
  EXPECT_EQ(story.types(), std::set<std::string>(types.begin(), types.end()));
  EXPECT_EQ(ParametersOf(story.ledger().state()).revision, 2u);
  const std::vector<PartDigest> expected = {
      {"first types", "38d601b3a249aa9635b714f8e46a7eb982066a4aaa52f477e736e0e4e7f5dd33"},
      {"cancellation", "86bcb48842b90913832ef46bd61ee1eafeb26dcba91b5f5bbf82b12869d91825"},
      {"pledges", "52e9d510cfe05001cb35c7fb9172d42501c8ed2d0e3fc532b90daafaaf36a531"},
      {"incentives", "6bf7113763304c9d861e311cf128fc406125b8a6e31f28f9da7cd3d1c3631a83"},
      {"assistance", "552b405848b647240138b2f1ae944aab59ae24e3992e1dbfdd4830b7e1026d21"},
      {"observers", "649350ec508c7f3a71a5d36544526b4812ee525aedf1178b6fe51a76d27d9083"},
      {"conferences", "e1d3b4daf6e80d97e3c74de132c3c0fda4f258288276c0bcaced0c7e5c89eca7"},
      {"drafts", "d18557cfaa51359701a96e3e45b5005e2119b9e911e972aed02fdf43057660e4"},
      {"exemptions", "8dc7911c928451f01ea5fab1b1ec7c34b5a9d9a2167bb1933908ea76c48cf5e3"},
      {"observed launches", "56f54c03b4079e8b93dc20776ba75e26543706f712176ad8e7c5cdadadb25c1a"},
      {"clarifications", "6b462b4a7245a1cf689181ea2227bcc9e380561d24c1ad018d4a83a668156956"},
      {"inspectors", "6fb0bbe63badb03d2ebff2811091f5532f34aa05b02b97dcc9edbb8541d51c4e"},
      {"chair", "1b1e2c1445adde5b826ee04286bb418baa04a6dbf531c640411fd15a8b0774b5"},
      {"votes", "371aa4386088a489e607f7ebc7f5279a6c57eed5c12da7fef00a4401096dca36"},
      {"subscription", "6ece481f2114238da2299e95bb799f8be954094bbb3ebcc81e12534000154198"},
      {"keys", "9edb1f951acf8941725b0ab06c2d9f9e282088e2905ee3dfdcabdfa4c5adf9d4"},
      {"releasers", "cce7b7b9d2e8858423dce9df31283c9cc0bbf41ddc3a39e12f899a7ec6738059"},
  };
  EXPECT_EQ(story.digests(), expected);
}

}  // namespace
}  // namespace assent::rules
