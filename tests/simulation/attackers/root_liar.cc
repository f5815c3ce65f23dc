// Signs checkpoints of trees that are not those of the ledger: for some peers, and now and then
// with a signature that is none.
#include "ledger/log/checkpoint.h"
#include "tests/simulation/attackers/attacker.h"

namespace assent::simulation {
namespace {

class RootLiar : public Attacker {
 public:
  using Attacker::Attacker;

  void Garble(replica::PeerMessage& message) override {
    auto* tree = std::get_if<replica::SignedTree>(&message);
    if (tree == nullptr || random().Chance(500)) return;
    ++tree->root.data()[0];
    if (random().Chance(300) || !place().sign_tree) return;
    tree->signature = place().sign_tree(tree->tree_size, tree->root);
  }
};

}  // namespace

std::unique_ptr<Attacker> MakeRootLiar(Attacker::Place place) {
  return std::make_unique<RootLiar>(std::move(place));
}

}  // namespace assent::simulation
