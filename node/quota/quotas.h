// How much one client, and one author, may ask of a node, where its operator may say otherwise
// (node.toml, quota.*). What does not depend on the operator is in the limits.h of each folder.
#ifndef ASSENT_NODE_QUOTA_QUOTAS_H_
#define ASSENT_NODE_QUOTA_QUOTAS_H_

#include <cstdint>

namespace assent::quota {

// A second; five seconds' worth may come at once (kBurst). An address is an IPv4 address, or the
// first 64 bits of an IPv6 address; a key is one that the ledger knows.
struct Quotas {
  std::uint32_t connections_of_address = 128;  // open at a time, at each of the two ports
  std::uint32_t reads_of_address = 500;        // by whoever shows no key that is known
  std::uint32_t reads_of_key = 2'000;
  std::uint32_t submissions_of_address = 100;
  std::uint32_t submissions_of_key = 1'000;
  std::uint32_t entries_of_author = 100;  // taken to wait, from clients; from peers twice as many

  bool operator==(const Quotas&) const = default;
};
inline constexpr std::uint32_t kQuotaMax = 1'000'000;

}  // namespace assent::quota

#endif  // ASSENT_NODE_QUOTA_QUOTAS_H_
