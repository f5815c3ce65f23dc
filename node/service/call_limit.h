// Counts the calls of one kind that are under way, so that neither all clients together nor one of
// them take more than the node can bear.
#ifndef ASSENT_NODE_SERVICE_CALL_LIMIT_H_
#define ASSENT_NODE_SERVICE_CALL_LIMIT_H_

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "grpcpp/server_context.h"
#include "node/service/limits.h"

namespace assent::service {

// Who calls, for counting only: the key that it has shown, else the address that it calls from.
std::string ClientOf(const grpc::CallbackServerContext& context);

// Any thread.
class CallLimit {
 public:
  explicit CallLimit(Places places) : places_(places), taken_(std::make_shared<Taken>()) {}

  // A place, given back when the last copy of it is gone; null when there is none for this client.
  std::shared_ptr<void> Take(const std::string& client);

 private:
  struct Taken {
    std::mutex mutex;
    std::size_t all = 0;
    std::map<std::string, std::size_t> by_client;  // no zeros
  };
  class Place;

  const Places places_;
  const std::shared_ptr<Taken> taken_;  // shared with the places
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_CALL_LIMIT_H_
