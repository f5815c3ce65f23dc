// Each rule of what comes before and after a round of signatures broken once.
#include "tests/unit/ledger/rules/draft_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

using File = std::function<Outcome(TestLedger&)>;
using Spoil = std::function<void(v1::Body&)>;

// What a draft and the text of a round have in common, spoiled by `spoil`.
template <class Record>
std::vector<BrokenRule> BrokenProposals(std::string_view record, v1::Body (*good)(),
                                        Record* (v1::Body::*said)()) {
  const auto spoiled = [&](std::string_view reason, std::function<void(Record&)> spoil) {
    return BrokenRule{record, reason, [=](TestLedger& ledger) {
                        v1::Body body = good();
                        spoil(*(body.*said)());
                        return ledger.File("FRA", body);
                      }};
  };
  return {
      spoiled("CHANGES_EMPTY", [](Record& r) { r.mutable_changes(); }),
      spoiled("PARAMETER_OUT_OF_BOUNDS",
              [](Record& r) { r.mutable_changes()->set_heartbeat_seconds(0); }),
      spoiled("CLASS_INVALID",
              [](Record& r) {
                v1::ClassAddition& added = *r.mutable_changes()->add_classes();
                added.set_id("SLV_A");  // in the list already
                added.set_kind(v1::SPACE_LAUNCH);
                added.set_name("Small");
              }),
  };
}

v1::Body GoodDraft() { return Drafting(); }
v1::Body GoodOpening() { return Proposing(0, kDraftText); }

std::vector<BrokenRule> BrokenDrafts() {
  const auto spoiled = [](std::string_view reason, Spoil spoil) {
    return BrokenRule{"RevisionDraft", reason, [spoil = std::move(spoil)](TestLedger& ledger) {
                        v1::Body body = Drafting();
                        spoil(body);
                        return ledger.File("FRA", body);
                      }};
  };
  return {
      spoiled("DRAFT_PUBLIC", [](v1::Body& b) { b.set_visibility(v1::PUBLIC); }),
      spoiled("TITLE_INVALID",
              [](v1::Body& b) { b.mutable_revision_draft()->set_title("Two\nlines"); }),
      spoiled("TEXT_INVALID", [](v1::Body& b) { b.mutable_revision_draft()->clear_text(); }),
      spoiled("REPLACES_NOT_IN_FORCE",
              [](v1::Body& b) { b.mutable_revision_draft()->clear_replaces(); }),
      {"RevisionDraft", "TEXT_UNCHANGED",
       [](TestLedger& ledger) {
         return ledger.File("FRA", Drafting(ledger.act().text.code_text));
       }},
      spoiled("ANSWERS_WITHOUT_PREVIOUS",
              [](v1::Body& b) { b.mutable_revision_draft()->add_answers(); }),
      spoiled("PREVIOUS_DRAFT_UNKNOWN",
              [](v1::Body& b) { b.mutable_revision_draft()->set_previous_draft(0); }),
      {"RevisionDraft", "PREVIOUS_DRAFT_NOT_SUMMARISED",
       [](TestLedger& ledger) {
         return ledger.File("FRA", NextDraft(CirculatedDraft(ledger), {}));
       }},
  };
}

// A next draft on one comment of DEU, spoiled.
BrokenRule SpoiledAnswer(std::string_view reason,
                         std::function<void(v1::RevisionDraft&, EntryIndex comment)> spoil) {
  return {"RevisionDraft", reason, [spoil = std::move(spoil)](TestLedger& ledger) {
            const EntryIndex draft = CirculatedDraft(ledger);
            const EntryIndex comment = ledger.MustFile("DEU", CommentOn(draft));
            ledger.SetTime(ledger.now() + ledger.act().text.parameters.comment_period + Seconds(1));
            ledger.MustFile("NOR", SummingUp(draft));
            v1::Body body = NextDraft(draft, {comment});
            spoil(*body.mutable_revision_draft(), comment);
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenAnswers() {
  return {
      SpoiledAnswer("ANSWER_INVALID",
                    [](auto& said, EntryIndex) { said.mutable_answers(0)->clear_outcome(); }),
      SpoiledAnswer("COMMENT_UNKNOWN",
                    [](auto& said, EntryIndex comment) {
                      said.mutable_answers(0)->set_comments(0, comment.value() + 1);
                    }),
      SpoiledAnswer("COMMENT_TWICE",
                    [](auto& said, EntryIndex comment) {
                      said.mutable_answers(0)->add_comments(comment.value());
                    }),
      SpoiledAnswer("COMMENT_UNANSWERED", [](auto& said, EntryIndex) { said.clear_answers(); }),
  };
}

// Records of one member about a draft, where that cannot be.
struct Touch {
  std::string_view record;
  std::string_view author;
  v1::Body (*body)(EntryIndex draft);
  void (*forget)(v1::Body& body);  // which draft
};

v1::Body Comment(EntryIndex draft) { return CommentOn(draft); }

constexpr Touch kCirculation{"RevisionCirculate", "NOR", Circulating,
                             [](v1::Body& b) { b.mutable_revision_circulate()->clear_draft(); }};
constexpr Touch kComment{"RevisionComment", "DEU", Comment,
                         [](v1::Body& b) { b.mutable_revision_comment()->clear_draft(); }};
constexpr Touch kSummary{"RevisionSummary", "NOR", SummingUp,
                         [](v1::Body& b) { b.mutable_revision_summary()->clear_draft(); }};

std::vector<BrokenRule> BrokenByDrafts(const Touch& touch) {
  return {
      {touch.record, "DRAFT_PUBLIC",
       [touch](TestLedger& ledger) {
         return ledger.File(touch.author, Public(touch.body(CirculatedDraft(ledger))));
       }},
      {touch.record, "DRAFT_MISSING",
       [touch](TestLedger& ledger) {
         v1::Body body = touch.body(CirculatedDraft(ledger));
         touch.forget(body);
         return ledger.File(touch.author, body);
       }},
      {touch.record, "DRAFT_UNKNOWN",
       [touch](TestLedger& ledger) {
         return ledger.File(touch.author, touch.body(CirculatedDraft(ledger).next()));
       }},
      {touch.record, "DRAFT_WITHDRAWN",
       [touch](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         ledger.MustFile("FRA", TakeBackDraft(draft));
         return ledger.File(touch.author, touch.body(draft));
       }},
      {touch.record, "DRAFT_OVERTAKEN",
       [touch](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         FinalRound(ledger, "Another text.\n");
         return ledger.File(touch.author, touch.body(draft));
       }},
  };
}

BrokenRule OnDraftThatIsNotCirculated(const Touch& touch) {
  return {touch.record, "DRAFT_NOT_CIRCULATED", [touch](TestLedger& ledger) {
            AppointChair(ledger);
            return ledger.File(touch.author, touch.body(ledger.MustFile("FRA", Drafting())));
          }};
}

std::vector<BrokenRule> BrokenByOthersThanTheChair() {
  return {
      {"RevisionCirculate", "NOT_CHAIR",
       [](TestLedger& ledger) {
         return ledger.File("NOR", Circulating(ledger.MustFile("FRA", Drafting())));
       }},
      {"RevisionSummary", "NOT_CHAIR",
       [](TestLedger& ledger) { return ledger.File("DEU", SummingUp(CirculatedDraft(ledger))); }},
      {"RevisionPresent", "NOT_CHAIR",
       [](TestLedger& ledger) {
         AppointChair(ledger);
         return ledger.File("FRA", Presenting(FinalRound(ledger, kDraftText), kDraftText));
       }},
  };
}

std::vector<BrokenRule> BrokenDiscussion() {
  return {
      {"RevisionCirculate", "ALREADY_CIRCULATED",
       [](TestLedger& ledger) { return ledger.File("NOR", Circulating(CirculatedDraft(ledger))); }},
      OnDraftThatIsNotCirculated(kComment),
      {"RevisionComment", "TEXT_INVALID",
       [](TestLedger& ledger) {
         return ledger.File("DEU", CommentOn(CirculatedDraft(ledger), std::string(16'385, 'x')));
       }},
      {"RevisionComment", "COMMENT_PERIOD_OVER",
       [](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         ledger.SetTime(ledger.now() + ledger.act().text.parameters.comment_period +
                        Microseconds(1));
         return ledger.File("DEU", CommentOn(draft));
       }},
      {"RevisionComment", "OTHER_DRAFT",
       [](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         const EntryIndex comment = ledger.MustFile("DEU", CommentOn(draft));
         const EntryIndex other = ledger.MustFile("FRA", Drafting("Another.\n"));
         ledger.MustFile("NOR", Circulating(other));
         return ledger.File("DEU", Amending(CommentOn(other), comment));
       }},
      {"RevisionComment", "ALREADY_COMMENTED",
       [](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         ledger.MustFile("DEU", CommentOn(draft));
         return ledger.File("DEU", CommentOn(draft, "And another thing."));
       }},
      {"RevisionComment", "COMMENT_LIMIT",
       [](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         EntryIndex comment = ledger.MustFile("DEU", CommentOn(draft));
         for (int i = 1; i < 32; ++i) {
           comment = ledger.MustFile("DEU", Amending(CommentOn(draft), comment));
         }
         return ledger.File("DEU", Amending(CommentOn(draft), comment));
       }},
      OnDraftThatIsNotCirculated(kSummary),
      {"RevisionSummary", "TEXT_INVALID",
       [](TestLedger& ledger) {
         v1::Body body = SummingUp(CirculatedDraft(ledger));
         body.mutable_revision_summary()->clear_text();
         ledger.SetTime(ledger.now() + ledger.act().text.parameters.comment_period + Seconds(1));
         return ledger.File("NOR", body);
       }},
      {"RevisionSummary", "COMMENT_PERIOD_OPEN",
       [](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         return ledger.File("NOR", SummingUp(draft));
       }},
      {"RevisionSummary", "ALREADY_SUMMARISED",
       [](TestLedger& ledger) { return ledger.File("NOR", SummingUp(SummarisedDraft(ledger))); }},
  };
}

std::vector<BrokenRule> BrokenReceipts() {
  return {
      {"RevisionReceipt", "DRAFT_PUBLIC",
       [](TestLedger& ledger) {
         return ledger.File("DEU", Public(DraftReceived(CirculatedDraft(ledger))));
       }},
      {"RevisionReceipt", "RECEIVED_MISSING",
       [](TestLedger& ledger) {
         v1::Body body = DraftReceived(CirculatedDraft(ledger));
         body.mutable_revision_receipt()->clear_received();
         return ledger.File("DEU", body);
       }},
      {"RevisionReceipt", "RECEIVED_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("DEU", DraftReceived(ledger.MustFile("FRA", Drafting())));
       }},
      {"RevisionReceipt", "WRONG_TEXT",
       [](TestLedger& ledger) {
         return ledger.File("DEU", DraftReceived(CirculatedDraft(ledger), "Another text.\n"));
       }},
      {"RevisionReceipt", "ALREADY_RECEIVED",
       [](TestLedger& ledger) {
         const EntryIndex draft = CirculatedDraft(ledger);
         ledger.MustFile("DEU", DraftReceived(draft));
         return ledger.File("DEU", DraftReceived(draft));
       }},
  };
}

std::vector<BrokenRule> BrokenOpeningFromDrafts() {
  return {
      {"RevisionOpen", "DRAFT_UNKNOWN",
       [](TestLedger& ledger) {
         return ledger.File("FRA", OpeningFrom(ledger.MustFile("FRA", Notification("A-1"))));
       }},
      {"RevisionOpen", "DRAFT_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex draft = SummarisedDraft(ledger);
         ledger.MustFile("FRA", TakeBackDraft(draft));
         return ledger.File("FRA", OpeningFrom(draft));
       }},
      {"RevisionOpen", "DRAFT_OVERTAKEN",
       [](TestLedger& ledger) {
         const EntryIndex draft = SummarisedDraft(ledger);
         FinalRound(ledger, "Another text.\n");
         v1::Body body = OpeningFrom(draft);
         body.mutable_revision_open()->set_replaces(1);
         return ledger.File("FRA", body);
       }},
      {"RevisionOpen", "DRAFT_NOT_READY",
       [](TestLedger& ledger) { return ledger.File("FRA", OpeningFrom(CirculatedDraft(ledger))); }},
      {"RevisionOpen", "DRAFT_DIFFERS",
       [](TestLedger& ledger) {
         return ledger.File("FRA", OpeningFrom(SummarisedDraft(ledger), "Another text.\n"));
       }},
  };
}

std::vector<BrokenRule> BrokenDraftWithdrawals() {
  return {
      {"RevisionWithdraw", "ROUND_OR_DRAFT",
       [](TestLedger& ledger) {
         v1::Body body = TakeBackDraft(ledger.MustFile("FRA", Drafting()));
         body.mutable_revision_withdraw()->set_round(0);
         return ledger.File("FRA", body);
       }},
      {"RevisionWithdraw", "DRAFT_UNKNOWN",
       [](TestLedger& ledger) { return ledger.File("FRA", TakeBackDraft(EntryIndex(7))); }},
      {"RevisionWithdraw", "DRAFT_WITHDRAWN",
       [](TestLedger& ledger) {
         const EntryIndex draft = ledger.MustFile("FRA", Drafting());
         ledger.MustFile("FRA", TakeBackDraft(draft));
         return ledger.File("FRA", TakeBackDraft(draft));
       }},
      {"RevisionWithdraw", "DRAFT_OVERTAKEN",
       [](TestLedger& ledger) {
         const EntryIndex draft = ledger.MustFile("FRA", Drafting());
         FinalRound(ledger, "Another text.\n");
         return ledger.File("FRA", TakeBackDraft(draft));
       }},
      {"RevisionWithdraw", "DRAFT_OPENED",
       [](TestLedger& ledger) {
         const EntryIndex draft = SummarisedDraft(ledger);
         ledger.MustFile("DEU", OpeningFrom(draft));
         return ledger.File("FRA", TakeBackDraft(draft));
       }},
  };
}

// By the chair, of a round on kDraftText.
BrokenRule SpoiledPresentation(std::string_view reason, Spoil spoil) {
  return {"RevisionPresent", reason, [spoil = std::move(spoil)](TestLedger& ledger) {
            AppointChair(ledger);
            v1::Body body = Presenting(FinalRound(ledger, kDraftText), kDraftText);
            spoil(body);
            return ledger.File("NOR", body);
          }};
}

std::vector<BrokenRule> BrokenPresentations() {
  return {
      SpoiledPresentation("PRESENTATION_NOT_PUBLIC",
                          [](v1::Body& b) { b.set_visibility(v1::MEMBERS); }),
      SpoiledPresentation("ROUND_MISSING",
                          [](v1::Body& b) { b.mutable_revision_present()->clear_round(); }),
      SpoiledPresentation("ROUND_UNKNOWN",
                          [](v1::Body& b) { b.mutable_revision_present()->set_round(0); }),
      SpoiledPresentation(
          "WRONG_TITLE",
          [](v1::Body& b) { b.mutable_revision_present()->set_title("Another title"); }),
      SpoiledPresentation("WRONG_TEXT",
                          [](v1::Body& b) {
                            b.mutable_revision_present()->mutable_changes()->set_heartbeat_seconds(
                                1);
                          }),
      {"RevisionPresent", "ROUND_NOT_FINAL",
       [](TestLedger& ledger) {
         AppointChair(ledger);
         const EntryIndex round = ledger.MustFile("FRA", Proposing(0, kDraftText));
         return ledger.File("NOR", Presenting(round, kDraftText));
       }},
      {"RevisionPresent", "ALREADY_PRESENTED",
       [](TestLedger& ledger) {
         AppointChair(ledger);
         const EntryIndex round = FinalRound(ledger, kDraftText);
         ledger.MustFile("NOR", Presenting(round, kDraftText));
         return ledger.File("NOR", Presenting(round, kDraftText));
       }},
  };
}

std::vector<BrokenRule> BrokenDraftRules() {
  std::vector<BrokenRule> all;
  for (const auto& part :
       {BrokenProposals("RevisionDraft", GoodDraft, &v1::Body::mutable_revision_draft),
        BrokenProposals("RevisionOpen", GoodOpening, &v1::Body::mutable_revision_open),
        BrokenDrafts(), BrokenAnswers(), BrokenByDrafts(kCirculation), BrokenByDrafts(kComment),
        BrokenByDrafts(kSummary), BrokenByOthersThanTheChair(), BrokenDiscussion(),
        BrokenReceipts(), BrokenOpeningFromDrafts(), BrokenDraftWithdrawals(),
        BrokenPresentations()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

const AddBrokenRules draft_rules(BrokenDraftRules);

}  // namespace
}  // namespace assent::rules
