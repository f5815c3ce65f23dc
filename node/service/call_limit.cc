#include "node/service/call_limit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <utility>

#include "ledger/limits.h"
#include "ledger/rules/inspectors.h"
#include "ledger/rules/read.h"
#include "transport/credentials.h"

namespace assent::service {
namespace {

constexpr std::size_t kSubscriberBytes = 8;  // of an IPv6 address

}  // namespace

void Callers::Learn(const replica::ReadView& view) {
  std::set<PublicKey> known =
      rules::KeysInForce(view.state(), view.tip().header.time, kKnownInspectorsMax);
  for (const rules::MemberView& member : rules::Members(view.state(), kMembersMax)) {
    known.insert(member.reader_key);
    if (member.node) known.insert(member.node->transport_key);
  }
  auto shared = std::make_shared<const std::set<PublicKey>>(std::move(known));
  const std::lock_guard lock(mutex_);
  known_.swap(shared);
}

Caller Callers::Of(const grpc::CallbackServerContext& context) const {
  Caller caller;
  caller.key = transport::PeerKey(context);
  if (caller.key) {
    const std::lock_guard lock(mutex_);
    caller.known = known_->contains(*caller.key);
  }
  caller.name = caller.known ? caller.key->str() : AddressOf(context.peer());
  return caller;
}

std::string AddressOf(std::string_view peer) {
  const std::string_view address = peer.substr(0, peer.rfind(':'));
  std::string_view host = address;
  // gRPC escapes the brackets, and the '%' before the name of an interface.
  for (const std::string_view prefix : {"ipv6:", "%5B", "["}) {
    if (host.starts_with(prefix)) host.remove_prefix(prefix.size());
  }
  host = host.substr(0, host.find_first_of("%]"));
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, std::string(host).c_str(), &bytes) != 1) return std::string(address);
  return "ipv6:" + ToHex({reinterpret_cast<const char*>(bytes.s6_addr), kSubscriberBytes});
}

class CallLimit::Place {
 public:
  Place(std::shared_ptr<Taken> taken, std::string client, bool known, std::size_t count)
      : taken_(std::move(taken)), client_(std::move(client)), known_(known), count_(count) {}
  ~Place() {
    const std::lock_guard lock(taken_->mutex);
    taken_->all -= count_;
    if (!known_) taken_->by_strangers -= count_;
    const auto own = taken_->by_client.find(client_);
    if ((own->second -= count_) == 0) taken_->by_client.erase(own);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  const std::shared_ptr<Taken> taken_;
  const std::string client_;
  const bool known_;
  const std::size_t count_;
};

std::shared_ptr<void> CallLimit::Take(const Caller& caller, Met* met, std::size_t count) {
  const auto none = [met](Met why) {
    if (met != nullptr) *met = why;
    return nullptr;
  };
  {
    const std::lock_guard lock(taken_->mutex);
    // A client that has all of its own is told so, whoever else is there.
    const auto own = taken_->by_client.find(caller.name);
    const std::size_t of_own = own == taken_->by_client.end() ? 0 : own->second;
    if (of_own + count > places_.of_one_client) {
      return none(Met::kClient);
    }
    if (!caller.known && taken_->by_strangers + count > places_.of_strangers) {
      return none(Met::kStrangers);
    }
    if (taken_->all + count > places_.all) return none(Met::kNode);
    taken_->all += count;
    if (!caller.known) taken_->by_strangers += count;
    taken_->by_client[caller.name] += count;
  }
  return std::make_shared<Place>(taken_, caller.name, caller.known, count);
}

}  // namespace assent::service
