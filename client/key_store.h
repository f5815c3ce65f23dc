// Keys by their names: sealed authority and releasers' keys in files with their passphrase, or in
// tokens under a URI with their PIN; plain node seeds and reader keys; and the public half of each
// as a small text file that can be passed around.
#ifndef ASSENT_CLIENT_KEY_STORE_H_
#define ASSENT_CLIENT_KEY_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "client/secret_text.h"
#include "client/signer.h"
#include "ledger/bytes.h"
#include "ledger/crypto/key_file.h"
#include "ledger/crypto/keys.h"

namespace assent::client {

// A shorter passphrase for a sealed key is not accepted when the key is made.
inline constexpr std::size_t kPassphraseBytesMin = 12;

// From `file` (permissions as for any secret; one line end behind it is cut off), or asked on the
// terminal when `file` is empty.
absl::StatusOr<SecretText> GetPassphrase(const std::string& file, const std::string& prompt);
// For a new key: asked twice, and not too short.
absl::StatusOr<SecretText> GetNewPassphrase(const std::string& file);

// The key of a sealed file of this purpose, which is opened with the passphrase from
// `passphrase_file` or the terminal; or, when `path_or_uri` is the URI of a token's key, that key,
// with the PIN from there: a token does not say what its keys are for.
absl::StatusOr<std::unique_ptr<Signer>> LoadSigner(KeyPurpose purpose,
                                                   const std::string& path_or_uri,
                                                   const std::string& passphrase_file);
// The secret of a plain file of this purpose.
absl::StatusOr<SecretSeed> LoadPlainKey(const std::string& path, KeyPurpose purpose);

// The public half of a key file.
struct PublicKeys {
  KeyPurpose purpose = KeyPurpose::kAuthority;
  PublicKey key;         // of all but a node
  PublicKey vote;        // node
  PublicKey checkpoint;  // node
  PublicKey transport;   // node
};
PublicKeys PublicHalf(KeyPurpose purpose, const SecretSeed& seed);

inline constexpr std::string_view kPublicKeySuffix = ".pub";
std::string FormatPublicKeys(const PublicKeys& keys);
absl::StatusOr<PublicKeys> ParsePublicKeys(std::string_view text);

// From a public key file, or from the private file itself (no passphrase is needed), or of a
// token's key (the PIN is asked on the terminal if the token hides even that), which is an
// authority key unless `purpose` says otherwise. InvalidArgument when it is for another purpose.
absl::StatusOr<PublicKeys> LoadPublicKeys(const std::string& path_or_uri);
absl::StatusOr<PublicKeys> LoadPublicKeys(const std::string& path_or_uri, KeyPurpose purpose);

// 64 hex digits, or a file or URI as above.
absl::StatusOr<PublicKey> PublicKeyFrom(const std::string& hex_or_path_or_uri, KeyPurpose purpose);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_KEY_STORE_H_
