// What each step of an entry's way costs on one core: signature, hash, leaf, proof, rules, block,
// disk. Databases are made in TMPDIR; put that on the disk that is to be measured.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ledger/block/header.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"
#include "ledger/log/merkle.h"
#include "ledger/rules/rules.h"
#include "node/execution/execution.h"
#include "node/pool/pool.h"
#include "node/query/proofs.h"
#include "node/storage/rocks_store.h"
#include "tests/support/test_chain.h"

namespace assent {
namespace {

using execution::ExecutedPtr;
using execution::Executor;
using testing::CurrentState;
using testing::TestChain;

constexpr std::size_t kMembers = 4;

// A founder's code by number.
std::string Author(std::size_t i) { return std::string(3, static_cast<char>('A' + i % kMembers)); }

std::vector<EntryPtr> Notifications(TestChain& chain, std::size_t count) {
  std::vector<EntryPtr> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back(chain.Notify(Author(i)));
  return entries;
}

void CountEntries(benchmark::State& state, std::size_t per_iteration) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(per_iteration));
}

// A ledger on disk: the database and the executor as a node has them.
class DiskLedger {
 public:
  explicit DiskLedger(const TestChain& chain) {
    std::string pattern = (std::filesystem::temp_directory_path() / "assent-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    folder_ = pattern;
    const storage::OpenOptions options{folder_ / "db", chain.ledger.id(), nullptr};
    const auto created = storage::RocksStore::Create(options, rules::MakeGenesis(chain.ledger.act),
                                                     storage::Start::kFounding);
    if (!created.ok()) throw std::runtime_error(created.ToString());
    store = storage::RocksStore::Open(options).value();
    state = std::make_unique<CurrentState>(store.get());
    executor = std::make_unique<Executor>(state.get());
    tip = Executor::FromStore(*store->Read()).value();
  }
  ~DiskLedger() {
    store = nullptr;
    std::filesystem::remove_all(folder_);
  }

  static replica::Batch BatchOf(const TestChain& chain, const ExecutedPtr& block) {
    replica::Batch batch;
    batch.blocks.push_back(Executor::MakeCommit(*block, chain.Certify(*block)));
    return batch;
  }

  std::unique_ptr<storage::RocksStore> store;
  std::unique_ptr<CurrentState> state;
  std::unique_ptr<Executor> executor;
  ExecutedPtr tip;

 private:
  std::filesystem::path folder_;
};

void VerifySignature(benchmark::State& state) {
  TestChain chain(kMembers);
  const EntryPtr entry = chain.Notify("AAA");
  const PublicKey key = chain.ledger.state("AAA").authority.public_key();
  for (auto _ : state) benchmark::DoNotOptimize(entry->VerifySignature(key));
  CountEntries(state, 1);
}
BENCHMARK(VerifySignature);

void SignStatement(benchmark::State& state) {
  const TestChain chain(1);
  const SigningKey& key = chain.ledger.state("AAA").node.vote;
  const std::string statement(80, 's');
  for (auto _ : state) benchmark::DoNotOptimize(key.Sign(tag::kFinalize, statement));
}
BENCHMARK(SignStatement);

void HashBytes(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(Sha256(data));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(HashBytes)->Arg(64)->Arg(1'024)->Arg(65'536);

void EncodeEntry(benchmark::State& state) {
  TestChain chain(kMembers);
  const EntryPtr entry = chain.Notify("AAA");
  for (auto _ : state) benchmark::DoNotOptimize(ToProto(*entry).SerializeAsString());
}
BENCHMARK(EncodeEntry);

// From the bytes of a message to a checked Entry: header, leaf hash, commitment.
void ParseEntry(benchmark::State& state) {
  TestChain chain(kMembers);
  const std::string bytes = ToProto(*chain.Notify("AAA")).SerializeAsString();
  for (auto _ : state) {
    v1::Entry message;
    message.ParseFromString(bytes);
    benchmark::DoNotOptimize(FromProto(message).ok());
  }
}
BENCHMARK(ParseEntry);

void EncodeHeader(benchmark::State& state) {
  const TestChain chain(1);
  for (auto _ : state) benchmark::DoNotOptimize(EncodeBlockHeader(chain.tip->header));
}
BENCHMARK(EncodeHeader);

void AppendLeaf(benchmark::State& state) {
  MerkleFrontier frontier;
  const Hash leaf = Sha256("leaf");
  std::vector<MerkleNode> completed;
  for (auto _ : state) {
    frontier.Append(leaf, &completed);
    completed.clear();
  }
}
BENCHMARK(AppendLeaf);

// Levels of a full tree of 2^17 leaves.
std::vector<std::vector<Hash>> FullTree() {
  std::vector<std::vector<Hash>> levels(1);
  for (std::uint64_t i = 0; i < 1u << 17; ++i) levels[0].push_back(Sha256(std::to_string(i)));
  while (levels.back().size() > 1) {
    const std::vector<Hash>& below = levels.back();
    std::vector<Hash> level;
    for (std::size_t i = 0; i < below.size(); i += 2) {
      level.push_back(MerkleNodeHash(below[i], below[i + 1]));
    }
    levels.push_back(std::move(level));
  }
  return levels;
}

void ProveInclusion(benchmark::State& state) {
  const auto levels = FullTree();
  std::uint64_t index = 0;
  for (auto _ : state) {
    index = (index + 7'919) % levels[0].size();
    benchmark::DoNotOptimize(InclusionProof(
        index, levels[0].size(), [&](std::uint8_t level, std::uint64_t i) -> absl::StatusOr<Hash> {
          return levels[level][i];
        }));
  }
}
BENCHMARK(ProveInclusion);

void CheckInclusion(benchmark::State& state) {
  const auto levels = FullTree();
  const auto proof = InclusionProof(
      4'711, levels[0].size(), [&](std::uint8_t level, std::uint64_t i) -> absl::StatusOr<Hash> {
        return levels[level][i];
      });
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        VerifyInclusion(levels[0][4'711], 4'711, levels[0].size(), *proof, levels.back()[0]).ok());
  }
}
BENCHMARK(CheckInclusion);

// The rules alone, on an overlay of a state in memory.
void ApplyEntry(benchmark::State& state) {
  TestChain chain(kMembers);
  const EntryPtr entry = chain.Notify("AAA");
  const rules::Position place{EntryIndex(0), Height(1), testing::kFounded + Seconds(1)};
  for (auto _ : state) {
    StateOverlay overlay(&chain.state);
    if (rules::Apply(*entry, place, overlay)) state.SkipWithError("refused");
  }
  CountEntries(state, 1);
}
BENCHMARK(ApplyEntry);

void AddToPool(benchmark::State& state) {
  TestChain chain(kMembers);
  const std::vector<EntryPtr> entries = Notifications(chain, 1'000);
  for (auto _ : state) {
    pool::Pool waiting(&chain.state);
    for (const EntryPtr& entry : entries) waiting.Add(entry, testing::kFounded + Seconds(1));
    if (waiting.size() != entries.size()) state.SkipWithError("not all taken");
  }
  CountEntries(state, entries.size());
}
BENCHMARK(AddToPool);

void SelectFromPool(benchmark::State& state) {
  TestChain chain(kMembers);
  pool::Pool waiting(&chain.state);
  for (const EntryPtr& entry : Notifications(chain, 4'000)) {
    waiting.Add(entry, testing::kFounded + Seconds(1));
  }
  std::uint64_t turn = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        waiting.Select(kBlockEntriesMax, kBlockBytesMax, chain.tip->heads, turn++));
  }
  CountEntries(state, kBlockEntriesMax);
}
BENCHMARK(SelectFromPool);

// A block of so many entries, on a state in RocksDB: as its leader makes it.
void BuildBlock(benchmark::State& state) {
  TestChain chain(kMembers);
  const DiskLedger disk(chain);
  const std::size_t count = static_cast<std::size_t>(state.range(0));
  const std::vector<EntryPtr> entries = Notifications(chain, count);
  const execution::BlockFrame frame = TestChain::FrameAfter(disk.tip);
  for (auto _ : state) {
    const ExecutedPtr block = disk.executor->Build(disk.tip, frame, entries).block;
    if (block->entries.size() != count) state.SkipWithError("not all fit");
  }
  CountEntries(state, count);
}
BENCHMARK(BuildBlock)->Arg(0)->Arg(1)->Arg(100)->Arg(1'000);

// The same block as everybody else checks it.
void ExecuteBlock(benchmark::State& state) {
  TestChain chain(kMembers);
  const DiskLedger disk(chain);
  const std::size_t count = static_cast<std::size_t>(state.range(0));
  const std::vector<EntryPtr> entries = Notifications(chain, count);
  const ExecutedPtr block =
      disk.executor->Build(disk.tip, TestChain::FrameAfter(disk.tip), entries).block;
  for (auto _ : state) {
    if (!disk.executor->Execute(disk.tip, block->header, block->header_bytes, entries).ok()) {
      state.SkipWithError("invalid");
    }
  }
  CountEntries(state, count);
}
BENCHMARK(ExecuteBlock)->Arg(0)->Arg(1)->Arg(100)->Arg(1'000);

// One atomic write of a block of so many entries, down to the disk. The number of writes keeps the
// authors within their daily limit.
void WriteBlock(benchmark::State& state) {
  TestChain chain(kMembers);
  DiskLedger disk(chain);
  const std::size_t count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    const ExecutedPtr block =
        disk.executor->Build(disk.tip, TestChain::FrameAfter(disk.tip), Notifications(chain, count))
            .block;
    if (block->entries.size() != count) state.SkipWithError("not all fit");
    const replica::Batch batch = DiskLedger::BatchOf(chain, block);
    state.ResumeTiming();
    if (!disk.store->Write(batch).ok()) state.SkipWithError("not written");
    state.PauseTiming();
    disk.tip = Executor::AsRoot(*block);
    state.ResumeTiming();
  }
  CountEntries(state, count);
}
BENCHMARK(WriteBlock)->Arg(1)->Iterations(2'000)->UseRealTime();
BENCHMARK(WriteBlock)->Arg(100)->Iterations(200)->UseRealTime();
BENCHMARK(WriteBlock)->Arg(1'000)->Iterations(30)->UseRealTime();

// What a submitter gets: entry, proof, header and certificate, read from RocksDB.
void MakeReceipt(benchmark::State& state) {
  TestChain chain(kMembers);
  DiskLedger disk(chain);
  for (int i = 0; i < 10; ++i) {
    const ExecutedPtr block =
        disk.executor->Build(disk.tip, TestChain::FrameAfter(disk.tip), Notifications(chain, 1'000))
            .block;
    if (!disk.store->Write(DiskLedger::BatchOf(chain, block)).ok()) {
      return state.SkipWithError("not written");
    }
    disk.tip = Executor::AsRoot(*block);
  }
  std::uint64_t index = 0;
  for (auto _ : state) {
    index = (index + 7'919) % disk.tip->header.tree_size;
    const auto view = disk.store->Read();
    if (!query::MakeReceipt(*view, {}, EntryIndex(index)).ok()) state.SkipWithError("no receipt");
  }
}
BENCHMARK(MakeReceipt);

}  // namespace
}  // namespace assent
