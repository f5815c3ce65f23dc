// The only door for messages from outside: nothing reaches the core whose signatures have not been
// checked here, and the type system says so.
#ifndef ASSENT_NODE_CONSENSUS_VERIFIER_H_
#define ASSENT_NODE_CONSENSUS_VERIFIER_H_

#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/membership/voters.h"
#include "node/consensus/messages.h"

namespace assent::consensus {

// A message all of whose signatures are good. Made only by a Verifier.
template <class T>
class Verified {
 public:
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }

 private:
  friend class Verifier;
  explicit Verified(T value) : value_(std::move(value)) {}
  T value_;
};

// Checks messages of one epoch. Signatures of entries' authors are not its business, nor is the
// validity of a block on its parent's state. Any thread, several at once.
//
// Every Check fails with InvalidArgument when the message is wrong (its sender is faulty), and with
// OutOfRange when it is of another epoch, whose voters are not known here.
class Verifier {
 public:
  Verifier(const LedgerId& ledger, Epoch epoch, VoterSet voters);

  // The leader's signature of the block; hash and header belong together, and there are as many
  // entries as the header says; the justification. Whether they are the right ones only the parent
  // shows.
  // Certificates that Remember() was told of are left out: the core holds them.
  absl::StatusOr<Verified<Proposal>> Check(Proposal proposal) const;
  absl::StatusOr<Verified<Vote>> Check(Vote vote) const;
  absl::StatusOr<Verified<CertificateMessage>> Check(CertificateMessage message) const;
  absl::StatusOr<Verified<BlockResponse>> Check(BlockResponse response) const;
  // The certificate leads into the view; every vote is by `asker` (who is the node that asked).
  absl::StatusOr<Verified<RestoreResponse>> Check(RestoreResponse response, Position asker) const;
  // A finalize certificate from the store or from catching up.
  absl::StatusOr<Verified<CertificatePtr>> Check(CertificatePtr certificate) const;

  // The core holds certificates for these statements (Effects::certified): certificates for them in
  // later messages need not be verified again, nor any of views before the last final one, which
  // the core would not take. Without it n nodes that greet a new leader cost it n*q signatures, and
  // a hostile one could have old certificates checked for ever.
  void Remember(const std::vector<Statement>& statements);

  Epoch epoch() const { return epoch_; }
  const VoterSet& voters() const { return voters_; }

 private:
  absl::Status CheckBlock(const Block& block) const;
  absl::Status CheckVote(const Vote& vote) const;
  absl::Status CheckCertificate(const Certificate& certificate) const;
  // Drops those that the core holds or would not take, and checks the others.
  absl::Status CheckNew(std::vector<CertificatePtr>& certificates) const;

  const LedgerId ledger_;
  const Epoch epoch_;
  const VoterSet voters_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::set<std::pair<View, Statement>> remembered_;  // at most kRememberedMax
  View final_view_;                                  // the highest that is known to be final
};
inline constexpr std::size_t kRememberedMax = 4'096;

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_VERIFIER_H_
