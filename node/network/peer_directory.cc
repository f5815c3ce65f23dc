#include "node/network/peer_directory.h"

#include <utility>

namespace assent::network {

std::shared_ptr<Link> PeerDirectory::ByCode(const MemberCode& code) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_code_.find(code);
  return found == by_code_.end() ? nullptr : found->second;
}

std::shared_ptr<Link> PeerDirectory::ByKey(const PublicKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

PeerDirectory::Links PeerDirectory::All() const {
  const std::lock_guard lock(mutex_);
  return by_code_;
}

void PeerDirectory::Set(Links links) {
  std::map<PublicKey, std::shared_ptr<Link>> by_key;
  for (const auto& [code, link] : links) by_key[link->address().transport_key] = link;
  const std::lock_guard lock(mutex_);
  by_code_.swap(links);
  by_key_.swap(by_key);
}

}  // namespace assent::network
