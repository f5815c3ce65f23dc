#include "tests/unit/ledger/rules/test_ledger.h"

#include <gtest/gtest.h>

#include <utility>

#include "ledger/block/digests.h"
#include "ledger/crypto/hash.h"

namespace assent::rules {
namespace {

// To which ledger all is told, and how much later than it is written here.
struct Telling {
  LedgerId ledger_id = *LedgerId::From(Sha256("the ledger of these tests").view());
  Duration moved_by;
};
Telling& Told() {
  static Telling told;
  return told;
}

FoundingAct MakeAct(const std::vector<std::string>& founders) {
  FoundingAct act;
  act.ledger_id = Told().ledger_id;
  act.text.origin = "code.example/assent";
  act.text.founded = At("2026-01-01T00:00:00Z");
  act.text.parameters.entries_per_author_and_day = 50;
  act.text.parameters.heartbeat = {kLongestStep.us / 2};
  act.text.classes = {{"BM_A", ClassKind::kBallisticMissile, "Short range"},
                      {"SLV_A", ClassKind::kSpaceLaunch, "Small"},
                      {"BM_B", ClassKind::kBallisticMissile, "Long range"},
                      {"SLV_B", ClassKind::kSpaceLaunch, "Heavy"}};
  act.text.code_title = "The Code";
  act.text.code_text = "The first text.\n";
  for (const std::string& code : founders) {
    const auto key = [&](std::string_view use) {
      return TestKey(code + "/" + std::string(use)).public_key();
    };
    act.text.founders.push_back({.code = Code(code),
                                 .name = "State " + code,
                                 .authority_key = key("authority"),
                                 .vote_key = key("vote"),
                                 .checkpoint_key = key("checkpoint"),
                                 .transport_key = key("transport"),
                                 .reader_key = key("reader"),
                                 .peer_endpoint = code + ".example:7401"});
  }
  return act;
}

void SetFull(v1::DeclarationPart& part) {
  part.set_form(v1::FULL);
  part.set_policy_outline("What we do and why.\nAnd how.");
  v1::Site& site = *part.add_sites();
  site.set_name("Range");
  site.mutable_location()->set_latitude_udeg(43'000'000);
  site.mutable_location()->set_longitude_udeg(-1'000'000);
}

using MakeBrokenRules = std::vector<BrokenRule> (*)();

std::vector<MakeBrokenRules>& BrokenRuleFiles() {
  static std::vector<MakeBrokenRules> files;
  return files;
}

}  // namespace

AddBrokenRules::AddBrokenRules(MakeBrokenRules make) { BrokenRuleFiles().push_back(make); }

std::vector<BrokenRule> AllBrokenRules() {
  std::vector<BrokenRule> all;
  for (const MakeBrokenRules make : BrokenRuleFiles()) {
    for (BrokenRule& rule : make()) all.push_back(std::move(rule));
  }
  return all;
}

PublicKey KeyOf(std::string_view holder) {
  return TestKey("inspector " + std::string(holder)).public_key();
}
MemberCode Code(std::string_view text) { return MemberCode::From(text).value(); }
Time At(std::string_view text) { return ParseTime(text).value() + Told().moved_by; }
void TellTo(const LedgerId& ledger_id, Duration moved_by) {
  Told() = {.ledger_id = ledger_id, .moved_by = moved_by};
}
SigningKey TestKey(std::string_view name) {
  return SigningKey(*SecretSeed::From(Sha256(name).view()));
}
Salt SaltOf(std::uint64_t number) { return *Salt::From(Sha256(std::to_string(number)).view()); }

TestLedger::TestLedger(const std::vector<std::string>& founders) : TestLedger(MakeAct(founders)) {}

TestLedger::TestLedger(FoundingAct act) : act_(std::move(act)) {
  for (const Founder& founder : act_.text.founders) {
    SignWith(founder.code.str(), founder.code.str() + "/authority");
  }
  Genesis genesis = MakeGenesis(act_);
  state_.Apply(genesis.writes);
  digest_ = genesis.header.state_digest;
  block_time_ = act_.text.founded;
  now_ = act_.text.founded + Hours(1);
}

EntryHeader TestLedger::NextHeader(std::string_view author) const {
  const AuthorHead head = HeadOf(state_, Code(author));
  EntryHeader header;
  header.ledger_id = act_.ledger_id;
  header.author = Code(author);
  header.sequence = head.sequence.next();
  header.previous = head.leaf_hash;
  header.not_after = now_ + Days(1);
  return header;
}

Entry TestLedger::Sign(const EntryHeader& header, std::string body) const {
  const auto key = keys_.find(header.author.str());
  return SignEntry(header, std::move(body), SaltOf(size_),
                   key == keys_.end() ? keys_.begin()->second : key->second)
      .value();
}

void TestLedger::SignWith(std::string_view author, std::string_view name) {
  keys_.insert_or_assign(std::string(author), TestKey(name));
}

Outcome TestLedger::Put(const Entry& entry) {
  StateOverlay overlay(&state_);
  BeginNext(overlay);
  const StateWrites begun = overlay.writes();
  const Position position{.index = EntryIndex(size_), .height = height_.next(), .time = now_};
  auto refusal = Apply(entry, position, overlay);
  steps_.push_back({.time = now_, .entry = entry, .accepted = !refusal});
  if (refusal) {
    EXPECT_EQ(overlay.writes(), begun) << "a refused entry has changed the state";
    return {.index = std::nullopt, .refusal = std::move(refusal)};
  }
  Commit(overlay.TakeWrites(), {entry.salt()});
  return {.index = EntryIndex(size_++), .refusal = std::nullopt};
}

void TestLedger::PutEmptyBlock() {
  StateOverlay overlay(&state_);
  BeginNext(overlay);
  Commit(overlay.TakeWrites(), {});
}

Hash TestLedger::BlockHashAt(Height height) {
  return Sha256("block " + std::to_string(height.value()));
}

void TestLedger::BeginNext(StateOverlay& overlay) const {
  BeginBlock({.height = height_.next(),
              .first_index = EntryIndex(size_),
              .parent = BlockHashAt(height_),
              .parent_time = block_time_,
              .time = now_},
             overlay);
}

void TestLedger::Commit(const StateWrites& writes, const std::vector<Salt>& salts) {
  digest_ = NextStateDigest(digest_, SaltsHash(salts), writes);
  state_.Apply(writes);
  height_ = height_.next();
  block_time_ = now_;
}

Outcome TestLedger::File(std::string_view author, const v1::Body& body) {
  return Put(Sign(NextHeader(author), body.SerializeAsString()));
}

EntryIndex TestLedger::MustFile(std::string_view author, const v1::Body& body) {
  const Outcome outcome = File(author, body);
  if (!outcome.index) {
    ADD_FAILURE() << outcome.refusal->reason << ": " << outcome.refusal->message;
    return EntryIndex(0);
  }
  return *outcome.index;
}

std::string TestLedger::Reason(std::string_view author, const v1::Body& body) {
  const Outcome outcome = File(author, body);
  return outcome.refusal ? outcome.refusal->reason : "";
}

v1::Body NewBody() {
  v1::Body body;
  body.set_visibility(v1::MEMBERS);
  body.set_issued_at_us(At("2026-01-01T00:00:00Z").us);
  return body;
}

v1::Body Notification(std::string_view reference) {
  v1::Body body = NewBody();
  v1::LaunchNotification& said = *body.mutable_launch_notification();
  said.set_reference(std::string(reference));
  said.set_kind(v1::SPACE_LAUNCH);
  said.set_class_id("SLV_A");
  said.set_window_start_us(At("2026-02-01T00:00:00Z").us);
  said.set_window_end_us(At("2026-02-01T06:00:00Z").us);
  v1::Site& site = *said.mutable_area()->mutable_site();
  site.set_name("Range");
  site.mutable_location()->set_latitude_udeg(5'200'000);
  site.mutable_location()->set_longitude_udeg(-52'700'000);
  said.mutable_direction()->set_azimuth_deg(90);
  said.set_count(1);
  return body;
}

v1::Body Declaration(std::uint32_t year) {
  v1::Body body = NewBody();
  v1::AnnualDeclaration& said = *body.mutable_annual_declaration();
  said.set_year(year);
  said.mutable_ballistic_missiles()->set_form(v1::NIL);
  said.mutable_space_launch()->set_form(v1::NIL);
  return body;
}

v1::Body FullDeclaration(std::uint32_t year) {
  v1::Body body = Declaration(year);
  SetFull(*body.mutable_annual_declaration()->mutable_ballistic_missiles());
  SetFull(*body.mutable_annual_declaration()->mutable_space_launch());
  return body;
}

v1::Body Report(EntryIndex notification) {
  v1::Body body = NewBody();
  body.mutable_launch_report()->set_notification(notification.value());
  body.mutable_launch_report()->set_outcome(v1::NOT_LAUNCHED);
  return body;
}

v1::Body WithdrawalOf(EntryIndex target) {
  v1::Body body = NewBody();
  body.mutable_withdrawal()->set_target(target.value());
  body.mutable_withdrawal()->set_reason("filed by mistake");
  return body;
}

v1::Body CancellationOf(EntryIndex notification) {
  v1::Body body = NewBody();
  body.mutable_launch_cancellation()->set_notification(notification.value());
  body.mutable_launch_cancellation()->set_reason("the campaign was given up");
  return body;
}

v1::Body ExemptionFor(std::string_view from, std::string_view until) {
  v1::Body body = NewBody();
  v1::Exemption& said = *body.mutable_exemption();
  said.set_kind(v1::SPACE_LAUNCH);
  said.set_from_us(At(from).us);
  said.set_until_us(At(until).us);
  said.set_text("Launches of sounding rockets are not notified.");
  return body;
}

v1::Body ObservationOf(std::string_view attributed) {
  v1::Body body = NewBody();
  v1::ObservedLaunch& said = *body.mutable_observed_launch();
  said.set_attributed(std::string(attributed));
  said.set_launched_at_us(At("2026-01-01T00:30:00Z").us);
  said.set_kind(v1::SPACE_LAUNCH);
  said.set_class_id("SLV_A");
  said.set_source("Infrared, from orbit.");
  said.set_confidence(v1::HIGH);
  return body;
}

v1::Body ConfirmationOf(EntryIndex observation) {
  v1::Body body = NewBody();
  v1::ObservedLaunchAnswer& said = *body.mutable_observed_launch_answer();
  said.set_observation(observation.value());
  said.set_answer(v1::CONFIRMED);
  said.set_text("It was ours.");
  return body;
}

v1::Body ContestOf(EntryIndex observation) {
  v1::Body body = ConfirmationOf(observation);
  body.mutable_observed_launch_answer()->set_answer(v1::CONTESTED);
  body.mutable_observed_launch_answer()->set_text("We launched nothing that day.");
  return body;
}

v1::Body QuestionAbout(EntryIndex record) {
  v1::Body body = NewBody();
  body.mutable_clarification_request()->set_about(record.value());
  body.mutable_clarification_request()->set_question("Is this the same vehicle as last year?");
  return body;
}

v1::Body ReplyTo(EntryIndex request) {
  v1::Body body = NewBody();
  body.mutable_clarification_reply()->set_request(request.value());
  body.mutable_clarification_reply()->set_text("It is, with a new upper stage.");
  return body;
}

v1::Body CloseOf(EntryIndex request) {
  v1::Body body = NewBody();
  body.mutable_clarification_close()->set_request(request.value());
  body.mutable_clarification_close()->set_reason("That answers it.");
  return body;
}

v1::Body Proposing(std::uint32_t replaces, std::string_view text) {
  v1::Body body = NewBody();
  body.mutable_revision_open()->set_replaces(replaces);
  body.mutable_revision_open()->set_title("A better Code");
  body.mutable_revision_open()->set_text(std::string(text));
  return body;
}

v1::Body SignRound(EntryIndex round, std::string_view text, std::uint32_t replaces) {
  v1::Body body = NewBody();
  body.mutable_revision_sign()->set_round(round.value());
  body.mutable_revision_sign()->set_text_hash(Sha256(text).str());
  body.mutable_revision_sign()->set_replaces(replaces);
  body.mutable_revision_sign()->set_membership(0);
  return body;
}

v1::Body ObjectTo(EntryIndex round) {
  v1::Body body = NewBody();
  body.mutable_revision_object()->set_round(round.value());
  body.mutable_revision_object()->set_reason("we cannot accept article 3");
  return body;
}

v1::Body TakeBack(EntryIndex round) {
  v1::Body body = NewBody();
  body.mutable_revision_withdraw()->set_round(round.value());
  body.mutable_revision_withdraw()->set_reason("a better text is coming");
  return body;
}

v1::Body PledgeBy(std::string_view target_date) {
  v1::Body body = NewBody();
  body.mutable_pledge()->set_target_date_us(At(target_date).us);
  body.mutable_pledge()->set_text("We destroy what we have, and make no more.");
  return body;
}

v1::Body Accrediting(std::string_view holder) {
  v1::Body body = NewBody();
  v1::InspectorAccreditation& said = *body.mutable_inspector_accreditation();
  said.set_public_key(KeyOf(holder).str());
  said.set_name(std::string(holder));
  said.set_from_us(At("2026-01-01").us);
  said.set_until_us(At("2027-01-01").us);
  said.set_all_bodies(true);
  return body;
}

v1::Body EndOf(EntryIndex accreditation) {
  v1::Body body = NewBody();
  body.mutable_inspector_accreditation_end()->set_accreditation(accreditation.value());
  body.mutable_inspector_accreditation_end()->set_reason("the inspection is done");
  return body;
}

v1::Body Amending(v1::Body body, EntryIndex superseded) {
  body.set_supersedes(superseded.value());
  return body;
}

v1::Body Public(v1::Body body) {
  body.set_visibility(v1::PUBLIC);
  return body;
}

}  // namespace assent::rules
