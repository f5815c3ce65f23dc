// Audits by who does not see all bodies, of ledgers whose parameters a revision has changed that
// they do not see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/audit/audit.h"
#include "ledger/crypto/hash.h"
#include "ledger/membership/voters.h"
#include "ledger/rules/changes.h"
#include "ledger/rules/rules.h"
#include "tests/support/key_bodies.h"
#include "tests/unit/ledger/audit/audited_log.h"

namespace assent {
namespace {

using assent::testing::EndorsementBody;
using assent::testing::KeyNamed;
using assent::testing::ReplacementBody;
using ::testing::HasSubstr;

// At least two of the longest heartbeats, so that no block counts for more.
constexpr Duration kStep = Days(2);
constexpr int kStepsOfAWait = 15;

class HiddenRevisionTest : public AuditedLog {
 protected:
  using AuditedLog::AuditedLog;

  void Add(const std::vector<EntryPtr>& entries) {
    const auto built = chain_.CommitAt(chain_.tip->header.time + Seconds(1), entries);
    ASSERT_TRUE(built.left_out.empty()) << built.left_out[0].refusal.message;
    blocks_.push_back(chain_.Serve(*built.block));
  }
  void Pass(int steps) {
    for (int i = 0; i < steps; ++i) {
      blocks_.push_back(chain_.Serve(*chain_.CommitAt(chain_.tip->header.time + kStep, {}).block));
    }
  }

  // All members consent to `changes`.
  void Revise(const v1::RevisionChanges& changes) {
    v1::Body opening = testing::RevisionOpenBody();
    v1::RevisionOpen& said = *opening.mutable_revision_open();
    *said.mutable_changes() = changes;
    const std::uint64_t round = chain_.tip->header.tree_size;
    Add({chain_.File("AAA", opening)});
    v1::Body signature;
    signature.set_visibility(v1::MEMBERS);
    signature.set_issued_at_us(testing::kFounded.us);
    signature.mutable_revision_sign()->set_round(round);
    signature.mutable_revision_sign()->set_text_hash(
        rules::RevisionHash(said.text(), changes).str());
    signature.mutable_revision_sign()->set_replaces(0);
    signature.mutable_revision_sign()->set_membership(0);
    std::vector<EntryPtr> entries;
    for (const auto& state : chain_.ledger.states) {
      entries.push_back(chain_.File(state.code.str(), signature));
    }
    Add(entries);
  }
  void ReviseHeartbeat(std::uint32_t seconds) {
    v1::RevisionChanges changes;
    changes.set_heartbeat_seconds(seconds);
    Revise(changes);
  }

  // AAA, BBB and another want a new key for `author`, in two blocks.
  void Replace(std::string_view author, std::string_view key) {
    const EntryIndex question(chain_.tip->header.tree_size);
    Add({chain_.File("AAA", ReplacementBody(chain_.ledger, author, key))});
    Add({chain_.File("BBB", EndorsementBody(question)),
         chain_.File(author == "CCC" ? "DDD" : "CCC", EndorsementBody(question))});
  }

  // Files with the new key, which must be in force.
  void FileWith(std::string_view author, std::string_view key) {
    chain_.SignWith(author, KeyNamed(key));
    Add({chain_.Notify(author)});
  }

  // Lets all voters sign that `author` has another key after the newest block: a hostile quorum.
  void ClaimKey(std::string_view author, std::string_view key) {
    auto members = rules::MembersOf(chain_.state);
    for (MemberIdentity& member : members) {
      if (member.code.str() == author) member.authority_key = KeyNamed(key).public_key();
    }
    execution::ExecutedBlock block = *chain_.tip;
    block.header.members_hash = MembersHash(members);
    block.header_bytes = EncodeBlockHeader(block.header);
    block.hash = BlockHash(block.header_bytes);
    blocks_.back() = chain_.Serve(block);
  }

  // As an anonymous reader gets it.
  absl::Status Audit() {
    std::vector<v1::FinalBlock> shown = blocks_;
    for (v1::FinalBlock& block : shown) {
      for (v1::Entry& entry : *block.mutable_entries()) {
        v1::Body body;
        body.ParseFromString(entry.body());
        if (body.visibility() != v1::PUBLIC) HideBody(entry);
      }
    }
    return AuditOf(shown, 1);
  }
};

// With the act's heartbeat of a minute, neither key would have waited for more than an hour.
TEST_F(HiddenRevisionTest, KeysTakeForceSoonerThanTheActSays) {
  ReviseHeartbeat(86'400);
  Replace("CCC", "CCC 2");
  Pass(1);
  Replace("DDD", "DDD 2");
  Pass(kStepsOfAWait - 1);
  FileWith("CCC", "CCC 2");
  Pass(1);
  FileWith("DDD", "DDD 2");
  ASSERT_TRUE(Audit().ok()) << Audit();
  EXPECT_EQ(auditor_->counts().waits_unchecked, 2u);
  EXPECT_EQ(auditor_->counts().signatures, chain_.tip->header.tree_size);
  EXPECT_EQ(auditor_->tip(), chain_.tip->header);
}

TEST_F(HiddenRevisionTest, NoKeyTakesForceBeforeItHasWaited) {
  ReviseHeartbeat(86'400);
  Replace("CCC", "CCC 2");
  Pass(kStepsOfAWait - 1);
  ASSERT_TRUE(Audit().ok()) << Audit();
  EXPECT_EQ(auditor_->counts().waits_unchecked, 0u);
  ClaimKey("CCC", "CCC 2");
  EXPECT_THAT(std::string(Audit().message()), HasSubstr("members hash"));
}

TEST_F(HiddenRevisionTest, NoKeyTakesForceThatNobodyAskedFor) {
  ReviseHeartbeat(86'400);
  Replace("CCC", "CCC 2");
  Pass(kStepsOfAWait);
  ASSERT_TRUE(Audit().ok()) << Audit();
  ClaimKey("CCC", "CCC 3");
  EXPECT_THAT(std::string(Audit().message()), HasSubstr("members hash"));
}

TEST_F(HiddenRevisionTest, ForgedSignaturesAreFoundWhileAKeyWaits) {
  ReviseHeartbeat(60);
  Replace("CCC", "CCC 2");
  Pass(kStepsOfAWait);
  Add({chain_.Notify("AAA"), chain_.Notify("CCC")});
  ASSERT_TRUE(Audit().ok()) << Audit();
  (*blocks_.back().mutable_entries(0)->mutable_signature())[40] ^= 1;
  EXPECT_THAT(std::string(Audit().message()),
              HasSubstr("signature: it is not by the authority key of AAA"));
}

class LongHeartbeatTest : public HiddenRevisionTest {
 protected:
  LongHeartbeatTest() : HiddenRevisionTest({.heartbeat = Days(1)}) {}
};

// With the act's heartbeat of a day, the key would be in force.
TEST_F(LongHeartbeatTest, KeysWaitLongerThanTheActSays) {
  ReviseHeartbeat(60);
  Replace("CCC", "CCC 2");
  Pass(2 * kStepsOfAWait);
  Add({chain_.Notify("CCC")});
  ASSERT_TRUE(Audit().ok()) << Audit();
  EXPECT_EQ(auditor_->counts().waits_unchecked, 1u);
}

// What is known is judged: nothing was hidden when the key began to wait, nor since.
TEST_F(LongHeartbeatTest, NothingIsUncertainBeforeTheFirstHiddenBody) {
  Replace("CCC", "CCC 2");
  Pass(kStepsOfAWait);
  FileWith("CCC", "CCC 2");
  ReviseHeartbeat(60);
  ASSERT_TRUE(Audit().ok()) << Audit();
  EXPECT_EQ(auditor_->counts().waits_unchecked, 0u);
}

class FewEntriesTest : public HiddenRevisionTest {
 protected:
  FewEntriesTest() : HiddenRevisionTest({.entries_per_author_and_day = 3}) {}
};

TEST_F(FewEntriesTest, AMemberMayFileMoreADayThanTheActSays) {
  v1::RevisionChanges changes;
  changes.set_entries_per_author_and_day(100);
  Revise(changes);  // AAA has filed two
  Add({chain_.Notify("AAA"), chain_.Notify("AAA"),
       chain_.File("AAA", ReplacementBody(chain_.ledger, "CCC", "CCC 2"))});
  EXPECT_TRUE(Audit().ok()) << Audit();
}

}  // namespace
}  // namespace assent
