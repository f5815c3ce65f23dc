// Every way by which a signature comes in, tried with those that only a lax verifier takes: none
// may have a rule of its own (docs/formats.md, "Which keys and signatures are valid").
#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "ledger/access/access_token.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/release.h"
#include "ledger/log/checkpoint.h"
#include "ledger/membership/voting_proof.h"
#include "ledger/receipt/member_list.h"
#include "ledger/receipt/receipt.h"
#include "ledger/receipt/receipt_file.h"
#include "ledger/receipt/restart_act.h"
#include "tests/unit/ledger/crypto/ed25519_cases.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent {
namespace {

struct Door {
  std::string name;
  // What is signed by `key`, with its tag.
  std::function<std::string(const PublicKey& key)> message;
  std::function<bool(const PublicKey& key, const Signature& signature)> takes;
};

void PrintTo(const Door& door, std::ostream* out) { *out << door.name; }

std::string Tagged(std::string_view tag, std::string_view statement) {
  std::string message(tag);
  message += '\0';
  message += statement;
  return message;
}

const LedgerId& Ledger() {
  static const LedgerId ledger = sample::MakeAct(4).ledger_id;
  return ledger;
}
const Hash kBlock = sample::HashNamed("block");

std::string ViewStatement() {
  std::string statement = Ledger().str();
  AppendU64(statement, 1);
  AppendU64(statement, 7);
  statement += kBlock.view();
  return statement;
}

EntryHeader HeaderBy(const PublicKey& key) {
  EntryHeader header;
  header.ledger_id = Ledger();
  header.author = sample::CodeAt(0);
  header.sequence = Sequence(1);
  header.authority_key_id = KeyIdOf(key);
  header.not_after = FromCivil({2027, 1, 1});
  header.body_commitment = sample::HashNamed("body");
  return header;
}

std::string EntryMessage(const PublicKey& key) {
  return Tagged(tag::kEntry, EncodeEntryHeader(HeaderBy(key)));
}

Entry EntryBy(const PublicKey& key, const Signature& signature) {
  return Entry::Parse({EncodeEntryHeader(HeaderBy(key)), signature, {}, {}}).value();
}

bool TakesReceipt(const PublicKey& key, const Signature& signature) {
  SmallLedger ledger;
  const Entry entry = EntryBy(key, signature);
  ledger.AddBlock({entry});
  v1::Receipt receipt = ledger.Receipt(entry, 0);
  receipt.set_certificate(ledger.Certify({0, 1, 3}));
  FoundingAct act = ledger.act();
  act.text.founders[0].authority_key = key;
  return VerifyReceipt(FormatReceiptFile(receipt), act).ok();
}

bool TakesCertificate(const PublicKey& key, const Signature& signature) {
  std::vector<Voter> voters = sample::MakeVoters(4).voters();
  voters[1].vote_key = key;
  Certificate certificate{{VoteKind::kFinalize, Epoch(1), View(7), kBlock}, {}};
  for (const std::size_t i : {0u, 1u, 3u}) {
    certificate.votes.emplace_back(i, i == 1 ? signature
                                             : SignStatement(certificate.statement, Ledger(),
                                                             sample::MemberKey(i, KeyRole::kVote)));
  }
  return VerifyCertificate(certificate, Ledger(), VoterSet::Make(voters).value()).ok();
}

ActText ActTextWith(const PublicKey& key) {
  ActText text = sample::MakeActText(4);
  text.founders[0].authority_key = key;
  return text;
}

bool TakesAct(const PublicKey& key, const Signature& signature) {
  FoundingAct act = sample::SignedAct(ActTextWith(key));
  act.signatures[{sample::CodeAt(0), KeyRole::kAuthority}] = signature;
  return CheckAct(act).ok();
}

const AccessAudience& Audience() {
  static const AccessAudience audience{Ledger(), sample::KeyNamed("node").public_key()};
  return audience;
}
constexpr Time kUntil{1'767'225'600'000'000};

std::string TokenStatement() {
  std::string statement = Ledger().str();
  statement += Audience().node.view();
  AppendU64(statement, static_cast<std::uint64_t>(kUntil.us));
  return statement;
}

bool TakesToken(const PublicKey& key, const Signature& signature) {
  std::string bytes;
  AppendU8(bytes, 1);
  bytes += key.view();
  AppendU64(bytes, static_cast<std::uint64_t>(kUntil.us));
  bytes += signature.view();
  const Time now{kUntil.us - Seconds(60).us};
  return ReadAccessToken(absl::WebSafeBase64Escape(bytes), Audience(), now).ok();
}

// An act of three of four members that starts epoch 2; the key is that of the first of them.
struct RestartCase {
  explicit RestartCase(const PublicKey& key) {
    std::vector<MemberIdentity> members;
    for (std::size_t i = 0; i < 4; ++i) {
      members.push_back({sample::CodeAt(i), sample::MemberKey(i, KeyRole::kAuthority).public_key(),
                         EntryIndex(0)});
    }
    members[0].authority_key = key;
    SmallLedger ledger;
    ledger.AddBlock({});
    ledger.Alter([&](BlockHeader& header) { header.members_hash = MembersHash(members); });
    act.set_epoch(2);
    act.set_header(ledger.newest_bytes());
    act.set_certificate(ledger.Certify({0, 1, 2}, VoteKind::kNotarize));
    AddMembers(members, act.mutable_members());
    statement = RestartStatement(Ledger(), Epoch(2), ReadHeader(act.header(), Ledger()).value());
  }
  bool Takes(const Signature& signature) {
    for (const std::size_t i : {0u, 1u, 3u}) {
      v1::RestartSignature& made = *act.add_signatures();
      made.set_code(sample::CodeAt(i).str());
      const SigningKey key = sample::MemberKey(i, KeyRole::kAuthority);
      made.set_signature((i == 0 ? signature : key.Sign(tag::kRestart, statement)).str());
    }
    return CheckRestart(act, Ledger()).ok();
  }
  v1::RestartAct act;
  std::string statement;
};

std::vector<Door> Doors() {
  const Checkpoint checkpoint{"code.example/assent", 7, kBlock};
  const EntryHeader header = HeaderBy(sample::KeyNamed("author").public_key());
  const MemberCode owner = sample::CodeAt(0);
  std::string possession = Ledger().str();
  AppendU8(possession, 3);
  possession += owner.str() + "reader";
  std::string voting = Ledger().str();
  AppendU64(voting, 7);
  voting += kBlock.view();
  const auto always = [](std::string_view tag, const std::string& statement) {
    return [message = Tagged(tag, statement)](const PublicKey&) { return message; };
  };
  return {
      {"entry", EntryMessage,
       [](const auto& key, const auto& made) { return EntryBy(key, made).VerifySignature(key); }},
      {"receipt", EntryMessage, TakesReceipt},
      {"vote", always(tag::kFinalize, ViewStatement()),
       [](const auto& key, const auto& made) {
         return VerifyStatement({VoteKind::kFinalize, Epoch(1), View(7), kBlock}, Ledger(), key,
                                made);
       }},
      {"certificate", always(tag::kFinalize, ViewStatement()), TakesCertificate},
      {"proposal", always(tag::kProposal, ViewStatement()),
       [](const auto& key, const auto& made) {
         return VerifyProposal(Epoch(1), View(7), kBlock, Ledger(), key, made);
       }},
      {"checkpoint", [=](const auto&) { return CheckpointText(checkpoint); },
       [=](const auto& key, const auto& made) { return VerifyCheckpoint(checkpoint, key, made); }},
      {"act",
       [](const auto& key) { return Tagged(tag::kAct, sample::IdOf(ActTextWith(key)).view()); },
       TakesAct},
      {"possession", always(tag::kPossession, possession),
       [=](const auto& key, const auto& made) {
         return VerifyPossession(Ledger(), owner, KeyRole::kReader, key, made);
       }},
      {"voting proof", always(tag::kVoting, voting),
       [](const auto& key, const auto& made) {
         return VerifyVotingProof(Ledger(), Height(7), kBlock, key, made);
       }},
      {"release", always(tag::kRelease, ReleaseStatement(header, "")),
       [=](const auto& key, const auto& made) {
         return VerifyRelease(header, "", key.view(), made.view());
       }},
      {"access token", always(tag::kAccess, TokenStatement()), TakesToken},
      {"restart", [](const auto& key) { return Tagged(tag::kRestart, RestartCase(key).statement); },
       [](const auto& key, const auto& made) { return RestartCase(key).Takes(made); }},
  };
}

using Bytes32 = std::array<std::uint8_t, 32>;

Bytes32 Sum(const Bytes32& one, const Bytes32& other) {
  Bytes32 sum{};
  EXPECT_EQ(crypto_core_ed25519_add(sum.data(), one.data(), other.data()), 0);
  return sum;
}

// Signs with a number that it knows, and so with points and keys of any kind.
class Forger {
 public:
  Forger() {
    EXPECT_GE(sodium_init(), 0);
    crypto_core_ed25519_scalar_reduce(secret_.data(), Wide("secret").data());
    EXPECT_EQ(crypto_scalarmult_ed25519_base_noclamp(key_.data(), secret_.data()), 0);
  }

  // Its key, moved by a point.
  PublicKey Key(const Bytes32& by) const {
    const Bytes32 moved = Sum(key_, by);
    PublicKey key;
    std::ranges::copy(moved, key.data());
    return key;
  }

  // R is moved by a point; or is that point, when the nonce is zero. With the `nonce`-th nonce.
  Signature Sign(const PublicKey& key, const std::string& message, const Bytes32& by,
                 int nonce = 1) const {
    Bytes32 number{};
    Bytes32 r = by;
    if (nonce != 0) {
      crypto_core_ed25519_scalar_reduce(number.data(),
                                        Wide("nonce" + std::to_string(nonce)).data());
      Bytes32 point{};
      EXPECT_EQ(crypto_scalarmult_ed25519_base_noclamp(point.data(), number.data()), 0);
      r = Sum(point, by);
    }
    std::string hashed(reinterpret_cast<const char*>(r.data()), r.size());
    hashed += key.view();
    hashed += message;
    Bytes32 h{};
    crypto_core_ed25519_scalar_reduce(h.data(), Wide(hashed).data());
    Bytes32 s{};
    crypto_core_ed25519_scalar_mul(s.data(), h.data(), secret_.data());
    crypto_core_ed25519_scalar_add(s.data(), s.data(), number.data());
    Signature signature;
    std::ranges::copy(r, signature.data());
    std::ranges::copy(s, signature.data() + r.size());
    return signature;
  }

 private:
  static std::array<std::uint8_t, 64> Wide(const std::string& bytes) {
    std::array<std::uint8_t, 64> wide{};
    crypto_hash_sha512(wide.data(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                       bytes.size());
    return wide;
  }

  Bytes32 secret_{};
  Bytes32 key_{};
};

constexpr Bytes32 kNeutral{1};

// The points of small order: R of the cases whose S is 0.
std::vector<Bytes32> SmallPoints() {
  std::vector<Bytes32> points;
  for (const Ed25519Case& each : Ed25519Cases()) {
    if (!each.why.starts_with("A and R of small order, S is 0: ")) continue;
    Bytes32 point{};
    std::copy_n(each.signature.begin(), point.size(), point.begin());
    if (std::ranges::find(points, point) == points.end()) points.push_back(point);
  }
  return points;
}

class SignatureDoors : public ::testing::TestWithParam<Door> {
 protected:
  const Forger forger_;
  const PublicKey key_ = forger_.Key(kNeutral);
  const Signature good_ = forger_.Sign(key_, GetParam().message(key_), kNeutral);
};

TEST_P(SignatureDoors, TakesWhatIsGood) { EXPECT_TRUE(GetParam().takes(key_, good_)); }

TEST_P(SignatureDoors, RefusesAnotherFormOfS) {
  const std::string order =
      *FromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  Signature moved = good_;
  for (int k = 1; k < 15; ++k) {
    sodium_add(moved.data() + 32, reinterpret_cast<const std::uint8_t*>(order.data()), 32);
    EXPECT_FALSE(GetParam().takes(key_, moved)) << "S + " << k << " L";
  }
}

TEST_P(SignatureDoors, RefusesEachBadKey) {
  for (const Ed25519Case& each : Ed25519Cases()) {
    if (each.verdict != Ed25519Case::Verdict::kBadKey) continue;
    EXPECT_FALSE(GetParam().takes(each.key, *Signature::From(each.signature))) << each.why;
  }
}

// Under a key with a component of small order the owner makes signatures that the library takes.
TEST_P(SignatureDoors, RefusesAKeyWithAComponentOfSmallOrder) {
  const std::vector<Bytes32> points = SmallPoints();
  ASSERT_EQ(points.size(), 8u);
  for (const Bytes32& point : points) {
    if (point == kNeutral) continue;
    const PublicKey key = forger_.Key(point);
    const std::string message = GetParam().message(key);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(message.data());
    bool taken = false;
    for (int nonce = 1; nonce < 200 && !taken; ++nonce) {
      const Signature made = forger_.Sign(key, message, kNeutral, nonce);
      taken = crypto_sign_verify_detached(made.data(), bytes, message.size(), key.data()) == 0;
      EXPECT_FALSE(taken && GetParam().takes(key, made));
    }
    EXPECT_TRUE(taken) << "the library has no such signature";
  }
}

TEST_P(SignatureDoors, RefusesRWithAComponentOfSmallOrder) {
  const std::string message = GetParam().message(key_);
  for (const Bytes32& point : SmallPoints()) {
    EXPECT_FALSE(GetParam().takes(key_, forger_.Sign(key_, message, point, 0)));
    if (point == kNeutral) continue;
    EXPECT_FALSE(GetParam().takes(key_, forger_.Sign(key_, message, point)));
  }
}

INSTANTIATE_TEST_SUITE_P(All, SignatureDoors, ::testing::ValuesIn(Doors()), [](const auto& door) {
  std::string name = door.param.name;
  std::ranges::replace(name, ' ', '_');
  return name;
});

}  // namespace
}  // namespace assent
