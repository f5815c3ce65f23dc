// A network that loses, delays, reorders and repeats, and falls apart into halves.
#ifndef ASSENT_TESTS_SIMULATION_NETWORK_H_
#define ASSENT_TESTS_SIMULATION_NETWORK_H_

#include <cstddef>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "tests/simulation/random.h"
#include "tests/simulation/world.h"

namespace assent::simulation {

using NodeId = std::size_t;

// How bad it is.
struct Weather {
  int loss_permille = 0;
  int repeat_permille = 0;
  Duration delay_min = Milliseconds(1);
  Duration delay_max = Milliseconds(20);
};

// Knows nothing of what it carries.
class Network {
 public:
  Network(World* world, Random random, std::size_t nodes)
      : world_(world), random_(random), up_(nodes, false) {}

  // Told when a stream from one node to another comes up or goes down.
  std::function<void(NodeId from, NodeId to, bool up)> on_link;

  void set_weather(const Weather& weather) { weather_ = weather; }
  // Nodes of different sides do not reach each other. An empty set: all do.
  void Divide(std::set<NodeId> one_side);
  void NodeUp(NodeId node);
  void NodeDown(NodeId node);
  bool Connected(NodeId a, NodeId b) const;

  // `arrive` happens later, once, twice or never. Not at all when the receiver is down by then.
  void Send(NodeId from, NodeId to, const std::function<void()>& arrive);

 private:
  void Announce(const std::vector<bool>& up_before, const std::set<NodeId>& side_before);
  static bool Together(const std::vector<bool>& up, const std::set<NodeId>& side, NodeId a,
                       NodeId b);

  World* world_;
  Random random_;
  Weather weather_;
  std::vector<bool> up_;
  std::set<NodeId> side_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_NETWORK_H_
