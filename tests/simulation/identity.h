// The secrets of one state, as many generations of each as it needs. Generation 0 is what
// testing::TestState has.
#ifndef ASSENT_TESTS_SIMULATION_IDENTITY_H_
#define ASSENT_TESTS_SIMULATION_IDENTITY_H_

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "ledger/crypto/keys.h"
#include "ledger/types.h"

namespace assent::simulation {

class Identity {
 public:
  explicit Identity(MemberCode code) : code_(std::move(code)) {}

  const MemberCode& code() const { return code_; }
  const SigningKey& authority(std::size_t generation);
  const SigningKey& reader(std::size_t generation);
  const NodeKeys& node(std::size_t generation);

 private:
  SecretSeed SeedOf(std::string_view purpose, std::size_t generation) const;

  const MemberCode code_;
  // They stay where they are: others hold pointers.
  std::deque<SigningKey> authority_;
  std::deque<SigningKey> reader_;
  std::deque<NodeKeys> node_;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_IDENTITY_H_
