#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

#include "ledger/act/founding_act.h"
#include "ledger/limits.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Refusal(const std::string& file) {
  return std::string(ParseAct(file).status().message());
}

// `file` with one piece replaced, which must be there.
std::string With(const std::string& file, const std::string& from, const std::string& to) {
  const std::size_t at = file.find(from);
  EXPECT_NE(at, std::string::npos) << "\"" << from << "\" is not in the act";
  std::string changed = file;
  return at == std::string::npos ? changed : changed.replace(at, from.size(), to);
}

// Fixed for ever: this text, byte for byte, is what founders sign.
TEST(ActText, IsWrittenLikeThis) {
  ActText text = sample::MakeActText(1);
  Founder& founder = text.founders[0];
  founder.authority_key = *PublicKey::From(std::string(32, '\x11'));
  founder.vote_key = *PublicKey::From(std::string(32, '\x22'));
  founder.checkpoint_key = *PublicKey::From(std::string(32, '\x33'));
  founder.transport_key = *PublicKey::From(std::string(32, '\x44'));
  founder.reader_key = *PublicKey::From(std::string(32, '\x55'));
  EXPECT_EQ(FormatActText(text),
            "FOUNDING ACT OF AN ASSENT LEDGER, FORMAT 1\n"
            "\n"
            "origin: code.example/assent\n"
            "founded: 2026-01-01T00:00:00Z\n"
            "\n"
            "PARAMETERS\n"
            "\n"
            "notification lead, seconds: 86400\n"
            "report due, seconds: 172800\n"
            "comment period, seconds: 5184000\n"
            "signature period, seconds: 15552000\n"
            "heartbeat, seconds: 60\n"
            "largest clock skew, seconds: 10\n"
            "entries per author and day: 10000\n"
            "\n"
            "LAUNCH CLASSES\n"
            "\n"
            "BM_SHORT, ballistic missile: Short-range ballistic missile\n"
            "SLV_MEDIUM, space launch: Medium space launch vehicle\n"
            "\n"
            "REVISION 0 OF THE CODE\n"
            "\n"
            "title: Code of Conduct\n"
            "| 1. States announce their launches.\n"
            "|\n"
            "|   2. They are free to join.\n"
            "\n"
            "FOUNDER AAA\n"
            "\n"
            "name: State of AAA\n"
            "authority key: 1111111111111111111111111111111111111111111111111111111111111111\n"
            "vote key: 2222222222222222222222222222222222222222222222222222222222222222\n"
            "checkpoint key: 3333333333333333333333333333333333333333333333333333333333333333\n"
            "transport key: 4444444444444444444444444444444444444444444444444444444444444444\n"
            "reader key: 5555555555555555555555555555555555555555555555555555555555555555\n"
            "peer endpoint: node0.example:7401\n"
            "\n");
  EXPECT_EQ(sample::IdOf(text).hex(),
            "92c2f06af00e9fbf7efe005d3ac7b4dff2cfbbb21b18af23f6749f3218e1d19d");
}

TEST(Act, RoundTrips) {
  for (const std::size_t founders : {0u, 1u, 4u, 30u}) {
    const FoundingAct act = sample::MakeAct(founders);
    const std::string file = FormatAct(act);
    const auto parsed = ParseAct(file);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(FormatAct(*parsed), file);
    EXPECT_EQ(parsed->ledger_id, act.ledger_id);
    EXPECT_EQ(parsed->signatures, act.signatures);
    EXPECT_EQ(parsed->text.code_text, act.text.code_text);
    EXPECT_EQ(parsed->text.founders.size(), founders);
  }
}

TEST(Act, RoundTripsOddButLegalTexts) {
  ActText text = sample::MakeActText(1);
  text.classes.clear();
  text.founded = text.founded + Microseconds(1);
  for (const char* code : {"\n", "one line\n", "\n\n\n", "| bar\n|\n", " leading\n  two \n",
                           "-- signatures --\n", "FOUNDER FRA\n", "é 行動規範\n"}) {
    text.code_text = code;
    ASSERT_TRUE(CheckActText(text).ok()) << CheckActText(text);
    const auto parsed = ParseAct(FormatAct(sample::SignedAct(text)));
    ASSERT_TRUE(parsed.ok()) << parsed.status() << code;
    EXPECT_EQ(parsed->text.code_text, code);
    EXPECT_EQ(parsed->text.founded, text.founded);
  }
}

TEST(Act, SignaturesAreNoPartOfTheLedgerId) {
  const FoundingAct act = sample::MakeAct(2);
  FoundingAct unsigned_act = act;
  unsigned_act.signatures.clear();
  const auto parsed = ParseAct(FormatAct(unsigned_act));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->ledger_id, act.ledger_id);
}

// The promise behind the ledger id: every bit of the text counts, and no two texts say the same.
TEST(Act, NoBitCanBeFlippedUnnoticed) {
  const FoundingAct act = sample::MakeAct(1);
  const std::string file = FormatAct(act);
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    const std::string changed = sample::WithBitFlipped(file, bit);
    const auto parsed = ParseAct(changed);
    if (!parsed.ok()) continue;
    EXPECT_EQ(FormatAct(*parsed), changed) << "bit " << bit;
    EXPECT_FALSE(CheckAct(*parsed).ok()) << "bit " << bit << " of\n" << changed;
  }
}

TEST(Act, RefusesEveryBeginningOfItself) {
  const FoundingAct act = sample::MakeAct(1);
  const std::string file = FormatAct(act);
  const std::size_t signatures = file.find("-- signatures --\n") + 17;
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto parsed = ParseAct(file.substr(0, size));
    const bool whole_lines = size >= signatures && file[size - 1] == '\n';
    EXPECT_EQ(parsed.ok(), whole_lines) << "cut to " << size;
    EXPECT_FALSE(parsed.ok() && CheckAct(*parsed).ok());
  }
}

TEST(Act, ErrorsNameTheLineAndWhatBelongsThere) {
  const std::string file = FormatAct(sample::MakeAct(2));
  EXPECT_EQ(Refusal(""), "line 1: expected \"FOUNDING ACT OF AN ASSENT LEDGER, FORMAT 1\"");
  EXPECT_THAT(Refusal(With(file, "FORMAT 1", "FORMAT 2")), StartsWith("line 1: expected"));
  EXPECT_THAT(Refusal(With(file, "founded: 2026", "founded: 226")), StartsWith("line 4: "));
  EXPECT_EQ(Refusal(With(file, "heartbeat, seconds: 60", "heartbeat: 60")),
            "line 12: expected \"heartbeat, seconds: \"");
  EXPECT_EQ(Refusal(With(file, "seconds: 60\n", "seconds: sixty\n")), "line 12: expected a number");
  EXPECT_EQ(Refusal(With(file, "seconds: 60\n", "seconds: 86401\n")),
            "line 12: the number is too large; at most 86400");
  EXPECT_THAT(Refusal(With(file, ", space launch: ", ", balloon: ")), StartsWith("line 19: "));
  EXPECT_EQ(Refusal(With(file, "FOUNDER AAA", "FOUNDER Aaa")),
            "line 28: expected a code of 3 to 8 letters A-Z");
  EXPECT_EQ(Refusal(With(file, "vote key: ", "vote key: 0")),
            "line 32: expected a key of 64 hex digits");
  EXPECT_THAT(Refusal(file + "x"), HasSubstr("the line has no end"));
  EXPECT_THAT(Refusal(With(file, "\n", "\r\n")), StartsWith("line 1: "));
}

TEST(Act, HasOneFormOnly) {
  const std::string file = FormatAct(sample::MakeAct(2));
  EXPECT_EQ(Refusal(With(file, "seconds: 60\n", "seconds: 060\n")),
            "line 12: not in the one form that an act has; write \"heartbeat, seconds: 60\"");
  EXPECT_EQ(Refusal(With(file, "founded: 2026-01-01T00:00:00Z", "founded: 2026-01-01")),
            "line 4: not in the one form that an act has; write \"founded: "
            "2026-01-01T00:00:00Z\"");
  const std::string key = sample::MakeFounder(0).vote_key.hex();
  std::string upper = key;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_THAT(Refusal(With(file, key, upper)), StartsWith("line 32: not in the one form"));
  EXPECT_THAT(Refusal(With(file, "|\n", "| \n")), StartsWith("line 25: not in the one form"));
  EXPECT_THAT(Refusal(With(file, "| 1.", "|1.")), StartsWith("line 24: not in the one form"));
}

TEST(Act, RefusesBlankLinesThatDoNotBelong) {
  const std::string file = FormatAct(sample::MakeAct(1));
  std::size_t lines = 0;
  for (std::size_t at = 0; at < file.size(); at = file.find('\n', at) + 1, ++lines) {
    std::string changed = file;
    changed.insert(at, "\n");
    EXPECT_FALSE(ParseAct(changed).ok()) << "before line " << lines + 1;
  }
  EXPECT_FALSE(ParseAct(file + "\n").ok());
  EXPECT_GT(lines, 30u);
}

TEST(ActSignatures, GoInOrderOncePerKeyAndByFoundersOnly) {
  const FoundingAct act = sample::MakeAct(2);
  const std::string file = FormatAct(act);
  const std::size_t first = file.find("AAA authority ");
  const std::size_t second = file.find("AAA vote ");
  const std::size_t third = file.find("AAA checkpoint ");
  const std::string authority = file.substr(first, second - first);
  const std::string vote = file.substr(second, third - second);
  EXPECT_THAT(Refusal(With(file, authority + vote, vote + authority)), HasSubstr("each once"));
  EXPECT_THAT(Refusal(With(file, vote, vote + vote)), HasSubstr("each once"));
  EXPECT_THAT(Refusal(With(file, "AAA authority", "ZZZ authority")), HasSubstr("not by a founder"));
  EXPECT_THAT(Refusal(With(file, "AAA vote", "AAA veto")), HasSubstr("a key is one of"));
  EXPECT_THAT(Refusal(With(file, "AAA vote ", "AAA vote  ")), HasSubstr("base64"));
  EXPECT_THAT(Refusal(With(file, "AAA vote ", "AAA vote")), HasSubstr("expected a code"));
  EXPECT_TRUE(ParseAct(With(file, vote, "")).ok()) << "signatures may be missing";
}

TEST(Act, HasALimit) {
  EXPECT_THAT(Refusal(std::string(kActBytesMax + 1, '\n')), HasSubstr("the limit is 1048576"));
}

}  // namespace
}  // namespace assent
