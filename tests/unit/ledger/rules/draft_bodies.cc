#include "tests/unit/ledger/rules/draft_bodies.h"

#include "ledger/crypto/hash.h"
#include "tests/unit/ledger/rules/membership_bodies.h"

namespace assent::rules {
namespace {

v1::Body Members() {
  v1::Body body;
  body.set_visibility(v1::MEMBERS);
  body.set_issued_at_us(At("2026-01-01T00:00:00Z").us);
  return body;
}

v1::Body Received(EntryIndex what, std::string_view text) {
  v1::Body body = Members();
  body.mutable_revision_receipt()->set_received(what.value());
  body.mutable_revision_receipt()->set_text_hash(Sha256(text).str());
  return body;
}

}  // namespace

v1::Body Drafting(std::string_view text, std::uint32_t replaces) {
  v1::Body body = Members();
  body.mutable_revision_draft()->set_replaces(replaces);
  body.mutable_revision_draft()->set_title("A better Code");
  body.mutable_revision_draft()->set_text(std::string(text));
  return body;
}

v1::Body NextDraft(EntryIndex previous, const std::vector<EntryIndex>& comments,
                   std::string_view text) {
  v1::Body body = Drafting(text);
  v1::RevisionDraft& said = *body.mutable_revision_draft();
  said.set_previous_draft(previous.value());
  for (const EntryIndex comment : comments) {
    v1::CommentAnswer& answer = *said.add_answers();
    answer.add_comments(comment.value());
    answer.set_outcome(v1::ADOPTED);
    answer.set_reason("Article 2 names the period.");
  }
  return body;
}

v1::Body Circulating(EntryIndex draft) {
  v1::Body body = Members();
  body.mutable_revision_circulate()->set_draft(draft.value());
  return body;
}

v1::Body DraftReceived(EntryIndex draft, std::string_view text) { return Received(draft, text); }
v1::Body SummaryReceived(EntryIndex summary) { return Received(summary, kSummaryText); }

v1::Body CommentOn(EntryIndex draft, std::string_view text) {
  v1::Body body = Members();
  body.mutable_revision_comment()->set_draft(draft.value());
  body.mutable_revision_comment()->set_text(std::string(text));
  return body;
}

v1::Body SummingUp(EntryIndex draft) {
  v1::Body body = Members();
  body.mutable_revision_summary()->set_draft(draft.value());
  body.mutable_revision_summary()->set_text(std::string(kSummaryText));
  return body;
}

v1::Body Presenting(EntryIndex round, std::string_view text) {
  v1::Body body = Members();
  body.set_visibility(v1::PUBLIC);
  v1::RevisionPresent& said = *body.mutable_revision_present();
  said.set_round(round.value());
  said.set_title(Proposing(0, text).revision_open().title());
  said.set_text(std::string(text));
  return body;
}

v1::Body OpeningFrom(EntryIndex draft, std::string_view text) {
  v1::Body body = Proposing(0, text);
  body.mutable_revision_open()->set_draft(draft.value());
  return body;
}

v1::Body TakeBackDraft(EntryIndex draft) {
  v1::Body body = Members();
  body.mutable_revision_withdraw()->set_draft(draft.value());
  body.mutable_revision_withdraw()->set_reason("a better text is coming");
  return body;
}

void AppointChair(TestLedger& ledger) {
  const Time from = ledger.now() + Seconds(3);
  Decide(ledger, TermOf("NOR", from, from + Days(365)));
  ledger.SetTime(from);
}

EntryIndex CirculatedDraft(TestLedger& ledger) {
  AppointChair(ledger);
  const EntryIndex draft = ledger.MustFile("FRA", Drafting());
  ledger.MustFile("NOR", Circulating(draft));
  return draft;
}

EntryIndex SummarisedDraft(TestLedger& ledger) {
  const EntryIndex draft = CirculatedDraft(ledger);
  ledger.SetTime(ledger.now() + ledger.act().text.parameters.comment_period + Seconds(1));
  ledger.MustFile("NOR", SummingUp(draft));
  return draft;
}

EntryIndex FinalRound(TestLedger& ledger, std::string_view text) {
  const EntryIndex round = ledger.MustFile("FRA", Proposing(0, text));
  for (const char* member : {"DEU", "FRA", "NOR"}) ledger.MustFile(member, SignRound(round, text));
  return round;
}

}  // namespace assent::rules
