// Who votes in an epoch, and how many make a quorum.
#ifndef ASSENT_LEDGER_MEMBERSHIP_VOTERS_H_
#define ASSENT_LEDGER_MEMBERSHIP_VOTERS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/bytes.h"
#include "ledger/types.h"

namespace assent {

struct Voter {
  MemberCode code;
  PublicKey vote_key;
  PublicKey checkpoint_key;
  PublicKey transport_key;
  auto operator<=>(const Voter&) const = default;
};

// floor(2n/3) + 1 of n: two such sets share more than f members.
constexpr std::size_t QuorumOf(std::size_t n) { return 2 * n / 3 + 1; }
// floor((n-1)/3): how many may be faulty at once.
constexpr std::size_t FaultsOf(std::size_t n) { return n == 0 ? 0 : (n - 1) / 3; }

// The voters of one epoch in code order. Immutable value; never empty once made.
class VoterSet {
 public:
  VoterSet() = default;  // only to be assigned to
  // InvalidArgument: empty, more than kVotersMax, or two with the same code or a key in common.
  static absl::StatusOr<VoterSet> Make(std::vector<Voter> voters);

  std::size_t size() const { return voters_.size(); }
  std::size_t quorum() const { return QuorumOf(size()); }
  std::size_t faults() const { return FaultsOf(size()); }
  const Voter& at(std::size_t position) const { return voters_.at(position); }
  const std::vector<Voter>& voters() const { return voters_; }
  std::optional<std::size_t> Find(const MemberCode& code) const;
  std::optional<std::size_t> FindTransportKey(const PublicKey& key) const;
  // SHA-256 over the set, the voters hash of a block header; bytes in docs/formats.md.
  const Hash& hash() const { return hash_; }
  // leader(e, v) = the voter at position (e + v) mod n.
  std::size_t Leader(Epoch epoch, View view) const;

 private:
  std::vector<Voter> voters_;
  Hash hash_;
};

// A member as the members hash counts it: code, authority key (all zero when it was revoked, which
// verifies nothing), and which membership (see MemberState).
struct MemberIdentity {
  MemberCode code;
  PublicKey authority_key;
  EntryIndex membership;
};
// SHA-256 over the members in code order, the members hash of a block header; bytes in docs/formats.md.
Hash MembersHash(const std::vector<MemberIdentity>& members);

}  // namespace assent

#endif  // ASSENT_LEDGER_MEMBERSHIP_VOTERS_H_
