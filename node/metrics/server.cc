#include "node/metrics/server.h"

#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "prometheus/exposer.h"

namespace assent::metrics {

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const std::string& address, std::vector<std::shared_ptr<prometheus::Collectable>> shown) {
  // The library throws when it cannot listen, and does not say why.
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(std::vector<std::string>{
        "listening_ports", address,                               //
        "num_threads", std::to_string(kThreads),                  //
        "connection_queue", std::to_string(kWaitingMax),          //
        "listen_backlog", std::to_string(kWaitingMax),            //
        "request_timeout_ms", std::to_string(kRequestTimeoutMs),  //
        "max_request_size", std::to_string(kRequestBytesMax),     //
        "enable_keep_alive", "no",                                //
        "enable_directory_listing", "no",                         //
    });
    return std::unique_ptr<Server>(new Server(std::move(exposer), std::move(shown)));
  } catch (const std::exception& error) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot serve metrics on ", address, ": ", error.what()));
  }
}

Server::Server(std::unique_ptr<prometheus::Exposer> exposer,
               std::vector<std::shared_ptr<prometheus::Collectable>> shown)
    : shown_(std::move(shown)), exposer_(std::move(exposer)) {
  for (const auto& collectable : shown_) exposer_->RegisterCollectable(collectable);
}

Server::~Server() = default;

int Server::port() const { return exposer_->GetListeningPorts().front(); }

}  // namespace assent::metrics
