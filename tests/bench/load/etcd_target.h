// A cluster of etcd 3.4 processes on this machine; each payload is one Put of a new key.
#ifndef ASSENT_TESTS_BENCH_LOAD_ETCD_TARGET_H_
#define ASSENT_TESTS_BENCH_LOAD_ETCD_TARGET_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "etcd_kv.grpc.pb.h"
#include "tests/bench/load/payload.h"
#include "tests/bench/load/target.h"

namespace assent::bench {

class EtcdTarget : public Target {
 public:
  // As of AssentTarget.
  EtcdTarget(std::string binary, std::string folder, std::size_t nodes, std::size_t connections,
             const PayloadMaker* payloads);
  ~EtcdTarget() override;

  std::string_view name() const override { return "etcd"; }
  Conditions conditions() const override;
  absl::Status Start() override;
  void Send(std::size_t node, SendDone done) override;
  // That the cluster has counted every Put that was answered: etcd gives each a revision.
  absl::StatusOr<std::string> Check() override;
  const std::vector<Process>& nodes() const override { return nodes_; }

 private:
  struct Putting;

  absl::Status StartNode(std::size_t index, const std::vector<std::uint16_t>& ports);
  absl::Status WaitServing(std::size_t index);

  const std::string binary_;
  const std::string folder_;
  const std::size_t count_;
  const std::size_t connections_;
  const PayloadMaker* const payloads_;
  std::vector<std::vector<std::unique_ptr<etcdserverpb::KV::Stub>>> stubs_;  // by node
  std::vector<Process> nodes_;
  std::atomic<std::uint64_t> sent_ = 0;
  std::atomic<std::uint64_t> answered_ = 0;
};

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_LOAD_ETCD_TARGET_H_
