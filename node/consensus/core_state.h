// Inside of Core: what it remembers, and its rules, each under the name that SPECIFICATION.md gives
// it. Only the core_*.cc files include this.
//
// A Step takes the event in (Take*), which changes what is known, and then Settle()s: every rule
// that now applies is applied until none does. So no rule depends on the order in which events
// came.
#ifndef ASSENT_NODE_CONSENSUS_CORE_STATE_H_
#define ASSENT_NODE_CONSENSUS_CORE_STATE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "node/consensus/block_tree.h"
#include "node/consensus/core.h"
#include "node/consensus/fetcher.h"
#include "node/consensus/timer.h"
#include "node/consensus/verifier.h"
#include "node/consensus/vote_book.h"

namespace assent::consensus {

// How far above the own view messages are kept; beyond, they only show that their sender is ahead.
inline constexpr std::uint64_t kVoteViewsAhead = 64;
inline constexpr std::uint64_t kProposalViewsAhead = 8;
// A message from so few views back is taken for one that was merely slow.
inline constexpr std::uint64_t kSlowViews = 4;
// Certificates and own votes of one standstill broadcast, and certificates of one answer.
inline constexpr std::size_t kStandstillCertificatesMax = 256;
inline constexpr std::size_t kStandstillVotesMax = 256;
inline constexpr std::size_t kAnswerCertificatesMax = 256;
// Bytes of certificates in one message.
inline constexpr std::size_t kCertificateBytesPerMessageMax = 1024 * 1024;
// Requests of one peer that are answered in the time T0.
inline constexpr int kAnswersPerPeerMax = 64;
// A chain of final blocks longer than this, or so many vain requests, and a range is asked for
// instead.
inline constexpr std::uint64_t kFetchBlocksMax = 32;
inline constexpr int kFetchesBeforeCatchUp = 4;
// Blocks held that are final, or beside what is final, while the way to them is missing.
inline constexpr std::size_t kOldBlocksMax = 64;
// Notarized blocks of so many newest views are fetched whether or not the next block needs them.
inline constexpr std::uint64_t kFetchViewsMax = 64;

class Core::State {
 public:
  explicit State(Config config);

  absl::Status Recover(const std::vector<JournalRecord>& records);
  Effects Step(const Now& now, Event event);

  void SetPace(Duration heartbeat, Duration max_clock_skew) {
    config_.timing.heartbeat = heartbeat;
    config_.timing.max_clock_skew = max_clock_skew;
  }

  const Config& config() const { return config_; }
  const VoteBook& book() const { return book_; }
  const BlockTree& tree() const { return tree_; }
  View view() const { return view_; }
  View votes_from() const { return restoring_ ? View(0) : votes_from_; }
  bool restoring() const { return restoring_; }
  bool over() const { return tree_.over() || (ends_at_ && *ends_at_ == tree_.root().hash); }
  std::optional<Notarized> HighestNotarized() const;
  View FinalizeVotedBeyond(const Hash& block, View view) const;
  bool has_work() const { return work_since_.has_value(); }

 private:
  // --- core_recover.cc: the journal
  absl::Status Replay(const Verifier& verifier, const JournalRecord& record);
  absl::Status ReplayVote(const JournalRecord& record);
  absl::Status ReplayCertificate(const Verifier& verifier, const JournalRecord& record);
  absl::Status ReplayBlock(const Verifier& verifier, const JournalRecord& record);
  absl::Status ReplayFloor(const JournalRecord& record);

  // --- core_receive.cc: what comes from outside
  void Take(const Tick&) {}
  void Take(const PeerUp& event);
  void Take(const PeerDown& event);
  void Take(const Received<Proposal>& event);
  void Take(const Received<Vote>& event);
  void Take(const Received<CertificateMessage>& event);
  void Take(const Received<BlockResponse>& event);
  void Take(const RequestReceived& event);
  void Take(const WorkChanged& event);
  void Answer(Position peer, const CertificateRequest& request);
  void Answer(Position peer, const BlockRequest& request);
  void Answer(Position peer, const RestoreRequest& request);
  // Takes a certificate that is verified or was formed here.
  void TakeCertificate(const CertificatePtr& certificate);
  void NoteCertificate(const CertificatePtr& certificate);
  // "A message for a view that is over is answered with the certificate that ended it."
  void AnswerIfOver(Position peer, View view);
  // "A message from a higher view makes the receiver ask for the certificates that it lacks."
  void NoteAhead(Position peer, View view);
  void SendCertificatesFrom(std::optional<Position> to, View from, std::size_t max);
  void SendCertificates(std::optional<Position> to, std::vector<CertificatePtr> certificates);
  bool MayAnswer(Position peer);

  // --- core_vote.cc: moving on and the three votes
  bool EnterViews();
  bool VoteNotarize();
  bool MayNotarize(const HeldBlock& held);
  bool Timely(const BlockHeader& header);
  bool TooSoonWhenEmpty(const BlockHeader& parent, Time time) const;
  bool IsOld(const BlockHeader& parent, Time time) const;  // by half a heartbeat
  bool VoteFinalize();
  bool VoteSkip();
  bool MaySkip() const;
  bool LeaderIsGone() const;
  void Cast(const Statement& statement);
  void PersistEntered(View view);
  void Persist(View view, RecordKind kind, std::string bytes);
  bool VotesIn(View view) const;
  const Vote* Own(View view, VoteKind kind) const;

  // --- core_lead.cc: proposing
  // The highest block on which a proposal in `view` can be justified; nothing when there is none.
  struct Base {
    Hash hash;
    View view;
  };
  std::optional<Base> BaseFor(View view) const;
  void Propose();
  void Take(const BlockBuilt& event);
  void ProposeTail(const Hash& before_hash, const BlockHeader& before);
  void Lead(Block block);
  std::vector<CertificatePtr> Justify(const BlockHeader& header) const;
  bool MayProposeEmpty(const BlockHeader& parent, Time time) const;

  // --- core_final.cc: blocks and finality
  bool MakeFinal();
  // Delivers the block and those before it when all are held and valid.
  bool DeliverUpTo(const BlockTree::Path& path);
  void Deliver(const std::vector<Hash>& path);
  // True when a block needed nobody to be asked, and is valid.
  bool AskValidation();
  bool WorthValidating(const HeldBlock& held) const;
  void Validate(HeldBlock& held);
  void Take(const BlockValidated& event);
  void Take(const FinalByCatchUp& event);

  // --- core_end.cc: an act of the members ends the epoch
  void Take(const EndAt& event);
  bool ReachEnd();

  void MoveRoot(FinalTip tip);
  std::string ForgetBelow() const;
  void MarkInvalid(HeldBlock& held, std::string reason);
  bool IsCertified(const Block& block) const;
  void HoldBlock(const BlockPtr& block, Position from);
  void DropBlock(Hash hash);
  // While this node is far behind, what comes is more than it can use.
  void BoundBlocks();
  void FetchMissing();
  void AskCatchUp(const Certificate& holders);

  // --- core_time.cc: work, timers, standstill
  void StartClocks();
  Instant HeartbeatAfter(Time block_time) const;
  void UpdateWork();
  bool Unfinal() const;
  bool Woken() const;
  void Standstill();
  void SendState(std::optional<Position> to);
  void AskCertificates();
  void SetDeadline();
  Duration Grace() const { return {config_.timing.view_timeout.us / 4}; }
  Duration HalfTimeout() const { return {config_.timing.view_timeout.us / 2}; }

  // --- core_restore.cc: a node that may have forgotten its votes
  void Take(const OwnVoteSeen& event);
  void Take(const Received<RestoreResponse>& event);
  void StartRestoring();
  void AskRestore();
  void FinishRestoring();
  void AdoptVotes();
  bool MayHaveVotedAfter(const BlockHeader& closing) const;

  void Settle();
  void SendTo(std::optional<Position> to, Message message);
  bool voter() const { return config_.self.has_value(); }
  Position LeaderOf(View view) const { return config_.voters.Leader(config_.epoch, view); }

  Config config_;
  std::optional<Hash> ends_at_;  // once the members have ended the epoch at that block
  BlockTree tree_;
  VoteBook book_;
  Fetcher fetcher_;

  // Of the running Step.
  Now now_;
  Effects out_;

  bool clocks_started_ = false;
  Instant last_now_;
  std::set<Position> up_;  // own streams that are up

  // Present view, and since when.
  View view_;
  Instant entered_at_;
  ViewTimer timer_;

  // Leaders' first proposals of views above the final one.
  std::map<View, Vote> proposals_;
  std::map<Position, std::size_t> proposal_evidence_;  // at most kEvidencePerVoterMax each
  // Views for which kEntered, or what stands in for it, is in the journal.
  std::set<View> entered_journaled_;

  // Work.
  bool pending_ = false;
  std::uint64_t work_changes_ = 0;  // counts WorkChanged
  std::optional<Instant> work_since_;
  std::optional<Instant> unfinal_since_;  // since when Unfinal() holds in the present view
  Instant heartbeat_at_;
  Instant final_at_;       // when a block last became final here
  Instant standstill_at_;  // last broadcast
  std::optional<Instant> skew_retry_at_;

  // The last BuildRequest: not repeated while nothing has changed.
  struct Asked {
    View view;
    Hash parent;
    bool allow_empty = false;
    std::uint64_t work_changes = 0;
    bool operator==(const Asked&) const = default;
  };
  std::optional<Asked> asked_;

  // Lagging behind.
  std::map<Position, View> ahead_;  // who was heard in which higher view
  std::optional<Instant> ahead_since_;
  Instant ask_certificates_at_;
  Position last_asked_ = 0;
  Instant catch_up_at_;

  // Answers given, so that one peer cannot take more than its share.
  struct Answered {
    Instant since;
    int count = 0;
    std::optional<Instant> over_at;  // last AnswerIfOver
  };
  std::map<Position, Answered> answered_;

  // Restoring.
  bool restoring_ = false;
  View votes_from_;     // no vote before this view
  View proposes_from_;  // no proposal before this view
  std::map<Position, RestoreResponse> answers_;
  std::optional<Instant> restore_asked_at_;
};

}  // namespace assent::consensus

#endif  // ASSENT_NODE_CONSENSUS_CORE_STATE_H_
