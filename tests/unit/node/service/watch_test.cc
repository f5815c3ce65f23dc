// Watching entries become final.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "ledger/crypto/hash.h"
#include "node/service/limits.h"
#include "tests/unit/node/service/fixture.h"

namespace assent::service {
namespace {

using testing::DeclarationBody;

class WatchTest : public ServiceTest {
 protected:
  void SetUp() override {
    Start();
    client_ = Client();
  }

  using Stream = std::unique_ptr<grpc::ClientReader<v1::LedgerEntry>>;

  Stream Watch(grpc::ClientContext* context, std::uint64_t from, const std::string& author = "") {
    v1::WatchEntriesRequest request;
    request.set_from_index(from);
    request.set_author(author);
    return client_->WatchEntries(context, request);
  }

  // Indexes of the next `count` entries.
  static std::vector<std::uint64_t> Read(Stream& stream, std::size_t count) {
    std::vector<std::uint64_t> indexes;
    v1::LedgerEntry entry;
    while (indexes.size() < count && stream->Read(&entry)) indexes.push_back(entry.index());
    return indexes;
  }

  static std::vector<std::uint64_t> Range(std::uint64_t first, std::uint64_t end) {
    std::vector<std::uint64_t> range;
    for (; first < end; ++first) range.push_back(first);
    return range;
  }

  std::unique_ptr<v1::Ledger::Stub> client_;
};

TEST_F(WatchTest, WhatIsThereComesFirstAndThenWhatFollows) {
  Commit({chain_.Notify("AAA"), chain_.Notify("BBB")});
  Context context;
  Stream stream = Watch(&context, 0);
  EXPECT_EQ(Read(stream, 2), Range(0, 2));
  Commit({chain_.Notify("AAA")});
  EXPECT_EQ(Read(stream, 1), Range(2, 3));
}

TEST_F(WatchTest, AWatchGoesOnFromAnyIndex) {
  for (int i = 0; i < 3; ++i) Commit({chain_.Notify("AAA")});
  Context context;
  Stream stream = Watch(&context, 2);
  EXPECT_EQ(Read(stream, 1), Range(2, 3));
}

TEST_F(WatchTest, AWatchMayWaitForAnIndexToCome) {
  Context context;
  Stream stream = Watch(&context, 2);
  for (int i = 0; i < 3; ++i) Commit({chain_.Notify("AAA")});
  EXPECT_EQ(Read(stream, 1), Range(2, 3));
}

TEST_F(WatchTest, OnlyWhatIsAskedForComes) {
  Context context;
  Stream stream = Watch(&context, 0, "BBB");
  Commit({chain_.Notify("AAA"), chain_.Notify("BBB")});
  Commit({chain_.Notify("AAA"), chain_.Notify("BBB")});
  EXPECT_EQ(Read(stream, 2), (std::vector<std::uint64_t>{1, 3}));
}

TEST_F(WatchTest, NothingIsLostOrRepeatedWhileBlocksAreCommitted) {
  constexpr std::uint64_t kEntries = 600;
  std::thread committer([this] {
    for (std::uint64_t i = 0; i < kEntries; i += 3) {
      Commit({chain_.Notify("AAA"), chain_.Notify("BBB"), chain_.Notify("AAA")});
    }
  });
  std::vector<std::thread> watchers;
  for (int i = 0; i < 4; ++i) {
    watchers.emplace_back([this] {
      Context context;
      Stream stream = Watch(&context, 0);
      EXPECT_EQ(Read(stream, kEntries), Range(0, kEntries));
    });
  }
  committer.join();
  for (std::thread& watcher : watchers) watcher.join();
}

// Broken off at any entry, a watch that goes on behind its last one has all of them once, while
// another client does not read at all.
TEST_F(WatchTest, AWatchThatIsBrokenOffGoesOnWithoutGapOrRepeat) {
  constexpr std::uint64_t kEntries = 300;
  Context idle_context;
  const Stream idle = Watch(&idle_context, 0);
  std::thread committer([this] {
    for (std::uint64_t i = 0; i < kEntries; ++i) Commit({chain_.Notify("AAA")});
  });
  std::vector<std::uint64_t> seen;
  for (std::size_t wanted = 1; seen.size() < kEntries; wanted = wanted * 2 % 61) {
    Context context;
    Stream stream = Watch(&context, seen.size());
    const std::size_t rest = kEntries - seen.size();
    const auto more = Read(stream, std::min(wanted, rest));
    EXPECT_FALSE(more.empty());
    if (more.empty()) break;
    seen.insert(seen.end(), more.begin(), more.end());
    context.TryCancel();
  }
  committer.join();
  EXPECT_EQ(seen, Range(0, kEntries));
}

TEST_F(WatchTest, AClientThatDoesNotReadCostsNoReadsOfTheDatabase) {
  // More than one page of large bodies, so that the flow control of the connection closes.
  std::vector<EntryPtr> declarations;
  for (const char* author : {"AAA", "BBB", "CCC", "DDD"}) {
    for (std::uint32_t year = 2002; year < 2022; ++year) {
      v1::Body body = DeclarationBody(year, 16'000);
      body.set_visibility(v1::PUBLIC);
      declarations.push_back(chain_.File(author, body));
    }
  }
  for (std::size_t i = 0; i < declarations.size(); i += 20) {
    const auto first = declarations.begin() + static_cast<std::ptrdiff_t>(i);
    Commit({first, first + 20});
  }
  Context context;
  Stream stream = Watch(&context, 0);
  EXPECT_EQ(Read(stream, 1), Range(0, 1));
  // Until all that the connection takes is under way.
  int before = -1;
  while (before != store_.reads()) {
    before = store_.reads();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }

  for (int i = 0; i < 50; ++i) {
    Commit({chain_.Notify("AAA")});
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(store_.reads(), before);
  // And it has missed nothing.
  EXPECT_EQ(Read(stream, 129), Range(1, 130));
}

TEST_F(WatchTest, AClientHasRoomForSoManyWatchesAndOthersForTheirs) {
  std::vector<std::unique_ptr<Context>> contexts;
  std::vector<Stream> streams;
  Commit({chain_.Notify("AAA")});
  for (std::size_t i = 0; i < kWatches.of_one_client; ++i) {
    contexts.push_back(std::make_unique<Context>());
    streams.push_back(Watch(contexts.back().get(), 0));
    ASSERT_EQ(Read(streams.back(), 1), Range(0, 1));
  }
  Context too_many;
  Stream refused = Watch(&too_many, 0);
  EXPECT_TRUE(Read(refused, 1).empty());
  EXPECT_EQ(refused->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);

  // A key of one's own making does not make another client.
  const SecretSeed own_key = *SecretSeed::From(Sha256("made a moment ago").view());
  const auto disguised = ClientWith(&own_key);
  Context disguised_context;
  Stream refused_too = disguised->WatchEntries(&disguised_context, {});
  EXPECT_TRUE(Read(refused_too, 1).empty());
  EXPECT_EQ(refused_too->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);

  const auto member = ClientWith(&chain_.ledger.state("BBB").node.transport_seed);
  Context member_context;
  Stream members = member->WatchEntries(&member_context, {});
  EXPECT_EQ(Read(members, 1), Range(0, 1));

  contexts[7]->TryCancel();
  EXPECT_EQ(streams[7]->Finish().error_code(), grpc::StatusCode::CANCELLED);
  for (int tries = 0; tries < 200; ++tries) {
    Context again;
    Stream stream = Watch(&again, 0);
    if (!Read(stream, 1).empty()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << "the place of the watch that ended was not given back";
}

// Each that follows the newest entry costs a read for it, and strangers can be many.
TEST_F(WatchTest, StrangersAreToldOfManyBlocksAtOnceAndMissNothing) {
  constexpr std::uint64_t kBlocks = 200;
  Commit({chain_.Notify("AAA")});
  Context context;
  Stream stream = Watch(&context, 0);
  ASSERT_EQ(Read(stream, 1), Range(0, 1));
  const int before = store_.reads();
  const auto begun = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < kBlocks; ++i) {
    Commit({chain_.Notify("AAA")});
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(Read(stream, kBlocks), Range(1, 1 + kBlocks));
  const auto times = (std::chrono::steady_clock::now() - begun) / kStrangersWokenEach;
  // One read each time, and another where a block came meanwhile.
  EXPECT_LE(store_.reads() - before, 2 * (times + 2));
}

TEST_F(WatchTest, AStopEndsWatchesThatWait) {
  Commit({chain_.Notify("AAA")});
  Context context;
  Stream stream = Watch(&context, 0);
  EXPECT_EQ(Read(stream, 1), Range(0, 1));
  services_.Stop();
  EXPECT_TRUE(Read(stream, 1).empty());
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace assent::service
