#include "ledger/audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "tests/support/releases.h"
#include "tests/unit/ledger/audit/audited_log.h"

namespace assent {
namespace {

using assent::testing::DeclarationBody;
using assent::testing::MakeEntry;
using assent::testing::NamingReleaser;
using assent::testing::NotificationBody;
using assent::testing::Released;
using assent::testing::TestChain;
using ::testing::HasSubstr;

// A log of four blocks, as an honest node serves it, and ways to spoil it.
class AuditTest : public AuditedLog {
 protected:
  AuditTest() {
    Add({chain_.Notify("AAA"), chain_.File("BBB", DeclarationBody(2025, 100)),
         chain_.Notify("AAA")});
    Add({});
    Add({chain_.Notify("CCC")});
    Add({chain_.Notify("AAA"), chain_.Notify("BBB")});
  }

  void Add(const std::vector<EntryPtr>& entries) {
    blocks_.push_back(chain_.Serve(*chain_.CommitEntries(entries)));
  }

  // A certificate of the first `votes` voters for this header.
  std::string Certificate(std::string_view header_bytes, std::size_t votes) const {
    const auto header = ParseBlockHeader(header_bytes).value();
    assent::Certificate certificate;
    certificate.statement = {VoteKind::kFinalize, header.epoch, header.view,
                             BlockHash(header_bytes)};
    const VoterSet voters = chain_.ledger.act.voters();
    for (std::size_t i = 0; i < votes; ++i) {
      const auto& key = chain_.ledger.state(voters.at(i).code.str()).node.vote;
      certificate.votes.emplace_back(i,
                                     SignStatement(certificate.statement, chain_.ledger.id(), key));
    }
    return EncodeCertificate(certificate, voters.size());
  }

  // Changes what a block claims, and lets all voters sign that: a hostile quorum.
  void Claim(std::size_t block, const std::function<void(BlockHeader&)>& change) {
    BlockHeader header = ParseBlockHeader(blocks_[block].header()).value();
    change(header);
    blocks_[block].set_header(EncodeBlockHeader(header));
    blocks_[block].set_certificate(Certificate(blocks_[block].header(), kMembers));
  }

  absl::Status Audit(std::size_t at_a_time = 100) { return AuditOf(blocks_, at_a_time); }
  std::string Fault() { return std::string(Audit().message()); }
};

TEST_F(AuditTest, AnHonestLogIsGood) {
  for (const std::size_t at_a_time : {1u, 2u, 100u}) {
    ASSERT_TRUE(Audit(at_a_time).ok()) << Audit(at_a_time);
    const AuditCounts& counts = auditor_->counts();
    EXPECT_EQ(counts.blocks, 4u);
    EXPECT_EQ(counts.entries, 6u);
    EXPECT_EQ(counts.signatures, 6u);
    EXPECT_EQ(counts.certificates, 4u);
    EXPECT_TRUE(counts.complete());
    EXPECT_EQ(auditor_->tip(), chain_.tip->header);
  }
}

TEST_F(AuditTest, ABlockMayBeFinalThroughItsDescendant) {
  blocks_[1].clear_certificate();
  blocks_[2].clear_certificate();
  EXPECT_TRUE(Audit().ok()) << Audit();
  EXPECT_EQ(auditor_->counts().certificates, 2u);
}

TEST_F(AuditTest, ALogThatEndsWithoutCertificateIsNotFinal) {
  blocks_[2].clear_certificate();
  blocks_[3].clear_certificate();
  EXPECT_THAT(Fault(),
              HasSubstr("height 4: certificate: blocks above height 2 are not shown to be final"));
}

// Everything that a header claims, spoilt and signed by all voters.
TEST_F(AuditTest, EveryFalseClaimIsFound) {
  struct Case {
    const char* step;
    std::function<void(BlockHeader&)> change;
  };
  const Case cases[] = {
      {"kind", [](BlockHeader& h) { h.kind = BlockKind::kClosing; }},
      {"ledger", [](BlockHeader& h) { h.ledger_id.data()[0] ^= 1; }},
      {"epoch", [](BlockHeader& h) { h.epoch = h.epoch.next(); }},
      {"view", [](BlockHeader& h) { h.view = View(1); }},
      {"height", [](BlockHeader& h) { h.height = h.height.next(); }},
      {"parent", [](BlockHeader& h) { h.parent.data()[31] ^= 1; }},
      {"time", [](BlockHeader& h) { h.time = assent::testing::kFounded; }},
      {"first index",
       [](BlockHeader& h) { h.first_index = EntryIndex(h.first_index.value() - 1); }},
      {"tree size", [](BlockHeader& h) { ++h.tree_size; }},
      {"tree root", [](BlockHeader& h) { h.tree_root.data()[0] ^= 1; }},
      {"state digest", [](BlockHeader& h) { h.state_digest.data()[0] ^= 1; }},
      {"author heads root", [](BlockHeader& h) { h.author_heads_root.data()[0] ^= 1; }},
      {"voters hash", [](BlockHeader& h) { h.voters_hash.data()[0] ^= 1; }},
      {"members hash", [](BlockHeader& h) { h.members_hash.data()[0] ^= 1; }},
  };
  const auto good = blocks_;
  for (const Case& wrong : cases) {
    for (const std::size_t block : {1u, 2u}) {  // an empty one, and one with an entry
      blocks_ = good;
      Claim(block, wrong.change);
      EXPECT_THAT(Fault(),
                  HasSubstr("height " + std::to_string(block + 1) + ": " + wrong.step + ": "));
    }
  }
}

TEST_F(AuditTest, AHeaderThatIsNoneIsFound) {
  blocks_[2].mutable_header()->pop_back();
  EXPECT_THAT(Fault(), HasSubstr("height 3: header: "));
}

TEST_F(AuditTest, ABlockLeftOutIsFound) {
  blocks_.erase(blocks_.begin() + 1);
  EXPECT_THAT(Fault(), HasSubstr("height 2: height: "));
}

TEST_F(AuditTest, AForgedSignatureIsFound) {
  (*blocks_[0].mutable_entries(1)->mutable_signature())[40] ^= 1;
  EXPECT_THAT(Fault(), HasSubstr("height 1: entry 1 (BBB/1): signature: "));
}

TEST_F(AuditTest, AnEntryBySomebodyElsesKeyIsFound) {
  // The key id is that of AAA, the signature by DDD.
  EntryHeader header;
  header.ledger_id = chain_.ledger.id();
  header.author = chain_.ledger.state("DDD").code;
  header.sequence = Sequence(1);
  header.not_after = assent::testing::kFounded + Days(365);
  const auto entry = SignEntry(header, NotificationBody("x").SerializeAsString(), RandomSalt(),
                               chain_.ledger.state("AAA").authority);
  *blocks_[2].mutable_entries(0) = ToProto(*entry);
  EXPECT_THAT(Fault(), HasSubstr("signature: its key is not in force for DDD"));
}

TEST_F(AuditTest, AnAlteredBodyIsFound) {
  (*blocks_[0].mutable_entries(0)->mutable_body())[10] ^= 1;
  EXPECT_THAT(Fault(), HasSubstr("height 1: entry 0 of the block: "));
}

TEST_F(AuditTest, EntriesInAnotherOrderAreFound) {
  blocks_[0].mutable_entries()->SwapElements(0, 2);
  EXPECT_THAT(Fault(), HasSubstr("(AAA/2): sequence: "));
}

TEST_F(AuditTest, AuthorsInAnotherOrderAreFound) {
  blocks_[3].mutable_entries()->SwapElements(0, 1);
  EXPECT_THAT(Fault(), HasSubstr("height 4: tree root: "));
}

TEST_F(AuditTest, AnEntryThatTheRulesRefuseIsFound) {
  v1::Body body = NotificationBody("y");
  body.mutable_launch_notification()->set_class_id("NO_SUCH_CLASS");
  const auto& ddd = chain_.ledger.state("DDD");
  *blocks_[2].mutable_entries(0) = ToProto(MakeEntry(chain_.ledger, ddd, AuthorHead{}, body));
  EXPECT_THAT(Fault(), HasSubstr("height 3: entry 3 (DDD/1): rules: "));
}

TEST_F(AuditTest, AnEntryOfAnotherLedgerIsFound) {
  EntryHeader header;
  header.author = chain_.ledger.state("DDD").code;
  header.sequence = Sequence(1);
  header.not_after = assent::testing::kFounded + Days(365);
  const auto entry = SignEntry(header, NotificationBody("x").SerializeAsString(), RandomSalt(),
                               chain_.ledger.state("DDD").authority);
  *blocks_[2].mutable_entries(0) = ToProto(*entry);
  EXPECT_THAT(Fault(), HasSubstr("it is for another ledger"));
}

TEST_F(AuditTest, AnEntryAfterItsTimeIsFound) {
  EntryHeader header;
  header.ledger_id = chain_.ledger.id();
  header.author = chain_.ledger.state("DDD").code;
  header.sequence = Sequence(1);
  header.not_after = assent::testing::kFounded;
  const auto entry = SignEntry(header, NotificationBody("x").SerializeAsString(), RandomSalt(),
                               chain_.ledger.state("DDD").authority);
  *blocks_[2].mutable_entries(0) = ToProto(*entry);
  EXPECT_THAT(Fault(), HasSubstr("not_after"));
}

TEST_F(AuditTest, ACertificateNeedsAQuorum) {
  blocks_[1].set_certificate(Certificate(blocks_[1].header(), 2));
  EXPECT_THAT(Fault(), HasSubstr("height 2: certificate: "));
  blocks_[1].set_certificate(Certificate(blocks_[1].header(), 3));
  EXPECT_TRUE(Audit().ok());
}

TEST_F(AuditTest, ACertificateForAnotherBlockIsFound) {
  blocks_[1].set_certificate(blocks_[2].certificate());
  EXPECT_THAT(Fault(), HasSubstr("height 2: certificate: it is for another block"));
}

TEST_F(AuditTest, ACertificateWithAForgedVoteIsFound) {
  blocks_[1].mutable_certificate()->back() ^= 1;
  EXPECT_THAT(Fault(), HasSubstr("height 2: certificate: "));
}

TEST_F(AuditTest, TheLogOfAnotherActIsFound) {
  TestChain other(kMembers - 1);
  blocks_[0] = other.Serve(*other.CommitEntries({other.Notify("AAA")}));
  EXPECT_THAT(Fault(), HasSubstr("height 1: ledger: "));
}

TEST_F(AuditTest, HiddenBodiesAreCountedAsNotChecked) {
  HideBody(*blocks_[2].mutable_entries(0));
  ASSERT_TRUE(Audit().ok()) << Audit();
  const AuditCounts& counts = auditor_->counts();
  EXPECT_FALSE(counts.complete());
  EXPECT_EQ(counts.bodies_hidden, 1u);
  EXPECT_EQ(counts.rules_unchecked, 3u);    // it and the two behind it
  EXPECT_EQ(counts.digests_unchecked, 2u);  // its block and the last
  EXPECT_EQ(counts.signatures, 6u);
}

// CCC names a releaser, and files two entries that it releases.
TEST_F(AuditTest, HiddenReleasesAreCountedAsNotChecked) {
  const SigningKey head(*SecretSeed::From(Sha256("head").view()));
  Add({chain_.File("CCC", NamingReleaser(chain_.ledger, "CCC", "Head", head))});
  for (const std::uint64_t sequence : {3u, 4u}) {
    const v1::Body body = NotificationBody("released " + std::to_string(sequence));
    Add({chain_.File("CCC", Released(chain_.ledger, "CCC", sequence, "Head", head, body))});
  }
  ASSERT_TRUE(Audit().ok()) << Audit();
  EXPECT_EQ(auditor_->counts().releases_unchecked, 0u);
  for (const std::size_t block : {2u, 5u}) HideBody(*blocks_[block].mutable_entries(0));
  ASSERT_TRUE(Audit().ok()) << Audit();
  EXPECT_EQ(auditor_->counts().bodies_hidden, 2u);
  EXPECT_EQ(auditor_->counts().releases_unchecked, 1u);
}

TEST_F(AuditTest, BehindAHiddenBodyTheTreeIsStillChecked) {
  HideBody(*blocks_[2].mutable_entries(0));
  Claim(3, [](BlockHeader& h) { h.tree_root.data()[0] ^= 1; });
  EXPECT_THAT(Fault(), HasSubstr("height 4: tree root: "));
}

TEST_F(AuditTest, BehindAHiddenBodySignaturesAndLinksAreStillChecked) {
  HideBody(*blocks_[0].mutable_entries(0));
  (*blocks_[3].mutable_entries(1)->mutable_signature())[0] ^= 1;
  EXPECT_THAT(Fault(), HasSubstr("entry 5 (BBB/2): signature: "));
}

TEST_F(AuditTest, TheRootOfAWatchedTreeIsKept) {
  Auditor auditor(chain_.ledger.act, InOrder);
  auditor.WatchTreeSize(4);
  EXPECT_FALSE(auditor.watched_root().has_value());
  ASSERT_TRUE(auditor.Check(blocks_).ok());
  EXPECT_EQ(auditor.watched_root(), ParseBlockHeader(blocks_[2].header())->tree_root);
}

TEST_F(AuditTest, NoBlockEndsInsideABlock) {
  Auditor auditor(chain_.ledger.act, InOrder);
  auditor.WatchTreeSize(2);
  ASSERT_TRUE(auditor.Check(blocks_).ok());
  EXPECT_FALSE(auditor.watched_root().has_value());
}

TEST_F(AuditTest, TheEmptyTreeIsThatOfTheFoundingAct) {
  Auditor auditor(chain_.ledger.act, InOrder);
  auditor.WatchTreeSize(0);
  EXPECT_EQ(auditor.watched_root(), MerkleEmptyRoot());
}

}  // namespace
}  // namespace assent
