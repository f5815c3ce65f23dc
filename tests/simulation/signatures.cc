// Two of libsodium's functions, as the linker finds them first in this program: the library's own,
// under their other names, with a memory. All keys of a run are in this one process, so that nearly
// every signature that some node verifies was made here: it is good for whoever verifies it, and
// need not be computed again for each. What was not made here is verified as ever, every time.
#include <sodium.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

namespace {

using SignatureBytes = std::array<unsigned char, crypto_sign_BYTES>;

// Ed25519 is deterministic: a key has one signature for each message. By key and message; for the
// one thread that there is.
std::unordered_map<std::string, SignatureBytes>& Made() {
  static std::unordered_map<std::string, SignatureBytes> made;
  return made;
}
// Some 50 MB; then it begins anew.
constexpr std::size_t kMadeMax = 150'000;

std::string Name(const unsigned char* public_key, const unsigned char* message,
                 unsigned long long size) {
  std::string name;
  name.reserve(crypto_sign_PUBLICKEYBYTES + size);
  name.append(reinterpret_cast<const char*>(public_key), crypto_sign_PUBLICKEYBYTES);
  name.append(reinterpret_cast<const char*>(message), size);
  return name;
}

}  // namespace

// The second half of a secret key is the public one (libsodium, "Public-key signatures").
int crypto_sign_detached(unsigned char* signature, unsigned long long* signature_size,
                         const unsigned char* message, unsigned long long size,
                         const unsigned char* secret_key) {
  auto& made = Made();
  std::string name = Name(secret_key + crypto_sign_SEEDBYTES, message, size);
  if (const auto found = made.find(name); found != made.end()) {
    std::ranges::copy(found->second, signature);
    if (signature_size != nullptr) *signature_size = crypto_sign_BYTES;
    return 0;
  }
  const int done =
      crypto_sign_ed25519_detached(signature, signature_size, message, size, secret_key);
  if (done != 0) return done;
  if (made.size() >= kMadeMax) made.clear();
  std::copy_n(signature, crypto_sign_BYTES, made[std::move(name)].begin());
  return 0;
}

int crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                unsigned long long size, const unsigned char* public_key) {
  const auto& made = Made();
  const auto found = made.find(Name(public_key, message, size));
  if (found != made.end() &&
      std::ranges::equal(found->second, std::span(signature, crypto_sign_BYTES))) {
    return 0;
  }
  return crypto_sign_ed25519_verify_detached(signature, message, size, public_key);
}
