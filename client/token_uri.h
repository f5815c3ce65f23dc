// Which key in which PKCS#11 token, as a URI of RFC 7512: "pkcs11:token=FRA;object=authority".
#ifndef ASSENT_CLIENT_TOKEN_URI_H_
#define ASSENT_CLIENT_TOKEN_URI_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

struct p11_kit_uri;

namespace assent::client {

inline constexpr std::size_t kTokenUriBytesMax = 4096;

class TokenUri {
 public:
  // True for what is meant as such a URI and is no path of a file.
  static bool Is(std::string_view text);
  // InvalidArgument: it cannot be read, has white space, names no object, asks for something that
  // is no key, or carries a PIN.
  static absl::StatusOr<TokenUri> Parse(const std::string& text);

  // The library to load, as p11-kit finds it; empty: all that p11-kit is configured with.
  const std::string& module_path() const { return module_path_; }
  // The file with the PIN; empty when the URI names none.
  const std::string& pin_file() const { return pin_file_; }
  // For libp11-kit, which matches modules, slots and tokens with it. Its attributes are the label
  // (CKA_LABEL) and the id (CKA_ID) of the key, at least one of them.
  p11_kit_uri* get() const { return uri_.get(); }

 private:
  struct Free {
    void operator()(p11_kit_uri* uri) const;
  };

  TokenUri() = default;
  std::unique_ptr<p11_kit_uri, Free> uri_;
  std::string module_path_;
  std::string pin_file_;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_TOKEN_URI_H_
