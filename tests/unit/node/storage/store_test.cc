// What holds for every store: the same tests for RocksDB and for its twin in memory.
#include "node/replica/store.h"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "assent/v1/index.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/rules/past.h"
#include "ledger/types.h"
#include "node/storage/memory_store.h"
#include "node/storage/rocks_store.h"
#include "tests/unit/node/storage/chain.h"
#include "tests/unit/node/storage/scratch.h"

namespace assent::storage {
namespace {

using replica::Batch;
using replica::CheckpointRecord;
using replica::ReadView;
using replica::Store;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class InMemory {
 public:
  std::unique_ptr<Store> Make(const Chain& chain, bool founding) {
    return std::make_unique<MemoryStore>(chain.genesis(), founding);
  }
};

class OnDisk {
 public:
  std::unique_ptr<Store> Make(const Chain& chain, bool founding) {
    const OpenOptions options{scratch_.path("db"), TestLedger(), {}};
    EXPECT_TRUE(RocksStore::Create(options, chain.genesis(),
                                   founding ? Start::kFounding : Start::kRestoring)
                    .ok());
    auto store = RocksStore::Open(options);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

 private:
  Scratch scratch_;
};

template <class Kind>
class StoreTest : public testing::Test {
 protected:
  void SetUp() override { store_ = kind_.Make(chain_, /*founding=*/true); }

  void Write(const Batch& batch) {
    const absl::Status status = store_->Write(batch);
    ASSERT_TRUE(status.ok()) << status;
  }
  std::shared_ptr<const ReadView> Read() const { return store_->Read(); }

  Kind kind_;
  Chain chain_;
  std::unique_ptr<Store> store_;
};

using Kinds = testing::Types<InMemory, OnDisk>;
TYPED_TEST_SUITE(StoreTest, Kinds);

std::vector<std::pair<std::string, std::string>> Scan(const StateView& state,
                                                      std::string_view prefix,
                                                      std::string_view from = "") {
  std::vector<std::pair<std::string, std::string>> found;
  state.Scan(prefix, from, [&](std::string_view key, std::string_view value) {
    found.emplace_back(key, value);
    return true;
  });
  return found;
}

std::vector<std::pair<std::string, std::string>> Journal(const Store& store) {
  std::vector<std::pair<std::string, std::string>> found;
  EXPECT_TRUE(store
                  .ReadJournal([&](std::string_view key, std::string_view value) {
                    found.emplace_back(key, value);
                  })
                  .ok());
  return found;
}

std::vector<std::uint64_t> Indexes(const ReadView& view, std::string_view type,
                                   std::uint64_t first = 0) {
  std::vector<std::uint64_t> found;
  EXPECT_TRUE(view.ScanType(type, EntryIndex(first),
                            [&](EntryIndex index) {
                              found.push_back(index.value());
                              return true;
                            })
                  .ok());
  return found;
}

std::string Said(v1::Visibility visibility) {
  v1::Body body;
  body.set_visibility(visibility);
  body.mutable_launch_report()->set_outcome(v1::LAUNCHED);
  return body.SerializeAsString();
}

TYPED_TEST(StoreTest, KeepsAnIndexOfRecordsBesideTheState) {
  this->Write(this->chain_.Commit({this->chain_.File("FRA", Said(v1::PUBLIC)),
                                   this->chain_.File("IND", Said(v1::MEMBERS)),
                                   this->chain_.File("FRA", "no body that can be read")}));
  const auto view = this->Read();
  EXPECT_THAT(
      Scan(view->state(), "records/"),
      ElementsAre(Pair("records/", ""), Pair("records/m/FRA/LaunchReport/00000000000000000000", ""),
                  Pair("records/m/IND/LaunchReport/00000000000000000001", ""),
                  Pair("records/p//LaunchReport/00000000000000000000", ""),
                  Pair("records/p/FRA/LaunchReport/00000000000000000000", "")));
}

TYPED_TEST(StoreTest, KeepsAnIndexOfThePastBesideTheState) {
  v1::SpanState span;
  span.set_since(2);
  span.set_until(9);
  const std::string value = span.SerializeAsString();
  this->Write(this->chain_.Commit({}, {{"was/windows/m/FRA/1/00000000000000000002", value}}));
  const auto view = this->Read();
  EXPECT_TRUE(view->state().Get(rules::kPastMark).has_value());
  EXPECT_THAT(Scan(view->state(), "past/windows/"),
              ElementsAre(std::pair<std::string, std::string>(
                  "past/windows/m/00000000000000000008/FRA/1/00000000000000000002", value)));
}

TYPED_TEST(StoreTest, BeginsWithTheFoundingActAtHeightZero) {
  const auto view = this->Read();
  EXPECT_EQ(view->tip().header, this->chain_.genesis().header);
  EXPECT_EQ(view->tip().header_bytes, EncodeBlockHeader(this->chain_.genesis().header));
  EXPECT_EQ(view->BlockAt(Height(0))->header, this->chain_.genesis().header);
  EXPECT_THAT(view->BlockAt(Height(0))->certificate, IsEmpty());
  EXPECT_EQ(view->state().Get("member/FRA"), "France");
  EXPECT_EQ(view->BlockAt(Height(1)).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(view->EntryAt(EntryIndex(0)).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(view->PublicCheckpoint(), std::nullopt);
}

TYPED_TEST(StoreTest, GivesBackABlockAsItWasWritten) {
  const auto block = this->chain_.Block({this->chain_.File("FRA", "one")}, {}, "the certificate");
  Batch batch;
  batch.blocks.push_back(block);
  this->Write(batch);

  const auto view = this->Read();
  EXPECT_EQ(view->tip().header, block.header);
  EXPECT_EQ(view->tip().hash, block.hash);
  const auto stored = view->BlockAt(Height(1));
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->header, block.header);
  EXPECT_EQ(stored->header_bytes, block.header_bytes);
  EXPECT_EQ(stored->certificate, "the certificate");
}

TYPED_TEST(StoreTest, GivesBackAnEntryAsItWasSigned) {
  const EntryPtr with_body = this->chain_.File("FRA", "body");
  const EntryPtr empty_body = this->chain_.File("FRA", "");
  const auto bare = std::make_shared<const Entry>(this->chain_.File("IND", "x")->WithoutBody());
  this->Write(this->chain_.Commit({with_body, empty_body, bare}));

  const auto view = this->Read();
  const EntryPtr first = view->EntryAt(EntryIndex(0)).value();
  EXPECT_EQ(first->header_bytes(), with_body->header_bytes());
  EXPECT_EQ(first->signature(), with_body->signature());
  EXPECT_EQ(first->body(), "body");
  EXPECT_EQ(first->salt(), with_body->salt());
  EXPECT_EQ(first->leaf_hash(), with_body->leaf_hash());
  EXPECT_TRUE(view->EntryAt(EntryIndex(1)).value()->has_body());
  EXPECT_EQ(view->EntryAt(EntryIndex(1)).value()->body(), "");
  EXPECT_FALSE(view->EntryAt(EntryIndex(2)).value()->has_body());
  EXPECT_EQ(view->EntryAt(EntryIndex(3)).status().message(),
            "there is no entry 3: the ledger has 3 entries");
}

TYPED_TEST(StoreTest, ScansEntriesInOrderUntilToldToStop) {
  this->Write(this->chain_.Commit({this->chain_.File("FRA", "0"), this->chain_.File("IND", "1")}));
  this->Write(this->chain_.Commit({this->chain_.File("FRA", "2"), this->chain_.File("FRA", "3")}));

  const auto scan = [&](std::uint64_t first, std::uint64_t end, std::size_t stop_after) {
    std::string bodies;
    EXPECT_TRUE(this->Read()
                    ->ScanEntries(EntryIndex(first), EntryIndex(end),
                                  [&](EntryIndex index, EntryPtr entry) {
                                    EXPECT_EQ(entry->body(), std::to_string(index.value()));
                                    bodies += entry->body();
                                    return bodies.size() < stop_after;
                                  })
                    .ok());
    return bodies;
  };
  EXPECT_EQ(scan(0, 4, 9), "0123");
  EXPECT_EQ(scan(1, 3, 9), "12");
  EXPECT_EQ(scan(1, 100, 9), "123");
  EXPECT_EQ(scan(0, 4, 2), "01");
  EXPECT_EQ(scan(3, 2, 9), "");
  EXPECT_EQ(scan(4, 100, 9), "");
}

TYPED_TEST(StoreTest, FindsTheBlockOfAnEntryAcrossEmptyBlocks) {
  this->Write(this->chain_.Commit({this->chain_.File("FRA", "0"), this->chain_.File("FRA", "1")}));
  this->Write(this->chain_.Commit({}));
  this->Write(this->chain_.Commit({this->chain_.File("FRA", "2")}));
  this->Write(this->chain_.Commit({}));

  const auto view = this->Read();
  EXPECT_EQ(view->HeightOf(EntryIndex(0)).value(), Height(1));
  EXPECT_EQ(view->HeightOf(EntryIndex(1)).value(), Height(1));
  EXPECT_EQ(view->HeightOf(EntryIndex(2)).value(), Height(3));
  EXPECT_EQ(view->HeightOf(EntryIndex(3)).status().code(), absl::StatusCode::kNotFound);
}

TYPED_TEST(StoreTest, FindsTheFirstBlockFromATimeOn) {
  for (int i = 0; i < 5; ++i) this->Write(this->chain_.Commit({}));

  const auto view = this->Read();
  EXPECT_EQ(view->FirstHeightFrom(Time{-1}), Height(0));
  EXPECT_EQ(view->FirstHeightFrom(Time{0}), Height(0));
  EXPECT_EQ(view->FirstHeightFrom(Time{1}), Height(1));
  EXPECT_EQ(view->FirstHeightFrom(Time{2'999'999}), Height(3));
  EXPECT_EQ(view->FirstHeightFrom(Time{3'000'000}), Height(3));
  EXPECT_EQ(view->FirstHeightFrom(Time{3'000'001}), Height(4));
  EXPECT_EQ(view->FirstHeightFrom(Time{5'000'000}), Height(5));
  EXPECT_EQ(view->FirstHeightFrom(Time{5'000'001}), Height(6));
}

TYPED_TEST(StoreTest, FindsTheNextBlockThatHasACertificate) {
  Batch batch;
  batch.blocks.push_back(this->chain_.Block({}, {}, ""));
  batch.blocks.push_back(this->chain_.Block({}, {}, "certificate"));
  batch.blocks.push_back(this->chain_.Block({}, {}, ""));
  this->Write(batch);

  const auto view = this->Read();
  EXPECT_EQ(view->CertifiedAtOrAfter(Height(0)).value(), Height(2));
  EXPECT_EQ(view->CertifiedAtOrAfter(Height(1)).value(), Height(2));
  EXPECT_EQ(view->CertifiedAtOrAfter(Height(2)).value(), Height(2));
  EXPECT_EQ(view->CertifiedAtOrAfter(Height(3)).status().code(), absl::StatusCode::kNotFound);
}

TYPED_TEST(StoreTest, FindsAnEntryByAuthorAndSequence) {
  this->Write(this->chain_.Commit({this->chain_.File("FRA", "0"), this->chain_.File("IND", "1"),
                                   this->chain_.File("FRA", "2")}));

  const auto view = this->Read();
  EXPECT_EQ(view->IndexOf(Code("FRA"), Sequence(1)).value(), EntryIndex(0));
  EXPECT_EQ(view->IndexOf(Code("IND"), Sequence(1)).value(), EntryIndex(1));
  EXPECT_EQ(view->IndexOf(Code("FRA"), Sequence(2)).value(), EntryIndex(2));
  EXPECT_EQ(view->IndexOf(Code("IND"), Sequence(2)).status().message(), "there is no entry IND/2");
}

TYPED_TEST(StoreTest, ListsTheEntriesOfAType) {
  Batch batch;
  batch.blocks.push_back(this->chain_.Block(
      {this->chain_.File("FRA", "0"), this->chain_.File("FRA", "1")}, {}, "c", "LaunchReport"));
  batch.blocks.push_back(this->chain_.Block({this->chain_.File("FRA", "2")}, {}, "c", "Launch"));
  batch.blocks.push_back(
      this->chain_.Block({this->chain_.File("FRA", "3")}, {}, "c", "LaunchReport"));
  this->Write(batch);

  const auto view = this->Read();
  EXPECT_THAT(Indexes(*view, "LaunchReport"), ElementsAre(0, 1, 3));
  EXPECT_THAT(Indexes(*view, "LaunchReport", 1), ElementsAre(1, 3));
  EXPECT_THAT(Indexes(*view, "Launch"), ElementsAre(2));
  EXPECT_THAT(Indexes(*view, "Laun"), IsEmpty());
}

TYPED_TEST(StoreTest, KeepsTheNodesOfTheMerkleTree) {
  const auto block =
      this->chain_.Block({this->chain_.File("FRA", "0"), this->chain_.File("FRA", "1"),
                          this->chain_.File("FRA", "2")});
  Batch batch;
  batch.blocks.push_back(block);
  this->Write(batch);

  const auto view = this->Read();
  ASSERT_EQ(block.merkle_nodes.size(), 4u);
  for (const MerkleNode& node : block.merkle_nodes) {
    EXPECT_EQ(view->MerkleNodeAt(node.level, node.index).value(), node.hash);
  }
  EXPECT_EQ(view->MerkleNodeAt(1, 1).status().code(), absl::StatusCode::kNotFound);
}

TYPED_TEST(StoreTest, ChangesAndRemovesState) {
  this->Write(this->chain_.Commit({}, {{"param", "2"}, {"member/IND", std::nullopt}}));

  const auto view = this->Read();
  EXPECT_EQ(view->state().Get("param"), "2");
  EXPECT_EQ(view->state().Get("member/IND"), std::nullopt);
  EXPECT_EQ(view->state().Get("member/FRA"), "France");
}

TYPED_TEST(StoreTest, ScansStateByPrefixFromAKeyOn) {
  this->Write(this->chain_.Commit({}, {{"p\xff", "0"},
                                       {"p\xff\xff", "1"},
                                       {"p\xff"
                                        "a",
                                        "2"},
                                       {"q", "3"},
                                       {"pz", "4"}}));

  const StateView& state = this->Read()->state();
  EXPECT_THAT(Scan(state, "member/"),
              ElementsAre(Pair("member/FRA", "France"), Pair("member/IND", "India")));
  EXPECT_THAT(Scan(state, "member/", "member/FRB"), ElementsAre(Pair("member/IND", "India")));
  EXPECT_THAT(Scan(state, "member/", "a"),
              ElementsAre(Pair("member/FRA", "France"), Pair("member/IND", "India")));
  EXPECT_THAT(Scan(state, "member/", "n"), IsEmpty());
  EXPECT_THAT(Scan(state, "p\xff"), ElementsAre(Pair("p\xff", "0"),
                                                Pair("p\xff"
                                                     "a",
                                                     "2"),
                                                Pair("p\xff\xff", "1")));
  EXPECT_EQ(Scan(state, "").size(), 8u);
}

TYPED_TEST(StoreTest, StopsAStateScanWhenTold) {
  int visited = 0;
  this->Read()->state().Scan("member/", "", [&](std::string_view, std::string_view) {
    ++visited;
    return false;
  });
  EXPECT_EQ(visited, 1);
}

TYPED_TEST(StoreTest, AnOverlayMergesWithTheStoredState) {
  const auto view = this->Read();
  StateOverlay overlay(&view->state());
  overlay.Put("member/GBR", "United Kingdom");
  overlay.Remove("member/FRA");

  EXPECT_THAT(Scan(overlay, "member/"),
              ElementsAre(Pair("member/GBR", "United Kingdom"), Pair("member/IND", "India")));
}

TYPED_TEST(StoreTest, AViewDoesNotChangeWhileBlocksAreWritten) {
  this->Write(this->chain_.Commit({this->chain_.File("FRA", "0")}, {{"param", "2"}}));
  const auto before = this->Read();
  Batch batch = this->chain_.Commit({this->chain_.File("FRA", "1")},
                                    {{"param", "3"}, {"member/FRA", std::nullopt}});
  batch.evidence = {{"key", "value"}};
  batch.checkpoint = CheckpointRecord{Height(2), 2, Hash(), {}};
  this->Write(batch);

  EXPECT_EQ(before->tip().header.height, Height(1));
  EXPECT_EQ(before->state().Get("param"), "2");
  EXPECT_THAT(Scan(before->state(), "member/"), testing::SizeIs(2));
  EXPECT_FALSE(before->BlockAt(Height(2)).ok());
  EXPECT_FALSE(before->EntryAt(EntryIndex(1)).ok());
  EXPECT_FALSE(before->IndexOf(Code("FRA"), Sequence(2)).ok());
  EXPECT_FALSE(before->MerkleNodeAt(1, 0).ok());
  EXPECT_FALSE(before->CertifiedAtOrAfter(Height(2)).ok());
  EXPECT_EQ(before->FirstHeightFrom(Time{1'000'001}), Height(2));
  EXPECT_THAT(Indexes(*before, kReport), ElementsAre(0));
  EXPECT_EQ(before->PublicCheckpoint(), std::nullopt);

  EXPECT_EQ(this->Read()->state().Get("param"), "3");
  EXPECT_THAT(Indexes(*this->Read(), kReport), ElementsAre(0, 1));
}

TYPED_TEST(StoreTest, ReadsOfTheSameTipShareOneView) {
  const auto view = this->Read();
  EXPECT_EQ(view, this->Read());
  Batch batch;
  batch.journal = {{"k", "v"}};
  this->Write(batch);
  EXPECT_EQ(view, this->Read());
}

TYPED_TEST(StoreTest, ReadersSeeWholeBlocksWhileTheWriterWrites) {
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  const auto read = [&] {
    while (!done) {
      const auto view = this->Read();
      const std::string height = std::to_string(view->tip().header.height.value());
      std::uint64_t entries = 0;
      const absl::Status scanned =
          view->ScanEntries(EntryIndex(0), EntryIndex(1'000), [&](EntryIndex, const EntryPtr&) {
            ++entries;
            return true;
          });
      const bool whole = scanned.ok() && entries == view->tip().header.tree_size &&
                         (height == "0" || view->state().Get("height") == height);
      if (!whole) ++torn;
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int height = 1; height <= 50; ++height) {
    std::vector<EntryPtr> entries = {this->chain_.File("FRA", "a"), this->chain_.File("IND", "b")};
    this->Write(this->chain_.Commit(std::move(entries), {{"height", std::to_string(height)}}));
  }
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(torn, 0);
}

TYPED_TEST(StoreTest, AViewOutlivesItsStore) {
  this->Write(this->chain_.Commit({this->chain_.File("FRA", "0")}));
  const auto view = this->Read();
  this->store_.reset();
  EXPECT_EQ(view->EntryAt(EntryIndex(0)).value()->body(), "0");
}

TYPED_TEST(StoreTest, ReplacesTheCheckpoint) {
  Batch batch;
  batch.checkpoint = CheckpointRecord{Height(3), 7, Hash::From(std::string(32, 'r')).value(), {}};
  this->Write(batch);
  batch.checkpoint->height = Height(4);
  batch.checkpoint->signatures[Code("FRA")] = Signature::From(std::string(64, 'f')).value();
  batch.checkpoint->signatures[Code("ABCDEFGH")] = Signature::From(std::string(64, 'a')).value();
  this->Write(batch);

  const auto stored = this->Read()->PublicCheckpoint();
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->height, Height(4));
  EXPECT_EQ(stored->tree_size, 7u);
  EXPECT_EQ(stored->root, batch.checkpoint->root);
  EXPECT_EQ(stored->signatures, batch.checkpoint->signatures);
}

TYPED_TEST(StoreTest, KeepsEvidenceInKeyOrder) {
  Batch batch;
  batch.evidence = {{"b", "2"}, {"a", "1"}};
  this->Write(batch);
  batch.evidence = {{"c", "3"}};
  this->Write(batch);

  std::string seen;
  EXPECT_TRUE(this->Read()
                  ->ScanEvidence([&](std::string_view key, std::string_view value) {
                    seen += std::string(key) + std::string(value);
                    return seen.size() < 4;
                  })
                  .ok());
  EXPECT_EQ(seen, "a1b2");
}

TYPED_TEST(StoreTest, KeepsTheJournalInKeyOrderAndReplacesRecords) {
  Batch batch;
  batch.journal = {{"b", "2"}, {"a", "1"}, {"b", "3"}};
  this->Write(batch);
  batch.journal = {{"a", "4"}};
  this->Write(batch);
  EXPECT_THAT(Journal(*this->store_), ElementsAre(Pair("a", "4"), Pair("b", "3")));
}

TYPED_TEST(StoreTest, ForgetsTheJournalBelowAKey) {
  Batch batch;
  batch.journal = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  this->Write(batch);
  Batch forget;
  forget.journal = {{"aa", "gone at once"}, {"d", "4"}};
  forget.journal_forget_below = "b";
  this->Write(forget);
  EXPECT_THAT(Journal(*this->store_), ElementsAre(Pair("b", "2"), Pair("c", "3"), Pair("d", "4")));

  Batch further;
  further.journal_forget_below = "d";
  this->Write(further);
  EXPECT_THAT(Journal(*this->store_), ElementsAre(Pair("d", "4")));

  Batch back;
  back.journal_forget_below = "b";
  this->Write(back);
  EXPECT_THAT(Journal(*this->store_), ElementsAre(Pair("d", "4")));
}

TYPED_TEST(StoreTest, ForgetsARecordThatCameBackBelowWhatWasForgotten) {
  Batch batch;
  batch.journal = {{"b", "1"}};
  batch.journal_forget_below = "c";
  this->Write(batch);
  Batch late;
  late.journal = {{"a", "late"}};
  this->Write(late);
  EXPECT_THAT(Journal(*this->store_), ElementsAre(Pair("a", "late")));
  Batch again;
  again.journal_forget_below = "c";
  this->Write(again);
  EXPECT_THAT(Journal(*this->store_), IsEmpty());
}

TYPED_TEST(StoreTest, AFounderMayVoteAndAnyOtherNodeRestores) {
  EXPECT_FALSE(this->store_->restoring());
  TypeParam other;
  const auto store = other.Make(this->chain_, /*founding=*/false);
  EXPECT_TRUE(store->restoring());

  Batch batch;
  batch.restoring = false;
  ASSERT_TRUE(store->Write(batch).ok());
  EXPECT_FALSE(store->restoring());
}

TYPED_TEST(StoreTest, WritesSeveralBlocksAtOnce) {
  Batch batch;
  for (int i = 0; i < 3; ++i) {
    batch.blocks.push_back(this->chain_.Block({this->chain_.File("FRA", std::to_string(i))}));
  }
  this->Write(batch);
  EXPECT_EQ(this->Read()->tip().header.height, Height(3));
  EXPECT_EQ(this->Read()->tip().header.tree_size, 3u);
  EXPECT_EQ(this->Read()->HeightOf(EntryIndex(1)).value(), Height(2));
}

template <class Kind>
using StoreDeathTest = StoreTest<Kind>;
TYPED_TEST_SUITE(StoreDeathTest, Kinds);

TYPED_TEST(StoreDeathTest, ABlockThatDoesNotFollowTheTipIsABug) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  this->chain_.Block({});
  const Batch second = this->chain_.Commit({});
  EXPECT_DEATH((void)this->store_->Write(second), "check failed: header.height");
}

}  // namespace
}  // namespace assent::storage
