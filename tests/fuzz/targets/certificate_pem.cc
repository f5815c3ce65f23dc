// The certificate that the other end of a connection shows.
#include "ledger/crypto/hash.h"
#include "tests/fuzz/target.h"
#include "transport/certificate.h"

namespace assent::fuzz {

const Target kCertificatePemTarget{
    "certificate_pem", 2 * 1024,
    [](std::string_view input) { static_cast<void>(transport::PublicKeyOfPem(input).ok()); },
    [] {
      const SecretSeed seed = *SecretSeed::From(Sha256("transport").view());
      return std::vector<Seed>{{"ours", transport::MakeCertificate(seed).cert_pem}};
    }};

}  // namespace assent::fuzz
