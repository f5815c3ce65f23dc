// Which peers there are: found by code when something is sent, by key when somebody calls.
#ifndef ASSENT_NODE_NETWORK_PEER_DIRECTORY_H_
#define ASSENT_NODE_NETWORK_PEER_DIRECTORY_H_

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/bytes.h"
#include "ledger/types.h"
#include "node/network/link.h"

namespace assent::network {

// Any thread. Shared with the server's credentials, which may outlive the network.
class PeerDirectory {
 public:
  using Links = std::map<MemberCode, std::shared_ptr<Link>>;

  // Null when there is no such peer.
  std::shared_ptr<Link> ByCode(const MemberCode& code) const;
  std::shared_ptr<Link> ByKey(const PublicKey& key) const;
  Links All() const;
  void Set(Links links);

 private:
  mutable std::mutex mutex_;
  Links by_code_;
  std::map<PublicKey, std::shared_ptr<Link>> by_key_;
};

}  // namespace assent::network

#endif  // ASSENT_NODE_NETWORK_PEER_DIRECTORY_H_
