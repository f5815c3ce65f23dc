#include "transport/certificate.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>

#include "ledger/crypto/hash.h"

namespace assent::transport {
namespace {

SecretSeed Seed(std::string_view name) { return *SecretSeed::From(Sha256(name).view()); }

X509* Parse(const std::string& pem) {
  BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
  BIO_free(in);
  return certificate;
}

// A self-signed certificate of a key of another kind.
std::string CertificateOf(EVP_PKEY* key, const EVP_MD* digest) {
  X509* certificate = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, digest);
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(out, certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  const std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return pem;
}

TEST(CertificateTest, CarriesTheKeyOfItsSeed) {
  const Certificate certificate = MakeCertificate(Seed("a"));
  EXPECT_EQ(*PublicKeyOfPem(certificate.cert_pem), SigningKey(Seed("a")).public_key());
}

TEST(CertificateTest, IsTheSameEveryTime) {
  EXPECT_EQ(MakeCertificate(Seed("a")).cert_pem, MakeCertificate(Seed("a")).cert_pem);
  EXPECT_NE(MakeCertificate(Seed("a")).cert_pem, MakeCertificate(Seed("b")).cert_pem);
}

TEST(CertificateTest, IsSignedByItsOwnKeyAndDoesNotExpire) {
  X509* certificate = Parse(MakeCertificate(Seed("a")).cert_pem);
  ASSERT_NE(certificate, nullptr);
  EXPECT_EQ(X509_verify(certificate, X509_get0_pubkey(certificate)), 1);
  const ASN1_TIME* end = X509_get0_notAfter(certificate);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(end))),
            "99991231235959Z");
  EXPECT_EQ(
      X509_check_host(certificate, kCertificateName.data(), kCertificateName.size(), 0, nullptr),
      1);
  X509_free(certificate);
}

TEST(CertificateTest, AKeyOfAnotherKindIsRefused) {
  EXPECT_EQ(PublicKeyOfPem(CertificateOf(EVP_RSA_gen(2048), EVP_sha256())).status().message(),
            "the certificate's key is not an Ed25519 key");
  EXPECT_FALSE(PublicKeyOfPem(CertificateOf(EVP_EC_gen("P-256"), EVP_sha256())).ok());
  EXPECT_FALSE(
      PublicKeyOfPem(CertificateOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"), nullptr)).ok());
}

TEST(CertificateTest, OtherTextIsRefusedAndLeavesNoErrorBehind) {
  const Certificate certificate = MakeCertificate(Seed("a"));
  const std::string& pem = certificate.cert_pem;
  for (const std::string& text :
       {std::string(), std::string("certificate"), certificate.key_pem, pem + pem, pem + "more",
        pem.substr(0, pem.size() / 2), std::string(kCertificateBytesMax + 1, 'x'),
        std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")}) {
    EXPECT_EQ(PublicKeyOfPem(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(ERR_peek_error(), 0u) << text;
  }
}

// Whatever a stranger's certificate says, reading it ends with a key or a refusal.
TEST(CertificateTest, NoFlippedByteDoesHarm) {
  const std::string good = MakeCertificate(Seed("a")).cert_pem;
  const PublicKey key = SigningKey(Seed("a")).public_key();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    const absl::StatusOr<PublicKey> read = PublicKeyOfPem(bad);
    if (!read.ok()) ++refused;
  }
  EXPECT_GT(refused, 0u);
  EXPECT_EQ(*PublicKeyOfPem(good), key);
}

}  // namespace
}  // namespace assent::transport
