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
// one thread that there is. When there are too many, those go that nobody has asked for lately.
class Made {
 public:
  // Null when it was not made here, or is forgotten.
  const SignatureBytes* Find(const std::string& name) {
    if (const auto found = new_.find(name); found != new_.end()) return &found->second;
    auto old = old_.extract(name);
    return old.empty() ? nullptr : &new_.insert(std::move(old)).position->second;
  }
  SignatureBytes& Add(std::string name) {
    if (new_.size() >= kEachMax) old_ = std::exchange(new_, {});
    return new_[std::move(name)];
  }

 private:
  // Some 25 MB each.
  static constexpr std::size_t kEachMax = 75'000;

  std::unordered_map<std::string, SignatureBytes> new_, old_;
};

Made& TheMade() {
  static Made made;
  return made;
}

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
  std::string name = Name(secret_key + crypto_sign_SEEDBYTES, message, size);
  if (const SignatureBytes* found = TheMade().Find(name)) {
    std::ranges::copy(*found, signature);
    if (signature_size != nullptr) *signature_size = crypto_sign_BYTES;
    return 0;
  }
  const int done =
      crypto_sign_ed25519_detached(signature, signature_size, message, size, secret_key);
  if (done != 0) return done;
  std::copy_n(signature, crypto_sign_BYTES, TheMade().Add(std::move(name)).begin());
  return 0;
}

int crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                unsigned long long size, const unsigned char* public_key) {
  const SignatureBytes* made = TheMade().Find(Name(public_key, message, size));
  if (made != nullptr && std::ranges::equal(*made, std::span(signature, crypto_sign_BYTES))) {
    return 0;
  }
  return crypto_sign_ed25519_verify_detached(signature, message, size, public_key);
}
