// Writes down what the cores of a run are told, what they do, and what reaches disk and net: one
// JSON object a line. tests/model checks it against a second writing of the protocol's rules.
#ifndef ASSENT_TESTS_SIMULATION_TRACE_H_
#define ASSENT_TESTS_SIMULATION_TRACE_H_

#include <cstddef>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/consensus/core.h"
#include "tests/simulation/network.h"

namespace assent::simulation {

class Trace {
 public:
  explicit Trace(const std::string& path) : out_(path) {}
  bool ok() const { return out_.good(); }

  // Once, before all else.
  void Run(std::size_t nodes, const std::set<NodeId>& honest);
  // A core is made; what it recovers is what was written before.
  void Start(NodeId node, const consensus::Config& config);
  // Nothing is left but the disk, and then not that either.
  void Crash(NodeId node) { Line(node, "crash", ""); }
  void Wipe(NodeId node) { Line(node, "wipe", ""); }
  // One step of a core: its event, and its effects.
  void Took(NodeId node, const consensus::Event& event);
  void Did(NodeId node, const consensus::Effects& effects);
  // In the order in which it was done: so many of the records, and blocks, are on disk now.
  void Wrote(NodeId node, std::size_t records, std::size_t blocks);
  void Sent(NodeId node, const consensus::Message& message);

 private:
  void Line(NodeId node, std::string_view event, std::string_view members);
  // Header of a block, the first time that it is seen.
  void See(const consensus::Block& block);

  std::ofstream out_;
  std::set<Hash> seen_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_TRACE_H_
