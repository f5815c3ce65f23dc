#include "node/service/call_limit.h"

#include <utility>

#include "transport/credentials.h"

namespace assent::service {

std::string ClientOf(const grpc::CallbackServerContext& context) {
  if (const auto key = transport::PeerKey(context)) return key->str();
  const std::string peer = context.peer();  // "ipv4:192.0.2.1:50000", "unix:"
  return peer.substr(0, peer.rfind(':'));
}

class CallLimit::Place {
 public:
  Place(std::shared_ptr<Taken> taken, std::string client)
      : taken_(std::move(taken)), client_(std::move(client)) {}
  ~Place() {
    const std::lock_guard lock(taken_->mutex);
    --taken_->all;
    const auto own = taken_->by_client.find(client_);
    if (--own->second == 0) taken_->by_client.erase(own);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  const std::shared_ptr<Taken> taken_;
  const std::string client_;
};

std::shared_ptr<void> CallLimit::Take(const std::string& client) {
  {
    const std::lock_guard lock(taken_->mutex);
    if (taken_->all >= places_.all) return nullptr;
    const auto own = taken_->by_client.find(client);
    if (own != taken_->by_client.end() && own->second >= places_.of_one_client) return nullptr;
    ++taken_->all;
    ++taken_->by_client[client];
  }
  return std::make_shared<Place>(taken_, client);
}

}  // namespace assent::service
