// A file of public keys.
#include "absl/strings/match.h"
#include "client/key_store.h"
#include "ledger/crypto/hash.h"
#include "ledger/types.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kPublicKeysTarget{
    "public_keys", 1024,
    [](std::string_view input) {
      const auto keys = client::ParsePublicKeys(input);
      // Hex may be written in capitals.
      if (keys.ok()) {
        ASSENT_CHECK(absl::EqualsIgnoreCase(client::FormatPublicKeys(*keys), AbslView(input)));
      }
    },
    [] {
      const SecretSeed secret = *SecretSeed::From(Sha256("public keys").view());
      std::vector<Seed> seeds;
      for (const auto purpose : kKeyPurposes) {
        seeds.push_back({std::string(PurposeName(purpose)),
                         client::FormatPublicKeys(client::PublicHalf(purpose, secret))});
      }
      return seeds;
    }};

}  // namespace assent::fuzz
