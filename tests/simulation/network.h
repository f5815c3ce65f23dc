// A network that loses, delays, reorders and repeats, is slow here and there, carries in one
// direction only, and falls apart into halves.
#ifndef ASSENT_TESTS_SIMULATION_NETWORK_H_
#define ASSENT_TESTS_SIMULATION_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "tests/simulation/random.h"
#include "tests/simulation/world.h"

namespace assent::simulation {

using NodeId = std::size_t;

// A request for a range of blocks: two numbers.
inline constexpr std::size_t kRangeRequestBytes = 16;

// What was sent, whatever became of it.
struct Traffic {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
};

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
  using Link = std::pair<NodeId, NodeId>;  // from, to

  Network(World* world, Random random, std::size_t nodes)
      : world_(world),
        random_(random),
        up_(nodes, false),
        sent_(nodes),
        linked_(nodes, std::vector<bool>(nodes, false)) {}

  // Told when a stream from one node to another comes up or goes down.
  std::function<void(NodeId from, NodeId to, bool up)> on_link;
  // Whether one would talk to the other and be heard; empty: all would.
  std::function<bool(NodeId from, NodeId to)> admits;

  void set_weather(const Weather& weather) { weather_ = weather; }
  // Nodes of different sides do not reach each other. An empty set: all do.
  void Divide(std::set<NodeId> one_side);
  // These links carry nothing.
  void Block(std::set<Link> links);
  // What is sent over these from now on is lost, and nobody notices.
  void Mute(std::set<Link> links) { mute_ = std::move(links); }
  // These take so much longer.
  void Slow(std::map<Link, Duration> links) { slow_ = std::move(links); }
  void NodeUp(NodeId node);
  void NodeDown(NodeId node);
  // What `admits` says may have changed.
  void Refresh();
  bool Connected(NodeId from, NodeId to) const;

  // `arrive` happens later, once, twice or never. Not at all when the receiver is down by then.
  // `bytes`: as many as the message has, to be counted.
  template <class Arrive>
  void Send(NodeId from, NodeId to, std::size_t bytes, const Arrive& arrive) {
    for (int copies = Count(from, bytes); copies > 0; --copies) {
      const std::optional<Duration> delay = Travel(from, to);
      if (!delay) continue;
      world_->After(*delay, [this, to, arrive] {
        // What was under way when the net fell apart may still arrive; a node that is down gets
        // nothing.
        if (up_[to]) arrive();
      });
    }
  }

  const Traffic& sent(NodeId from) const { return sent_[from]; }

 private:
  // Counts a message that is sent, and says how often it is under way.
  int Count(NodeId from, std::size_t bytes);
  // How long it takes this time; nothing when it is lost.
  std::optional<Duration> Travel(NodeId from, NodeId to);

  World* world_;
  Random random_;
  Weather weather_;
  std::vector<bool> up_;
  std::vector<Traffic> sent_;
  std::vector<std::vector<bool>> linked_;  // as it was, or will be, announced
  std::set<NodeId> side_;
  std::set<Link> blocked_;
  std::set<Link> mute_;
  std::map<Link, Duration> slow_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_NETWORK_H_
