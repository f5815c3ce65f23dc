// Who voted what in which view, and the certificates that follow from it.
#ifndef ASSENT_NODE_CONSENSUS_VOTE_BOOK_H_
#define ASSENT_NODE_CONSENSUS_VOTE_BOOK_H_

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/membership/voters.h"
#include "node/consensus/evidence.h"
#include "node/consensus/messages.h"

namespace assent::consensus {

// Views below the last final one whose votes are kept: a late vote there can still be evidence.
inline constexpr std::uint64_t kEvidenceViews = 8;
// Views above the last final one whose votes of others are kept, the newest; certificates are kept
// for all.
inline constexpr std::size_t kTallyViewsMax = 256;

// Votes and certificates of one epoch. What is added has been verified.
class VoteBook {
 public:
  // `voters` must outlive this. `self` is whose votes are never dropped.
  VoteBook(const VoterSet* voters, std::optional<Position> self, View final_view)
      : voters_(voters), self_(self), final_view_(final_view), newest_views_(voters->size()) {}

  // Counts a vote. A certificate when this vote completed it; it is in the book already.
  CertificatePtr AddVote(const Vote& vote);
  // False when one for this view and kind is held already, or the view is below the last final one.
  bool AddCertificate(CertificatePtr certificate);

  // Null when there is none.
  CertificatePtr Find(View view, VoteKind kind) const;
  // The certificate that says of just this block that it is notarized, or final.
  CertificatePtr FindFor(View view, const Hash& block) const;
  // One that ends this very view: finalize, notarize or skip.
  CertificatePtr Ending(View view) const;
  // Finalize certificate of the highest view; null before the first.
  const CertificatePtr& highest_final() const { return highest_final_; }
  // Highest view of which something is certified; null when nothing is.
  CertificatePtr HighestCertificate() const;
  // Certificates of views in [from, end), in order, at most `max`, the lowest.
  std::vector<CertificatePtr> Certificates(View from, View end, std::size_t max) const;
  // Every view in (after, before) has a skip certificate.
  bool AllSkipped(View after, View before) const;

  // The vote held of a voter; null when there is none.
  const Vote* VoteOf(Position voter, View view, VoteKind kind) const;
  // All votes of one voter above the last final view in order of views.
  std::vector<Vote> VotesOf(Position voter) const;
  // The vote of a voter with the highest view, and in it the highest kind; kept beyond finality.
  std::optional<Vote> NewestOf(Position voter) const;
  // Voters, `except` not counted, of whom a vote in `view` or a later one is held.
  std::size_t VotersFrom(View view, std::optional<Position> except) const;

  // Highest view that has a notarize certificate; 0 before the first.
  View highest_notarized() const { return highest_notarized_; }
  // The highest view known to be final.
  View final_view() const { return final_view_; }
  // The block of `view` is final: what is kEvidenceViews older is forgotten.
  void Forget(View view);

  // Conflicting votes found since the last call.
  std::vector<Evidence> TakeEvidence();
  // Proof that more than f voters are faulty; empty while there is none.
  const std::string& broken() const { return broken_; }

 private:
  static constexpr std::size_t kKinds = 3;
  static std::size_t Index(VoteKind kind) { return static_cast<std::size_t>(kind) - 1; }
  struct ViewRecord {
    std::array<std::map<Position, Vote>, kKinds> votes;
    std::array<CertificatePtr, kKinds> certificates;
  };

  bool FindConflict(const ViewRecord& record, const Vote& vote);
  CertificatePtr Complete(const ViewRecord& record, const Statement& statement) const;
  void CheckCertificates(const ViewRecord& record);
  void Trim();

  const VoterSet* voters_;
  std::optional<Position> self_;
  View final_view_;
  View trimmed_;  // views up to this hold no votes of others
  std::map<View, ViewRecord> views_;
  CertificatePtr highest_final_;
  View highest_notarized_;
  std::map<Position, Vote> newest_;
  std::vector<View> newest_views_;  // of those, by voter, since all are counted often; 0: none
  std::vector<Evidence> evidence_;
  std::map<Position, std::set<View>> evidence_given_;  // at most kEvidencePerVoterMax each
  std::string broken_;
};

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_VOTE_BOOK_H_
