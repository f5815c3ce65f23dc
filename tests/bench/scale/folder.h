// The folder of a node whose ledger is made up: act.txt, node.toml, node.seed, reader.key (of the
// node's own state), scale.json (where to ask), and data/. `assent-node run` starts on it.
#ifndef ASSENT_TESTS_BENCH_SCALE_FOLDER_H_
#define ASSENT_TESTS_BENCH_SCALE_FOLDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/scale/history.h"

namespace assent::bench {

// `path` must not exist yet. The other voters' nodes are made nowhere: the ledger does not grow.
absl::Status MakeFolder(const std::string& path, std::size_t states, std::uint64_t entries,
                        const std::function<void(std::uint64_t)>& progress);

absl::StatusOr<Marks> ReadMarks(const std::string& path);

// Writes a configuration that listens on these ports of 127.0.0.1, and says where it is.
absl::StatusOr<std::string> WriteConfig(const std::string& path, const std::string& name,
                                        std::uint16_t peer_port, std::uint16_t client_port);

// Of all files in it.
absl::StatusOr<std::uint64_t> BytesOf(const std::string& path);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_SCALE_FOLDER_H_
