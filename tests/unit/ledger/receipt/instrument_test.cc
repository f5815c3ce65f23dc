// A ratification instrument proves that every member has signed, and nothing that is altered or
// left out does.
#include "ledger/receipt/instrument.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "assent/v1/membership.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/receipt/instrument_file.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kText = "All launches are announced.\n";
constexpr std::uint64_t kRound = 1;  // index of the entry that opens it

v1::Body MembersBody() {
  v1::Body body;
  body.set_visibility(v1::MEMBERS);
  body.set_issued_at_us(1);
  return body;
}

v1::Body Opening() {
  v1::Body body = MembersBody();
  body.mutable_revision_open()->set_replaces(0);
  body.mutable_revision_open()->set_title("A better Code");
  body.mutable_revision_open()->set_text(std::string(kText));
  return body;
}

v1::Body Signing() {
  v1::Body body = MembersBody();
  v1::RevisionSign& said = *body.mutable_revision_sign();
  said.set_round(kRound);
  said.set_text_hash(Sha256(kText).str());
  said.set_replaces(0);
  said.set_membership(0);
  return body;
}

v1::Body Leaving() {
  v1::Body body = MembersBody();
  body.set_visibility(v1::PUBLIC);
  body.mutable_membership_withdrawal()->set_reason("We go our own way.");
  return body;
}

v1::Body RotatingTo(const SigningKey& key) {
  v1::Body body = MembersBody();
  body.set_visibility(v1::PUBLIC);
  body.mutable_authority_key_rotation()->set_new_key(key.public_key().str());
  return body;
}

v1::Body Public() {
  v1::Body body = MembersBody();
  body.set_visibility(v1::PUBLIC);
  return body;
}

// The note of the fifth state, AAE, signed by it.
v1::Body NoteOfAae(const LedgerId& ledger) {
  const SigningKey key = sample::MemberKey(4, KeyRole::kAuthority);
  v1::SubscriptionStatement statement;
  statement.set_ledger_id(ledger.str());
  statement.set_code("AAE");
  statement.set_authority_key(key.public_key().str());
  v1::Body body = Public();
  v1::SubscriptionNote& note = *body.mutable_subscription_note();
  note.set_statement(statement.SerializeAsString());
  note.set_signature(key.Sign(tag::kSubscription, note.statement()).str());
  return body;
}

v1::Body Endorsing(std::uint64_t question) {
  v1::Body body = Public();
  body.mutable_endorsement()->set_question(question);
  return body;
}

SigningKey NewKey() {
  return SigningKey(*SecretSeed::From(sample::HashNamed("another authority key").view()));
}

// The members as the newest block has them: those of `gone` have left, and `rotated` has NewKey.
Hash MembersWithout(const FoundingAct& act, const std::vector<std::size_t>& gone,
                    std::optional<std::size_t> rotated = std::nullopt) {
  std::vector<MemberIdentity> members;
  for (std::size_t i = 0; i < act.text.founders.size(); ++i) {
    if (std::find(gone.begin(), gone.end(), i) != gone.end()) continue;
    const Founder& founder = act.text.founders[i];
    members.push_back({founder.code, rotated == i ? NewKey().public_key() : founder.authority_key,
                       EntryIndex(0)});
  }
  return MembersHash(members);
}

// Four founders. Entry 0 is something else, entry 1 opens the round; then come the entries of the
// test, all in one block.
class InstrumentTest : public ::testing::Test {
 protected:
  InstrumentTest() { entries_.push_back(ledger_.Sign(0, "something else")); }

  std::uint64_t File(std::size_t founder, const v1::Body& body) {
    entries_.push_back(ledger_.Sign(founder, body.SerializeAsString()));
    return entries_.size() - 1;
  }
  std::uint64_t FileBy(std::size_t founder, const SigningKey& key, const v1::Body& body) {
    const Entry& by_old = entries_.emplace_back(ledger_.Sign(founder, body.SerializeAsString()));
    entries_.back() = SignEntry(by_old.header(), by_old.body(), by_old.salt(), key).value();
    return entries_.size() - 1;
  }
  void OpenAndSign() {
    File(0, Opening());
    for (std::size_t i = 0; i < 4; ++i) File(i, Signing());
  }

  v1::ProvenEntry Proven(std::uint64_t index) const {
    v1::ProvenEntry proven;
    *proven.mutable_entry() = ToProto(entries_[index]);
    proven.set_index(index);
    for (const Hash& hash : ledger_.ProofOf(index, ledger_.newest().tree_size)) {
      proven.add_inclusion_proof(hash.str());
    }
    return proven;
  }

  // Makes the block, and the instrument with everything after the opening in it.
  v1::RatificationInstrument Make(std::uint64_t completed_by, const Hash& members) {
    ledger_.Alter([&](BlockHeader& header) { header.members_hash = members; });
    v1::RatificationInstrument instrument;
    instrument.set_header(ledger_.AddBlock(entries_));
    instrument.set_certificate(ledger_.Certify({0, 1, 2}));
    instrument.set_completed_by(completed_by);
    *instrument.mutable_opening() = Proven(kRound);
    for (std::uint64_t i = kRound + 1; i < entries_.size(); ++i) {
      v1::Body body;
      body.ParseFromString(entries_[i].body());
      *(body.has_revision_sign() ? instrument.add_signatures() : instrument.add_memberships()) =
          Proven(i);
    }
    return instrument;
  }
  v1::RatificationInstrument Good() {
    OpenAndSign();
    return Make(5, MembersWithout(ledger_.act(), {}));
  }

  absl::StatusOr<InstrumentProof> Verify(const v1::RatificationInstrument& instrument) const {
    return VerifyInstrument(FormatInstrumentFile(instrument), ledger_.act());
  }
  std::string Refusal(v1::RatificationInstrument instrument,
                      const std::function<void(v1::RatificationInstrument&)>& change) const {
    change(instrument);
    return std::string(Verify(instrument).status().message());
  }
  // Of one that says what nobody should believe.
  std::string Refusal(const v1::RatificationInstrument& instrument) const {
    return std::string(Verify(instrument).status().message());
  }

  SmallLedger ledger_;
  std::vector<Entry> entries_;
};

TEST_F(InstrumentTest, ProvesThatEveryMemberSignedTheText) {
  const auto proof = Verify(Good());
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->number, 1u);
  EXPECT_EQ(proof->round, EntryIndex(kRound));
  EXPECT_EQ(proof->title, "A better Code");
  EXPECT_EQ(proof->text, kText);
  EXPECT_EQ(proof->text_hash, Sha256(kText));
  EXPECT_EQ(proof->completed_by, EntryIndex(5));
  ASSERT_EQ(proof->signatures.size(), 4u);
  EXPECT_EQ(proof->signatures[3].member.str(), "AAD");
  EXPECT_FALSE(proof->signatures[3].endorsed_key);
  EXPECT_THAT(proof->proved,
              Contains("each of the 4 members (AAA, AAB, AAC, AAD) signed this very text with its "
                       "authority key"));
  EXPECT_THAT(proof->proved, Contains(HasSubstr("it is revision 1 of ledger")));
  EXPECT_THAT(proof->proved, Contains(StartsWith("the block is final: 3 of 4 voters")));
  EXPECT_THAT(proof->not_shown, Contains(HasSubstr("could hide one that joined later")));
}

// Whoever alters an instrument by one bit has none. Every eleventh bit: each place in a byte comes
// by, and the test ends in good time.
TEST_F(InstrumentTest, RefusesFlippedBits) {
  const std::string good = FormatInstrumentFile(Good());
  ASSERT_TRUE(VerifyInstrument(good, ledger_.act()).ok());
  for (std::size_t bit = 0; bit < 8 * good.size(); bit += 11) {
    ASSERT_FALSE(VerifyInstrument(sample::WithBitFlipped(good, bit), ledger_.act()).ok())
        << "bit " << bit % 8 << " of byte " << bit / 8;
  }
}

TEST_F(InstrumentTest, NamesTheStepThatFailed) {
  const v1::RatificationInstrument good = Good();
  EXPECT_THAT(std::string(VerifyInstrument("hello", ledger_.act()).status().message()),
              StartsWith("file: it does not begin with"));
  const std::string too_long =
      std::string(kInstrumentMagic) + std::string(kInstrumentBytesMax, '\0');
  EXPECT_THAT(std::string(VerifyInstrument(too_long, ledger_.act()).status().message()),
              HasSubstr("the limit is"));
  EXPECT_THAT(Refusal(good, [](auto& i) { i.set_header("x"); }), StartsWith("block header: "));
  EXPECT_THAT(Refusal(good, [](auto& i) { i.clear_certificate(); }), StartsWith("certificate: "));
  EXPECT_THAT(Refusal(good, [](auto& i) { i.set_completed_by(6); }),
              StartsWith("completion: entry 6 is not among those of block"));
  EXPECT_THAT(Refusal(good, [](auto& i) { i.clear_opening(); }), StartsWith("opening: "));
  EXPECT_THAT(Refusal(good, [](auto& i) { *i.mutable_opening() = i.signatures(0); }),
              StartsWith("opening: it opens no round"));
  EXPECT_THAT(Refusal(good, [](auto& i) { i.mutable_signatures(1)->set_index(4); }),
              StartsWith("entry 4: "));
  EXPECT_THAT(Refusal(good, [](auto& i) { i.mutable_signatures(1)->clear_inclusion_proof(); }),
              StartsWith("entry 3: "));
  EXPECT_THAT(Refusal(good,
                      [](auto& i) {
                        i.mutable_signatures(1)->mutable_entry()->clear_body();
                        i.mutable_signatures(1)->mutable_entry()->clear_salt();
                      }),
              StartsWith("entry 3: it comes without its body"));
  EXPECT_THAT(Refusal(good, [](auto& i) { *i.add_signatures() = i.signatures(0); }),
              StartsWith("entry 2: it is there twice"));
  EXPECT_THAT(Refusal(good, [](auto& i) { *i.add_memberships() = i.opening(); }),
              StartsWith("opening: it is there twice"));
}

TEST_F(InstrumentTest, MissesTheSignatureOfOneMember) {
  const v1::RatificationInstrument good = Good();
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Refusal(good, [&](auto& it) { it.mutable_signatures()->DeleteSubrange(i, 1); }),
                StartsWith("completion: the signature of AA" + std::string(1, "ABC"[i])));
  }
  EXPECT_THAT(Refusal(good, [](auto& it) { it.mutable_signatures()->RemoveLast(); }),
              StartsWith("completion: the completing entry is not there"));
  EXPECT_THAT(Refusal(good, [](auto& it) { it.set_completed_by(4); }),
              StartsWith("completion: the signature of AAD is missing"));
}

// Signatures that a quorum has let through, and that bind something else.
TEST_F(InstrumentTest, CountsNoSignatureThatBindsSomethingElse) {
  const std::vector<std::pair<std::string, std::function<void(v1::RevisionSign&)>>> wrong = {
      {"another round", [](auto& s) { s.set_round(0); }},
      {"another text", [](auto& s) { s.set_text_hash(Sha256("x").str()); }},
      {"another revision", [](auto& s) { s.set_replaces(1); }},
      {"another membership", [](auto& s) { s.set_membership(3); }},
  };
  for (const auto& [what, change] : wrong) {
    ledger_ = SmallLedger();
    entries_ = {ledger_.Sign(0, "something else")};
    File(0, Opening());
    for (std::size_t i = 0; i < 3; ++i) File(i, Signing());
    v1::Body body = Signing();
    change(*body.mutable_revision_sign());
    File(3, body);
    EXPECT_THAT(Refusal(Make(5, MembersWithout(ledger_.act(), {}))),
                testing::AllOf(StartsWith("entry 5: "), HasSubstr(what)));
  }
}

TEST_F(InstrumentTest, CountsNoSignatureByAnotherKey) {
  File(0, Opening());
  for (std::size_t i = 0; i < 3; ++i) File(i, Signing());
  FileBy(3, NewKey(), Signing());
  EXPECT_THAT(
      Refusal(Make(5, MembersWithout(ledger_.act(), {}))),
      StartsWith("entry 5: the key of the entry is not one that authority keys have given"));
}

TEST_F(InstrumentTest, AFounderIsAbsentOnlyByItsOwnSignature) {
  File(0, Opening());
  for (std::size_t i = 0; i < 3; ++i) File(i, Signing());
  File(3, Leaving());
  const auto proof = Verify(Make(5, MembersWithout(ledger_.act(), {3})));
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->signatures.size(), 3u);
  EXPECT_THAT(proof->proved, Contains(HasSubstr("the withdrawal of the last member")));
}

TEST_F(InstrumentTest, AQuorumsWordThatAFounderIsGoneIsNotEnough) {
  File(0, Opening());
  for (std::size_t i = 0; i < 3; ++i) File(i, Signing());
  EXPECT_THAT(Refusal(Make(4, MembersWithout(ledger_.act(), {3}))),
              StartsWith("completion: the signature of AAD is missing"));
}

TEST_F(InstrumentTest, AWithdrawalByAnotherIsNone) {
  File(0, Opening());
  for (std::size_t i = 0; i < 3; ++i) File(i, Signing());
  FileBy(3, NewKey(), Leaving());
  EXPECT_THAT(Refusal(Make(5, MembersWithout(ledger_.act(), {3}))), StartsWith("entry 5: "));
}

TEST_F(InstrumentTest, FollowsAMembersRotationOfItsKey) {
  File(0, Opening());
  for (std::size_t i = 0; i < 3; ++i) File(i, Signing());
  File(3, RotatingTo(NewKey()));
  FileBy(3, NewKey(), Signing());
  const v1::RatificationInstrument good = Make(6, MembersWithout(ledger_.act(), {}, 3));
  EXPECT_TRUE(Verify(good).ok()) << Verify(good).status();
  EXPECT_THAT(Refusal(good, [](auto& i) { i.clear_memberships(); }), StartsWith("entry 6: "));
}

TEST_F(InstrumentTest, WhoJoinedMeanwhileMustHaveSigned) {
  File(0, Opening());
  const std::uint64_t note = File(0, NoteOfAae(ledger_.act().ledger_id));
  File(1, Endorsing(note));
  const std::uint64_t joined =
      File(2, Endorsing(note));  // with the note's own lodger three of four
  for (std::size_t i = 0; i < 4; ++i) File(i, Signing());
  v1::Body body = Signing();
  body.mutable_revision_sign()->set_membership(joined);
  const std::uint64_t last = File(4, body);
  std::vector<MemberIdentity> members;
  for (const Founder& founder : ledger_.act().text.founders) {
    members.push_back({founder.code, founder.authority_key, EntryIndex(0)});
  }
  members.push_back({sample::CodeAt(4), sample::MemberKey(4, KeyRole::kAuthority).public_key(),
                     EntryIndex(joined)});
  const v1::RatificationInstrument good = Make(last, MembersHash(members));
  const auto proof = Verify(good);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->signatures.size(), 5u);
  EXPECT_FALSE(proof->signatures[4].endorsed_key);
  const auto without = [&](v1::RatificationInstrument& it) {
    it.mutable_signatures()->RemoveLast();
    it.set_completed_by(last - 1);
  };
  EXPECT_THAT(Refusal(good, without), StartsWith("completion: the signature of AAE is missing"));
  EXPECT_THAT(Refusal(good,
                      [&](auto& it) {
                        without(it);
                        it.clear_memberships();
                      }),
              StartsWith("members: "));
  // Two of four are no quorum.
  EXPECT_THAT(Refusal(good, [](auto& it) { it.mutable_memberships()->RemoveLast(); }),
              StartsWith("entry 9: AAE is not a member"));
}

TEST_F(InstrumentTest, AForgedNoteMakesNoMember) {
  File(0, Opening());
  v1::Body forged = NoteOfAae(ledger_.act().ledger_id);
  forged.mutable_subscription_note()->set_signature(std::string(64, 'x'));
  File(0, forged);
  for (std::size_t i = 0; i < 4; ++i) File(i, Signing());
  EXPECT_THAT(Refusal(Make(6, MembersWithout(ledger_.act(), {}))),
              StartsWith("entry 2: the state's note is not signed"));
}

TEST_F(InstrumentTest, MarksAKeyThatCameByEndorsement) {
  File(0, Opening());
  v1::Body replacing = Public();
  replacing.mutable_authority_key_replacement()->set_member("AAD");
  replacing.mutable_authority_key_replacement()->set_new_key(NewKey().public_key().str());
  const std::uint64_t question = File(0, replacing);
  File(1, Endorsing(question));
  File(2, Endorsing(question));
  for (std::size_t i = 0; i < 3; ++i) File(i, Signing());
  const std::uint64_t last = FileBy(3, NewKey(), Signing());
  const v1::RatificationInstrument good = Make(last, MembersWithout(ledger_.act(), {}, 3));
  const auto proof = Verify(good);
  ASSERT_TRUE(proof.ok()) << proof.status();
  ASSERT_EQ(proof->signatures.size(), 4u);
  EXPECT_FALSE(proof->signatures[2].endorsed_key);
  EXPECT_TRUE(proof->signatures[3].endorsed_key);
  EXPECT_THAT(proof->not_shown, Contains(StartsWith("whether AAD consents")));
  EXPECT_THAT(Refusal(good, [](auto& it) { it.mutable_memberships()->RemoveLast(); }),
              StartsWith("entry 8: the key of the entry is not one"));
}

// An instrument that leaves out an entry about memberships after the completing one, in the same
// block, disagrees with what the voters signed.
TEST_F(InstrumentTest, HasTheMembersThatTheVotersSigned) {
  OpenAndSign();
  File(3, Leaving());
  const v1::RatificationInstrument good = Make(5, MembersWithout(ledger_.act(), {3}));
  EXPECT_TRUE(Verify(good).ok()) << Verify(good).status();
  EXPECT_THAT(Refusal(good, [](auto& i) { i.clear_memberships(); }), StartsWith("members: "));
}

TEST_F(InstrumentTest, TakesTheCertificateOfADescendant) {
  v1::RatificationInstrument instrument = Good();
  instrument.add_descendants(ledger_.AddBlock({}));
  instrument.set_certificate(ledger_.Certify({0, 1, 2, 3}));
  EXPECT_TRUE(Verify(instrument).ok()) << Verify(instrument).status();
  // A later block does not pass for the one in which the revision was final.
  v1::RatificationInstrument later = instrument;
  later.set_header(instrument.descendants(0));
  later.clear_descendants();
  EXPECT_THAT(Refusal(later), StartsWith("completion: entry 5 is not among those of block"));
}

TEST_F(InstrumentTest, OfAnotherLedgerProvesNothing) {
  const std::string file = FormatInstrumentFile(Good());
  FoundingAct other = ledger_.act();
  other.ledger_id = *LedgerId::From(sample::HashNamed("another ledger").view());
  EXPECT_FALSE(VerifyInstrument(file, other).ok());
}

}  // namespace
}  // namespace assent
