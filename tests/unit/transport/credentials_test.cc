// Who gets through a pinned handshake: real servers on loopback.
#include "transport/credentials.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "assent/v1/ledger.grpc.pb.h"
#include "ledger/crypto/hash.h"
#include "transport/libraries.h"

namespace assent::transport {
namespace {

constexpr std::chrono::seconds kPatience{60};

SecretSeed Seed(std::string_view name) { return *SecretSeed::From(Sha256(name).view()); }
PublicKey KeyOf(std::string_view name) { return SigningKey(Seed(name)).public_key(); }

KeyFilter Only(std::string_view name) {
  return [key = KeyOf(name)](const PublicKey& other) { return other == key; };
}

// Answers with the caller's key.
class EchoKey : public v1::Ledger::Service {
  grpc::Status GetCheckpoint(grpc::ServerContext* context, const v1::GetCheckpointRequest*,
                             v1::Checkpoint* answer) override {
    const auto key = PeerKey(*context);
    answer->set_note(key ? key->hex() : "nobody");
    return grpc::Status::OK;
  }
};

class CredentialsTest : public ::testing::Test {
 protected:
  void Serve(const ClientPolicy& policy) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0",
                             ServerCredentials(MakeCertificate(Seed("server")), policy), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }
  ~CredentialsTest() override {
    if (server_) server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  }

  // What a client hears that shows the key of `identity` (or none) and expects one of `pinned`.
  std::string Ask(const char* identity, std::vector<PublicKey> pinned) {
    const SecretSeed seed = Seed(identity == nullptr ? "" : identity);
    auto credentials = ClientCredentials(identity == nullptr ? nullptr : &seed, std::move(pinned));
    return AskWith(*credentials);
  }

  std::string AskWith(const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    auto channel = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port_), credentials,
                                             ClientArguments());
    auto stub = v1::Ledger::NewStub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    v1::Checkpoint answer;
    const grpc::Status status = stub->GetCheckpoint(&context, {}, &answer);
    return status.ok() ? answer.note() : "refused";
  }

  // A plain TCP connection to the server.
  int Connect() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    return fd;
  }

  EchoKey service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

TEST_F(CredentialsTest, AMemberReachesAPeerAndIsKnownByItsKey) {
  Serve(ClientPolicy::Require(Only("member")));
  EXPECT_EQ(Ask("member", {KeyOf("server")}), KeyOf("member").hex());
}

TEST_F(CredentialsTest, AStrangerDoesNotReachAPeer) {
  Serve(ClientPolicy::Require(Only("member")));
  EXPECT_EQ(Ask("stranger", {KeyOf("server")}), "refused");
  EXPECT_EQ(Ask(nullptr, {KeyOf("server")}), "refused");
  EXPECT_EQ(Ask("member", {KeyOf("server")}), KeyOf("member").hex()) << "the server goes on";
}

TEST_F(CredentialsTest, WhoIsAdmittedMayChange) {
  std::atomic<bool> admitted = false;
  Serve(ClientPolicy::Require([&](const PublicKey&) { return admitted.load(); }));
  EXPECT_EQ(Ask("member", {KeyOf("server")}), "refused");
  admitted = true;
  EXPECT_EQ(Ask("member", {KeyOf("server")}), KeyOf("member").hex());
}

TEST_F(CredentialsTest, AServerWithAnotherKeyIsNotBelieved) {
  Serve(ClientPolicy::Optional());
  EXPECT_EQ(Ask("member", {KeyOf("another"), KeyOf("third")}), "refused");
  EXPECT_EQ(Ask(nullptr, {KeyOf("another")}), "refused");
}

TEST_F(CredentialsTest, AClientMayShowAKeyOrNone) {
  Serve(ClientPolicy::Optional());
  EXPECT_EQ(Ask("reader", {KeyOf("server")}), KeyOf("reader").hex());
  EXPECT_EQ(Ask("other", {KeyOf("server")}), KeyOf("other").hex());
  EXPECT_EQ(Ask(nullptr, {KeyOf("another"), KeyOf("server")}), "nobody");
}

TEST_F(CredentialsTest, AClientThatPinsNothingIsOurMistake) {
  EXPECT_EQ(ClientCredentials(nullptr, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

// Tools that know nothing of this pin the certificate as their root, and check the name in it.
TEST_F(CredentialsTest, OrdinaryTlsCanPinTheCertificate) {
  Serve(ClientPolicy::Optional());
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = MakeCertificate(Seed("server")).cert_pem;
  EXPECT_EQ(AskWith(grpc::SslCredentials(options)), "nobody");
  options.pem_root_certs = MakeCertificate(Seed("another")).cert_pem;
  EXPECT_EQ(AskWith(grpc::SslCredentials(options)), "refused");
}

TEST_F(CredentialsTest, RandomBytesDoNotDisturbTheServer) {
  Serve(ClientPolicy::Require(Only("member")));
  std::vector<int> open;
  for (int i = 0; i < 50; ++i) {
    const int fd = Connect();
    // A web browser, the start of a TLS hello that promises more, or nothing that has a meaning.
    std::string noise = i % 3 == 0   ? "GET / HTTP/1.1\r\n\r\n"
                        : i % 3 == 1 ? std::string("\x16\x03\x01\x3f\xff\x01", 6)
                                     : "";
    for (int j = 0; j < i; ++j) noise += Sha256(std::to_string(i * 100 + j)).view();
    // The server may hang up before all of it is written.
    (void)!::send(fd, noise.data(), noise.size(), MSG_NOSIGNAL);
    open.push_back(fd);
  }
  EXPECT_EQ(Ask("member", {KeyOf("server")}), KeyOf("member").hex());
  for (const int fd : open) ::close(fd);
}

TEST_F(CredentialsTest, StrangersCannotFillTheLog) {
  if (std::getenv("GRPC_VERBOSITY") != nullptr) GTEST_SKIP() << "GRPC_VERBOSITY has its way";
  Serve(ClientPolicy::Require(Only("member")));
  const auto what_a_stranger_makes_it_say = [this] {
    ::testing::internal::CaptureStderr();
    const int fd = Connect();
    const std::string noise = "GET / HTTP/1.1\r\n\r\n";
    (void)!::send(fd, noise.data(), noise.size(), MSG_NOSIGNAL);
    char byte = 0;
    while (::recv(fd, &byte, 1, 0) > 0) continue;  // until it hangs up
    ::close(fd);
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_NE(what_a_stranger_makes_it_say(), "") << "gRPC has become quiet by itself";
  SilenceLibraries();
  EXPECT_EQ(what_a_stranger_makes_it_say(), "");
}

TEST_F(CredentialsTest, TlsWithoutACertificateIsTurnedAway) {
  Serve(ClientPolicy::Require(Only("member")));
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(context);
  const int fd = Connect();
  SSL_set_fd(ssl, fd);
  // Under TLS 1.3 the client ends its handshake before the server has looked at it, so the first
  // read tells.
  char byte = 0;
  EXPECT_FALSE(SSL_connect(ssl) == 1 && SSL_read(ssl, &byte, 1) > 0);
  SSL_free(ssl);
  ::close(fd);
  SSL_CTX_free(context);
  EXPECT_EQ(Ask("member", {KeyOf("server")}), KeyOf("member").hex());
}

}  // namespace
}  // namespace assent::transport
