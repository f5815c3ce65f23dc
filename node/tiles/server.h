// Static tiles over plain HTTP, for readers that check everything themselves, and for caches before
// them: c2sp.org/tlog-tiles.
#ifndef ASSENT_NODE_TILES_SERVER_H_
#define ASSENT_NODE_TILES_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "node/replica/store.h"

struct mg_connection;
struct mg_context;

namespace assent::tiles {

// Serves from Start until it is gone. Without authentication: whoever reaches the port may read.
class Server {
 public:
  static constexpr int kThreads = 4;      // so many are answered at once,
  static constexpr int kWaitingMax = 64;  // and so many connections wait for their turn
  static constexpr int kRequestTimeoutMs = 5'000;
  static constexpr int kRequestBytesMax = 4'096;

  // `address`: IP:port or [IPv6]:port; port 0 is any that is free. `store` outlives the server.
  // FailedPrecondition: it cannot listen there.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const std::string& address,
                                                       const replica::Store* store,
                                                       std::string origin);
  // Waits for those that are being answered.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;

 private:
  Server(const replica::Store* store, std::string origin)
      : store_(store), origin_(std::move(origin)) {}
  static int OnRequest(mg_connection* connection, void* server);
  void Answer(mg_connection* connection) const;

  const replica::Store* const store_;
  const std::string origin_;
  mg_context* context_ = nullptr;
};

}  // namespace assent::tiles

#endif  // ASSENT_NODE_TILES_SERVER_H_
