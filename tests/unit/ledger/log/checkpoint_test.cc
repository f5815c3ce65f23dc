#include "ledger/log/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

using sample::KeyNamed;
using ::testing::HasSubstr;

constexpr char kOrigin[] = "code.example/assent";

Checkpoint SomeCheckpoint() { return {kOrigin, 109'482, Sha256("root")}; }

SignedCheckpoint SignedBy(const std::vector<std::string>& names) {
  SignedCheckpoint note{SomeCheckpoint(), {}};
  for (const std::string& name : names) {
    const SigningKey key = KeyNamed(name);
    note.signatures.push_back(
        {NoteKeyId(kOrigin, key.public_key()), SignCheckpoint(SomeCheckpoint(), key)});
  }
  return note;
}

// The example key, text and signature in the documentation of Go's sumdb/note.
TEST(Note, AgreesWithTheImplementationThatDefinedIt) {
  const std::string typed_key = *FromBase64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const PublicKey key = *PublicKey::From(std::string_view(typed_key).substr(1));
  EXPECT_EQ(NoteKeyId("PeterNeumann", key), 0xc74f20a3u);
  EXPECT_EQ(VerifierKey("PeterNeumann", key),
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const std::string line = *FromBase64(
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM"
      "=");
  EXPECT_TRUE(VerifyRaw(key,
                        "If you think cryptography is the answer to your problem,\n"
                        "then you don't know what your problem is.\n",
                        *Signature::From(std::string_view(line).substr(4))));
}

TEST(Checkpoint, HasThreeLines) {
  EXPECT_EQ(CheckpointText(SomeCheckpoint()),
            "code.example/assent\n109482\n" + ToBase64(Sha256("root").view()) + "\n");
}

TEST(Checkpoint, IsSignedAsItsText) {
  const SigningKey key = KeyNamed("a");
  const Signature signature = SignCheckpoint(SomeCheckpoint(), key);
  EXPECT_TRUE(VerifyRaw(key.public_key(), CheckpointText(SomeCheckpoint()), signature));
  EXPECT_TRUE(VerifyCheckpoint(SomeCheckpoint(), key.public_key(), signature));

  Checkpoint other = SomeCheckpoint();
  other.tree_size += 1;
  EXPECT_FALSE(VerifyCheckpoint(other, key.public_key(), signature));
  other = SomeCheckpoint();
  other.root = Sha256("other");
  EXPECT_FALSE(VerifyCheckpoint(other, key.public_key(), signature));
  other = SomeCheckpoint();
  other.origin += "x";
  EXPECT_FALSE(VerifyCheckpoint(other, key.public_key(), signature));
}

TEST(Note, RoundTrips) {
  const SignedCheckpoint note = SignedBy({"a", "b", "c"});
  const auto parsed = ParseNote(FormatNote(note));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->checkpoint.origin, kOrigin);
  EXPECT_EQ(parsed->checkpoint.tree_size, 109'482u);
  EXPECT_EQ(parsed->checkpoint.root, Sha256("root"));
  ASSERT_EQ(parsed->signatures.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(parsed->signatures[i].key_id, note.signatures[i].key_id);
    EXPECT_EQ(parsed->signatures[i].signature, note.signatures[i].signature);
  }
  EXPECT_EQ(FormatNote(*parsed), FormatNote(note));
}

TEST(Note, SignatureLinesBeginWithAnEmDash) {
  EXPECT_THAT(FormatNote(SignedBy({"a"})), HasSubstr("\n\n\u2014 code.example/assent "));
}

TEST(Note, HasOneFormOnly) {
  const std::string good = FormatNote(SignedBy({"a", "b"}));
  const std::pair<std::string, std::string> changes[] = {
      {"109482", "0109482"},
      {"109482", "+109482"},
      {"109482", "109482 "},
      {"109482", ""},
      {"109482", "18446744073709551616"},
      {"109482\n", "109482\r\n"},
      {"\n\n", "\nextension\n\n"},
      {"\n\n", "\n\n\n"},
      {"\n\n", "\n"},
      {"\u2014 ", "- "},
      {"\u2014 ", "\u2014  "},
      {"\u2014 code.example/assent", "\u2014 other.example/assent"},
      {"code.example/assent\n1", "code example/assent\n1"},
      {"=\n\u2014", "\n\u2014"},
  };
  for (const auto& change : changes) {
    const std::string bad = absl::StrReplaceAll(good, {change});
    ASSERT_NE(bad, good) << change.first;
    EXPECT_FALSE(ParseNote(bad).ok()) << bad;
  }
  EXPECT_FALSE(ParseNote("").ok());
  EXPECT_FALSE(ParseNote(good + "\n").ok());
  EXPECT_FALSE(ParseNote(good.substr(0, good.size() - 1)).ok());
}

TEST(Note, NeedsASignatureAndTakesNoneTwice) {
  EXPECT_THAT(std::string(ParseNote(FormatNote(SignedBy({}))).status().message()),
              HasSubstr("no signature"));
  EXPECT_THAT(std::string(ParseNote(FormatNote(SignedBy({"a", "a"}))).status().message()),
              HasSubstr("twice"));
}

// Signed by "a" and others, all with the same signature.
SignedCheckpoint OfLines(std::size_t lines) {
  SignedCheckpoint note = SignedBy({"a"});
  for (std::uint32_t i = 1; i < lines; ++i) {
    note.signatures.push_back({i, note.signatures[0].signature});
  }
  return note;
}

TEST(Note, TakesASignatureOfEachVoterAndNoMore) {
  SignedCheckpoint note = OfLines(kVotersMax);
  EXPECT_TRUE(ParseNote(FormatNote(note)).ok());
  note.signatures.push_back({0, note.signatures[0].signature});
  EXPECT_FALSE(ParseNote(FormatNote(note)).ok());
}

TEST(Note, StockReadersAreGivenTheFirstHundredLines) {
  for (const std::size_t lines : {1u, 99u, 100u}) {
    const std::string note = FormatNote(OfLines(lines));
    EXPECT_EQ(ForStockReaders(note), note);
  }
  for (const std::size_t lines : {101u, 150u}) {
    EXPECT_EQ(ForStockReaders(FormatNote(OfLines(lines))), FormatNote(OfLines(100)));
  }
  EXPECT_EQ(ForStockReaders("no note"), "no note");
  EXPECT_EQ(FormatTlogProof(7, {}, FormatNote(OfLines(101))),
            FormatTlogProof(7, {}, FormatNote(OfLines(100))));
}

// A witness signs under its own name (here as c2sp.org/tlog-cosignature has it: key id, time and
// signature), and another kind of key may sign under the origin.
TEST(Note, ReadsOverSignaturesOfOthers) {
  const SignedCheckpoint note = SignedBy({"a", "b"});
  const std::string good = FormatNote(note);
  const std::size_t second = good.rfind("\u2014");
  const auto with = [&](std::string_view line) {
    return std::string(good).insert(second, std::string(line) + "\n");
  };
  const std::string long_one = ToBase64(std::string(4 + 8 + 64, 'w'));
  const std::string ed25519 = ToBase64(std::string(4 + 64, 'w'));
  for (const std::string& line :
       {"\u2014 witness.example/w1 " + long_one, "\u2014 witness.example/w1 " + ed25519,
        "\u2014 code.example/assent " + long_one, "\u2014 w " + ToBase64("12345")}) {
    const auto parsed = ParseNote(with(line));
    ASSERT_TRUE(parsed.ok()) << line << " " << parsed.status();
    EXPECT_EQ(FormatNote(*parsed), good) << line;
    EXPECT_TRUE(ParseNote(with(line + "\n" + line)).ok()) << "a stranger may sign twice";
  }
  for (const std::string& line : std::initializer_list<std::string>{
           "- witness.example/w1 " + ed25519, "\u2014 witness.example/w1",
           "\u2014 witness.example/w1 !", "\u2014 witness.example/w1 " + ToBase64("1234"),
           "\u2014 a+b " + ed25519, "\u2014  " + ed25519,
           "\u2014 witness.example/w1 " + ed25519 + " ", std::string()}) {
    EXPECT_FALSE(ParseNote(with(line)).ok()) << line;
  }
  std::string most = good;
  for (std::size_t i = 2; i < kVotersMax; ++i) {
    most += "\u2014 witness.example/w1 " + ed25519 + "\n";
  }
  EXPECT_TRUE(ParseNote(most).ok());
  EXPECT_THAT(std::string(ParseNote(most + "\u2014 w " + ed25519 + "\n").status().message()),
              HasSubstr("more than 1024"));
}

// Either the note is refused or it says something that the key has not signed.
TEST(Note, NeverVerifiesWithAFlippedBit) {
  const SigningKey key = KeyNamed("a");
  const std::string good = FormatNote(SignedBy({"a"}));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    const auto parsed = ParseNote(sample::WithBitFlipped(good, bit));
    if (!parsed.ok()) continue;
    const NoteSignature& line = parsed->signatures.at(0);
    const bool ours = line.key_id == NoteKeyId(kOrigin, key.public_key());
    EXPECT_FALSE(ours && VerifyCheckpoint(parsed->checkpoint, key.public_key(), line.signature))
        << "bit " << bit;
  }
}

TEST(Origin, IsANameWithoutSpacesOrPlus) {
  EXPECT_TRUE(CheckOrigin(kOrigin).ok());
  EXPECT_TRUE(CheckOrigin("\u00e9tats.example").ok());
  EXPECT_TRUE(CheckOrigin(std::string(kNameBytesMax, 'a')).ok());
  for (const std::string& origin :
       {std::string(), std::string(kNameBytesMax + 1, 'a'), std::string("a b"), std::string("a+b"),
        std::string("a\nb"), std::string("a\u00a0b"), std::string("a\u202eb"),
        std::string("a\xff")}) {
    EXPECT_FALSE(CheckOrigin(origin).ok()) << origin;
  }
}

TEST(TlogProof, IsWrittenAsC2spWantsIt) {
  const std::string note = FormatNote(SignedBy({"a"}));
  EXPECT_EQ(FormatTlogProof(7, {Sha256("x"), Sha256("y")}, note),
            "c2sp.org/tlog-proof@v1\nindex 7\n" + ToBase64(Sha256("x").view()) + "\n" +
                ToBase64(Sha256("y").view()) + "\n\n" + note);
  EXPECT_EQ(FormatTlogProof(0, {}, note), "c2sp.org/tlog-proof@v1\nindex 0\n\n" + note);
}

}  // namespace
}  // namespace assent
