// A file of a secret key, plain or sealed.
#include "ledger/crypto/key_file.h"

#include "absl/strings/match.h"
#include "ledger/crypto/hash.h"
#include "ledger/types.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kKeyFileTarget{
    "key_file", 1024,
    [](std::string_view input) {
      const auto info = DescribeKeyFile(input);
      if (!info.ok()) return;
      for (const KeyPurpose purpose : {KeyPurpose::kNode, KeyPurpose::kReader}) {
        const auto seed = ReadPlainKey(input, purpose);
        if (!seed.ok()) continue;
        // Hex may be written in capitals.
        ASSENT_CHECK(absl::EqualsIgnoreCase(WritePlainKey(purpose, *seed), AbslView(input)));
      }
      // Only where it costs little.
      if (info->sealed && absl::StrContains(AbslView(input), "\noperations: 1\nmemory: 8192\n")) {
        const auto seed = UnsealKey(input, "passphrase");
        if (seed.ok()) ASSENT_CHECK(SigningKey(*seed).public_key() == info->public_key);
      }
    },
    [] {
      const SecretSeed seed = *SecretSeed::From(Sha256("key file").view());
      return std::vector<Seed>{
          {"node", WritePlainKey(KeyPurpose::kNode, seed)},
          {"reader", WritePlainKey(KeyPurpose::kReader, seed)},
          {"sealed", SealKey(KeyPurpose::kAuthority, seed, "passphrase", {1, 8192}).value()},
          {"releaser", SealKey(KeyPurpose::kReleaser, seed, "passphrase", {1, 8192}).value()}};
    }};

}  // namespace assent::fuzz
