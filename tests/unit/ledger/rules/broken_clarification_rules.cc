// Each rule of requests for clarification, of replies and of closing broken once.
#include "tests/unit/ledger/rules/membership_bodies.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {
namespace {

// NOR notifies a launch, about which FRA asks in a way that `change` spoils.
BrokenRule SpoiledRequest(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"ClarificationRequest", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = QuestionAbout(ledger.MustFile("NOR", Notification("A-1")));
            change(body);
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenRequests() {
  return {
      SpoiledRequest("ABOUT_MISSING",
                     [](auto& body) { body.mutable_clarification_request()->clear_about(); }),
      {"ClarificationRequest", "ABOUT_UNKNOWN",
       [](TestLedger& ledger) {
         const EntryIndex launch = ledger.MustFile("NOR", Notification("A-1"));
         return ledger.File("FRA", QuestionAbout(ledger.MustFile("NOR", CancellationOf(launch))));
       }},
      {"ClarificationRequest", "ABOUT_OWN",
       [](TestLedger& ledger) {
         return ledger.File("NOR", QuestionAbout(ledger.MustFile("NOR", Notification("A-1"))));
       }},
      {"ClarificationRequest", "AUTHOR_LEFT",
       [](TestLedger& ledger) {
         const EntryIndex launch = ledger.MustFile("NOR", Notification("A-1"));
         ledger.MustFile("NOR", Leaving());
         return ledger.File("FRA", QuestionAbout(launch));
       }},
      SpoiledRequest("MEMBERS_ONLY", [](auto& body) { body = Public(body); }),
      SpoiledRequest("QUESTION_INVALID",
                     [](auto& body) { body.mutable_clarification_request()->clear_question(); }),
  };
}

// FRA asks NOR about a launch, PUBLIC if `open`; the request.
EntryIndex Ask(TestLedger& ledger, bool open = false) {
  const v1::Body launch = Notification("A-1");
  const EntryIndex record = ledger.MustFile("NOR", open ? Public(launch) : launch);
  const v1::Body question = QuestionAbout(record);
  return ledger.MustFile("FRA", open ? Public(question) : question);
}

BrokenRule SpoiledReply(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"ClarificationReply", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = ReplyTo(Ask(ledger));
            change(body);
            return ledger.File("NOR", body);
          }};
}

std::vector<BrokenRule> BrokenReplies() {
  return {
      SpoiledReply("REQUEST_MISSING",
                   [](auto& body) { body.mutable_clarification_reply()->clear_request(); }),
      SpoiledReply("REQUEST_UNKNOWN",
                   [](auto& body) { body.mutable_clarification_reply()->set_request(0); }),
      {"ClarificationReply", "NOT_ASKED",
       [](TestLedger& ledger) { return ledger.File("DEU", ReplyTo(Ask(ledger))); }},
      SpoiledReply("MEMBERS_ONLY", [](auto& body) { body = Public(body); }),
      {"ClarificationReply", "REQUEST_CHANGED",
       [](TestLedger& ledger) {
         const EntryIndex one = Ask(ledger);
         const EntryIndex other = ledger.MustFile("FRA", QuestionAbout(EntryIndex(0)));
         const EntryIndex reply = ledger.MustFile("NOR", ReplyTo(one));
         return ledger.File("NOR", Amending(ReplyTo(other), reply));
       }},
      {"ClarificationReply", "ALREADY_REPLIED",
       [](TestLedger& ledger) {
         const EntryIndex request = Ask(ledger);
         ledger.MustFile("NOR", ReplyTo(request));
         return ledger.File("NOR", ReplyTo(request));
       }},
      SpoiledReply("TEXT_INVALID",
                   [](auto& body) {
                     body.mutable_clarification_reply()->set_text(std::string(16'385, 'x'));
                   }),
  };
}

BrokenRule SpoiledClose(std::string_view reason, std::function<void(v1::Body&)> change) {
  return {"ClarificationClose", reason, [change = std::move(change)](TestLedger& ledger) {
            v1::Body body = CloseOf(Ask(ledger));
            change(body);
            return ledger.File("FRA", body);
          }};
}

std::vector<BrokenRule> BrokenCloses() {
  return {
      SpoiledClose("REQUEST_MISSING",
                   [](auto& body) { body.mutable_clarification_close()->clear_request(); }),
      SpoiledClose("REQUEST_UNKNOWN",
                   [](auto& body) { body.mutable_clarification_close()->set_request(0); }),
      {"ClarificationClose", "NOT_REQUESTER",
       [](TestLedger& ledger) { return ledger.File("NOR", CloseOf(Ask(ledger))); }},
      {"ClarificationClose", "REQUEST_CLOSED",
       [](TestLedger& ledger) {
         const EntryIndex request = Ask(ledger);
         ledger.MustFile("FRA", CloseOf(request));
         return ledger.File("FRA", CloseOf(request));
       }},
      SpoiledClose("MEMBERS_ONLY", [](auto& body) { body = Public(body); }),
      {"ClarificationClose", "REQUEST_PUBLIC",
       [](TestLedger& ledger) { return ledger.File("FRA", CloseOf(Ask(ledger, true))); }},
      SpoiledClose("REASON_INVALID",
                   [](auto& body) {
                     body.mutable_clarification_close()->set_reason(std::string(1'025, 'x'));
                   }),
  };
}

const AddBrokenRules clarification_requests(BrokenRequests);
const AddBrokenRules clarification_replies(BrokenReplies);
const AddBrokenRules clarification_closes(BrokenCloses);

}  // namespace
}  // namespace assent::rules
