#include "tests/simulation/network.h"

namespace assent::simulation {

bool Network::Together(const std::vector<bool>& up, const std::set<NodeId>& side, NodeId a,
                       NodeId b) {
  return up[a] && up[b] && side.contains(a) == side.contains(b);
}

bool Network::Connected(NodeId a, NodeId b) const { return Together(up_, side_, a, b); }

void Network::Divide(std::set<NodeId> one_side) {
  const std::set<NodeId> before = std::exchange(side_, std::move(one_side));
  Announce(up_, before);
}

void Network::NodeUp(NodeId node) {
  const std::vector<bool> before = up_;
  up_[node] = true;
  Announce(before, side_);
}

void Network::NodeDown(NodeId node) {
  const std::vector<bool> before = up_;
  up_[node] = false;
  Announce(before, side_);
}

// A stream's end is noticed soon, a new one takes a moment longer.
void Network::Announce(const std::vector<bool>& up_before, const std::set<NodeId>& side_before) {
  for (NodeId a = 0; a < up_.size(); ++a) {
    for (NodeId b = 0; b < up_.size(); ++b) {
      if (a == b) continue;
      const bool now = Connected(a, b);
      if (now == Together(up_before, side_before, a, b)) continue;
      const Duration delay = Milliseconds(now ? random_.Between(5, 300) : random_.Between(1, 50));
      world_->After(delay, [this, a, b, now] {
        if (up_[a] && Connected(a, b) == now) on_link(a, b, now);
      });
    }
  }
}

void Network::Send(NodeId from, NodeId to, const std::function<void()>& arrive) {
  const int copies = random_.Chance(weather_.repeat_permille) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    const bool lost = random_.Chance(weather_.loss_permille);
    const Duration delay{random_.Between(weather_.delay_min.us, weather_.delay_max.us)};
    if (lost || !Connected(from, to)) continue;
    world_->After(delay, [this, to, arrive] {
      // What was under way when the net fell apart may still arrive; a node that is down gets
      // nothing.
      if (up_[to]) arrive();
    });
  }
}

}  // namespace assent::simulation
