#include "tests/simulation/identity.h"

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"

namespace assent::simulation {

SecretSeed Identity::SeedOf(std::string_view purpose, std::size_t generation) const {
  std::string name(purpose);
  if (generation > 0) absl::StrAppend(&name, "-", generation);
  return *SecretSeed::From(Sha256({code_.str(), "/", name}).view());
}

const SigningKey& Identity::authority(std::size_t generation) {
  while (authority_.size() <= generation) {
    authority_.emplace_back(SeedOf("authority", authority_.size()));
  }
  return authority_[generation];
}

const SigningKey& Identity::reader(std::size_t generation) {
  while (reader_.size() <= generation) reader_.emplace_back(SeedOf("reader", reader_.size()));
  return reader_[generation];
}

const NodeKeys& Identity::node(std::size_t generation) {
  while (node_.size() <= generation) {
    node_.push_back(DeriveNodeKeys(SeedOf("node", node_.size())));
  }
  return node_[generation];
}

}  // namespace assent::simulation
