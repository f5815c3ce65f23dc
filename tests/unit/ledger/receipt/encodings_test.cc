// What is signed, hashed or sent, made from random values: it is read as it was written, written
// again as the same bytes, and says something else, or nothing, when any of its bytes is another.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/access/access_token.h"
#include "ledger/block/header.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/entry.h"
#include "ledger/limits.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/certificate.h"
#include "ledger/receipt/receipt_file.h"
#include "ledger/receipt/restart_act.h"
#include "tests/unit/ledger/sample.h"

namespace assent {
namespace {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  // Of any number of bits, so that small ones are no rarer than large ones.
  std::uint64_t Number() {
    const std::uint64_t all = std::uint64_t{engine_()} << 32 | engine_();
    return all >> Below(64);
  }
  std::size_t Below(std::size_t n) { return engine_() % n; }
  std::string Bytes(std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) bytes += static_cast<char>(engine_());
    return bytes;
  }
  // The same with another byte at this place.
  std::string Changed(std::string bytes, std::size_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + Below(255)));
    return bytes;
  }
  template <class F>
  F Fixed() {
    return F::From(Bytes(F::kSize)).value();
  }
  MemberCode Code() {
    std::string text;
    for (std::size_t left = 3 + Below(6); left > 0; --left) {
      text += static_cast<char>('A' + Below(26));
    }
    return MemberCode::From(text).value();
  }
  Time AnyTime() { return {static_cast<std::int64_t>(Number() % (kTimeMaxUs + 1))}; }

 private:
  std::mt19937 engine_;
};

// `make` gives a value, `write` its bytes, and `read` the value again, or refuses. Two values are
// the same when they are written as the same bytes.
template <class Make, class Write, class Read>
void CheckEncoding(Make make, Write write, Read read) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const auto value = make(random);
    const std::string bytes = write(value);
    const auto again = read(bytes);
    ASSERT_TRUE(again.ok()) << again.status();
    ASSERT_EQ(write(*again), bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto other = read(random.Changed(bytes, i));
      EXPECT_FALSE(other.ok() && write(*other) == bytes) << "byte " << i;
    }
  }
}

BlockHeader AnyBlockHeader(Random& random) {
  BlockHeader header;
  header.kind = static_cast<BlockKind>(1 + random.Below(3));
  header.ledger_id = random.Fixed<LedgerId>();
  header.epoch = Epoch(random.Number());
  header.view = View(random.Number());
  header.height = Height(random.Number());
  header.parent = random.Fixed<Hash>();
  header.time = random.AnyTime();
  header.tree_size = random.Number();
  header.first_index = EntryIndex(header.tree_size - random.Number() % (header.tree_size / 2 + 1));
  header.tree_root = random.Fixed<Hash>();
  header.state_digest = random.Fixed<Hash>();
  header.author_heads_root = random.Fixed<Hash>();
  header.voters_hash = random.Fixed<Hash>();
  header.members_hash = random.Fixed<Hash>();
  return header;
}

TEST(Encodings, BlockHeader) {
  for (unsigned seed = 1; seed <= 1'000; ++seed) {
    Random random(seed);
    const BlockHeader header = AnyBlockHeader(random);
    EXPECT_EQ(ParseBlockHeader(EncodeBlockHeader(header)).value(), header) << "seed " << seed;
  }
  CheckEncoding(AnyBlockHeader, EncodeBlockHeader, ParseBlockHeader);
}

EntryHeader AnyEntryHeader(Random& random) {
  return {random.Fixed<LedgerId>(), random.Code(),         Sequence(random.Number() | 1),
          random.Fixed<Hash>(),     random.Fixed<KeyId>(), random.AnyTime(),
          random.Fixed<Hash>()};
}

TEST(Encodings, EntryHeader) {
  for (unsigned seed = 1; seed <= 1'000; ++seed) {
    Random random(seed);
    const EntryHeader header = AnyEntryHeader(random);
    const EntryHeader read = ParseEntryHeader(EncodeEntryHeader(header)).value();
    const auto fields = [](const EntryHeader& of) {
      return std::tie(of.ledger_id, of.author, of.sequence, of.previous, of.authority_key_id,
                      of.not_after, of.body_commitment);
    };
    EXPECT_TRUE(fields(read) == fields(header)) << "seed " << seed;
  }
  CheckEncoding(AnyEntryHeader, EncodeEntryHeader, ParseEntryHeader);
}

TEST(Encodings, LeafData) {
  CheckEncoding(
      [](Random& random) {
        RawEntry entry;
        entry.header = EncodeEntryHeader(AnyEntryHeader(random));
        entry.signature = random.Fixed<Signature>();
        return entry;
      },
      [](const RawEntry& entry) { return LeafData(entry.header, entry.signature); }, ParseLeafData);
}

// Certificates of up to this many voters.
constexpr std::size_t kVoters = 19;

Certificate AnyCertificate(Random& random) {
  Certificate certificate;
  certificate.statement.kind = static_cast<VoteKind>(1 + random.Below(3));
  certificate.statement.epoch = Epoch(random.Number());
  certificate.statement.view = View(random.Number());
  if (certificate.statement.kind != VoteKind::kSkip) {
    certificate.statement.block_hash = random.Fixed<Hash>();
  }
  for (std::size_t voter = 0; voter < kVoters; ++voter) {
    if (random.Below(2) == 0) certificate.votes.emplace_back(voter, random.Fixed<Signature>());
  }
  return certificate;
}

std::string WriteCertificate(const Certificate& certificate) {
  return EncodeCertificate(certificate, kVoters);
}

TEST(Encodings, Certificate) {
  for (unsigned seed = 1; seed <= 1'000; ++seed) {
    Random random(seed);
    const Certificate certificate = AnyCertificate(random);
    EXPECT_EQ(ParseCertificate(WriteCertificate(certificate), kVoters).value(), certificate)
        << "seed " << seed;
  }
  CheckEncoding(AnyCertificate, WriteCertificate,
                [](std::string_view bytes) { return ParseCertificate(bytes, kVoters); });
}

TEST(Encodings, CheckpointNote) {
  CheckEncoding(
      [](Random& random) {
        SignedCheckpoint note{{"", random.Number(), random.Fixed<Hash>()}, {}};
        for (std::size_t left = 1 + random.Below(40); left > 0; --left) {
          note.checkpoint.origin += "abc.-_/"[random.Below(7)];
        }
        for (std::size_t left = 1 + random.Below(4); left > 0; --left) {
          note.signatures.push_back(
              {static_cast<std::uint32_t>(random.Number()), random.Fixed<Signature>()});
        }
        return note;
      },
      FormatNote, ParseNote);
}

TEST(Encodings, FoundingAct) {
  CheckEncoding(
      [](Random& random) {
        ActText text = sample::MakeActText(1 + random.Below(3));
        text.founded.us = random.AnyTime().us / Seconds(1).us * Seconds(1).us;
        text.code_text = std::string(random.Below(9), 'x') + "\n" + std::string(1, 'y') + "\n";
        text.parameters.comment_period = Days(60 + static_cast<std::int64_t>(random.Below(100)));
        for (Founder& founder : text.founders) founder.vote_key = random.Fixed<PublicKey>();
        FoundingAct act{text, sample::IdOf(text), {}};
        act.signatures[{text.founders[0].code, KeyRole::kVote}] = random.Fixed<Signature>();
        return act;
      },
      FormatAct, ParseAct);
}

TEST(Encodings, Receipt) {
  CheckEncoding(
      [](Random& random) {
        v1::Receipt receipt;
        receipt.mutable_entry()->set_header(random.Bytes(random.Below(20)));
        receipt.mutable_entry()->set_signature(random.Bytes(64));
        receipt.set_index(random.Number());
        for (std::size_t left = random.Below(4); left > 0; --left) {
          receipt.add_inclusion_proof(random.Bytes(32));
        }
        receipt.set_header(random.Bytes(274));
        receipt.set_certificate(random.Bytes(random.Below(100)));
        return receipt;
      },
      FormatReceiptFile, ParseReceiptFile);
}

TEST(Encodings, RestartAct) {
  CheckEncoding(
      [](Random& random) {
        v1::RestartAct act;
        act.set_epoch(random.Number());
        act.set_header(random.Bytes(274));
        act.set_certificate(random.Bytes(random.Below(100)));
        for (std::size_t left = random.Below(4); left > 0; --left) {
          v1::RestartSignature& signature = *act.add_signatures();
          signature.set_code(random.Code().str());
          signature.set_signature(random.Bytes(64));
        }
        return act;
      },
      FormatRestartFile, ParseRestartFile);
}

// A token with a byte that is another is none, since it is signed.
TEST(Encodings, AccessToken) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const SigningKey reader = sample::KeyNamed(random.Bytes(8));
    const AccessAudience audience{random.Fixed<LedgerId>(), random.Fixed<PublicKey>()};
    const Time until = random.AnyTime() + Seconds(60);
    const Time now = until - Seconds(60);
    const std::string text = MakeAccessToken(audience, reader, until);
    const auto token = ReadAccessToken(text, audience, now);
    ASSERT_TRUE(token.ok()) << token.status();
    EXPECT_EQ(token->reader, reader.public_key());
    EXPECT_EQ(token->until, until);
    for (std::size_t i = 0; i < text.size(); ++i) {
      EXPECT_FALSE(ReadAccessToken(random.Changed(text, i), audience, now).ok())
          << "character " << i;
    }
  }
}

}  // namespace
}  // namespace assent
