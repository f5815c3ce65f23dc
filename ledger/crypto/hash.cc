#include "ledger/crypto/hash.h"

#include <openssl/evp.h>

#include "ledger/check.h"

namespace assent {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Looking the algorithm up takes longer than hashing a node: once per process.
const EVP_MD* Sha256Algorithm() {
  static const std::unique_ptr<EVP_MD, FreeDigest> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr));
  ASSENT_CHECK(algorithm != nullptr);
  return algorithm.get();
}

// Each thread keeps one context: starting it anew costs a third of making one.
EVP_MD_CTX* StartedContext() {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  ASSENT_CHECK(context != nullptr);
  ASSENT_CHECK(EVP_DigestInit_ex2(context.get(), Sha256Algorithm(), nullptr) == 1);
  return context.get();
}

}  // namespace

Hash Sha256(std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* context = StartedContext();
  for (const std::string_view part : parts) {
    ASSENT_CHECK(EVP_DigestUpdate(context, part.data(), part.size()) == 1);
  }
  Hash hash;
  ASSENT_CHECK(EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1);
  return hash;
}

Hash BodyCommitment(const Salt& salt, std::string_view body) {
  return Sha256({std::string_view("\x02", 1), salt.view(), body});
}

Hash BlockHash(std::string_view header) { return Sha256({std::string_view("\x03", 1), header}); }

KeyId KeyIdOf(const PublicKey& key) { return *KeyId::From(Sha256(key.view()).view()); }

}  // namespace assent
