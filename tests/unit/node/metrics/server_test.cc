// The page that Prometheus reads, asked for as Prometheus does, and as nobody should.
#include "node/metrics/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "ledger/types.h"
#include "prometheus/client_metric.h"
#include "prometheus/metric_family.h"
#include "prometheus/metric_type.h"

namespace assent::metrics {
namespace {

class OneGauge : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::ClientMetric metric;
    metric.gauge.value = ++scrapes;
    return {{"assent_test", "Of a test.", prometheus::MetricType::Gauge, {metric}}};
  }
  mutable std::atomic<int> scrapes = 0;
};

class Connection {
 public:
  explicit Connection(int port, const char* address = "127.0.0.1") {
    const timeval patience{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address, &to.sin_addr);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0;
  }
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connected() const { return connected_; }
  void Send(const std::string& text) { ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }
  // What comes until the other end closes.
  std::string ReadAll() {
    std::string all;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::recv(fd_, buffer, sizeof(buffer), 0)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  const int fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
  bool connected_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = Server::Start("127.0.0.1:0", {gauge_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  std::string Ask(const std::string& request) {
    Connection connection(server_->port());
    connection.Send(request);
    return connection.ReadAll();
  }
  std::string Get(const std::string& path) {
    return Ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  const std::shared_ptr<OneGauge> gauge_ = std::make_shared<OneGauge>();
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, TheMetricsAreReadAnewEachTime) {
  const std::string first = Get("/metrics");
  EXPECT_TRUE(first.starts_with("HTTP/1.1 200")) << first;
  EXPECT_NE(first.find("# TYPE assent_test gauge\nassent_test 1\n"), std::string::npos) << first;
  EXPECT_NE(Get("/metrics").find("assent_test 2\n"), std::string::npos);
}

TEST_F(ServerTest, NothingElseIsServed) {
  for (const std::string path : {"/", "/metrics/../etc/passwd", "/etc/passwd", "//etc/passwd"}) {
    EXPECT_TRUE(Get(path).starts_with("HTTP/1.1 404")) << path << ": " << Get(path);
  }
  for (const std::string method : {"POST", "PUT", "DELETE"}) {
    const std::string answer = Ask(
        method + " /metrics HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 4")) << method << ": " << answer;
  }
  EXPECT_EQ(gauge_->scrapes, 0);
}

TEST_F(ServerTest, ARequestThatIsTooLongIsRefused) {
  const std::string answer = Get("/metrics?" + std::string(2 * Server::kRequestBytesMax, 'x'));
  EXPECT_EQ(answer.find("assent_test"), std::string::npos);
  EXPECT_NE(Get("/metrics").find("assent_test 1\n"), std::string::npos);
}

// Those that never ask hold the threads for a limited time.
TEST_F(ServerTest, SilentConnectionsDoNotHoldItForever) {
  std::vector<std::unique_ptr<Connection>> silent;
  for (int i = 0; i < Server::kThreads; ++i) {
    silent.push_back(std::make_unique<Connection>(server_->port()));
    ASSERT_TRUE(silent.back()->connected());
    silent.back()->Send("GET /metr");
  }
  EXPECT_NE(Get("/metrics").find("assent_test 1\n"), std::string::npos);
}

TEST_F(ServerTest, ItListensWhereItIsTold) {
  EXPECT_TRUE(Connection(server_->port(), "127.0.0.1").connected());
  EXPECT_FALSE(Connection(server_->port(), "127.0.0.2").connected());
}

TEST_F(ServerTest, AnAddressThatIsTakenIsSaid) {
  const std::string address = "127.0.0.1:" + std::to_string(server_->port());
  const auto second = Server::Start(address, {gauge_});
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(StdView(second.status().message()).starts_with("cannot serve metrics on " + address))
      << second.status();
}

}  // namespace
}  // namespace assent::metrics
