// Where the node will listen.
#include "node/check/check.h"
#include "node/service/listen.h"

namespace assent::check {
namespace {

struct Place {
  const char* what;
  const std::string& address;
  absl::Status (*check)(const std::string&);
};

}  // namespace

void CheckPorts(const Subject& subject, Report& report) {
  const node::Config& config = subject.config;
  const Place places[] = {
      {"peer.listen", config.peer_listen, service::CheckTcpAddress},
      {"client.listen", config.client_listen, service::CheckTcpAddress},
      {"metrics.listen", config.metrics_listen, service::CheckTcpAddress},
      {"tiles.listen", config.tiles_listen, service::CheckTcpAddress},
      {"page.listen", config.page_listen, service::CheckTcpAddress},
      {"admin.socket", config.admin_socket, service::CheckUnixPath},
  };
  for (const Place& place : places) {
    const bool needed = (&place.address == &config.peer_listen && !config.mirror()) ||
                        &place.address == &config.client_listen;
    if (place.address.empty()) {
      if (needed) report.NotRun(place.what, "the configuration does not say where");
      continue;
    }
    if (subject.running) {
      report.Good(place.what, place.address + ", of the running node");
      continue;
    }
    const absl::Status status = place.check(place.address);
    if (status.ok()) {
      report.Good(place.what, place.address + " is free");
    } else {
      report.Wrong(place.what, status,
                   "end what listens there, take another address, or let this user listen there");
    }
  }
}

}  // namespace assent::check
