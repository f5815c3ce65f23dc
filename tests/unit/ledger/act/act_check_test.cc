#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "ledger/act/founding_act.h"
#include "ledger/limits.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using sample::CodeAt;
using sample::MakeAct;
using sample::MakeActText;
using sample::MemberKey;
using sample::SignedAct;
using ::testing::HasSubstr;

std::string TextRefusal(const std::function<void(ActText&)>& change) {
  ActText text = MakeActText(2);
  change(text);
  return std::string(CheckActText(text).message());
}

TEST(CheckActText, TakesTheSample) { EXPECT_TRUE(CheckActText(MakeActText(4)).ok()); }

TEST(CheckActText, RefusesBadOrigins) {
  EXPECT_THAT(TextRefusal([](ActText& t) { t.origin = "two words"; }), HasSubstr("origin"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.origin = ""; }), HasSubstr("origin"));
}

TEST(CheckActText, RefusesParametersOutOfBounds) {
  EXPECT_THAT(TextRefusal([](ActText& t) { t.parameters.heartbeat = Milliseconds(1'500); }),
              HasSubstr("heartbeat: it must be whole seconds"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.parameters.heartbeat = Seconds(0); }),
              HasSubstr("heartbeat: it must be from 1 to 86400 seconds"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.parameters.max_clock_skew = Hours(2); }),
              HasSubstr("largest clock skew"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.parameters.report_due = Seconds(-1); }),
              HasSubstr("report due"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.parameters.entries_per_author_and_day = 0; }),
              HasSubstr("entries per author and day"));
  EXPECT_THAT(TextRefusal([](ActText& t) {
                t.parameters.entries_per_author_and_day = kAuthorEntriesPerDayLimit + 1;
              }),
              HasSubstr("entries per author and day"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.founded = Time{-1}; }), HasSubstr("founded"));
}

TEST(CheckActText, RefusesBadClasses) {
  for (const char* id :
       {"", "A", "slv", "SLV MEDIUM", "A,B", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456"}) {
    EXPECT_THAT(TextRefusal([&](ActText& t) { t.classes[0].id = id; }), HasSubstr("an id is"));
  }
  EXPECT_THAT(TextRefusal([](ActText& t) { t.classes[1].id = t.classes[0].id; }),
              HasSubstr("launch class BM_SHORT: it is listed twice"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.classes[0].name = ""; }), HasSubstr("BM_SHORT"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.classes.resize(kActClassesMax + 1); }),
              HasSubstr("more than"));
}

TEST(CheckActText, RefusesTextsThatCouldNotBeReadBack) {
  EXPECT_THAT(TextRefusal([](ActText& t) { t.code_text = "no line end"; }),
              HasSubstr("its last line has no end"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.code_text = "a\r\n"; }), HasSubstr("control"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.code_text = ""; }), HasSubstr("text of the code"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.code_title = "two\nlines"; }), HasSubstr("title"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.code_title = "space "; }), HasSubstr("space"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.founders[0].name = " x"; }), HasSubstr("founder AAA"));
}

TEST(CheckActText, RefusesFoundersOutOfOrder) {
  EXPECT_THAT(TextRefusal([](ActText& t) { std::swap(t.founders[0], t.founders[1]); }),
              HasSubstr("founder AAA: founders go in the order"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.founders[1].code = CodeAt(0); }),
              HasSubstr("each once"));
  EXPECT_THAT(TextRefusal([](ActText& t) { t.founders[0].code = MemberCode(); }),
              HasSubstr("no code"));
}

TEST(CheckActText, RefusesEndpointsThatCannotBeDialled) {
  for (const std::string& endpoint :
       {std::string(), std::string("node.example"), std::string(":7401"),
        std::string("node.example:"), std::string("node.example:0"),
        std::string("node.example:65536"), std::string("node.example:07401"),
        std::string("node.example:74 01"), std::string("node example:7401"),
        std::string("n\u00f6de:7401"), std::string(kEndpointBytesMax, 'a') + ":7401"}) {
    EXPECT_THAT(TextRefusal([&](ActText& t) { t.founders[0].peer_endpoint = endpoint; }),
                HasSubstr("host:port"))
        << endpoint;
  }
  for (const char* endpoint : {"node.example:1", "127.0.0.1:65535", "[::1]:7401"}) {
    EXPECT_EQ(TextRefusal([&](ActText& t) { t.founders[0].peer_endpoint = endpoint; }), "");
  }
}

TEST(CheckAct, TakesACompleteAct) {
  for (const std::size_t founders : {1u, 2u, 4u, 7u}) {
    const FoundingAct act = MakeAct(founders);
    ASSERT_TRUE(CheckAct(act).ok()) << CheckAct(act);
    EXPECT_EQ(act.voters().size(), founders);
    EXPECT_EQ(act.voters().hash(), sample::MakeVoters(founders).hash());
  }
}

TEST(CheckAct, ListsTheSignaturesThatAreMissing) {
  FoundingAct act = MakeAct(2);
  act.signatures.erase({CodeAt(0), KeyRole::kVote});
  act.signatures.erase({CodeAt(1), KeyRole::kReader});
  EXPECT_EQ(CheckAct(act), absl::FailedPreconditionError(
                               "founding act is not complete; signatures missing: AAA vote, AAB "
                               "reader"));
}

TEST(CheckAct, KeepsALongListShort) {
  FoundingAct act = MakeAct(4);
  act.signatures.clear();
  EXPECT_EQ(CheckAct(act).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(CheckAct(act).message()), HasSubstr("AAB reader and 10 more"));
}

TEST(CheckAct, RefusesAnActWithoutFounders) {
  EXPECT_EQ(CheckAct(MakeAct(0)).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(CheckAct, RefusesASignatureByAnotherKey) {
  FoundingAct act = MakeAct(2);
  act.signatures[{CodeAt(0), KeyRole::kCheckpoint}] =
      SignAct(act.ledger_id, CodeAt(0), KeyRole::kCheckpoint, MemberKey(0, KeyRole::kVote));
  EXPECT_EQ(CheckAct(act).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(CheckAct(act).message()), HasSubstr("AAA checkpoint"));
}

// A proof of possession is for one member, one purpose and one ledger.
TEST(CheckAct, RefusesAProofOfPossessionMadeForSomethingElse) {
  const SigningKey key = MemberKey(0, KeyRole::kVote);
  const FoundingAct act = MakeAct(2);
  const LedgerId other = *LedgerId::From(sample::HashNamed("other").view());
  for (const Signature& signature : {SignAct(other, CodeAt(0), KeyRole::kVote, key),
                                     SignAct(act.ledger_id, CodeAt(1), KeyRole::kVote, key),
                                     SignAct(act.ledger_id, CodeAt(0), KeyRole::kReader, key),
                                     SignAct(act.ledger_id, CodeAt(0), KeyRole::kAuthority, key)}) {
    FoundingAct changed = act;
    changed.signatures[{CodeAt(0), KeyRole::kVote}] = signature;
    EXPECT_THAT(std::string(CheckAct(changed).message()), HasSubstr("AAA vote"));
  }
}

TEST(SignAct, SignsWhatTheFormatSays) {
  const FoundingAct act = MakeAct(1);
  EXPECT_TRUE(Verify(MemberKey(0, KeyRole::kAuthority).public_key(), "assent/act/v1",
                     act.ledger_id.view(), act.signatures.at({CodeAt(0), KeyRole::kAuthority})));
  EXPECT_TRUE(Verify(MemberKey(0, KeyRole::kReader).public_key(), "assent/possession/v1",
                     act.ledger_id.str() + "\x03"
                                           "AAA"
                                           "reader",
                     act.signatures.at({CodeAt(0), KeyRole::kReader})));
}

TEST(CheckAct, RefusesATextThatWasChangedAfterSigning) {
  FoundingAct act = MakeAct(2);
  act.text.code_text += "3. They pay for it.\n";
  EXPECT_THAT(std::string(CheckAct(act).message()), HasSubstr("not the hash of the text"));
  act.ledger_id = sample::IdOf(act.text);
  EXPECT_THAT(std::string(CheckAct(act).message()),
              HasSubstr("AAA authority: the signature does not verify"));
}

TEST(CheckAct, RefusesAnyKeyThatIsListedTwice) {
  PublicKey Founder::*const keys[] = {&Founder::authority_key, &Founder::vote_key,
                                      &Founder::checkpoint_key, &Founder::transport_key,
                                      &Founder::reader_key};
  for (const auto here : keys) {
    for (const auto there : keys) {
      ActText text = MakeActText(2);
      text.founders[1].*there = text.founders[0].*here;
      EXPECT_THAT(std::string(CheckAct(SignedAct(text)).message()), HasSubstr("founder AAB: its"));
    }
  }
}

TEST(CheckAct, RefusesSignaturesOfStrangers) {
  FoundingAct act = MakeAct(1);
  act.signatures[{CodeAt(1), KeyRole::kVote}] = Signature();
  EXPECT_THAT(std::string(CheckAct(act).message()), HasSubstr("not by a founder"));
}

}  // namespace
}  // namespace assent
