// restart merge: which of several drafts is taken, and whose signatures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/receipt/member_list.h"
#include "ledger/receipt/restart_act.h"
#include "tests/unit/client/program.h"
#include "tests/unit/client/temp_folder.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent::client {
namespace {

using ::testing::HasSubstr;

class RestartMergeTest : public ::testing::Test {
 protected:
  RestartMergeTest() {
    for (std::size_t i = 0; i < 4; ++i) {
      members_.push_back({sample::CodeAt(i), sample::MemberKey(i, KeyRole::kAuthority).public_key(),
                          EntryIndex(0)});
    }
  }

  // A draft that names a new block, which is notarized.
  v1::RestartAct Draft() {
    ledger_.AddBlock({ledger_.Sign(0, "a")});
    ledger_.Alter([this](BlockHeader& header) { header.members_hash = MembersHash(members_); });
    v1::RestartAct act;
    act.set_epoch(2);
    act.set_header(ledger_.newest_bytes());
    act.set_certificate(ledger_.Certify({0, 1, 2}, VoteKind::kNotarize));
    AddMembers(members_, act.mutable_members());
    return act;
  }
  v1::RestartAct SignedBy(v1::RestartAct act, const std::vector<std::size_t>& signers) const {
    const LedgerId& id = ledger_.act().ledger_id;
    const auto block = ReadHeader(act.header(), id).value();
    for (const std::size_t i : signers) {
      v1::RestartSignature& signature = *act.add_signatures();
      signature.set_code(members_[i].code.str());
      signature.set_signature(sample::MemberKey(i, KeyRole::kAuthority)
                                  .Sign(tag::kRestart, RestartStatement(id, Epoch(2), block))
                                  .str());
    }
    return act;
  }

  ProgramResult Merge(const std::vector<v1::RestartAct>& copies) {
    std::vector<std::string> arguments{"restart", "merge", "merged.act"};
    for (const v1::RestartAct& copy : copies) {
      const std::string name = "copy-" + std::to_string(arguments.size());
      folder_.Write(name, FormatRestartFile(copy));
      arguments.push_back(name);
    }
    std::filesystem::remove(folder_.Path("merged.act"));
    return RunAssent(folder_.Path(""), arguments);
  }
  std::string Merged(const std::vector<v1::RestartAct>& copies) {
    const auto result = Merge(copies);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return folder_.Read("merged.act");
  }

  SmallLedger ledger_;
  std::vector<MemberIdentity> members_;
  const TempFolder folder_;
};

TEST_F(RestartMergeTest, TheHighestBlockIsTakenInAnyOrder) {
  const v1::RestartAct low = SignedBy(Draft(), {0, 1});
  const v1::RestartAct high = Draft();
  for (const auto& copies : {std::vector{low, high}, std::vector{high, low}}) {
    EXPECT_EQ(Merged(copies), FormatRestartFile(high)) << "and no signature of the other";
  }
}

TEST_F(RestartMergeTest, OfOneBlockTheDraftThatNeedsNoCertificateIsTaken) {
  const v1::RestartAct with = Draft();
  v1::RestartAct without = with;
  without.clear_certificate();
  for (const auto& copies : {std::vector{with, without}, std::vector{without, with}}) {
    EXPECT_EQ(Merged(copies), FormatRestartFile(without));
  }
}

TEST_F(RestartMergeTest, EachMemberSignsOnceInWhateverCopy) {
  const v1::RestartAct draft = Draft();
  for (const auto& copies : {std::vector{SignedBy(draft, {0, 3}), SignedBy(draft, {1, 3})},
                             std::vector{SignedBy(draft, {3}), SignedBy(draft, {0, 1})}}) {
    EXPECT_EQ(Merged(copies), FormatRestartFile(SignedBy(draft, {0, 1, 3})));
  }
}

// So no bad signature can stand where a good one of the same member was.
TEST_F(RestartMergeTest, ACopyWithABadSignatureIsRefused) {
  const v1::RestartAct good = SignedBy(Draft(), {0, 3});
  v1::RestartAct bad = good;
  bad.mutable_signatures(1)->mutable_signature()->back() ^= 1;
  for (const auto& copies : {std::vector{good, bad}, std::vector{bad, good}}) {
    const auto result = Merge(copies);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("is not by the authority key"));
    EXPECT_FALSE(std::filesystem::exists(folder_.Path("merged.act")));
  }
}

}  // namespace
}  // namespace assent::client
