#include "transport/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "ledger/check.h"

namespace assent::transport {
namespace {

constexpr int kX509Version3 = 2;
constexpr const char* kValidFrom = "20000101000000Z";
constexpr const char* kValidForEver =
    "99991231235959Z";  // "no well-defined expiration": RFC 5280, 4.1.2.5
constexpr std::uint64_t kPositive = 0x7fff'ffff'ffff'ffff;  // of a serial number

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// What OpenSSL notes of a failure stays with the thread and would be taken for one of the next TLS
// read.
class ErrorsForgotten {
 public:
  ErrorsForgotten() { ERR_set_mark(); }
  ~ErrorsForgotten() { ERR_pop_to_mark(); }
  ErrorsForgotten(const ErrorsForgotten&) = delete;
  ErrorsForgotten& operator=(const ErrorsForgotten&) = delete;
};

PublicKey RawKey(const EVP_PKEY* key) {
  PublicKey raw;
  std::size_t size = PublicKey::kSize;
  ASSENT_CHECK(EVP_PKEY_get_raw_public_key(key, raw.data(), &size) == 1);
  ASSENT_CHECK(size == PublicKey::kSize);
  return raw;
}

std::string Text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  ASSENT_CHECK(size > 0);
  return std::string(data, static_cast<std::size_t>(size));
}

void SetNames(X509* certificate, const PublicKey& key) {
  // The key in hex is as long as a common name may be.
  const std::string hex = key.hex();
  X509_NAME* name = X509_get_subject_name(certificate);
  ASSENT_CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                          reinterpret_cast<const unsigned char*>(hex.data()),
                                          static_cast<int>(hex.size()), -1, 0) == 1);
  ASSENT_CHECK(X509_set_issuer_name(certificate, name) == 1);
  const std::string names = "DNS:" + std::string(kCertificateName);
  const Owned<X509_EXTENSION> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str()));
  ASSENT_CHECK(extension != nullptr);
  ASSENT_CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
}

Owned<X509> SelfSigned(EVP_PKEY* key) {
  const PublicKey raw = RawKey(key);
  Owned<X509> certificate(X509_new());
  ASSENT_CHECK(certificate != nullptr);
  X509* const x = certificate.get();
  ASSENT_CHECK(X509_set_version(x, kX509Version3) == 1);
  const std::uint64_t serial = ByteReader(raw.view()).U64() & kPositive;
  ASSENT_CHECK(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial) == 1);
  ASSENT_CHECK(ASN1_TIME_set_string_X509(X509_getm_notBefore(x), kValidFrom) == 1);
  ASSENT_CHECK(ASN1_TIME_set_string_X509(X509_getm_notAfter(x), kValidForEver) == 1);
  SetNames(x, raw);
  ASSENT_CHECK(X509_set_pubkey(x, key) == 1);
  // Ed25519 signs the message itself: no digest.
  ASSENT_CHECK(X509_sign(x, key, nullptr) > 0);
  return certificate;
}

bool OnlySpace(BIO* bio) {
  char byte = 0;
  while (BIO_read(bio, &byte, 1) == 1) {
    if (byte != '\n' && byte != '\r' && byte != ' ') return false;
  }
  return true;
}

}  // namespace

Certificate MakeCertificate(const SecretSeed& transport_seed) {
  const std::string_view seed = transport_seed.view();
  const Owned<EVP_PKEY> key(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(seed.data()), seed.size()));
  ASSENT_CHECK(key != nullptr);
  const Owned<X509> certificate = SelfSigned(key.get());
  const Owned<BIO> cert_text(BIO_new(BIO_s_mem()));
  const Owned<BIO> key_text(BIO_new(BIO_s_secmem()));
  ASSENT_CHECK(cert_text != nullptr && key_text != nullptr);
  ASSENT_CHECK(PEM_write_bio_X509(cert_text.get(), certificate.get()) == 1);
  ASSENT_CHECK(PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0,
                                             nullptr, nullptr) == 1);
  return {Text(cert_text.get()), Text(key_text.get())};
}

absl::StatusOr<PublicKey> PublicKeyOfPem(std::string_view pem) {
  if (pem.size() > kCertificateBytesMax) {
    return absl::InvalidArgumentError("the certificate is longer than 16 KiB");
  }
  const ErrorsForgotten errors;
  const Owned<BIO> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  ASSENT_CHECK(text != nullptr);
  const Owned<X509> certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) return absl::InvalidArgumentError("no certificate that can be read");
  if (!OnlySpace(text.get())) {
    return absl::InvalidArgumentError("more than one certificate, or text after it");
  }
  const EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError("the certificate's key is not an Ed25519 key");
  }
  return RawKey(key);
}

}  // namespace assent::transport
