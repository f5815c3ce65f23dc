#include "transport/credentials.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpc/grpc_security.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_certificate_verifier.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "ledger/types.h"

namespace assent::transport {
namespace {

namespace tls = grpc::experimental;

// Lets a handshake pass by the key of the other side.
class KeyVerifier : public tls::ExternalCertificateVerifier {
 public:
  // `admit` null: whoever shows an Ed25519 key, or nothing at all.
  explicit KeyVerifier(KeyFilter admit) : admit_(std::move(admit)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* sync_status) override {
    *sync_status = Check(request->c_request()->peer_info.peer_cert);
    return true;
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  static grpc::Status Refused(const std::string& why) {
    return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, why);
  }

  // `pem` is null when the other side has shown no certificate.
  grpc::Status Check(const char* pem) const {
    if (pem == nullptr || *pem == '\0') {
      return admit_ ? Refused("no certificate was shown") : grpc::Status::OK;
    }
    const absl::StatusOr<PublicKey> key = PublicKeyOfPem(pem);
    if (!key.ok()) return Refused(std::string(StdView(key.status().message())));
    if (!admit_ || admit_(*key)) return grpc::Status::OK;
    return Refused("the transport key " + key->hex() + " is not one that is expected here");
  }

  const KeyFilter admit_;
};

void SetVerifier(tls::TlsCredentialsOptions& options, KeyFilter admit) {
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<KeyVerifier>(std::move(admit)));
  options.set_check_call_host(false);
}

std::vector<tls::IdentityKeyCertPair> Identity(const Certificate& own) {
  return {{own.key_pem, own.cert_pem}};
}

// The keys of the certificates that a thread has read last. A certificate's text decides its key,
// so nothing here can be out of date.
class RecentKeys {
 public:
  std::optional<PublicKey> Of(std::string_view pem) {
    Slot& slot = slots_[std::hash<std::string_view>()(pem) % kSlots];
    if (slot.pem != pem) {
      const absl::StatusOr<PublicKey> key = PublicKeyOfPem(pem);
      if (!key.ok()) return std::nullopt;
      slot = {std::string(pem), *key};
    }
    return slot.key;
  }

 private:
  static constexpr std::size_t kSlots = 64;
  struct Slot {
    std::string pem;
    std::optional<PublicKey> key;
  };
  std::array<Slot, kSlots> slots_;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> ServerCredentials(const Certificate& own,
                                                           const ClientPolicy& policy) {
  tls::TlsServerCredentialsOptions options(
      std::make_shared<tls::StaticDataCertificateProvider>(own.cert_pem, Identity(own)));
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(
      policy.admit() ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY
                     : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  SetVerifier(options, policy.admit());
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(const Certificate* own,
                                                             KeyFilter expected) {
  tls::TlsChannelCredentialsOptions options;
  // A root certificate must be named, or the system's are loaded, and where there are none nothing
  // works. It is not used: certificates are not checked against it.
  const std::string root =
      own != nullptr ? own->cert_pem : MakeCertificate(SecretSeed::Random()).cert_pem;
  options.set_certificate_provider(std::make_shared<tls::StaticDataCertificateProvider>(
      root, own != nullptr ? Identity(*own) : std::vector<tls::IdentityKeyCertPair>()));
  options.watch_root_certs();
  if (own != nullptr) options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(false);
  SetVerifier(options, std::move(expected));
  return tls::TlsCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientCredentials(
    const SecretSeed* own, std::vector<PublicKey> pinned) {
  if (pinned.empty()) {
    return absl::InvalidArgumentError("no key is given that the server should have");
  }
  KeyFilter expected = [keys = std::move(pinned)](const PublicKey& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  if (own == nullptr) return ChannelCredentials(nullptr, std::move(expected));
  const Certificate certificate = MakeCertificate(*own);
  return ChannelCredentials(&certificate, std::move(expected));
}

grpc::ChannelArguments ClientArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(std::string(kCertificateName));
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  return arguments;
}

std::optional<PublicKey> PeerKey(const grpc::ServerContextBase& context) {
  const std::shared_ptr<const grpc::AuthContext> auth = context.auth_context();
  if (auth == nullptr) return std::nullopt;
  const std::vector<grpc::string_ref> pems =
      auth->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pems.size() != 1) return std::nullopt;
  thread_local RecentKeys recent;
  return recent.Of(std::string_view(pems.front().data(), pems.front().size()));
}

}  // namespace assent::transport
