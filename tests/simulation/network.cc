#include "tests/simulation/network.h"

namespace assent::simulation {

bool Network::Connected(NodeId from, NodeId to) const {
  return up_[from] && up_[to] && side_.contains(from) == side_.contains(to) &&
         !blocked_.contains({from, to}) && (!admits || admits(from, to));
}

void Network::Divide(std::set<NodeId> one_side) {
  side_ = std::move(one_side);
  Refresh();
}

void Network::Block(std::set<Link> links) {
  blocked_ = std::move(links);
  Refresh();
}

void Network::NodeUp(NodeId node) {
  up_[node] = true;
  Refresh();
}

void Network::NodeDown(NodeId node) {
  up_[node] = false;
  Refresh();
}

// A stream's end is noticed soon, a new one takes a moment longer.
void Network::Refresh() {
  for (NodeId a = 0; a < up_.size(); ++a) {
    for (NodeId b = 0; b < up_.size(); ++b) {
      if (a == b) continue;
      const bool now = Connected(a, b);
      if (now == linked_[a][b]) continue;
      linked_[a][b] = now;
      const Duration delay = Milliseconds(now ? random_.Between(5, 300) : random_.Between(1, 50));
      world_->After(delay, [this, a, b, now] {
        if (up_[a] && Connected(a, b) == now) on_link(a, b, now);
      });
    }
  }
}

int Network::Count(NodeId from, std::size_t bytes) {
  ++sent_[from].messages;
  sent_[from].bytes += bytes;
  return random_.Chance(weather_.repeat_permille) ? 2 : 1;
}

std::optional<Duration> Network::Travel(NodeId from, NodeId to) {
  const bool lost = random_.Chance(weather_.loss_permille);
  Duration delay{random_.Between(weather_.delay_min.us, weather_.delay_max.us)};
  if (lost || !Connected(from, to) || mute_.contains({from, to})) return std::nullopt;
  if (const auto slow = slow_.find({from, to}); slow != slow_.end()) delay.us += slow->second.us;
  return delay;
}

}  // namespace assent::simulation
