// The URI of a key in a PKCS#11 token, from a command line or a configuration.
#include "client/token_uri.h"

#include "tests/fuzz/target.h"

namespace assent::fuzz {

const Target kTokenUriTarget{
    "token_uri", 1024,
    [](std::string_view input) {
      const auto uri = client::TokenUri::Parse(std::string(input));
      if (!uri.ok()) return;
      ASSENT_CHECK(client::TokenUri::Is(input));
      ASSENT_CHECK(input.find_first_of(std::string_view(" \n\0", 3)) == std::string_view::npos);
      ASSENT_CHECK(uri->pin_file().empty() || uri->pin_file().starts_with('/'));
    },
    [] {
      return std::vector<Seed>{
          {"object", "pkcs11:token=FRA;object=authority"},
          {"id", "pkcs11:id=%01%ff;type=private?module-path=/lib/p.so&pin-source=file:/a/pin"},
          {"pin", "pkcs11:object=a?pin-value=86420"},
          {"slot",
           "pkcs11:slot-id=3;library-version=1.2;serial=7;manufacturer=M;model=a%20b;"
           "object=b;type=public?pin-source=/pin"}};
    }};

}  // namespace assent::fuzz
