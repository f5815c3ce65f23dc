// Counts the calls of one kind that are under way, so that neither all clients together nor one of
// them take more than the node can bear, and strangers leave room for members.
#ifndef ASSENT_NODE_SERVICE_CALL_LIMIT_H_
#define ASSENT_NODE_SERVICE_CALL_LIMIT_H_

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "grpcpp/server_context.h"
#include "ledger/bytes.h"
#include "node/replica/store.h"
#include "node/service/limits.h"
#include "node/service/read_pool.h"

namespace assent::service {

// Who calls.
struct Caller {
  std::optional<PublicKey> key;  // that it has shown
  bool known = false;  // the key is a member's, or an inspector's whom a member accredited
  std::string name;    // for counting: the known key, else the address
};

// Keys cost nothing to make, so only known ones are counted by: reader and transport keys of
// members, and keys with an accreditation in force. Whoever else calls is counted by address. Any
// thread.
class Callers {
 public:
  // Knows nobody before the first Learn.
  Callers() : known_(std::make_shared<const std::set<PublicKey>>()) {}
  // From now on those who are known in `view`.
  void Learn(const replica::ReadView& view);
  Caller Of(const grpc::CallbackServerContext& context) const;

 private:
  mutable std::mutex mutex_;  // of the pointer
  std::shared_ptr<const std::set<PublicKey>> known_;
};

// The address in what gRPC calls a peer ("ipv4:192.0.2.1:50000", "ipv6:[2001:db8::1]:50000",
// "unix:"): without the port, and of IPv6 the first 64 bits, which is what one subscriber has.
std::string AddressOf(std::string_view peer);

// Which limit a call has met: that of all calls of its kind, of those of strangers together, of
// this client's; how often it calls; and what its entry's author may file.
enum class Met { kNode, kStrangers, kClient, kRate, kAuthor };
inline constexpr std::size_t kMets = 5;

// Its turns in a pool.
inline Turn TurnOf(const Caller& caller) { return {caller.known, caller.name}; }

// Any thread.
class CallLimit {
 public:
  // What is counted may be something else than calls.
  explicit CallLimit(Places places) : places_(places), taken_(std::make_shared<Taken>()) {}

  // A place, given back when the last copy of it is gone; null when there is none for this caller,
  // and then `met` says why. `count`: so many places as one.
  std::shared_ptr<void> Take(const Caller& caller, Met* met = nullptr, std::size_t count = 1);

 private:
  struct Taken {
    std::mutex mutex;
    std::size_t all = 0;
    std::size_t by_strangers = 0;
    std::map<std::string, std::size_t> by_client;  // no zeros
  };
  class Place;

  const Places places_;
  const std::shared_ptr<Taken> taken_;  // shared with the places
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_CALL_LIMIT_H_
