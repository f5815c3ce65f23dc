// TLS for gRPC with keys instead of authorities: each side shows a certificate of its own making,
// and is let in, or not, by the raw Ed25519 key in it.
#ifndef ASSENT_TRANSPORT_CREDENTIALS_H_
#define ASSENT_TRANSPORT_CREDENTIALS_H_

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "ledger/bytes.h"
#include "ledger/crypto/keys.h"
#include "transport/certificate.h"

namespace assent::transport {

// Whether the owner of this key is let in. Called during handshakes, from any thread, for as long
// as the credentials or anything made with them lives; returns quickly.
using KeyFilter = std::function<bool(const PublicKey&)>;

// Who may connect to a server.
class ClientPolicy {
 public:
  // Only who shows a certificate whose key passes.
  static ClientPolicy Require(KeyFilter admit) { return ClientPolicy(std::move(admit)); }
  // Everybody. Who shows a certificate is known by its key (PeerKey), who shows none is anonymous;
  // a certificate whose key is not Ed25519 is refused.
  static ClientPolicy Optional() { return ClientPolicy(nullptr); }

  // Null when a certificate is optional.
  const KeyFilter& admit() const { return admit_; }

 private:
  explicit ClientPolicy(KeyFilter admit) : admit_(std::move(admit)) {}
  KeyFilter admit_;
};

// For a server that shows `own`.
std::shared_ptr<grpc::ServerCredentials> ServerCredentials(const Certificate& own,
                                                           const ClientPolicy& policy);

// For a channel that shows `own` (null: nothing) and goes on only with a server whose key passes.
// The channel must be made with ClientArguments().
std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(const Certificate* own,
                                                             KeyFilter expected);

// For a client with a reader or node seed, or anonymous (null), that accepts a server with any of
// the `pinned` keys. InvalidArgument: there are none.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientCredentials(
    const SecretSeed* own, std::vector<PublicKey> pinned);

// What every channel with these credentials needs: the name that is asked for, and no settings out
// of DNS.
grpc::ChannelArguments ClientArguments();

// The key that the caller of this call has shown in its handshake; nothing for an anonymous one, or
// without TLS. A thread remembers the last certificates that it has read: 1 us, 80 us for one that
// it has not seen. Any thread.
std::optional<PublicKey> PeerKey(const grpc::ServerContextBase& context);

}  // namespace assent::transport

#endif  // ASSENT_TRANSPORT_CREDENTIALS_H_
