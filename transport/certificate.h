// X.509 as a wrapping for one Ed25519 key: TLS wants certificates, we want keys. Nobody signs them
// but their own key (RFC 8410), they never expire, and no name in them means anything.
#ifndef ASSENT_TRANSPORT_CERTIFICATE_H_
#define ASSENT_TRANSPORT_CERTIFICATE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"

namespace assent::transport {

// The one DNS name that every certificate carries, for TLS stacks that insist on checking one.
inline constexpr std::string_view kCertificateName = "assent-node";

// A longer one is refused unread.
inline constexpr std::size_t kCertificateBytesMax = 16 * 1024;

struct Certificate {
  std::string cert_pem;
  std::string key_pem;  // PKCS #8, not encrypted: as secret as the seed
};

// The self-signed certificate of the key that `transport_seed` stands for. The same seed always
// gives the same bytes. Any thread.
Certificate MakeCertificate(const SecretSeed& transport_seed);

// The key of exactly one PEM certificate. InvalidArgument: it is none, or its key is not Ed25519.
// Neither its signature nor its dates are looked at: that its owner holds the key is what the TLS
// handshake shows. About 80 us. Any thread.
absl::StatusOr<PublicKey> PublicKeyOfPem(std::string_view pem);

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_CERTIFICATE_H_
