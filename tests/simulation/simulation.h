// One run: a storm in which nothing may go wrong, and then calm in which everything must come
// right.
#ifndef ASSENT_TESTS_SIMULATION_SIMULATION_H_
#define ASSENT_TESTS_SIMULATION_SIMULATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/faults.h"
#include "tests/simulation/network.h"

namespace assent::simulation {

struct RunOptions {
  std::uint64_t seed = 1;
  std::size_t nodes = 4;
  bool replica = false;  // whole replicas instead of bare cores
  // So many nodes are hostile; nothing: as many as chance says, up to f.
  std::optional<std::size_t> attackers;
  FaultsOff off;  // what is left out
  // Of what goes wrong in the storm only these, by their names in `events`; nothing: all of it.
  std::optional<std::set<std::string>> only_events;
  std::optional<std::int64_t> storm_s_max;  // ends the storm sooner than the seed says
  bool verbose = false;                     // prints the transcript
  std::string trace;                        // file for a Trace; empty: none
};

struct RunResult {
  std::optional<std::string> failure;
  std::uint64_t transcript = 0;  // hash of everything that happened
  std::uint64_t height = 0;
  std::uint64_t votes = 0;
  std::uint64_t crashes = 0;
  std::uint64_t wipes = 0;
  std::vector<std::string> events;     // what went wrong in the storm, such as "crash-3"
  std::vector<std::string> attackers;  // their kinds
  std::string summary;                 // what happened to the ledger
  std::int64_t calm_us = 0;            // from the end of the storm until all was final everywhere
  std::int64_t end_us = 0;             // of virtual time
  std::size_t machines = 0;            // nodes, twins included
  std::size_t hostile = 0;             // of them
  Traffic of_honest;
  Traffic of_hostile;
};

RunResult Run(const RunOptions& options);

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_SIMULATION_H_
