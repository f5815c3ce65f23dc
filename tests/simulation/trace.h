// Writes down what the cores of a run are told, what they do, and what reaches disk and net: one
// JSON object a line. tests/model checks it against a second writing of the protocol's rules.
#ifndef ASSENT_TESTS_SIMULATION_TRACE_H_
#define ASSENT_TESTS_SIMULATION_TRACE_H_

#include <cstddef>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "node/consensus/core.h"
#include "tests/simulation/network.h"

namespace assent::simulation {

class Trace {
 public:
  using NodeOf = std::function<NodeId(const MemberCode&)>;

  Trace(const std::string& path, NodeOf node_of) : out_(path), node_of_(std::move(node_of)) {}
  bool ok() const { return out_.good(); }

  // Once, before all else.
  void Run(const std::set<NodeId>& honest);
  // Writes down the cores of this node, one after the other: what a core recovers is what was
  // written before, and a second one that is made without a crash takes the next epoch up.
  consensus::Observer* ObserverOf(NodeId node);
  // Nothing is left but the disk, and then not that either.
  void Crash(NodeId node) { Line(node, "crash", ""); }
  void Wipe(NodeId node) { Line(node, "wipe", ""); }
  // In the order in which it was done: so many of the records, and blocks, are on disk now.
  void Wrote(NodeId node, std::size_t records, std::size_t blocks);
  void Sent(NodeId node, const consensus::Message& message);

 private:
  class Cores : public consensus::Observer {
   public:
    Cores(Trace* trace, NodeId node) : trace_(trace), node_(node) {}
    void Made(const consensus::Config& config) override { trace_->Start(node_, config); }
    void Took(const consensus::Event& event) override { trace_->Took(node_, event); }
    void Did(const consensus::Effects& effects) override { trace_->Did(node_, effects); }

   private:
    Trace* const trace_;
    const NodeId node_;
  };

  void Start(NodeId node, const consensus::Config& config);
  void Took(NodeId node, const consensus::Event& event);
  void Did(NodeId node, const consensus::Effects& effects);
  void Line(NodeId node, std::string_view event, std::string_view members);
  // Header of a block, the first time that it is seen.
  void See(const consensus::Block& block);

  std::ofstream out_;
  const NodeOf node_of_;
  std::map<NodeId, Cores> cores_;
  std::set<Hash> seen_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_TRACE_H_
