// What signs for a state: an authority key out of its sealed file, or one that stays in its token.
#ifndef ASSENT_CLIENT_SIGNER_H_
#define ASSENT_CLIENT_SIGNER_H_

#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"

namespace assent::client {

// One thread.
class Signer {
 public:
  virtual ~Signer() = default;

  virtual const PublicKey& public_key() const = 0;
  // Over tag || 0x00 || statement; what is returned verifies under public_key(). The status says
  // what to do when a token is gone or refuses.
  virtual absl::StatusOr<Signature> Sign(std::string_view tag, std::string_view statement) = 0;
};

// A key in this process's memory.
class KeySigner final : public Signer {
 public:
  explicit KeySigner(SigningKey key) : key_(std::move(key)) {}

  const PublicKey& public_key() const override { return key_.public_key(); }
  absl::StatusOr<Signature> Sign(std::string_view tag, std::string_view statement) override {
    return key_.Sign(tag, statement);
  }

 private:
  const SigningKey key_;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_SIGNER_H_
