#include "node/query/proofs.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/block/header.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/merkle.h"
#include "ledger/rules/rules.h"
#include "tests/unit/node/query/filled_ledger.h"

namespace assent::query {
namespace {

using ::testing::IsEmpty;

template <class Repeated>
std::vector<Hash> Hashes(const Repeated& messages) {
  std::vector<Hash> hashes;
  for (const std::string& bytes : messages) hashes.push_back(Hash::From(bytes).value());
  return hashes;
}

class ProofsTest : public ::testing::Test {
 protected:
  // Three blocks of 2, 1 and 3 entries.
  void FileSix() {
    ledger_.File("AAA", PublicNotification("a1"));
    ledger_.File("BBB", MembersNotification("b1"));
    ledger_.Commit("certificate 1");
    ledger_.Add("CCC", PublicNotification("c1"));
    for (const char* author : {"AAA", "BBB", "CCC"}) {
      ledger_.File(author, PublicNotification("late"));
    }
    ledger_.Commit("certificate 3");
  }

  FilledLedger ledger_;
};

TEST_F(ProofsTest, AReceiptHoldsWhatItsCheckNeeds) {
  FileSix();
  for (std::uint64_t index = 0; index < 6; ++index) {
    const auto receipt = MakeReceipt(*ledger_.view(), FilledLedger::Member(), EntryIndex(index));
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    const BlockHeader header = ParseBlockHeader(receipt->header()).value();
    EXPECT_LE(header.first_index.value(), index);
    EXPECT_LT(index, header.tree_size);
    const Entry entry = FromProto(receipt->entry()).value();
    EXPECT_TRUE(VerifyInclusion(entry.leaf_hash(), receipt->index(), header.tree_size,
                                Hashes(receipt->inclusion_proof()), header.tree_root)
                    .ok());
    EXPECT_THAT(receipt->descendants(), IsEmpty());
    EXPECT_TRUE(entry.has_body());
  }
  EXPECT_EQ(MakeReceipt(*ledger_.view(), FilledLedger::Member(), EntryIndex(0))->certificate(),
            "certificate 1");
  EXPECT_EQ(MakeReceipt(*ledger_.view(), FilledLedger::Member(), EntryIndex(6)).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(ProofsTest, AReceiptHasNoBodyForWhoMayNotSeeIt) {
  FileSix();
  const auto restricted = MakeReceipt(*ledger_.view(), FilledLedger::Anonymous(), EntryIndex(1));
  EXPECT_THAT(restricted->entry().body(), IsEmpty());
  EXPECT_THAT(restricted->entry().salt(), IsEmpty());
  const auto open = MakeReceipt(*ledger_.view(), FilledLedger::Anonymous(), EntryIndex(0));
  EXPECT_FALSE(open->entry().body().empty());
}

TEST_F(ProofsTest, AReceiptReachesToTheDescendantThatHasTheCertificate) {
  ledger_.File("AAA", PublicNotification("a1"));
  ledger_.Commit("");
  const auto early = MakeReceipt(*ledger_.view(), FilledLedger::Member(), EntryIndex(0));
  EXPECT_EQ(early.status().code(), absl::StatusCode::kUnavailable);

  ledger_.Commit("");
  ledger_.Commit("certificate 3");
  const auto receipt = MakeReceipt(*ledger_.view(), FilledLedger::Member(), EntryIndex(0));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  ASSERT_EQ(receipt->descendants_size(), 2);
  EXPECT_EQ(receipt->descendants(0), ledger_.view()->BlockAt(Height(2))->header_bytes);
  EXPECT_EQ(receipt->descendants(1), ledger_.view()->BlockAt(Height(3))->header_bytes);
  EXPECT_EQ(receipt->certificate(), "certificate 3");
}

TEST_F(ProofsTest, ProvesThatEachTreeBeginsTheLater) {
  FileSix();
  const auto view = ledger_.view();
  for (std::uint64_t first = 1; first <= 3; ++first) {
    for (std::uint64_t second = first; second <= 3; ++second) {
      const BlockHeader old_tree = view->BlockAt(Height(first))->header;
      const BlockHeader new_tree = view->BlockAt(Height(second))->header;
      v1::GetConsistencyProofRequest request;
      request.set_first_size(old_tree.tree_size);
      request.set_second_size(new_tree.tree_size);
      const auto proof = ProveConsistency(*view, request);
      ASSERT_TRUE(proof.ok()) << proof.status();
      EXPECT_TRUE(VerifyConsistency(old_tree.tree_size, old_tree.tree_root, new_tree.tree_size,
                                    new_tree.tree_root, Hashes(proof->hashes()))
                      .ok());
    }
  }
}

TEST_F(ProofsTest, ProvesTheRootOfEveryTree) {
  FileSix();
  const auto view = ledger_.view();
  for (std::uint64_t size = 1; size <= 6; ++size) {
    const auto proof = ProveRoot(*view, size);
    ASSERT_TRUE(proof.ok()) << proof.status();
    const BlockHeader header = ParseBlockHeader(proof->header()).value();
    EXPECT_GE(header.tree_size, size);
    EXPECT_TRUE(VerifyConsistency(size, Hash::From(proof->root()).value(), header.tree_size,
                                  header.tree_root, Hashes(proof->consistency_proof()))
                    .ok());
    EXPECT_THAT(proof->certificate(), ::testing::StartsWith("certificate"));
  }
  EXPECT_EQ(ProveRoot(*view, 2)->root(), view->BlockAt(Height(1))->header.tree_root.str());
  EXPECT_TRUE(absl::IsOutOfRange(ProveRoot(*view, 7).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ProveRoot(*view, 0).status()));
}

TEST_F(ProofsTest, RefusesTreesThatDoNotExist) {
  FileSix();
  v1::GetConsistencyProofRequest request;
  const auto code = [&](std::uint64_t first, std::uint64_t second) {
    request.set_first_size(first);
    request.set_second_size(second);
    return ProveConsistency(*ledger_.view(), request).status().code();
  };
  EXPECT_EQ(code(0, 3), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(3, 2), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(3, 7), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(code(1, 6), absl::StatusCode::kOk);
}

TEST_F(ProofsTest, ProvesALeafInALaterTree) {
  FileSix();
  const auto view = ledger_.view();
  v1::GetInclusionProofRequest request;
  request.set_index(1);
  request.set_tree_size(6);
  const auto proof = ProveInclusion(*view, request);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_TRUE(VerifyInclusion(view->EntryAt(EntryIndex(1)).value()->leaf_hash(), 1, 6,
                              Hashes(proof->hashes()), view->tip().header.tree_root)
                  .ok());
  request.set_tree_size(1);
  EXPECT_EQ(ProveInclusion(*view, request).status().code(), absl::StatusCode::kInvalidArgument);
  request.set_tree_size(7);
  EXPECT_EQ(ProveInclusion(*view, request).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(ProofsTest, ACheckpointIsANoteWithALineForEachSigner) {
  FileSix();
  const auto view = ledger_.view();
  const std::string& origin = ledger_.ledger().act.text.origin;
  const VoterSet voters = rules::VotersOf(view->state());
  EXPECT_EQ(PublicCheckpoint(*view, origin).status().code(), absl::StatusCode::kNotFound);

  replica::CheckpointRecord record{Height(3), 6, view->tip().header.tree_root, {}};
  for (const testing::TestState& state : ledger_.ledger().states) {
    record.signatures[state.code] =
        SignCheckpoint({origin, record.tree_size, record.root}, state.node.checkpoint);
  }
  ledger_.SetCheckpoint(record);
  const auto checkpoint = PublicCheckpoint(*ledger_.view(), origin);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->height(), 3u);
  const SignedCheckpoint note = ParseNote(checkpoint->note()).value();
  EXPECT_EQ(note.checkpoint.tree_size, 6u);
  ASSERT_EQ(note.signatures.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const PublicKey& key = voters.at(i).checkpoint_key;
    EXPECT_EQ(note.signatures[i].key_id, NoteKeyId(origin, key));
    EXPECT_TRUE(VerifyCheckpoint(note.checkpoint, key, note.signatures[i].signature));
  }
}

TEST(NoteOfTest, ALineForEachVoterThatHasSigned) {
  const testing::TestLedger many(150);
  replica::CheckpointRecord record;
  record.signatures[MemberCode::From("ZZZZZ").value()] = Signature();  // no voter
  for (const testing::TestState& state : many.states) record.signatures[state.code] = Signature();
  const v1::Checkpoint note = NoteOf(record, "code.example/test", many.act.voters());
  EXPECT_EQ(ParseNote(note.note())->signatures.size(), 150u);
}

}  // namespace
}  // namespace assent::query
