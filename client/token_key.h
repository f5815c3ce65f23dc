// An authority key in a PKCS#11 token: made there, never out of it, and used by its PIN. The key is
// named by a URI (client/token_uri.h). The PIN comes from the URI's pin-source, else from
// `pin_file`, else from the terminal.
#ifndef ASSENT_CLIENT_TOKEN_KEY_H_
#define ASSENT_CLIENT_TOKEN_KEY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/signer.h"
#include "ledger/bytes.h"

namespace assent::client {

// Logs in and finds the key. NotFound: no such token or key; FailedPrecondition: a key of another
// type, or several; PermissionDenied: the PIN; Unavailable: the library or the token fails.
absl::StatusOr<std::unique_ptr<Signer>> OpenTokenKey(const std::string& uri,
                                                     const std::string& pin_file);

// Its public half. The PIN is needed only with a token that hides even that.
absl::StatusOr<PublicKey> TokenPublicKey(const std::string& uri, const std::string& pin_file);

// Makes an Ed25519 key in the token and returns its public half. The URI must give its label
// (object). AlreadyExists when there is a key of that label or id.
absl::StatusOr<PublicKey> MakeTokenKey(const std::string& uri, const std::string& pin_file);

}  // namespace assent::client

#endif  // ASSENT_CLIENT_TOKEN_KEY_H_
