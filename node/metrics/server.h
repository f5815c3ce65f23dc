// Answers GET /metrics with what is registered, in Prometheus' text form.
#ifndef ASSENT_NODE_METRICS_SERVER_H_
#define ASSENT_NODE_METRICS_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"

namespace prometheus {
class Exposer;
}

namespace assent::metrics {

// Serves from Start until it is gone. Without authentication: whoever reaches the port may read.
class Server {
 public:
  static constexpr int kThreads = 2;      // so many are answered at once,
  static constexpr int kWaitingMax = 16;  // and so many connections wait for their turn
  static constexpr int kRequestTimeoutMs = 5'000;
  static constexpr int kRequestBytesMax = 4'096;

  // `address`: IP:port or [IPv6]:port; port 0 is any that is free. `shown` is asked at each scrape,
  // on the server's threads, by one at a time. FailedPrecondition: it cannot listen there.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const std::string& address, std::vector<std::shared_ptr<prometheus::Collectable>> shown);
  // Waits for those that are being answered.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;

 private:
  Server(std::unique_ptr<prometheus::Exposer> exposer,
         std::vector<std::shared_ptr<prometheus::Collectable>> shown);

  const std::vector<std::shared_ptr<prometheus::Collectable>> shown_;
  const std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace assent::metrics

#endif  // ASSENT_NODE_METRICS_SERVER_H_
