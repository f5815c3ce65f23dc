// A ledger of founders made for the occasion, each with an assent-node process on this machine.
#ifndef ASSENT_TESTS_BENCH_LOAD_ASSENT_TARGET_H_
#define ASSENT_TESTS_BENCH_LOAD_ASSENT_TARGET_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "assent/v1/ledger.grpc.pb.h"
#include "ledger/act/founding_act.h"
#include "ledger/block/digests.h"
#include "ledger/crypto/keys.h"
#include "ledger/entry/entry.h"
#include "tests/bench/load/payload.h"
#include "tests/bench/load/target.h"

namespace assent::bench {

inline constexpr std::size_t kReceiptsVerified = 100;

// Each node's clients file entries of the node's own state, linked as they go out.
class AssentTarget : public Target {
 public:
  // `folder` exists and is empty; `connections` to each node. The payloads must outlive this.
  AssentTarget(std::string binary, std::string folder, std::size_t nodes, std::size_t connections,
               const PayloadMaker* payloads);
  ~AssentTarget() override;

  std::string_view name() const override { return "assent"; }
  Conditions conditions() const override;
  absl::Status Start() override;
  void Send(std::size_t node, SendDone done) override;
  // That all nodes have the same log with every entry that was answered, and that a random
  // kReceiptsVerified of the receipts prove what they should.
  absl::StatusOr<std::string> Check() override;
  const std::vector<Process>& nodes() const override { return nodes_; }

  // CPU seconds that this machine takes for one check of an entry's signature.
  double MeasureVerifySeconds() const;

 private:
  struct Author;
  struct Filing;

  void MakeAct();
  absl::Status StartNode(std::size_t index);
  absl::Status WaitServing(std::size_t index);
  absl::Status Connect(std::size_t index);
  Entry NextEntry(Author& author);
  absl::Status CheckAnswer(const Filing& filing);
  void KeepSample(const v1::Receipt& receipt, const Hash& leaf_hash);
  // The same status of all nodes; Unavailable when they do not have it yet.
  absl::StatusOr<v1::LedgerStatus> CommonStatus();

  const std::string binary_;
  const std::string folder_;
  const std::size_t connections_;
  const PayloadMaker* const payloads_;
  std::vector<std::unique_ptr<Author>> authors_;  // one for each node
  FoundingAct act_;
  std::vector<Process> nodes_;
  std::atomic<std::uint64_t> answered_ = 0;

  std::mutex samples_mutex_;
  std::mt19937_64 random_;
  std::uint64_t receipts_seen_ = 0;
  std::vector<std::pair<v1::Receipt, Hash>> samples_;  // uniform among all receipts
};

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_LOAD_ASSENT_TARGET_H_
