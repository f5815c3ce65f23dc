// An access token, as a page's reader sends it.
#include "ledger/access/access_token.h"

#include "tests/fuzz/target.h"

namespace assent::fuzz {
namespace {

const Time kNow{1'767'225'600'000'000};

const SigningKey& KeyOf(char byte) {
  static const SigningKey reader(*SecretSeed::From(std::string(SecretSeed::kSize, 'r')));
  static const SigningKey node(*SecretSeed::From(std::string(SecretSeed::kSize, 'n')));
  return byte == 'r' ? reader : node;
}

AccessAudience Audience() { return {LedgerId(), KeyOf('n').public_key()}; }

}  // namespace

const Target kAccessTokenTarget{
    "access_token", 256,
    [](std::string_view input) {
      const auto token = ReadAccessToken(input, Audience(), kNow);
      if (!token.ok()) return;
      ASSENT_CHECK(token->until > kNow);
      // Signed by one of ours, since no signature is made by chance.
      const SigningKey& key = KeyOf(token->reader == KeyOf('r').public_key() ? 'r' : 'n');
      ASSENT_CHECK(MakeAccessToken(Audience(), key, token->until) == input);
    },
    [] {
      return std::vector<Seed>{
          {"good", MakeAccessToken(Audience(), KeyOf('r'), kNow + Seconds(60))},
          {"expired", MakeAccessToken(Audience(), KeyOf('r'), kNow)},
          {"other_key", MakeAccessToken(Audience(), KeyOf('n'), kNow + Seconds(60))}};
    }};

}  // namespace assent::fuzz
