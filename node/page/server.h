// Serves the page over plain HTTP, by civetweb.
#ifndef ASSENT_NODE_PAGE_SERVER_H_
#define ASSENT_NODE_PAGE_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "node/page/backend.h"
#include "node/page/bell.h"

namespace assent::page {

// Serves from Start until it is gone: whoever reaches the port may read what is PUBLIC, and who
// shows an access token what its key may read. One thread starts and ends it.
class Server {
 public:
  // `address`: IP:port or [IPv6]:port; port 0 is any that is free. `bell` rings when something has
  // become final, and outlives the server. FailedPrecondition: it cannot listen there.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const std::string& address, Backend backend,
                                                       Bell* bell);
  // Ends the event streams and waits for those that are being answered; closes the bell.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;

 private:
  class Running;
  explicit Server(std::unique_ptr<Running> running);

  const std::unique_ptr<Running> running_;
};

}  // namespace assent::page

#endif  // ASSENT_NODE_PAGE_SERVER_H_
